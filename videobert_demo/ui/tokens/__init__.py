"""The Tokens tab: what VideoBERT itself sees of the clip."""
