"""The Compare models tab: the running model and a second one on the same clip."""
