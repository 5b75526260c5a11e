"""The same work on many machines: Ray Data runs our own decoder and model. Only `cluster` and `pipeline` know Ray."""
