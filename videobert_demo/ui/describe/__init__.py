"""The Describe tab: what happens in the clip?"""
