"""The files of clips that a library keeps: copies under the hash of what is in them. Knows files; knows no database."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from videobert_demo.errors import LibraryError
from videobert_demo.types import LibraryEntry

CLIPS = "clips"


class KeptFiles:
    """The copies, in a folder of the library.

    Args:
        library: the library's folder; None keeps them in a temporary folder that `close` deletes.
    """

    def __init__(self, library: Path | None) -> None:
        self._library = library
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    def keep(self, entry: LibraryEntry) -> str:
        """Copies the clip's file; returns the copy's name. A copy is there whole or not at all.

        Raises:
            LibraryError: it cannot be copied.
        """
        source = Path(entry.source)
        name = entry.content_hash + source.suffix
        part_path: Path | None = None
        try:
            folder = self._folder()
            folder.mkdir(exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".copying-", delete=False) as part:
                part_path = Path(part.name)
            shutil.copyfile(source, part_path)
            part_path.replace(folder / name)
        except OSError as error:
            raise LibraryError(
                "{name} cannot be copied into the library ({reason}); check file and disk space.",
                name=source.name,
                reason=error.strerror,
            ) from error
        finally:
            if part_path is not None:
                part_path.unlink(missing_ok=True)
        return name

    def path(self, name: str) -> Path:
        """Where the copy of this name lies."""
        return self._folder() / name

    def remove(self, name: str) -> None:
        """Deletes the copy of this name, if it is there."""
        self.path(name).unlink(missing_ok=True)

    def close(self) -> None:
        """Deletes the copies of a library in memory; those of a library in a folder stay."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def _folder(self) -> Path:
        if self._library is not None:
            return self._library.absolute() / CLIPS
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="videobert-library-")
        return Path(self._temporary.name)
