"""The Scenes tab: what happens when in the clip, in words that can be changed, searched and taken away."""
