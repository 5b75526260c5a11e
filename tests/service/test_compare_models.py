"""Two models on one clip: each side says what its model says alone; the second is another form, or the one named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.resources.make_clips import encode
from tests.tiny import write_tiny_checkpoint
from videobert_demo.errors import CheckpointError, QuestionError, WordError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.compare_models import load_second, model_comparison_report
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_checkpoint(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encode(tmp_path_factory.mktemp("clips") / "clip.mp4", "libx264", numbers=range(10))


@pytest.fixture(scope="module")
def service(checkpoint: Path) -> VideoBertService:
    return VideoBertService(load_checkpoint(str(checkpoint)), Settings(), examples=())


def test_both_models_say_what_they_say_alone(service: VideoBertService, checkpoint: Path, clip: Path) -> None:
    found = service.compare_models(clip, question="what is the man doing?", word="dog")
    first, second = found.sides
    assert (first.form, second.form) == ("running", "eight_bits")
    assert first.megabytes == pytest.approx(sum(one.stat().st_size for one in checkpoint.glob("*.safetensors")) / 1e6)
    assert 0 < second.megabytes < first.megabytes
    opened = service.open(clip)
    assert first.caption.text == service.caption(opened).text
    assert first.answer is not None
    assert first.answer.text == service.answer(opened, "what is the man doing?").text
    for side in found.sides:
        assert side.heatmap is not None
        assert set(side.seconds) == {"open", "caption", "answer", "heatmap"}
        assert all(taken > 0 for taken in side.seconds.values())
    report = model_comparison_report(service.compare_models(clip, word="dog"))
    assert (report["question"], report["word"]) == ("", "dog")
    assert [one["answer"] for one in report["models"]] == [None, None]
    assert report["models"][0]["milliseconds"]["answer"] is None
    assert report["models"][0]["milliseconds"]["open"] > 0.1  # it is opened again, and not taken from a cache


def test_a_word_that_cannot_be_read_is_refused(service: VideoBertService, clip: Path) -> None:
    with pytest.raises(WordError):
        service.compare_models(clip, word="狗")


def test_the_second_model_is_the_one_that_is_named(
    service: VideoBertService, tmp_path_factory: pytest.TempPathFactory, clip: Path
) -> None:
    other = write_tiny_checkpoint(tmp_path_factory.mktemp("other"))
    loaded, settings = load_checkpoint(str(other)), Settings()
    named, form = load_second(loaded, replace(settings, second_checkpoint=str(other)))
    assert (named.folder, form) == (other, "named")
    with pytest.raises(CheckpointError):
        load_second(loaded, replace(settings, second_checkpoint=str(other / "missing")))
    with pytest.raises(QuestionError, match="--second"):
        load_second(replace(loaded, folder=None), settings)


def test_a_checkpoint_with_8_bits_is_compared_in_the_other_precision(checkpoint: Path, tmp_path: Path) -> None:
    from videobert_demo.model.eight_bits import compress

    compress(checkpoint, tmp_path / "small")
    small = load_checkpoint(str(tmp_path / "small"))
    second, form = load_second(small, Settings())
    assert (form, second.is_light) == ("light", True)
    third, form = load_second(second, Settings())
    assert (form, third.is_light) == ("full", False)
