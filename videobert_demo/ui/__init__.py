"""The app that a person sees. It asks the service, and knows nothing about tensors or models."""
