"""Frame towers: images in, feature maps out; one file a family."""
