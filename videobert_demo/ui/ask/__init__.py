"""The Ask tab: any question about the clip."""
