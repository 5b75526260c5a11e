"""What stands around the tabs, and what is refused, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PageSentences:
    """A `{name}` in a sentence is filled in with `str.format`."""

    title: str = "VideoBERT"
    tagline: str = "A clip goes in, a sentence comes out."
    other_language: str = "zh-CN"
    other_language_name: str = "中文"
    queue: str = "Others are ahead of you: number {position} of {size} in the queue"
    spoken_progress: str = "Progress"
    spoken_complete: str = "Done"
    progress_left: str = "about {seconds} s left"
    progress_late: str = "this takes longer than usual"
    cancel: str = "Cancel"
    stopped: str = "Stopped, as you wanted."
    try_again: str = "Try again"
    copy: str = "Copy"
    copied: str = "Copied"
    save_text: str = "Text"
    save_page: str = "Page (.html)"
    save_report: str = "Save a report"
    report_heading: str = "What the model saw and said"
    clip_label: str = "Clip"
    drop: str = "Drop a clip here, or click to choose one"
    limits: str = "mp4, mov, webm, mkv, avi, mpg or gif, up to {megabytes} MB"
    choose_clip: str = "Choose a clip"
    replace_clip: str = "Replace"
    drop_here: str = "Drop it to look at this clip"
    uploading: str = "Sending {name}"
    upload_failed: str = "{name} did not arrive. Try once more."
    upload_too_large: str = "{name} is too large: choose a file of at most {megabytes} MB."
    clip_gone: str = "This link leads to a clip that only its owner could see, and it is gone. Choose another one."
    neutral_label: str = "Say person and child, not man, woman, boy or girl"
    examples_heading: str = "Or pick one"
    examples_sources: str = "Sources and licences of these clips"
    example_credit: str = "{attribution}, {licence}"
    unplayable: str = (
        "This browser cannot play this kind of file. It was read all the same: its frames are shown with the caption."
    )
    unplayable_making: str = "This browser cannot play this kind of file. A small preview is being made."
    unplayable_shown: str = "This browser cannot play this kind of file: you see a small preview, without sound."
    mini_close: str = "Hide the small player"
    untrained: str = (
        "This model is put together from parts and not trained yet: what it says means nothing until it is."
    )
    footer: str = (
        "Answered by {model} ({parts}), on the machine that serves this page. Your clips are deleted a few "
        "minutes after you leave."
    )
    api_language: str = "Language of what the model says"
    api_no_clip: str = "Send a video file: there was none."
    no_such_example: str = "That example does not exist; pick another one."
    no_addresses: str = "Upload the file itself: addresses are not looked up here."
    server_full: str = "There is no space left on the server for your file; try again later, or tell who runs it."
    api_no_text: str = "“{name}” takes a text."
    api_no_number: str = "“{name}” takes a number."
    api_no_whole_number: str = "“{name}” takes a whole number."
    api_out_of_range: str = "“{name}” takes a number from {least} to {most}."
    api_no_file: str = "“{name}” takes a file: upload it, and send what the upload returned."
    api_session: str = "Send a session_hash of your own with each call: what you keep is kept under it."
    api_not_yours: str = "This is no file that you have uploaded; upload it first."
    api_too_few: str = "There are not enough values: this takes {count} ({names})."
    api_too_long: str = "The request is too long: it may have at most {most} bytes; files are uploaded apart."
    api_unreadable: str = "This cannot be understood; “Use via API”, at the foot of the page, shows what can be sent."
