"""A batch is a pure function of (seed, step, process); captions of a video share a row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from tests.tiny import CAPTIONS, DECODER_TOKENS, TOKENS
from tests.training.runs import make_batches, make_config
from videobert_demo.model.packing import IGNORED, pack_captions
from videobert_demo.training.batches import VideoBatch

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
