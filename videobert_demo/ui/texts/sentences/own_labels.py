"""Labels that a person teaches, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class OwnLabelsSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    tokens_part_labels: str = "My labels"
    own_labels_name: str = "Name of the label"
    own_labels_placeholder: str = "A name, such as my dog jumping"
    own_labels_teach: str = "Teach"
    own_labels_upload: str = "Add clips"
    own_labels_hint: str = "Give a name and three or more clips or moments: search, scenes and What is it then know it."
    own_labels_busy: str = "Looking at the examples"
    own_labels_here_heading: str = "From this clip"
    own_labels_here_hint: str = "click what shows it; examples stay when you open another clip"
    own_labels_whole: str = "whole clip"
    own_labels_gathered: str = "Examples so far"
    own_labels_least: str = "{count} of at least {least}"
    own_labels_enough: str = "{count}, enough to teach"
    own_labels_take_out: str = "Take out {title}"
    own_labels_known: str = "My labels"
    own_labels_known_hint: str = "how often each is right with one example, or another moment, left out"
    own_labels_none: str = "You have taught none yet."
    own_labels_told: str = "{found} of {examples} examples found, {taken} of {others} other moments taken for it"
    own_labels_fits: str = "fits this clip, most at {time}"
    own_labels_fits_not: str = "does not fit this clip"
    own_labels_forget: str = "Forget {name}"
    own_labels_private: str = "Your labels are yours alone, and are deleted when you leave."
    own_labels_shared: str = "Labels are kept in the lasting library, for all who use it."
    own_labels_in_classification: str = "by a label of your own"
    own_labels_api_label: str = (
        "Teaches a label with three or more clips or moments; search and classify of the same session then know it."
    )
    own_labels_api_labels: str = "The labels that this session has taught, or those of the lasting library."
    own_labels_api_moments: str = "Moments in seconds"
    own_labels_api_remove: str = "Label to forget"
    own_labels_api_seconds: str = "Send as many moments as clips, each a number of seconds or null, or none at all."
