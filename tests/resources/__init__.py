"""What the tests read, and the scripts that make it."""
