"""What the page says, in English: a file for each tab, a name for each sentence."""
