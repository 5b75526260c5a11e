from __future__ import annotations

import pytest

from videobert_demo import errors

CLIP_ERRORS = (
    errors.UnreadableClipError,
    errors.UnsupportedClipError,
    errors.EmptyClipError,
    errors.NoVideoStreamError,
    errors.ClipTooLargeError,
    errors.ClipTooLongError,
    errors.ClipTooManyPixelsError,
)
OTHER_ERRORS = (
    errors.CheckpointError,
    errors.SettingsError,
    errors.QuestionError,
    errors.WordError,
    errors.MethodError,
    errors.DataError,
    errors.LibraryError,
    errors.TimelineExportError,
    errors.WatchListError,
    errors.SubtitleError,
    errors.StoppedError,
)


@pytest.mark.parametrize("kind", CLIP_ERRORS + OTHER_ERRORS)
def test_carries_its_sentence(kind: type[errors.VideoBertDemoError]) -> None:
    error = kind("The clip is empty; choose another.")
    assert isinstance(error, errors.VideoBertDemoError)
    assert error.message == str(error) == "The clip is empty; choose another."


def test_clip_errors_are_caught_together_and_apart_from_the_others() -> None:
    assert all(issubclass(kind, errors.ClipError) for kind in CLIP_ERRORS)
    assert not any(issubclass(kind, errors.ClipError) for kind in OTHER_ERRORS)


def test_list_of_errors_is_complete() -> None:
    named = {value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)}
    assert named == {errors.VideoBertDemoError, errors.ClipError, *CLIP_ERRORS, *OTHER_ERRORS}
