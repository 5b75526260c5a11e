"""Readers of captioned clips, one a format that people have. Each knows one format; none knows a model."""
