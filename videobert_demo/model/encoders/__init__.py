"""Frame towers: images in, pooled features and patches out; one file a family."""
