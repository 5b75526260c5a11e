"""Libraries of clips that are searched by vectors. Knows neither the model that made the vectors nor the screen."""
