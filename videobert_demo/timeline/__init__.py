"""What happens when in a clip: shots, scenes and chapters as values and pure functions. No model is loaded here."""
