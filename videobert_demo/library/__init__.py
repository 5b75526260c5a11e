"""Libraries of clips that are searched by vectors. Knows neither the model that makes the vectors nor the page."""
