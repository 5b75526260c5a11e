from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pytest

import videobert_demo.settings
from videobert_demo.errors import SettingsError
from videobert_demo.settings import Settings, bundled_folder, read_sign_ins, upload_folder
from videobert_demo.types import ClipLimits


def test_defaults() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert settings.limits == ClipLimits(max_bytes=200 * 2**20, max_seconds=7200, max_pixels=4096 * 4096)
    assert settings.revision is None
    assert settings.cache_clips == 12
    package = Path(videobert_demo.settings.__file__).parent
    assert Path(settings.checkpoint) == package.parent / "assets" / "checkpoint"


def test_bundled_files_are_inside_an_installed_package_and_beside_it_in_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "videobert_demo"
    (package / "assets").mkdir(parents=True)
    (tmp_path / "configs").mkdir()
    monkeypatch.setattr(videobert_demo.settings, "__file__", str(package / "settings.py"))
    assert bundled_folder("assets") == package / "assets"
    assert bundled_folder("configs") == tmp_path / "configs"


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


@pytest.mark.parametrize(("text", "is_on"), [("1", True), ("0", False), (" ", False)])
def test_neutral_words_are_switched_on_with_1(text: str, is_on: bool) -> None:
    settings = Settings.from_environment({"VIDEOBERT_NEUTRAL_WORDS": text})
    assert settings.neutral_words is is_on
    assert settings.with_options(neutral_words=True).neutral_words
    assert settings.with_options().neutral_words is is_on


@pytest.mark.parametrize(("text", "wish"), [("1", True), ("0", False), (" ", None), ("auto", None)])
def test_8_bits_are_asked_for_refused_or_left_to_the_machine(text: str, wish: bool | None) -> None:
    assert Settings.from_environment({"VIDEOBERT_INT8": text}).int8 is wish


@pytest.mark.parametrize("name", ["VIDEOBERT_NEUTRAL_WORDS", "VIDEOBERT_INT8"])
def test_a_switch_takes_no_other_word(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is 'yes'"):
        Settings.from_environment({name: "yes"})


SECRET = "p@ss:word with blanks "


def test_options_override_the_environment() -> None:
    before = Settings.from_environment({"VIDEOBERT_MAX_UPLOAD_MB": "50", "VIDEOBERT_AUTH": "ann:a"})
    assert (before.max_bytes, before.sign_ins) == (50 * 2**20, (("ann", "a"),))
    assert before.with_options() == before
    after = before.with_options(library="lib", auth=f"bob:{SECRET}", max_upload_mb="0.5", max_seconds="30")
    assert after == Settings(max_bytes=2**19, max_seconds=30, library="lib", sign_ins=(("bob", SECRET),))


@pytest.mark.parametrize("option", ["max_upload_mb", "max_seconds"])
@pytest.mark.parametrize("text", ["", "many", "0", "-1", "nan", "inf", "1e305", "1e-9"])
def test_a_bad_option_is_named_in_the_error(option: str, text: str) -> None:
    if (option, text) in (("max_seconds", "1e305"), ("max_seconds", "1e-9")):
        return  # long, and short, but seconds
    with pytest.raises(SettingsError) as caught:
        Settings().with_options(**{option: text})
    assert f"--{option.replace('_', '-')} is " in caught.value.message


def test_a_huge_number_of_megabytes_is_refused_in_the_environment_too() -> None:
    with pytest.raises(SettingsError, match="VIDEOBERT_MAX_UPLOAD_MB"):
        Settings.from_environment({"VIDEOBERT_MAX_UPLOAD_MB": "1e305"})


@pytest.mark.parametrize("at", ["", "@"])
def test_sign_ins_come_from_a_file(tmp_path: Path, at: str) -> None:
    file = tmp_path / "people.txt"
    file.write_text(f"# who may come in\n\nann:a\n bob :{SECRET}\n", encoding="utf-8-sig")
    assert read_sign_ins(f"{at}{file}", "--auth") == (("ann", "a"), ("bob", SECRET))


def test_a_literal_may_hold_colons_and_an_at() -> None:
    assert read_sign_ins(f"ann:{SECRET}", "--auth") == (("ann", SECRET),)


@pytest.mark.parametrize("text", ["hunter2", "@hunter2", ":hunter2", "hunter2:", "ann:x\nhunter2", "#:hunter2", "@."])
@pytest.mark.parametrize("source", ["--auth", "VIDEOBERT_AUTH"])
def test_a_sign_in_that_cannot_be_used_is_told_without_the_secret(text: str, source: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings().with_options(auth=text) if source == "--auth" else Settings.from_environment({source: text})
    assert source in caught.value.message
    assert "hunter2" not in caught.value.message
    assert caught.value.__cause__ is None


def test_a_blank_sign_in_is_refused_on_the_command_line_and_left_out_of_the_environment() -> None:
    with pytest.raises(SettingsError, match="--auth"):
        Settings().with_options(auth="")
    assert Settings.from_environment({"VIDEOBERT_AUTH": " "}) == Settings()


@pytest.mark.parametrize("sign_ins", [(("", "x"),), (("ann", ""),), ((" ann", "x"),), (("ann", "x"), ("ann", "y"))])
def test_sign_ins_are_checked_however_they_come(sign_ins: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(SettingsError, match="name"):
        Settings(sign_ins=sign_ins)


def test_passwords_are_not_in_the_repr() -> None:
    assert "hunter2" not in repr(Settings(sign_ins=(("ann", "hunter2"),), library_token="hunter2"))


def test_uploads_lie_where_the_variable_of_gradio_says(tmp_path: Path) -> None:
    assert upload_folder({"GRADIO_TEMP_DIR": str(tmp_path / "a" / ".." / "b")}) == tmp_path.resolve() / "b"
    for environ in ({}, {"GRADIO_TEMP_DIR": ""}):
        assert upload_folder(environ) == Path(tempfile.gettempdir()).resolve() / "gradio"
