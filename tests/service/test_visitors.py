"""The libraries of visitors, and what is found in them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.resources.real_photos import ORIENTATION_TAG
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import UnsupportedClipError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.examples import read_examples
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.visitors import VisitorLibraries
from videobert_demo.settings import Settings


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    """A service with a tiny random checkpoint, two examples and no lasting library."""
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path_factory.mktemp("tiny") / "tiny")))
    return VideoBertService(loaded, Settings(), examples=read_examples()[:2])


def test_what_a_visitor_adds_is_the_visitors_alone_and_goes(tiny: VideoBertService, tmp_path: Path) -> None:
    examples = read_examples()
    visitors = VisitorLibraries(tiny)
    clip = Path(shutil.copy(examples[3].path, tmp_path / "my ride.mp4"))
    first, second = visitors.own("first"), visitors.of("second")
    assert first is visitors.of("first") is visitors.own("first")
    assert visitors.of("second") is visitors.of("third")  # who only looks costs nothing
    assert first.add(tiny.encode_for_library(clip), keep_file=True)
    clip.unlink()  # the upload goes, the visitor's clip stays
    (mine,) = (entry for entry in first.entries() if first.owns(entry.content_hash))
    assert mine.title == "my ride"
    assert Path(mine.source).is_file()
    assert {entry.title for entry in first.entries()} == {"my ride", *(one.title for one in examples[:2])}
    assert {entry.title for entry in second.entries()} == {one.title for one in examples[:2]}
    visitors.forget("first")
    assert not Path(mine.source).exists()
    assert "my ride" not in {entry.title for entry in visitors.of("first").entries()}
    visitors.forget("nobody")


def test_a_lasting_library_is_everybodys_and_stays(tmp_path: Path) -> None:
    examples = read_examples()[:1]
    settings = Settings(checkpoint=str(write_tiny_checkpoint(tmp_path / "tiny")), library=str(tmp_path / "library"))
    loaded = load_checkpoint(settings.checkpoint)
    service = VideoBertService(loaded, settings, examples=examples)
    visitors = VisitorLibraries(service)
    clip = read_examples()[3].path
    assert visitors.own("first").add(service.encode_for_library(clip), keep_file=True)
    visitors.forget("first")
    assert visitors.of("second").contains(service.open(clip).content_hash)
    visitors.of("second").close()
    again = VisitorLibraries(VideoBertService(loaded, settings, examples=examples)).of("third")
    (entry,) = (entry for entry in again.entries() if again.owns(entry.content_hash))
    assert Path(entry.source).parent == tmp_path / "library" / "clips"
    again.close()


def test_more_like_a_clip_leaves_the_clip_out(service: VideoBertService) -> None:
    examples = read_examples()
    library = VisitorLibraries(service).of("one")
    hits = service.search_like(library, service.open(examples[0].path), count=len(examples))
    assert {hit.entry.title for hit in hits} == {one.title for one in examples[1:]}


def test_a_photograph_finds_clips_however_a_phone_stored_it(service: VideoBertService, tmp_path: Path) -> None:
    example = read_examples()[0]
    library = VisitorLibraries(service).of("one")
    with Image.open(example.poster) as poster:
        exif = Image.Exif()
        exif[ORIENTATION_TAG] = 6
        upright = poster.convert("RGB")
        upright.save(tmp_path / "upright.png")
        upright.rotate(90, expand=True).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    (upright_hit,) = service.search_picture(library, tmp_path / "upright.png", count=1)
    (turned_hit,) = service.search_picture(library, tmp_path / "turned.jpg", count=1)
    assert upright_hit.entry.title == turned_hit.entry.title == example.title
    assert turned_hit.score == pytest.approx(upright_hit.score, abs=0.02)
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(UnsupportedClipError, match=r"text\.png"):
        service.search_picture(library, tmp_path / "text.png")
