"""Where and when the model looked for a word: capture, relevance, drawing, faithfulness."""
