"""Figures on held-out data, for `python -m videobert_demo evaluate`. Imports nothing of training or the screen."""
