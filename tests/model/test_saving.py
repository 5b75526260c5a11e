"""What is saved comes back, bit for bit, through transformers' own ways of loading."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import AutoModel

from tests.tiny import random_clips, tiny_model, tiny_tokenizer, write_tiny_checkpoint
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.training.checkpoints import save_model


def assert_equal_weights(found: nn.Module, expected: nn.Module) -> None:
    ours, theirs = found.state_dict(), expected.state_dict()
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        assert ours[name].dtype == value.dtype, name
        assert torch.equal(ours[name], value), name


def test_a_round_trip_is_bit_equal(tmp_path: Path) -> None:
    model = tiny_model(3)
    with torch.no_grad():
        for value in model.parameters():  # also those that are initialised to a constant
            value.add_(torch.randn_like(value) * 0.01)
    model.save_pretrained(tmp_path)
    again = VideoBertForConditionalGeneration.from_pretrained(tmp_path)
    assert not again.training
    assert_equal_weights(again, model)
    with torch.inference_mode():
        ids = torch.tensor([[2, 8, 9]])
        clips = random_clips([2])
        assert torch.equal(again(decoder_input_ids=ids, **clips).logits, model(decoder_input_ids=ids, **clips).logits)


def test_a_checkpoint_is_safetensors_only(tiny_checkpoint: Path) -> None:
    weights = [
        path.name for path in tiny_checkpoint.iterdir() if path.suffix in {".bin", ".pt", ".safetensors", ".pth"}
    ]
    assert weights == ["model.safetensors"]
    assert json.loads((tiny_checkpoint / "config.json").read_text())["model_type"] == "videobert-bart"


def test_auto_classes_know_the_model(tiny_checkpoint: Path, tiny: VideoBertForConditionalGeneration) -> None:
    model = AutoModel.from_pretrained(tiny_checkpoint)
    assert type(model) is VideoBertForConditionalGeneration
    assert_equal_weights(model, tiny)


def test_half_precision_on_disk_becomes_single_in_memory(tmp_path: Path) -> None:
    folder = write_tiny_checkpoint(tmp_path / "half", half=True)
    stored = load_file(folder / "model.safetensors")
    assert {value.dtype for value in stored.values() if value.is_floating_point()} == {torch.float16}
    model = VideoBertForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)
    expected = {name: value.half().float() for name, value in tiny_model().named_parameters()}
    for name, value in model.named_parameters():
        assert value.dtype == torch.float32
        assert torch.equal(value, expected[name]), name
    assert tiny_model().dtype == torch.float32  # saving half does not halve the model in memory


def test_saving_half_leaves_the_model_as_it_is(tmp_path: Path) -> None:
    model = tiny_model()
    save_model(tmp_path / "half", model, tiny_tokenizer(), half=True)
    assert_equal_weights(model, tiny_model())


def test_saving_again_replaces_the_former_model(tmp_path: Path) -> None:
    write_tiny_checkpoint(tmp_path / "model", seed=1)
    write_tiny_checkpoint(tmp_path / "model", seed=2)
    assert_equal_weights(VideoBertForConditionalGeneration.from_pretrained(tmp_path / "model"), tiny_model(2))
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_accelerate_places_the_model(tiny_checkpoint: Path, tiny: VideoBertForConditionalGeneration) -> None:
    model = VideoBertForConditionalGeneration.from_pretrained(tiny_checkpoint, device_map="auto")
    clips = random_clips([3, 1])
    with torch.inference_mode():
        found = model.generate(**clips, num_beams=2, do_sample=False, max_new_tokens=5)
        assert torch.equal(found, tiny.generate(**clips, num_beams=2, do_sample=False, max_new_tokens=5))
