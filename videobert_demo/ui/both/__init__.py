"""The Two clips tab: the same question, word or sentence, asked of two clips."""
