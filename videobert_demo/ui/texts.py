"""Every sentence of the page that a person reads. One `Texts` is one language; the rest of the UI is handed one.

The fields are plain strings: a second language is a second `Texts` value, and `dataclasses.asdict` turns each into the
dictionary that `gr.I18n` takes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The sentences of one language. A `{name}` in a sentence is filled in with `str.format`."""

    title: str
    tagline: str

    clip_label: str
    drop: str
    limits: str
    examples_heading: str
    examples_sources: str
    example_credit: str
    unplayable: str

    describe_tab: str
    empty_heading: str
    empty_hint: str
    busy_heading: str
    reading: str
    looking: str
    writing: str
    error_heading: str
    unexpected_error: str
    caption_label: str
    score: str
    answered_in: str
    score_hint: str
    runner_ups_heading: str
    runner_ups_hint: str
    frames_heading: str
    frames_hint: str
    frame_alt: str
    facts_heading: str
    fact_duration: str
    fact_size: str
    fact_rate: str
    fact_format: str
    rate: str
    seconds: str

    footer: str
    api_description: str
    api_no_clip: str
    no_such_example: str


ENGLISH = Texts(
    title="VideoBERT",
    tagline="A clip goes in, a sentence comes out.",
    clip_label="Clip",
    drop="Drop a clip here, or click to choose one",
    limits="mp4, mov, webm, mkv, avi or mpg, up to {megabytes} MB",
    examples_heading="Or pick one",
    examples_sources="Sources and licences of these clips",
    example_credit="{attribution}, {licence}",
    unplayable="This browser cannot play this kind of file. It was read all the same: see its frames by the caption.",
    describe_tab="Describe",
    empty_heading="What happens in the clip?",
    empty_hint="Drop a clip, record one, or pick an example. The answer appears here by itself.",
    busy_heading="Watching the clip",
    reading="Reading the clip",
    looking="Looking at the frames",
    writing="Writing the caption",
    error_heading="This clip could not be described",
    unexpected_error="Something went wrong here, not with your clip. Try once more, or choose another clip.",
    caption_label="Caption",
    score="Score {score}",
    answered_in="Answered in {time}",
    score_hint="How likely the model finds these words, from 0 to 100 %: the geometric mean over the words",
    runner_ups_heading="It also considered",
    runner_ups_hint="with their scores",
    frames_heading="What it looked at",
    frames_hint="click one to jump there",
    frame_alt="Frame at {time}",
    facts_heading="The clip",
    fact_duration="Length",
    fact_size="Picture",
    fact_rate="Frame rate",
    fact_format="Format",
    rate="{rate} per second",
    seconds="{seconds} s",
    footer="Answered by {model}, on the machine that serves this page. Uploaded clips are deleted after two hours.",
    api_description="Describes a clip: the caption, its score, the runner-ups, the moments looked at, the time taken.",
    api_no_clip="Send a video file: there was none.",
    no_such_example="That example does not exist; pick another one.",
)
