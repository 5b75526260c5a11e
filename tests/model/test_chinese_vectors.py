"""The head that puts Chinese sentences into the model's space: what it ignores, and that 8 bits a weight keep it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.tiny import add_tiny_translator, write_tiny_checkpoint
from videobert_demo.errors import CheckpointError
from videobert_demo.model.chinese_vectors import FILE, ChineseVectors, encode_states, load_vectors, save_vectors
from videobert_demo.model.loading import fingerprint, load_checkpoint
from videobert_demo.model.translator import FOLDER, load_translator
from videobert_demo.tasks.embed import embed_queries, embed_sentences
from videobert_demo.tasks.languages import Sought

TEXTS = ["一只白色的小狗", "穿红衣服的女人在草地上奔跑"]


def head(inner: int = 32, fingerprint: str = "") -> ChineseVectors:
    torch.manual_seed(0)
    return ChineseVectors(width=64, dimension=16, inner=inner, share=0.75, fingerprint=fingerprint).eval()


@pytest.mark.parametrize("inner", [0, 32])
def test_padding_changes_nothing_and_vectors_have_length_one(tmp_path: Path, inner: int) -> None:
    translator = load_translator(add_tiny_translator(tmp_path) / FOLDER)
    one = head(inner).requires_grad_(False)
    together, alone = one(*encode_states(translator, TEXTS)), one(*encode_states(translator, TEXTS[:1]))
    torch.testing.assert_close(together[:1], alone)
    torch.testing.assert_close(together.norm(dim=1), torch.ones(2))
    assert float(together[0] @ together[1]) < 0.999


def test_eight_bits_a_weight_keep_it(tmp_path: Path) -> None:
    assert load_vectors(tmp_path) is None
    size = save_vectors(head(fingerprint="abc"), tmp_path)
    found = load_vectors(tmp_path)
    assert found is not None
    found.requires_grad_(False)
    assert (found.share, found.fingerprint, found.training) == (0.75, "abc", False)
    assert size < 1.5 * sum(value.numel() for value in found.parameters()) + 4000
    states, mask = torch.randn(3, 5, 64), torch.ones(3, 5, dtype=torch.bool)
    assert float((found(states, mask) * head()(states, mask)).sum(1).min()) > 0.999
    (tmp_path / FILE).write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_vectors(tmp_path)


def test_a_translated_search_goes_by_both_vectors_and_an_exact_one_by_the_english_alone(tmp_path: Path) -> None:
    folder = add_tiny_translator(write_tiny_checkpoint(tmp_path / "tiny"))
    bare = load_checkpoint(str(folder))
    translated, exact = Sought("a dog is running on the grass", TEXTS[1]), Sought("a dog is running on the grass")
    english = embed_sentences(bare, [exact.english])[0]
    torch.testing.assert_close(embed_queries(bare, [translated, exact]), torch.stack([english, english]))

    save_vectors(head(fingerprint="of another checkpoint"), folder / FOLDER)
    assert load_checkpoint(str(folder)).chinese_vectors is None

    save_vectors(head(fingerprint=fingerprint(bare.model)), folder / FOLDER)
    loaded = load_checkpoint(str(folder))
    assert loaded.translator is not None
    assert loaded.chinese_vectors is not None
    own = loaded.chinese_vectors(*encode_states(loaded.translator, [TEXTS[1]]))[0]
    mixed = torch.nn.functional.normalize(0.75 * own + 0.25 * english, dim=0)
    torch.testing.assert_close(embed_queries(loaded, [translated, exact]), torch.stack([mixed, english]))
