"""What is asked of a whole film, moments, summaries and cuts, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FilmsSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    films_label: str = "What to look for in this clip, or how to cut it"
    films_placeholder: str = "a dog runs, or: remove the parts without people"
    films_find: str = "Find"
    films_cut: str = "Cut by these words"
    films_summary: str = "Sum it up"
    films_events: str = "How often?"
    films_slots: str = "Places for a break"
    films_events_heading: str = "“{text}”: {count} ×"
    films_events_hint: str = "between {least} and {most} times; {total} s in all, give or take {deviation}"
    films_curve: str = "How likely each moment shows it"
    films_slots_heading: str = "Places for a break"
    films_slots_suiting: str = "Places for a break, those that suit “{text}” first"
    films_seeking_slots: str = "Looking for places for a break"
    films_slots_hint: str = "where little moves and something else begins, best first"
    films_slots_none: str = "the clip is one scene, and has none"
    films_finding: str = "Looking for it, moment by moment"
    films_cutting: str = "Looking for what stays and what goes"
    films_summing: str = "Choosing the scenes"
    films_moments_heading: str = "Where “{text}” fits"
    films_summary_heading: str = "The clip in {count} scenes"
    films_summary_one: str = "The clip in one scene"
    films_summary_hint: str = "those that together cover it best"
    films_cut_heading: str = "{kept} of {whole} stay"
    films_cut_hint: str = "switch a part, or change when it starts"
    films_cut_unsure: str = "Nothing in the clip is sure to fit; look at the parts before you use them."
    films_border: str = "Start of part {number}, in seconds"
    films_stays: str = "stays"
    films_goes: str = "goes"
    films_make: str = "Make the film"
    films_filming: str = "Writing the film"
    films_filmed: str = "The film is {length} long; its sound is that of the clip, where there is any."
    films_film: str = "Film"
    films_too_long: str = (
        "The page writes films of up to 20 minutes; take the list into an editor, or use the command line."
    )
    moments_api_description: str = "The time ranges of a clip that fit a sentence, the best first."
    library_moments_api_description: str = "The time ranges of the library's clips that fit a sentence, the best first."
    moments_api_count: str = "How many ranges"
    summary_api_description: str = "The few scenes that together cover a clip best, and a paragraph about them."
    summary_api_count: str = "How many scenes"
    cut_api_description: str = (
        "A clip cut by words, such as “remove the parts without people”: what stays and what goes."
    )
    cut_api_sentence: str = "Wish"
    events_api_description: str = "When something happens in a clip, how often and for how long, and how sure that is."
    slots_api_description: str = "The borders of a clip's scenes where an interruption hurts least, the best first."
    slots_api_gap: str = "How far apart, in seconds"
    slots_api_sentence: str = "What is to be shown there"
    slots_api_clip: str = "A clip of what is to be shown there"
    slots_api_one_only: str = "Give a sentence or a clip of what is to be shown, not both."
    compare_api_description: str = (
        "The passages that are the same, or nearly the same, in two clips, the longest first."
    )
    compare_api_other: str = "The other clip"
