"""What can be set from outside, and from which environment variable; and where the bundled files are.

Nothing else reads the environment.
"""

from __future__ import annotations

import math
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from videobert_demo.errors import SettingsError
from videobert_demo.types import ClipLimits


def bundled_folder(name: str) -> Path:
    """A folder of files that come with the package.

    Args:
        name: "assets" or "configs". An installed wheel has it inside the package, a checkout beside the package.
    """
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


BUNDLED_CHECKPOINT = str(bundled_folder("assets") / "checkpoint")
UPLOAD_FOLDER_VARIABLE = "GRADIO_TEMP_DIR"
"""Gradio's own variable, so that whoever knows Gradio finds it."""
_BYTES_PER_MEGABYTE = 1024 * 1024
_PLACE = re.compile(r"(s3|gs|hf|https?)://[^\s/]\S*")
_DEFAULT_LIMITS = ClipLimits()


def rest_threads() -> None:
    """Lets PyTorch's threads sleep soon between their tasks; to be called before torch is imported.

    By default they spin for milliseconds, which costs seconds where other processes need the cores; if they slept at
    once, waking them would take longer than many a task. What is set already stays.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "8000")  # about a tenth of a millisecond


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one running service.

    Attributes:
        checkpoint: A folder, or a Hub id such as "user/repo". VIDEOBERT_CHECKPOINT.
        revision: Branch, tag or commit of a Hub checkpoint; None means its default branch. VIDEOBERT_REVISION.
        max_bytes: Largest clip file. VIDEOBERT_MAX_UPLOAD_MB, in megabytes of 1024 * 1024 bytes.
        max_seconds: Longest clip. VIDEOBERT_MAX_SECONDS.
        max_pixels: Most pixels in one stored frame. VIDEOBERT_MAX_PIXELS.
        int8: Whether the model computes in 8 bits on a CPU (docs/encoders.md); None where the processor has VNNI, with
            which that is faster. VIDEOBERT_INT8, 1, 0 or auto.
        second_checkpoint: A folder or a Hub id that models are compared with; None compares with another form of the
            running one. VIDEOBERT_SECOND_CHECKPOINT.
        library: Where the lasting library of clips is: a folder, or the address of a Milvus server. None keeps none.
            VIDEOBERT_LIBRARY_URI.
        library_token: "user:password" or a key for that server. VIDEOBERT_LIBRARY_TOKEN.
        clip_places: Where clips may be fetched from, beside this machine, such as "s3://bucket" or
            "https://media.example.org"; an address is allowed that is one of them, or goes on from one after a slash.
            VIDEOBERT_CLIP_PLACES, divided by blanks or commas.
        cache_clips: How many encoded clips are kept in memory; 0 keeps none. VIDEOBERT_CACHE_CLIPS.
        workers: How many processes have the model, so that as many calls run side by side; fewer where memory is short.
            1 runs it in the process of the page. VIDEOBERT_WORKERS.
        neutral_words: Whether captions and answers say person, child and people where nobody says otherwise.
            VIDEOBERT_NEUTRAL_WORDS, 1 or 0.
        sign_ins: (name, password) of everyone who may open the app; none means that everyone may. VIDEOBERT_AUTH, as
            `read_sign_ins` takes it.
        webhook_hosts: Hosts that alarms of a watch list may be sent to, such as "example.org" or "localhost:9000"; none
            by default. VIDEOBERT_WEBHOOK_HOSTS, with commas between them.
        speech: A folder or a Hub id of a Whisper-like checkpoint that recognises speech; None recognises none.
            VIDEOBERT_SPEECH.

    Raises:
        SettingsError: A value is outside its range. No message holds a password.
    """

    checkpoint: str = BUNDLED_CHECKPOINT
    revision: str | None = None
    max_bytes: int = field(default=_DEFAULT_LIMITS.max_bytes)
    max_seconds: float = field(default=_DEFAULT_LIMITS.max_seconds)
    max_pixels: int = field(default=_DEFAULT_LIMITS.max_pixels)
    cache_clips: int = 12
    workers: int = 1
    neutral_words: bool = False
    int8: bool | None = None
    second_checkpoint: str | None = None
    library: str | None = None
    library_token: str = field(default="", repr=False)
    clip_places: tuple[str, ...] = ()
    sign_ins: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    webhook_hosts: tuple[str, ...] = ()
    speech: str | None = None

    def __post_init__(self) -> None:
        if not self.checkpoint.strip():
            raise SettingsError("The checkpoint has no name; give a folder or a Hub id such as user/repo.")
        if self.revision is not None and not self.revision.strip():
            raise SettingsError("The revision has no name; give a branch, tag or commit, or leave it out.")
        if self.second_checkpoint is not None and not self.second_checkpoint.strip():
            raise SettingsError("The second checkpoint has no name; give a folder or a Hub id, or leave it out.")
        if self.library is not None and not self.library.strip():
            raise SettingsError("The library has no name; give a folder or an address, or leave it out.")
        for place in self.clip_places:
            if not _PLACE.fullmatch(place):
                raise SettingsError(f"{place!r} is no place of clips; name one such as s3://bucket or https://host.")
        if self.max_bytes < 1:
            raise SettingsError(f"max_bytes is {self.max_bytes}; it must be at least 1.")
        if not (math.isfinite(self.max_seconds) and self.max_seconds > 0):
            raise SettingsError(f"max_seconds is {self.max_seconds}; it must be a positive number.")
        if self.max_pixels < 1:
            raise SettingsError(f"max_pixels is {self.max_pixels}; it must be at least 1.")
        if self.cache_clips < 0:
            raise SettingsError(f"cache_clips is {self.cache_clips}; it must be 0 or more.")
        if self.workers < 1:
            raise SettingsError(f"workers is {self.workers}; it must be 1 or more.")
        names = [name for name, _ in self.sign_ins]
        if not all(name and name == name.strip() and password for name, password in self.sign_ins):
            raise SettingsError("A sign-in has no name, no password, or blanks around its name; write USER:PASSWORD.")
        if len(set(names)) < len(names):
            raise SettingsError("Two sign-ins have the same name; give every name once.")

    @property
    def limits(self) -> ClipLimits:
        """What a clip may cost at most."""
        return ClipLimits(max_bytes=self.max_bytes, max_seconds=self.max_seconds, max_pixels=self.max_pixels)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Reads the settings from environment variables; one that is not set, or blank, leaves the default.

        Args:
            environ: The variables, name to value.

        Raises:
            SettingsError: A value is not a number where one is needed, or is outside its range.
        """
        sign_ins = environ.get("VIDEOBERT_AUTH", "").strip()
        megabytes = _number(environ, "VIDEOBERT_MAX_UPLOAD_MB", _DEFAULT_LIMITS.max_bytes / _BYTES_PER_MEGABYTE)
        return cls(
            checkpoint=environ.get("VIDEOBERT_CHECKPOINT", "").strip() or BUNDLED_CHECKPOINT,
            revision=environ.get("VIDEOBERT_REVISION", "").strip() or None,
            max_bytes=_bytes("VIDEOBERT_MAX_UPLOAD_MB", megabytes),
            max_seconds=_number(environ, "VIDEOBERT_MAX_SECONDS", _DEFAULT_LIMITS.max_seconds),
            max_pixels=_whole_number(environ, "VIDEOBERT_MAX_PIXELS", _DEFAULT_LIMITS.max_pixels, min_value=1),
            cache_clips=_whole_number(environ, "VIDEOBERT_CACHE_CLIPS", 12, min_value=0),
            workers=_whole_number(environ, "VIDEOBERT_WORKERS", 1, min_value=1),
            neutral_words=_switch(environ, "VIDEOBERT_NEUTRAL_WORDS") or False,
            int8=_read_int8(environ),
            second_checkpoint=environ.get("VIDEOBERT_SECOND_CHECKPOINT", "").strip() or None,
            library=environ.get("VIDEOBERT_LIBRARY_URI", "").strip() or None,
            library_token=environ.get("VIDEOBERT_LIBRARY_TOKEN", "").strip(),
            clip_places=tuple(environ.get("VIDEOBERT_CLIP_PLACES", "").replace(",", " ").split()),
            sign_ins=read_sign_ins(sign_ins, "VIDEOBERT_AUTH") if sign_ins else (),
            speech=environ.get("VIDEOBERT_SPEECH", "").strip() or None,
            webhook_hosts=tuple(
                host.strip().lower() for host in environ.get("VIDEOBERT_WEBHOOK_HOSTS", "").split(",") if host.strip()
            ),
        )

    def with_options(
        self,
        *,
        library: str | None = None,
        auth: str | None = None,
        max_upload_mb: str | None = None,
        max_seconds: str | None = None,
        neutral_words: bool = False,
        second: str | None = None,
        workers: int | None = None,
    ) -> Settings:
        """These settings with the options of the command line; None leaves a setting as it is.

        Args:
            library: The value of --library.
            auth: The value of --auth, as `read_sign_ins` takes it.
            max_upload_mb: The value of --max-upload-mb, still as text.
            max_seconds: The value of --max-seconds, still as text.
            neutral_words: Whether --neutral-words was given; otherwise the setting stays.
            second: The value of --second.
            workers: The value of --workers.

        Raises:
            SettingsError: A value cannot be used; the message names the option.
        """
        megabytes = None if max_upload_mb is None else _parse_number("--max-upload-mb", max_upload_mb, 200)
        return replace(
            self,
            library=self.library if library is None else library,
            sign_ins=self.sign_ins if auth is None else read_sign_ins(auth, "--auth"),
            neutral_words=self.neutral_words or neutral_words,
            second_checkpoint=self.second_checkpoint if second is None else second,
            workers=self.workers if workers is None else workers,
            max_bytes=self.max_bytes if megabytes is None else _bytes("--max-upload-mb", megabytes),
            max_seconds=self.max_seconds
            if max_seconds is None
            else _parse_number("--max-seconds", max_seconds, _DEFAULT_LIMITS.max_seconds),
        )


def upload_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where uploads and results lie, below which each server has a folder of its own: GRADIO_TEMP_DIR, or Gradio's."""
    return Path(environ.get(UPLOAD_FOLDER_VARIABLE) or Path(tempfile.gettempdir()) / "gradio").resolve()


