from __future__ import annotations

import math
from pathlib import Path

import pytest

import videobert_demo.settings
from videobert_demo.errors import SettingsError
from videobert_demo.settings import Settings
from videobert_demo.types import ClipLimits


def test_defaults() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert settings.limits == ClipLimits(max_bytes=200 * 2**20, max_seconds=7200, max_pixels=4096 * 4096)
    assert settings.revision is None
    assert settings.cache_clips == 32
    package = Path(videobert_demo.settings.__file__).parent
    assert Path(settings.checkpoint) == package.parent / "assets" / "checkpoint"


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        {
            "VIDEOBERT_CHECKPOINT": " someone/model ",
            "VIDEOBERT_REVISION": "v2",
            "VIDEOBERT_MAX_UPLOAD_MB": "1.5",
            "VIDEOBERT_MAX_SECONDS": "60.5",
            "VIDEOBERT_MAX_PIXELS": "1000",
            "VIDEOBERT_CACHE_CLIPS": "0",
        }
    )
    assert settings == Settings("someone/model", "v2", 1_572_864, 60.5, 1000, 0)


def test_blank_variables_leave_the_defaults() -> None:
    names = ("CHECKPOINT", "REVISION", "MAX_UPLOAD_MB", "MAX_SECONDS", "MAX_PIXELS", "CACHE_CLIPS")
    assert Settings.from_environment({f"VIDEOBERT_{name}": " " for name in names}) == Settings()


@pytest.mark.parametrize("name", ["MAX_UPLOAD_MB", "MAX_SECONDS", "MAX_PIXELS", "CACHE_CLIPS"])
@pytest.mark.parametrize("text", ["many", "-1", "nan", "inf", "1e", "0x10"])
def test_a_bad_number_is_named_in_the_error(name: str, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({f"VIDEOBERT_{name}": text})
    assert f"VIDEOBERT_{name}" in caught.value.message
    assert repr(text) in caught.value.message


def test_zero_is_no_limit_to_be_had() -> None:
    for name in ("MAX_UPLOAD_MB", "MAX_SECONDS", "MAX_PIXELS"):
        with pytest.raises(SettingsError, match=name):
            Settings.from_environment({f"VIDEOBERT_{name}": "0"})


@pytest.mark.parametrize(
    "values",
    [
        {"checkpoint": " "},
        {"revision": ""},
        {"max_bytes": 0},
        {"max_seconds": math.nan},
        {"max_seconds": 0.0},
        {"max_pixels": 0},
        {"cache_clips": -1},
    ],
)
def test_values_are_checked_however_they_come(values: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        Settings(**values)  # type: ignore[arg-type]
