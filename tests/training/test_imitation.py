"""Which captions are imitated, how often, and what the decoder is to write of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tiny import CAPTIONS, DECODER_TOKENS, READ_ONLY, TOKENS
from tests.training.runs import make_batches, make_config
from videobert_demo.model.packing import IGNORED
from videobert_demo.training.imitation import MAX_CAPTION_TOKENS, imitation_shares, well_formed

UNKNOWN, END = 1, 3


def test_ill_formed_captions_are_imitated_only_where_there_is_no_other() -> None:
    good, bad = "a man is talking", "there is a man is talking"
    assert well_formed([bad, good]) == [good]
    assert well_formed([bad]) == [bad]
    shares = imitation_shares([bad, good, "a man"], [9.0, 1.0, 2.0], 0.5)
    assert shares[0] == 0
    assert shares.sum() == pytest.approx(1)
    assert shares[2] / shares[1] == pytest.approx(np.exp(2))


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
