"""Pictures that someone searches by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from videobert_demo.errors import UnreadableClipError
from videobert_demo.service.examples import read_examples
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.ui.search.picture import read_picture


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture")
    Image.fromarray(np.zeros((30, 40, 3), np.uint8)).save(tmp_path / "small.png")
    with pytest.raises(UnreadableClipError, match=r"text\.png"):
        read_picture(str(tmp_path / "text.png"), 1000)
    with pytest.raises(UnreadableClipError, match="too many pixels"):
        read_picture(str(tmp_path / "small.png"), 1000)
    with pytest.raises(UnreadableClipError, match=r"none\.png"):
        read_picture(str(tmp_path / "none.png"), 1000)
    assert read_picture(str(tmp_path / "small.png"), 1200).shape == (30, 40, 3)


def test_a_picture_finds_clips(service: VideoBertService) -> None:
    library = VisitorLibraries(service).of("one")
    poster = read_picture(str(read_examples()[0].poster), 10_000_000)
    assert service.search_picture(library, poster, count=1)[0].entry.title == read_examples()[0].title
