"""Finds the clips that a command is to work on, wherever they lie. Fetches none of them, and knows no model.

    folder                          every file in it and its subfolders that is not hidden
    "clips/**/*.mp4"                a pattern
    @list.txt, @https://...         a list: one path or address a line; blank lines and those with # do not count
    s3://bucket/day1/*.mp4          a pattern, or everything below a prefix; gs:// and hf:// alike
    https://host/clip.mp4           one clip

An address counts only if the owner allows where it leads (`AllowedPlaces`). What a list says of a place that is not
allowed stays in the list: fetching it is refused, and that is its row.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from videobert_demo.errors import DataError

SCHEMES = ("s3", "gs", "hf", "http", "https")
_PATTERN = "*?["
_TIMEOUT_SECONDS = 300
_MAX_LIST_BYTES = 1 << 33


@dataclass(frozen=True, slots=True)
class ListedClip:
    """A clip that was found.

    Attributes:
        address: its absolute path, or its address.
        version: changes when the file does, as far as its source tells: size and time, or an ETag; "" if it does not.
    """

    address: str
    version: str


@dataclass(frozen=True, slots=True)
class AllowedPlaces:
    """Where clips may be fetched from, as the owner of this machine says; from nowhere by default.

    Attributes:
        prefixes: such as "s3://bucket", "https://media.example.org" or "hf://datasets/user/repo". An address is allowed
            if it is one of them, or goes on from one after a slash.
    """

    prefixes: tuple[str, ...] = ()

    def check(self, address: str) -> None:
        """Refuses an address that leads somewhere else.

        Raises:
            DataError: it does, or it is not written plainly.
        """
        parts = _split(address)
        if parts.username or parts.password or ".." in unquote(parts.path).split("/") or "\\" in address:
            raise DataError(f"The address {address} has a name, a password or .. in it; write it without.")
        plain = _plain(address)
        if not any(plain == prefix or plain.startswith(prefix + "/") for prefix in map(_plain, self.prefixes)):
            raise DataError(
                f"{parts.scheme}://{parts.netloc} is not among the places that clips may come from; "
                "name it in VIDEOBERT_CLIP_PLACES."
            )


def is_address(text: str) -> bool:
    """Whether a text is an address rather than a path."""
    return "://" in text


def list_clips(wanted: Sequence[str], places: AllowedPlaces) -> Iterator[ListedClip]:
    """The clips that were asked for, each once, in the order in which they are found.

    Args:
        wanted: folders, files, patterns, lists and addresses, as the module says.

    Raises:
        DataError: a folder, file or list is not there, an address is not allowed, or a place cannot be listed.
    """
    seen: set[str] = set()
    for text in wanted:
        for clip in _list_one(text, places):
            if clip.address not in seen:
                seen.add(clip.address)
                yield clip


def find_files(folder: Path) -> list[str]:
    """Regular files that are not hidden, ordered by path."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.join(parent, name) for name in names if not name.startswith(".")]  # noqa: PTH118
    return sorted(path for path in found if Path(path).is_file())


def open_place(address: str, places: AllowedPlaces) -> tuple[Any, str]:
    """The fsspec file system of an allowed address, and the path in it.

    Raises:
        DataError: it is not allowed, or what reads such places is not installed.
    """
    places.check(address)
    import fsspec  # takes a while to import

    scheme = _split(address).scheme
    options: dict[str, Any] = {}
    if scheme in ("http", "https"):
        import aiohttp

        # A redirect may lead to a place that nobody allowed.
        options = {
            "allow_redirects": False,
            "client_kwargs": {"timeout": aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)},
        }
    try:
        system = fsspec.filesystem(scheme, **options)
    except ImportError as error:
        raise DataError(f"{scheme}:// needs a package more: pip install 'videobert-demo[clouds]' ({error}).") from error
    return system, address if scheme in ("http", "https") else address.split("://", 1)[1]


def _list_one(text: str, places: AllowedPlaces) -> Iterator[ListedClip]:
    if text.startswith("@"):
        yield from _read_list(text[1:], places)
    elif is_address(text):
        yield from _list_address(text, places)
    else:
        path = Path(text)
        if path.is_dir():
            yield from map(_local, find_files(path.absolute()))
        elif path.exists():
            yield _local(str(path.absolute()))
        elif any(letter in text for letter in _PATTERN):
            found = sorted(glob.glob(str(path.absolute()), recursive=True))  # noqa: PTH207  takes absolute patterns
            yield from (_local(name) for name in found if Path(name).is_file())
        else:
            raise DataError(f"There is no file or folder {text}.")


def _local(path: str) -> ListedClip:
    if ".." in Path(path).parts:  # the same file would have another name
        path = str(Path(path).parent.resolve() / Path(path).name)
    try:
        facts = Path(path).stat()
    except OSError:  # it has just gone, or a list names what is not there
        return ListedClip(path, "")
    return ListedClip(path, f"{facts.st_size} {facts.st_mtime_ns}")


def _read_list(name: str, places: AllowedPlaces) -> Iterator[ListedClip]:
    """What a list names. A path in it counts from the list's folder; a list at an address names addresses only."""
    far = is_address(name)
    try:
        if far:
            system, path = open_place(name, places)
            with system.open(path, "rb") as file:
                text = file.read(_MAX_LIST_BYTES).decode("utf-8-sig")
        else:
            text = Path(name).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise DataError(f"The list {name} cannot be read ({error}).") from error
    for line in text.splitlines():
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        if is_address(entry):
            yield ListedClip(entry, "")
        elif far:
            raise DataError(f"The list {name} names {entry}, a path of this machine; it may name addresses only.")
        else:
            yield _local(str(Path(name).absolute().parent / entry))


def _list_address(address: str, places: AllowedPlaces) -> Iterator[ListedClip]:
    if _split(address).scheme in ("http", "https"):
        places.check(address)
        yield ListedClip(address, "")
        return
    system, path = open_place(address, places)
    try:
        if any(letter in path for letter in _PATTERN):
            found = system.glob(path, detail=True)
        else:
            found = system.find(path, detail=True)
    except (OSError, ValueError) as error:
        raise DataError(f"{address} cannot be listed ({error}).") from error
    scheme = _split(address).scheme
    clips = [
        ListedClip(f"{scheme}://{name}", _version(facts))
        for name, facts in sorted(found.items())
        if facts["type"] == "file"
    ]
    if not clips:
        raise DataError(f"There is nothing at {address}.")
    yield from clips


def _version(facts: dict[str, Any]) -> str:
    """What tells versions of a file apart, from what fsspec knows of it."""
    tag = next((facts[name] for name in ("ETag", "etag", "md5Hash", "blob_id") if facts.get(name)), "")
    return f"{facts.get('size', '')} {tag}".strip()


def _split(address: str) -> Any:
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES or not parts.netloc:
        raise DataError(f"{address} is no address that clips can come from; those begin with {', '.join(SCHEMES)}.")
    return parts


def _plain(address: str) -> str:
    """Scheme and host in lower case, without a slash at the end."""
    parts = urlsplit(address)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path}".rstrip("/")
