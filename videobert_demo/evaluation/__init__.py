"""Figures on held-out data, printed by `python -m videobert_demo evaluate`. Imports nothing of training or the screen."""
