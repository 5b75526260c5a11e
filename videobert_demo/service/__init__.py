"""What page, command line and HTTP call: every operation once, over a loaded model."""
