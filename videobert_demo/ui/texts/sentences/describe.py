"""The Describe tab, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DescribeSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    describe_tab: str = "Describe"
    empty_heading: str = "What happens in the clip?"
    empty_hint: str = "Drop a clip, record one, or pick an example. The answer appears here by itself."
    busy_heading: str = "Watching the clip"
    reading: str = "Reading the clip"
    looking: str = "Looking at the frames"
    writing: str = "Writing the caption"
    error_heading: str = "This clip could not be described"
    unexpected_error: str = "Something went wrong here, not with your clip. Try once more, or choose another clip."
    caption_label: str = "Caption"
    cannot_tell: str = "I cannot tell"
    cannot_tell_why: str = (
        "It looks like noise, a plain colour, a pattern, text or a drawing: the model knows none of these"
    )
    caption_not_sure: str = "Not sure what happens"
    caption_holds: str = "Not sure of a whole sentence: only this part holds"
    perhaps_heading: str = "Perhaps, but not sure"
    right: str = "{probability} likely to be right"
    right_hint: str = (
        "How often such captions are right: people who described held-out clips used the same verb and main noun"
    )
    score: str = "Score {score}"
    answered_in: str = "Answered in {time}"
    score_hint: str = (
        "What captions are ranked by, from 0 to 100 %: the geometric mean of the words’ probabilities, higher where a "
        "word names an animal that is plainly visible, lower where the clip does not support the words"
    )
    chapters_heading: str = "What happens when"
    chapters_more: str = "{count} more"
    runner_ups_heading: str = "It also considered"
    runner_ups_hint: str = "with their scores"
    frames_heading: str = "What it looked at"
    frames_hint: str = "click one to jump there"
    frames_repeated: str = (
        "The clip has fewer frames than this model reads at once. It read some again, to make up for {count}."
    )
    frame_alt: str = "Frame at {time}"
    facts_heading: str = "About the clip"
    fact_duration: str = "Length"
    fact_size: str = "Picture"
    fact_rate: str = "Frame rate"
    fact_format: str = "Format"
    still: str = "A still: one picture"
    rate: str = "{rate} per second"
    seconds: str = "{seconds} s"
    api_description: str = (
        "Describes a clip: the caption, its score, the runner-ups, the moments looked at, the time taken."
    )
    many_heading: str = "Many files at once"
    many_hint: str = "drop several, or a folder, anywhere on the page: each gets a row"
    many_files: str = "Choose files"
    many_folder: str = "Choose a folder"
    many_sending: str = "Sending {number} of {count}: {name}"
    many_too_many: str = "That is too much at once: choose at most {most} files."
    many_none: str = "There is no file in it."
    many_busy: str = "Captioning file {number} of {count}"
    many_done: str = "{done} of {count} captioned"
    many_failed: str = ", {count} failed"
    many_go_on: str = "Go on"
    many_clear: str = "Clear the table"
    many_column_name: str = "File"
    many_column_right: str = "Likely right"
    many_column_score: str = "Score"
    many_column_seconds: str = "Time"
    many_open: str = "Open this clip"
    many_same: str = "the same as {name}"
    many_unsure: str = "only this holds"
    many_waiting: str = "waiting"
    many_now: str = "reading it now"
    many_api_clips: str = "Clips"
    many_api_description: str = (
        "Captions a list of files, one after another: a row for each, with its caption, or with why it has none."
    )
    many_api_count: str = "Send 1 to {most} files in one call."
    scenes_api_description: str = "Finds the scenes and chapters of a clip: when each starts, and a sentence about it."
    scenes_api_format: str = "Format"