def read_sign_ins(text: str, source: str) -> tuple[tuple[str, str], ...]:
    """Who may open the app, from "USER:PASSWORD", or from a file with one such line a person.

    Args:
        text: USER:PASSWORD, or @FILE, or the path of a file without a colon in it. Blank lines of the file, and those
            that start with #, do not count.
        source: What the text was given as, such as "--auth"; messages name it, and never the text, which may be secret.

    Raises:
        SettingsError: There is no such file, or a line in it is not USER:PASSWORD.
    """
    lines = text
    if text.startswith("@") or ":" not in text:
        try:
            lines = Path(text.removeprefix("@")).read_text(encoding="utf-8-sig")
        except (OSError, ValueError):
            raise SettingsError(
                f"What {source} gives is neither USER:PASSWORD nor a text file that can be read; give one of the two."
            ) from None  # the cause names the text
    found = []
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, password = line.partition(":")
        if not (colon and name.strip() and password):
            raise SettingsError(
                f"Line {number} of what {source} gives is not USER:PASSWORD; write it so, or name a file of such lines."
            )
        found.append((name.strip(), password))
    if not found:
        raise SettingsError(f"What {source} gives names nobody; write USER:PASSWORD, or leave it out.")
    return tuple(found)


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    """The variable as a positive finite number."""
    text = environ.get(name, "").strip()
    return _parse_number(name, text, default) if text else default


