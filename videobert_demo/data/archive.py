"""Reads images out of an uncompressed .tar by their names. Knows no captions."""

from __future__ import annotations

import tarfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from videobert_demo.errors import DataError


class FrameArchive:
    """Random access to the images of an uncompressed .tar, by name. Not shared between threads."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise DataError(f"{path} does not exist; point --data at a folder in the format of docs/recipe.md")
        self._path = path
        self._file = path.open("rb")
        try:
            with tarfile.open(fileobj=self._file, mode="r:") as archive:
                self._members = {
                    member.name: (member.offset_data, member.size) for member in archive if member.isfile()
                }
        except tarfile.TarError as error:
            raise DataError(f"{path} is not an uncompressed .tar ({error})") from error

    def read(self, name: str) -> NDArray[np.uint8]:
        """The image `name` as (H, W, 3) RGB uint8; raises DataError when it is absent or not an image."""
        if name not in self._members:
            raise DataError(f"{name} is not in {self._file.name}")
        offset, size = self._members[name]
        self._file.seek(offset)
        image = cv2.imdecode(np.frombuffer(self._file.read(size), dtype=np.uint8), cv2.IMREAD_COLOR)
        if image is None:
            raise DataError(f"{name} in {self._file.name} is not an image")
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)

    def __reduce__(self) -> tuple[Any, tuple[Path]]:
        """Another process opens the file anew, once however often it is given this."""
        return _open_once, (self._path.absolute(),)

    def close(self) -> None:
        """Closes the file; nothing can be read afterwards."""
        self._file.close()


@lru_cache(maxsize=4)
def _open_once(path: Path) -> FrameArchive:
    return FrameArchive(path)
