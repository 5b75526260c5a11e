"""Features, batches, objectives and the training loop. Imports nothing of evaluation or the screen."""
