"""What is asked of a whole film, moments, summaries and cuts, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FilmsSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    moments_api_description: str = "The time ranges of a clip that fit a sentence, the best first."
    library_moments_api_description: str = "The time ranges of the library's clips that fit a sentence, the best first."
    moments_api_count: str = "How many ranges"
    summary_api_description: str = "The few scenes that together cover a clip best, and a paragraph about them."
    summary_api_count: str = "How many scenes"
    cut_api_description: str = (
        "A clip cut by words, such as “remove the parts without people”: what stays and what goes."
    )
    cut_api_sentence: str = "Wish"
