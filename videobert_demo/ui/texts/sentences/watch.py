"""What is watched for, in a clip and live, and what is said in it, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WatchSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    watch_heading: str = "Watch"
    watch_hint: str = "for events that you describe, in this clip or in front of your camera"
    watch_sentence: str = "What is seen"
    watch_placeholder: str = "a dog jumps over a fence"
    watch_name: str = "Name"
    watch_colour: str = "Colour"
    watch_threshold: str = "Threshold"
    watch_threshold_hint: str = "An alarm needs at least this probability."
    watch_add: str = "Add a row"
    watch_drop: str = "Remove row {number}"
    watch_moderation: str = "Moderation demo"
    watch_demonstration: str = (
        "A demonstration with a small model: it misses most and is often wrong. Never let it decide about people."
    )
    watch_check: str = "Check the clip"
    watch_no_clip: str = "Choose a clip first, on the left."
    watch_busy: str = "Checking the clip, moment by moment"
    watch_none: str = "No alarm"
    watch_one: str = "One alarm"
    watch_many: str = "{count} alarms"
    watch_alarms_hint: str = "with the probability of the likeliest moment"
    live_start: str = "Watch the camera"
    live_stop: str = "Stop"
    live_picture: str = "Your camera"
    live_asking: str = "Your browser asks whether the camera may be used."
    live_running: str = "A small picture a second goes to this server, and is kept nowhere."
    live_hidden: str = "Stopped, because the page was not seen."
    live_refused: str = "The camera cannot be used; allow it in your browser and try again."
    live_missing: str = "This browser shows cameras only to pages that were opened over https or on this computer."
    live_delay: str = "{seconds} s behind the camera"
    live_over: str = "over"
    watch_api_description: str = (
        "Checks a clip for a list of described events: when each is seen, how likely, a picture."
    )
    watch_api_events: str = "Events"
    watch_api_rows: str = "Send the events as a list of objects, each with a sentence."
    watch_by_nudity: str = "Checked by Open-NSFW, a classifier of nudity, not by these words"
    subtitles_bring: str = "Bring subtitles"
    subtitles_find: str = "Read those in the clip"
    subtitles_busy: str = "Reading what is said"
    subtitles_from_file: str = "What is said, from your file"
    subtitles_from_track: str = "What is said, from the clip's own track"
    subtitles_from_speech: str = "What is said, recognised from the sound"
    subtitles_hint: str = "a click leads to the moment"
    subtitles_search: str = "Search in what is said"
    subtitles_left_out: str = "{count} more are not shown."
    subtitles_alone: str = "From the pictures alone"
    subtitles_beside: str = "Beside the words"
    subtitles_beside_note: str = (
        "The model learned to describe pictures without words. Words that say what is seen help it, others do not."
    )
    subtitles_api_description: str = "What is said in a clip, searched, and captions without and beside the words."
    subtitles_api_content: str = "Subtitles"
    subtitles_api_form: str = "Their form"
    subtitles_api_find: str = "Words to find"