def _parse_number(name: str, text: str, example: float) -> float:
    """Text as a positive finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise SettingsError(f"{name} is {text!r}; set it to a positive number such as {example:g}.")
    return value


def _switch(environ: Mapping[str, str], name: str) -> bool | None:
    """The variable as on, 1, or off, 0; None if it is not set."""
    text = environ.get(name, "").strip()
    if text not in ("", "0", "1"):
        raise SettingsError(f"{name} is {text!r}; set it to 1 or 0.")
    return text == "1" if text else None


def _read_int8(environ: Mapping[str, str]) -> bool | None:
    text = environ.get("VIDEOBERT_INT8", "").strip()
    if text not in ("", "0", "1", "auto"):
        raise SettingsError(f"VIDEOBERT_INT8 is {text!r}; set it to 1, 0 or auto.")
    return text == "1" if text in ("0", "1") else None


def _bytes(name: str, megabytes: float) -> int:
    """Megabytes as whole bytes."""
    count = megabytes * _BYTES_PER_MEGABYTE
    if not (math.isfinite(count) and count >= 1):
        raise SettingsError(f"{name} is {megabytes:g}; set it to a number of megabytes such as 200.")
    return int(count)


def _whole_number(environ: Mapping[str, str], name: str, default: int, *, min_value: int) -> int:
    """The variable as a whole number of at least `min_value`."""
    text = environ.get(name, "").strip()
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        value = min_value - 1
    if value < min_value:
        raise SettingsError(f"{name} is {text!r}; set it to a whole number of at least {min_value}, such as {default}.")
    return value
