"""A timeline in the formats of players, video sites and editors: one file a format, each a pure function to text."""
