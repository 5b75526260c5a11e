"""What the model can be asked to do: each task one function over (model, features). Knows no files and no screen."""
