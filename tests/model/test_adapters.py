"""Adapters: they count while a question is answered, and nowhere else."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tests.tiny import random_clips, tiny_model, tiny_tokenizer
from videobert_demo.errors import CheckpointError
from videobert_demo.model.adapters import AdaptedLinear, adapt
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.views import view_of
from videobert_demo.training.checkpoints import save_model

IDS = torch.tensor([[2, 8, 9, 5], [2, 8, 7, 5]])
WORDS = torch.tensor([[2, 8, 7], [2, 9, 8]])
CLIPS = random_clips([2, 3])


def make(rank: int, *, trained: bool = True, streams: int = 1) -> VideoBertForConditionalGeneration:
    """The same weights for every rank, but for the adapters; `trained` ones change something."""
    plain = tiny_model(streams=streams)
    if not rank:
        return plain
    model = tiny_model(streams=streams, answer_rank=rank)
    model.load_state_dict(plain.state_dict(), strict=False)
    with torch.no_grad():
        for layer in model.modules():
            if isinstance(layer, AdaptedLinear):
                layer.up.normal_(std=0.3 if trained else 0.0)
    return model.eval()


@torch.inference_mode()
def read(model: VideoBertForConditionalGeneration) -> list[Tensor]:
    """What the encoder makes of words and clip together, and what the decoder would write."""
    encoded = model.encoder(IDS, **CLIPS)
    logits = model(decoder_input_ids=WORDS, encoder_outputs=encoded, use_cache=False).logits
    return [encoded.last_hidden_state, logits]


def are_alike(found: list[Tensor], wanted: list[Tensor]) -> bool:
    """Up to rounding, which in oneDNN follows from where numbers lie in memory. Adapters change tenths."""
    return all(torch.allclose(one, other, atol=1e-3) for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("streams", [1, 2])
def test_only_answers_change(streams: int) -> None:
    plain, adapted = read(make(0, streams=streams)), make(3, streams=streams)
    assert are_alike(read(adapted), plain)
    answers = read(view_of(adapted, answers=True))
    assert not any(torch.allclose(one, other, atol=0.1) for one, other in zip(answers, plain, strict=True))
    untrained = view_of(make(3, trained=False, streams=streams), answers=True)
    assert are_alike(read(untrained), plain)


def test_the_decoder_has_adapters_too() -> None:
    model = make(3)
    answerer = view_of(model, answers=True)
    with torch.inference_mode():
        encoded = model.encoder(IDS, **CLIPS)
        logits = [
            one(decoder_input_ids=WORDS, encoder_outputs=encoded, use_cache=False).logits for one in (model, answerer)
        ]
    assert not torch.allclose(*logits, atol=0.1)


def test_the_correction_is_of_low_rank() -> None:
    layer = AdaptedLinear(8, 5, rank=2)
    assert torch.count_nonzero(layer.up) == 0
    nn.init.normal_(layer.up)
    inputs = torch.randn(4, 8)
    plain = nn.functional.linear(inputs, layer.weight, layer.bias)
    assert torch.equal(layer(inputs), plain)
    layer.is_active = True
    assert torch.allclose(layer(inputs) - plain, inputs @ (layer.up @ layer.down).T, atol=1e-5)
    assert torch.linalg.matrix_rank(layer.up @ layer.down) == 2


def test_every_linear_layer_of_a_stack_gets_one() -> None:
    stack = nn.Sequential(nn.Linear(4, 6), nn.Sequential(nn.ReLU(), nn.Linear(6, 2, bias=False)), nn.LayerNorm(2))
    adapt(stack, 1)
    found = [layer for layer in stack.modules() if isinstance(layer, nn.Linear)]
    assert [type(layer) for layer in found] == [AdaptedLinear, AdaptedLinear]
    assert [(layer.in_features, layer.out_features, layer.bias is None) for layer in found] == [
        (4, 6, False),
        (6, 2, True),
    ]


def test_threads_do_not_disturb_each_other() -> None:
    model = make(3)
    answerer = view_of(model, answers=True)
    wrong: list[str] = []

    def work(name: str, one: VideoBertForConditionalGeneration, expected: list[Tensor]) -> None:
        for _ in range(40):
            if not are_alike(read(one), expected):
                wrong.append(name)

    threads = [
        threading.Thread(target=work, args=(name, one, read(one)))
        for name, one in (("captions", model), ("answers", answerer))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_adapters_are_saved_and_must_be_there(tmp_path: Path) -> None:
    model = make(3)
    save_model(tmp_path / "whole", model, tiny_tokenizer())
    again = load_checkpoint(str(tmp_path / "whole"))
    saved, loaded = model.state_dict(), again.model.state_dict()
    assert saved.keys() == loaded.keys()
    assert all(torch.equal(saved[name], loaded[name]) for name in saved)
    assert are_alike(read(again.answerer), read(view_of(model, answers=True)))
    assert are_alike(read(again.model), read(model))
    save_model(tmp_path / "plain", make(0), tiny_tokenizer())
    plain = load_checkpoint(str(tmp_path / "plain"))
    assert plain.answerer is plain.model
    lacking = make(0)
    lacking.config.answer_rank = 3
    save_model(tmp_path / "lacking", lacking, tiny_tokenizer())
    with pytest.raises(CheckpointError, match=r"damaged or incomplete \(no (en|de)coder\.layers\..*(down|up)"):
        load_checkpoint(str(tmp_path / "lacking"))
