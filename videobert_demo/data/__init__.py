"""Readers of captioned data sets, one a format. Knows files; knows no models."""
