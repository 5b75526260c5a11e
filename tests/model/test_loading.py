"""A folder or a Hub id loads the same way; what is broken or foreign is refused with a sentence."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from tests.tiny import TOKENS, tiny_model, write_tiny_checkpoint
from videobert_demo.errors import CheckpointError
from videobert_demo.model import finding
from videobert_demo.model.encoders.onnx import OnnxFrameTower
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.vocabulary import build_tokenizer


@pytest.fixture
def copy(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    """A checkpoint to break."""
    return Path(shutil.copytree(tiny_checkpoint, tmp_path / "copy"))


def refusal(checkpoint: str | Path) -> str:
    """The sentence with which a checkpoint is refused."""
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(str(checkpoint))
    assert str(checkpoint) in caught.value.message
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message
    return caught.value.message


def test_a_folder_loads(tiny_checkpoint: Path) -> None:
    loaded = load_checkpoint(str(tiny_checkpoint))
    assert loaded.name == "tiny"
    assert not loaded.model.training
    assert loaded.model.dtype == torch.float32
    assert loaded.model.config.encoder._attn_implementation == "sdpa"
    assert isinstance(loaded.tower, OnnxFrameTower)
    assert loaded.device == torch.device("cpu")
    assert load_checkpoint(str(tiny_checkpoint), attention="eager").model.config.decoder._attn_implementation == "eager"


def test_images_are_encoded_as_the_model_does_it(tiny_checkpoint: Path) -> None:
    loaded = load_checkpoint(str(tiny_checkpoint))
    images = torch.rand(2, 3, 224, 224, generator=torch.Generator().manual_seed(0)) * 2 - 1
    pooled, patches = loaded.encode_images(images)
    with torch.inference_mode():
        expected = loaded.model.encoder.encode_images(images)
    assert (pooled.shape, patches.shape) == ((2, 1280), (2, 4, 1280))
    torch.testing.assert_close((pooled, patches), expected, atol=1e-4, rtol=0)


class Thumbnails(nn.Module):
    """In place of a tower: the image itself, 7 x 7, in as many channels as a tower has."""

    def forward(self, images: Tensor) -> Tensor:
        return functional.avg_pool2d(images, 32).repeat(1, 427, 1, 1)[:, :1280]


def test_a_clip_and_its_mirror_image_look_alike(tiny_checkpoint: Path) -> None:
    loaded = replace(load_checkpoint(str(tiny_checkpoint)), tower=Thumbnails())
    images = torch.zeros(1, 3, 224, 224)
    images[..., 112:] = 1.0  # the right half is bright
    pooled, patches = loaded.encode_clip(images)
    torch.testing.assert_close(loaded.encode_clip(images.flip(-1))[0], pooled)
    # the mirror image's features go back to where they belong
    torch.testing.assert_close(patches, loaded.encode_images(images)[1])
    assert patches[0, :, 0].tolist() == pytest.approx([0.125, 0.875, 0.125, 0.875])


def test_half_precision_loads_as_single_on_a_cpu(tmp_path: Path) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "half", half=True)))
    assert loaded.model.dtype == torch.float32
    expected = tiny_model().word_transform.dense.weight.half().float()
    assert torch.equal(loaded.model.word_transform.dense.weight, expected)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "no checkpoint folder" in refusal(tmp_path / "nothing")


def test_truncated_weights(copy: Path) -> None:
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    assert "damaged" in refusal(copy)


def test_weights_that_are_no_weights(copy: Path) -> None:
    (copy / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n")
    assert "damaged" in refusal(copy)


@pytest.mark.parametrize("name", ["caption_bias", "decoder.layers.1.fc1.weight", "encoder.codebook.present_1"])
def test_weights_that_lack_a_part(copy: Path, name: str) -> None:
    weights = load_file(copy / "model.safetensors")
    del weights[name]
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    assert name in refusal(copy)


def test_a_checkpoint_from_before_the_word_evidence_reads_as_it_did(copy: Path) -> None:
    weights = load_file(copy / "model.safetensors")
    del weights["word_evidence"]
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    assert not load_checkpoint(str(copy)).model.word_evidence.any()


def test_weights_of_another_size(copy: Path) -> None:
    weights = load_file(copy / "model.safetensors")
    weights["caption_bias"] = weights["caption_bias"][:-1].clone()
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    assert "damaged" in refusal(copy)


def test_no_weights(copy: Path) -> None:
    (copy / "model.safetensors").unlink()
    assert "no weights in safetensors" in refusal(copy)


def test_no_config(copy: Path) -> None:
    (copy / "config.json").unlink()
    assert "config.json" in refusal(copy)


@pytest.mark.parametrize("text", ["{", "[]", "\xff"])
def test_a_config_that_cannot_be_read(copy: Path, text: str) -> None:
    (copy / "config.json").write_text(text, encoding="latin-1")
    assert "config.json" in refusal(copy)


@pytest.mark.parametrize("model_type", ["bert", None])
def test_another_type_of_model(copy: Path, model_type: str | None) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "model_type": model_type}))
    assert repr(model_type) in refusal(copy)


def test_a_config_with_impossible_sizes(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config["encoder"]["num_attention_heads"] = 5  # 32 is not 5 times anything
    (copy / "config.json").write_text(json.dumps(config))
    assert "damaged" in refusal(copy)


def test_no_tokenizer(copy: Path) -> None:
    for path in copy.glob("tokenizer*"):
        path.unlink()
    assert "tokenizer" in refusal(copy)


def test_a_tokenizer_that_cannot_be_read(copy: Path) -> None:
    (copy / "tokenizer.json").write_text("{")
    refusal(copy)


@pytest.mark.parametrize("tokens", [TOKENS[:-3], [token for token in TOKENS if token != "[>]"]])
def test_the_tokenizer_of_another_model(copy: Path, tokens: list[str]) -> None:
    build_tokenizer(tokens).save_pretrained(copy)
    assert "tokenizer" in refusal(copy)


def test_a_hub_id_and_its_revision_are_passed_on(tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None]] = []

    def download(repository: str, *, revision: str | None, allow_patterns: list[str]) -> str:
        asked.append((repository, revision))
        assert not any(pattern.endswith((".bin", ".pt", ".py")) for pattern in allow_patterns)
        return str(tiny_checkpoint)

    monkeypatch.setattr(finding, "snapshot_download", download)
    loaded = load_checkpoint("someone/videobert", "v2")
    assert loaded.name == "someone/videobert"
    load_checkpoint("someone/videobert")
    assert asked == [("someone/videobert", "v2"), ("someone/videobert", None)]


def test_a_hub_id_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert "cannot be fetched" in refusal("nobody-at-all/no-such-model")


@pytest.mark.parametrize(
    "name", ["not an id/at all", "a/b/c", "/absolute/nothing", "./here", "~/there", "plain", "", "user/", "../up"]
)
def test_names_that_are_neither(name: str) -> None:
    refusal(name)


def test_a_folder_in_the_hub_cache_is_checked_too(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (copy / "config.json").write_text('{"model_type": "bert"}')
    monkeypatch.setattr(finding, "snapshot_download", lambda *_args, **_options: str(copy))
    assert "'bert'" in refusal("someone/bert")


@pytest.mark.parametrize("error", [LocalEntryNotFoundError("none"), OSError("disk full"), ConnectionError("no route")])
def test_failures_of_the_hub_are_told(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def download(*_args: object, **_options: object) -> str:
        raise error

    monkeypatch.setattr(finding, "snapshot_download", download)
    assert "cannot be fetched" in refusal("someone/videobert")
    assert not isinstance(error, RepositoryNotFoundError)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_weights_that_are_no_finite_numbers(copy: Path, value: float) -> None:
    weights = load_file(copy / "model.safetensors")
    name = next(key for key, tensor in weights.items() if tensor.is_floating_point() and tensor.ndim == 2)
    weights[name].view(-1)[-1] = value
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    assert "no finite numbers" in refusal(copy)
