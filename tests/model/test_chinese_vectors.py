"""The head that puts Chinese sentences into the model's space: what it ignores, and that 8 bits a weight keep it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.tiny import add_tiny_translator, write_tiny_checkpoint
from videobert_demo.errors import CheckpointError
from videobert_demo.model.chinese_vectors import FILE, ChineseVectors, load_vectors, save_vectors
from videobert_demo.model.loading import fingerprint, load_checkpoint
from videobert_demo.model.translator import FOLDER, Translator, load_translator
from videobert_demo.tasks.embed import embed_queries, embed_sentences
from videobert_demo.tasks.languages import Sought

TEXTS = ["一只白色的小狗", "穿红衣服的女人在草地上奔跑"]


def head(translator: Translator, rank: int = 4, fingerprint: str = "") -> ChineseVectors:
    torch.manual_seed(0)
    made = ChineseVectors(translator, dimension=16, rank=rank, share=0.75, fingerprint=fingerprint)
    made.requires_grad_(False)
    for name, weight in made.own().items():
        if name.endswith(".up"):  # as training leaves them: not zero
            weight.normal_(std=0.1)
    return made.eval()


@pytest.fixture
def translator(tmp_path: Path) -> Translator:
    return load_translator(add_tiny_translator(tmp_path / "with") / FOLDER)


@pytest.mark.parametrize("rank", [0, 4])
def test_padding_changes_nothing_and_vectors_have_length_one(translator: Translator, rank: int) -> None:
    one = head(translator, rank)
    together, alone = one(TEXTS), one(TEXTS[:1])
    torch.testing.assert_close(together[:1], alone)
    torch.testing.assert_close(together.norm(dim=1), torch.ones(2))
    assert float(together[0] @ together[1]) < 0.999


@torch.inference_mode()
def test_adapters_change_the_vectors_but_nothing_of_the_translator(translator: Translator) -> None:
    tokens, mask = translator.encode(TEXTS, "en")
    encoder = translator.model.model.encoder
    before = encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
    one = head(translator)
    assert float((one(TEXTS) * head(translator, rank=0)(TEXTS)).sum(1).max()) < 0.999
    assert torch.equal(encoder(input_ids=tokens, attention_mask=mask).last_hidden_state, before)
    shared = {id(weight) for weight in encoder.parameters()}
    assert {id(weight) for name, weight in one.named_parameters() if name not in one.own()} == shared


def test_eight_bits_a_weight_keep_it(tmp_path: Path, translator: Translator) -> None:
    assert load_vectors(tmp_path, translator) is None
    size = save_vectors(head(translator, fingerprint="abc"), tmp_path)
    found = load_vectors(tmp_path, translator)
    assert found is not None
    assert (found.share, found.fingerprint, found.training) == (0.75, "abc", False)
    assert size < 2.5 * sum(value.numel() for value in found.own().values()) + 8000
    with torch.inference_mode():
        assert float((found(TEXTS) * head(translator)(TEXTS)).sum(1).min()) > 0.999
    (tmp_path / FILE).write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_vectors(tmp_path, translator)


def test_a_translated_search_goes_by_both_vectors_and_an_exact_one_by_the_english_alone(tmp_path: Path) -> None:
    folder = add_tiny_translator(write_tiny_checkpoint(tmp_path / "tiny"))
    bare = load_checkpoint(str(folder))
    translated, exact = Sought("a dog is running on the grass", TEXTS[1]), Sought("a dog is running on the grass")
    english = embed_sentences(bare, [exact.english])[0]
    torch.testing.assert_close(embed_queries(bare, [translated, exact]), torch.stack([english, english]))

    assert bare.translator is not None
    save_vectors(head(bare.translator, fingerprint="of another checkpoint"), folder / FOLDER)
    assert load_checkpoint(str(folder)).chinese_vectors is None

    save_vectors(head(bare.translator, fingerprint=fingerprint(bare.model)), folder / FOLDER)
    loaded = load_checkpoint(str(folder))
    assert loaded.chinese_vectors is not None
    with torch.inference_mode():
        own = loaded.chinese_vectors([TEXTS[1]])[0]
    mixed = torch.nn.functional.normalize(0.75 * own + 0.25 * english, dim=0)
    torch.testing.assert_close(embed_queries(loaded, [translated, exact]), torch.stack([mixed, english]))
