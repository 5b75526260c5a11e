"""The Search tab, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SearchSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    search_tab: str = "Search"
    search_empty_heading: str = "Find a clip by what happens in it"
    search_empty_hint: str = (
        "Type a sentence, or look for clips like the one on the left or like a picture. The examples are there "
        "already; add your own."
    )
    search_label: str = "What happens in the clip"
    search_placeholder: str = "a dog lies on the floor"
    search_button: str = "Search"
    search_like: str = "More like this clip"
    search_picture: str = "By picture"
    search_add: str = "Add clips"
    search_player: str = "The clip"
    search_use: str = "Use this clip"
    search_weak: str = "Nothing in the library fits well. These are the nearest:"
    search_for_you: str = "For you"
    search_for_you_hint: str = "like the clips that you opened in this visit; only you see this"
    search_library: str = "The library"
    search_busy: str = "Searching"
    search_nothing: str = "Nothing in the library fits; search for something else, or add clips."
    search_unsure: str = "not sure that it fits"
    search_score: str = "Score {score}"
    search_from: str = "from {time}"
    search_duplicates: str = "and {count} that look the same"
    search_hits_hint: str = "best first; click one to play it from its moment"
    search_hits_for: str = "“{text}”"
    search_hits_like: str = "Clips like this one"
    search_hits_picture: str = "Like the picture"
    search_no_clip: str = "There is no clip on the left to compare with; choose one first."
    search_gone: str = "The file of this clip is no longer there; add it again."
    search_adding: str = "Reading clip {number} of {count}"
    search_added: str = "{added} added"
    search_known: str = ", {known} already there"
    search_failed: str = ", {failed} that cannot be used:"
    search_remove: str = "Remove {title}"
    search_own_note: str = "Only you can see what you add, and it is deleted when you close the page."
    search_shared_note: str = "What you add is kept, and everyone who opens this page can see it."
    search_api_description: str = (
        "Finds clips of the library by a sentence: title, score and the moment that fits best."
    )
    search_api_count: str = "Ask for 1 to {most} hits."
    search_api_count_label: str = "How many hits"
