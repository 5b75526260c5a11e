"""The errors that this package raises on purpose.

Every error carries one sentence for the person in front of the screen, which says what is wrong and what to do about
it. Errors of a programmer (a wrong shape, a wrong type) are ValueError and TypeError, not these. This module imports
nothing of the package.
"""

from __future__ import annotations


class VideoBertDemoError(Exception):
    """Base of every error that this package raises on purpose.

    Attributes:
        message: One sentence for the person: what is wrong, and what to do. It names files by their last component
            only, because it is shown to people who should not see the server's folders.
        template: The sentence before its `{name}`s were filled in: the page knows its translation by it.
        values: What they were filled in with. Without any the template is the message, braces and all.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.message = template.format(**values) if values else template
        self.template = template
        self.values = values
        super().__init__(self.message)


class ClipError(VideoBertDemoError):
    """A clip cannot be used; the subclass says why."""


class UnreadableClipError(ClipError):
    """The file is missing, is not a file, is damaged or is cut off before its first frame."""


class UnsupportedClipError(ClipError):
    """The file is not a video container that is accepted, or its codec has no decoder here."""


class EmptyClipError(ClipError):
    """The file has no bytes, or its video stream has no frames."""


class NoVideoStreamError(ClipError):
    """The container holds sound, or a cover picture, but no moving picture."""


class ClipTooLargeError(ClipError):
    """The file has more bytes than the limit."""


class ClipTooLongError(ClipError):
    """The clip plays for more seconds, or has more frames, than the limit."""


class ClipTooManyPixelsError(ClipError):
    """One frame of the clip has more pixels than the limit."""


class CheckpointError(VideoBertDemoError):
    """A checkpoint is missing, broken or of another kind of model."""


class SettingsError(VideoBertDemoError):
    """A setting, often from an environment variable, has a value that cannot be used."""


class QuestionError(VideoBertDemoError):
    """A question cannot be answered as it stands: it is empty or too long."""


class WordError(VideoBertDemoError):
    """A word cannot be looked for in a clip: it is empty, too long, or none that the model knows."""


class MethodError(VideoBertDemoError):
    """A way of making a heatmap cannot be had with this checkpoint, or not of this method."""


class DataError(VideoBertDemoError):
    """A folder of training or evaluation data does not have the expected format."""


class LibraryError(VideoBertDemoError):
    """A library of clips cannot be opened, read or written, or was made with another checkpoint."""


class TimelineExportError(VideoBertDemoError):
    """A timeline breaks a rule of the format that it should be written in."""


class WatchListError(VideoBertDemoError):
    """A watch list cannot be used, or what it finds cannot be sent where somebody wants it."""


class SubtitleError(VideoBertDemoError):
    """Subtitles cannot be read, or speech cannot be recognised."""


class StoppedError(VideoBertDemoError):
    """Somebody stopped the work before there was a result."""
