"""Brings a clip to this machine, if it is not there, for as long as it is read. Knows no container and no model.

Whatever the source says of its size, no more than the limit is ever written.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from videobert_demo.data.listing import AllowedPlaces, is_address, open_place
from videobert_demo.errors import ClipTooLargeError, DataError, UnreadableClipError, VideoBertDemoError

_BLOCK_BYTES = 1 << 20
_MAX_NAME = 120


@contextlib.contextmanager
def local_copy(address: str, places: AllowedPlaces, max_bytes: int) -> Iterator[Path]:
    """The path of a clip: its own, or that of a copy which is gone when the block ends.

    Args:
        address: a path, or an address.
        max_bytes: largest clip.

    Raises:
        ClipTooLargeError: it has more bytes.
        UnreadableClipError: it is not there, or its source does not give it.
        DataError: its source is not allowed.
    """
    if not is_address(address):
        yield Path(address)
        return
    with tempfile.TemporaryDirectory(prefix="videobert-clip-") as folder:
        path = Path(folder) / clip_name(address)
        _fetch(address, places, max_bytes, path)
        yield path


def clip_name(address: str) -> str:
    """The name of a clip's file: the last part of its path or address."""
    if not is_address(address):
        return Path(address).name
    name = unquote(urlsplit(address).path.rsplit("/", 1)[-1])
    return "".join("_" if letter in "/\0" else letter for letter in name)[-_MAX_NAME:].strip(". ") or "clip"


def reason_of(address: str, error: BaseException) -> str:
    """Why the clip at a path or address cannot be used, as one sentence that names only its file."""
    if isinstance(error, VideoBertDemoError):
        return error.message
    return f"{clip_name(address)} cannot be used ({type(error).__name__}: {error})."


def _fetch(address: str, places: AllowedPlaces, max_bytes: int, path: Path) -> None:
    system, far = open_place(address, places)
    written = 0
    try:
        # Without blocks a server of files is asked once, from the beginning to the end.
        options = {"block_size": 0} if address.startswith("http") else {"block_size": 4 * _BLOCK_BYTES}
        with system.open(far, "rb", **options) as source, path.open("wb") as copy:
            answer = getattr(source, "r", None)  # of a web server
            if answer is not None and answer.status >= 300:
                raise OSError(f"it has moved, and is not followed: status {answer.status}")
            while block := source.read(min(_BLOCK_BYTES, max_bytes + 1 - written)):
                written += len(block)
                if written > max_bytes:
                    raise ClipTooLargeError(
                        "“{name}” has more than the limit of {most:g} MB; shorten it or make its picture smaller.",
                        name=path.name,
                        most=max_bytes / 2**20,
                    )
                copy.write(block)
    except (ClipTooLargeError, DataError):
        raise
    except Exception as error:
        raise UnreadableClipError(
            "“{name}” cannot be fetched ({reason}); check its address and the connection.",
            name=path.name,
            reason=f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}",
        ) from error
