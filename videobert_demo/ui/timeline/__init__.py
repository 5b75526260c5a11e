"""The timeline under the player: the scenes of a clip, found in the background, and which of them is meant."""
