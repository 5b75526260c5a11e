"""The Search tab: clips of a library that fit a sentence, a picture or a clip."""
