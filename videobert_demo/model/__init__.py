"""The model: configuration, processing, frame tower, visual words, encoder and decoder, loading."""
