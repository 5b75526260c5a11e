"""A batch is a pure function of (seed, step, process); captions of a video share a row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny import CAPTIONS, DECODER_TOKENS, READ_ONLY, TOKENS
from tests.training.runs import NOTHING, make_batches, make_config
from videobert_demo.model.packing import IGNORED, pack_captions
from videobert_demo.training.batches import MAX_CAPTION_TOKENS, VideoBatch

START, END, PAD, UNKNOWN = 2, 3, 0, 1


def describe(batch: VideoBatch) -> list[object]:
    """Everything in a batch, comparable."""
    tensors = [*batch.video.values(), *vars(batch.packed).values()]
    return [*(tensor.numpy().tobytes() for tensor in tensors), batch.texts, batch.indices, batch.rewarded]


def test_packed_rows() -> None:
    packed = pack_captions([[[7, 8], [9]], [[10]]], START, END, PAD)
    assert packed.decoder_input_ids.tolist() == [[START, 7, 8, START, 9], [START, 10, PAD, PAD, PAD]]
    assert packed.labels.tolist() == [[7, 8, END, 9, END], [10, END, IGNORED, IGNORED, IGNORED]]
    assert packed.sentence_ids.tolist() == [[0, 0, 0, 1, 1], [0, 0, -1, -1, -1]]
    assert packed.positions.tolist() == [[0, 1, 2, 0, 1], [0, 1, 0, 0, 0]]


def test_a_batch_depends_on_seed_step_and_process_alone(tmp_path: Path) -> None:
    config = make_config(videos_per_step=2, stills_per_step=2, sentences_per_step=3, consensus_temperature=0.5)
    batches = make_batches(tmp_path, config, views=3)
    again = make_batches(tmp_path, config, views=3)
    for step in (9, 2, 5):  # in any order
        assert describe(again.videos(step)) == describe(batches.videos(step))
        assert describe(again.stills(step, 1, 2)) == describe(batches.stills(step, 1, 2))
        assert again.sentences_of_step(step, 1) == batches.sentences_of_step(step, 1)
        drawn = batches.sentences_of_step(step)
        for sentence, paraphrase in zip(drawn.sentences, drawn.paraphrases, strict=True):
            assert sentence != paraphrase  # another caption
            assert any(sentence in texts and paraphrase in texts for texts in CAPTIONS)  # of the same video
    assert describe(batches.videos(3)) != describe(batches.videos(4))
    assert describe(batches.videos(3, 0, 2)) != describe(batches.videos(3, 1, 2))
    assert batches.sentences_of_step(3, 0) != batches.sentences_of_step(3, 1)
    other = make_batches(tmp_path, replace(config, seed=1), views=3)
    assert describe(other.videos(3)) != describe(batches.videos(3))


@pytest.mark.parametrize("world", [1, 3])
def test_an_epoch_shows_every_video_once(tmp_path: Path, world: int) -> None:
    batches = make_batches(tmp_path, make_config(videos_per_step=2))
    steps = 6 // (2 * world)
    for epoch in range(3):
        seen = [
            row
            for step in range(epoch * steps, (epoch + 1) * steps)
            for rank in range(world)
            for row in batches.videos(step, rank, world).indices
        ]
        assert sorted(seen) == list(range(6))


def test_epochs_have_orders_of_their_own(tmp_path: Path) -> None:
    batches = make_batches(tmp_path, make_config(videos_per_step=1))
    orders = [tuple(batches.videos(6 * epoch + place).indices[0] for place in range(6)) for epoch in range(4)]
    assert len(set(orders)) > 1


def test_features_and_captions_are_those_of_the_video(tmp_path: Path) -> None:
    batches = make_batches(tmp_path, make_config(videos_per_step=2), frames=3)
    texts = [list(group) for group in CAPTIONS]
    pooled = np.load(tmp_path / "msrvtt" / "pooled.npy")[0].reshape(6, 3, 1280)
    for step in range(6):
        batch = batches.videos(step)
        for place, row in enumerate(batch.indices):
            assert batch.texts[place] in texts[row]
            mask = batch.video["frame_mask"][place]
            assert torch.equal(batch.video["frame_features"][place, mask], torch.from_numpy(pooled[row]).float())
            for number in range(2):
                words = batch.packed.labels[place][batch.packed.sentence_ids[place] == number].tolist()
                assert words[-1] == END
                spelt = [" ".join(TOKENS[word] for word in words[:-1])]
                assert spelt[0].replace(" ##", "") in texts[row]


def test_the_two_captions_of_a_video_differ(tmp_path: Path) -> None:
    batches = make_batches(tmp_path, make_config(videos_per_step=6))
    packed = batches.videos(0).packed
    for row in range(6):
        first, second = (packed.labels[row][packed.sentence_ids[row] == number].tolist() for number in (0, 1))
        assert first != second


def test_long_clips_are_thinned_in_order(tmp_path: Path) -> None:
    batches = make_batches(tmp_path, make_config(videos_per_step=6), frames=8)
    pooled = np.load(tmp_path / "msrvtt" / "pooled.npy")[0].reshape(6, 8, 1280)
    counts = set()
    for step in range(30):
        batch = batches.videos(step)
        counts.add(batch.video["frame_features"].shape[1])
        chosen = [
            int(np.flatnonzero((pooled[batch.indices[0]] == frame).all(1))[0])
            for frame in batch.video["frame_features"][0].numpy().astype(np.float16)
        ]
        assert chosen == sorted(set(chosen))
    assert counts == {3, 4, 6, 8}


def test_what_the_decoder_cannot_write_is_unknown_and_long_captions_are_cut(tmp_path: Path) -> None:
    captions = [(f"a {READ_ONLY[0]} in water",), ("man " * 40,)]
    batches = make_batches(tmp_path, make_config(videos_per_step=2, captions_per_video=5), captions=captions)
    batch = batches.videos(0)
    labels = batch.packed.labels[batch.indices.index(0)].tolist()
    assert labels[:5] == [TOKENS.index("a"), UNKNOWN, TOKENS.index("in"), TOKENS.index("water"), END]
    assert batch.packed.labels.max() < DECODER_TOKENS
    assert (batch.packed.labels[batch.indices.index(1)] != IGNORED).sum() == MAX_CAPTION_TOKENS + 1
    assert READ_ONLY[0] in batch.texts[batch.indices.index(0)]  # the encoder reads it


def test_captions_that_agree_with_the_others_are_drawn_more_often(tmp_path: Path) -> None:
    captions = [("a dog is running", "a dog is running on grass", "the dog is running", "a red piano"), *CAPTIONS]
    config = make_config(videos_per_step=7, captions_per_video=1, consensus_temperature=0.5)
    odd = {True: 0, False: 0}
    for temperature in (0.0, 0.5):
        batches = make_batches(tmp_path, replace(config, consensus_temperature=temperature), captions=captions)
        for step in range(60):
            batch = batches.videos(step)
            labels = batch.packed.labels[batch.indices.index(0)].tolist()
            odd[temperature > 0] += TOKENS.index("piano") in labels
    assert odd[False] > 5
    assert odd[True] < odd[False] / 2


def test_only_the_training_split_is_drawn(tmp_path: Path) -> None:
    from tests.tiny import tiny_tokenizer, write_features
    from videobert_demo.training.batches import BatchMaker
    from videobert_demo.training.store import FeatureStore

    folder = write_features(tmp_path / "msrvtt")
    index = (folder / "index.json").read_text().replace('"train"', '"test"', 3)
    (folder / "index.json").write_text(index)
    config = make_config(videos_per_step=3)
    batches = BatchMaker(FeatureStore(folder), None, [], tiny_tokenizer(), DECODER_TOKENS, config)
    assert [texts[0] for texts in batches.captions] == [texts[0] for texts in CAPTIONS[3:]]
    assert {text for step in range(5) for text in batches.videos(step).texts} <= {
        text for texts in CAPTIONS[3:] for text in texts
    }


def test_references_are_there_when_rewards_are_wanted(tmp_path: Path) -> None:
    assert make_batches(tmp_path, make_config()).consensus is None
    batches = make_batches(tmp_path, make_config(NOTHING | {"self_critical": 1.0}))
    assert batches.consensus is not None
    assert [len(references) for references in batches.references] == [3] * 6
