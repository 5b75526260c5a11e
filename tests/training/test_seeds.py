"""The named streams of random numbers: independent of each other, and the same in every version."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.runs import make_batches, make_config
from videobert_demo.training.composites import CompositeBatch
from videobert_demo.training.seeds import SeedStream, open_stream


def test_no_two_streams_share_a_number() -> None:
    assert len({int(stream) for stream in SeedStream.__members__.values()}) == len(SeedStream.__members__)


@pytest.mark.parametrize(
    ("stream", "number"), [(SeedStream.EPOCH_ORDER, 1), (SeedStream.LABEL_QUESTIONS, 10), (SeedStream.EVERYDAY, 11)]
)
def test_a_stream_is_a_function_of_seed_number_and_place(stream: SeedStream, number: int) -> None:
    drawn = open_stream(3, stream, 5, 1).integers(10**9, size=4).tolist()
    assert drawn == np.random.default_rng((3, number, 5, 1)).integers(10**9, size=4).tolist()
    for seed, step, rank in ((4, 5, 1), (3, 6, 1), (3, 5, 2)):
        assert drawn != open_stream(seed, stream, step, rank).integers(10**9, size=4).tolist()


def test_a_run_that_is_resumed_in_another_version_goes_on_with_the_same_batches(tmp_path: Path) -> None:
    """The values are those of the first version with streams; a change here breaks the resuming of old runs."""
    config = make_config(
        {"answer": 1.0, "grounding": 1.0, "contrast": 1.0, "paraphrase": 1.0},
        seed=3,
        videos_per_step=3,
        contrasted_per_step=4,
        stills_per_step=2,
        sentences_per_step=2,
        questions_per_step=3,
        composites_per_step=2,
    )
    batches = make_batches(tmp_path, config, views=3)
    videos, contrasted, stills = batches.videos(5, 1, 2), batches.contrasted(5, 1, 2), batches.stills(5, 1, 2)
    assert videos.indices == [5, 3, 0]
    assert videos.texts == ["girls singing and talking", "a red car is driving on the road", "a man with a piano"]
    assert contrasted.indices == [5, 3, 0, 1]
    assert contrasted.texts[:2] == ["two girls are singing a song", "a red car driving"]
    assert stills.texts == ["a man with a piano", "a white dog running"]
    sentences = batches.sentences_of_step(5, 1)
    assert sentences.paraphrases == ["a man with a piano", "a red car driving"]
    assert batches.asker is not None
    (asked,) = batches.asker.of_step(5, 1)
    assert asked.questions == ["where is a cat sleeping?", "what is a woman doing?", "who is playing a piano?"]
    composites = batches.of_step(5, 1)[-1]
    assert isinstance(composites, CompositeBatch)
    assert composites.first == ["a small cat sleeping", "a red car driving"]
    assert composites.second == ["a white dog running", "a man with a piano"]
