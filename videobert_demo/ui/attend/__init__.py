"""The Attend tab: which pixels, when, for a word?"""
