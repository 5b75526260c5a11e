"""Every family of published encoders gives through the contract what the model gives when it is called by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.published import ALL, CLIPS, DEVIATION, IMAGES, LABELS, MEAN, save_published
from videobert_demo.errors import CheckpointError
from videobert_demo.model.encoders.building import build_encoder, digest_weights, encoder_hash
from videobert_demo.model.encoders.taking import TakenEncoder, noise, take_encoder

CLASS_AND_REGISTERS = {"dinov2_registers": 5, "dinov3": 4, "siglip": 0, "siglip2": 0, "videomae": 0, "vjepa2": 0}
TWO_STEPS = ("videomae", "vivit", "vjepa2")


# the others differ from these only in what transformers does, so they are slow tests
FAST = ("clip", "siglip2", "dinov2_registers", "resnet", "videomae", "timesformer", "xclip")
FAMILIES = [pytest.param(name, marks=() if name in FAST else pytest.mark.slow) for name in ALL]

Family = Callable[[str], tuple[Any, TakenEncoder]]


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Family:
    """The model of a family, and what is taken out of its checkpoint; each once for all tests. Nobody changes them."""

    @cache
    def take(name: str) -> tuple[Any, TakenEncoder]:
        folder = tmp_path_factory.mktemp(name)
        return save_published(name, folder), take_encoder(str(folder))

    return take


def by_hand(name: str, model: Any, images: Tensor) -> tuple[Tensor, Tensor]:
    """Pooled vectors (N, C) and maps (N, C, rows, columns), straight from the outputs of a family's model."""
    count, rows, columns = len(images), images.shape[-2] // 16, images.shape[-1] // 16
    if name in ("clip", "siglip"):
        output = model.vision_model(pixel_values=images, interpolate_pos_encoding=True)
    elif name == "siglip2":
        patches = [
            images[:, :, 16 * row : 16 * row + 16, 16 * column : 16 * column + 16].permute(0, 2, 3, 1).flatten(1)
            for row in range(rows)
            for column in range(columns)
        ]
        output = model.vision_model(
            pixel_values=torch.stack(patches, 1),
            pixel_attention_mask=torch.ones(count, rows * columns, dtype=torch.long),
            spatial_shapes=torch.tensor([[rows, columns]] * count),
        )
    elif name == "xclip":
        output = model.vision_model(pixel_values=images.flatten(0, 1))
    elif name in ("convnext", "resnet"):
        output = model.base_model(pixel_values=images)
        return output.pooler_output.flatten(1), output.last_hidden_state
    elif name == "dinov3_convnext":
        output, rows, columns = model(pixel_values=images), rows // 2, columns // 2
    elif name == "vjepa2":
        output = model(pixel_values_videos=images)
    elif name in ("vit", "vit_alone", "clip_tower"):
        output = model.base_model(pixel_values=images, interpolate_pos_encoding=True)
    else:
        output = model(pixel_values=images)
    hidden = output.last_hidden_state
    tokens = hidden[:, CLASS_AND_REGISTERS.get(name, 1) :]
    if name in TWO_STEPS:
        tokens = (tokens[:, : rows * columns] + tokens[:, rows * columns :]) / 2
    if name == "timesformer":
        tokens = torch.stack([tokens[:, step::4] for step in range(4)]).mean(0)
    maps = tokens.transpose(1, 2).reshape(len(tokens), -1, rows, columns)
    pooled = output.get("pooler_output")
    if name in ("vit", "timesformer", "videomae", "vjepa2"):
        pooled = hidden[:, 0] if name in ("vit", "timesformer") else maps.mean((2, 3))
    if name == "xclip":
        pooled, maps = pooled.unflatten(0, (count, 4)).mean(1), maps.unflatten(0, (count, 4)).mean(1)
    return pooled, maps


@pytest.mark.parametrize("name", FAMILIES)
def test_it_gives_what_the_model_gives_by_hand(name: str, family: Family) -> None:
    model, taken = family(name)
    preparation = taken.encoder.preparation
    assert preparation.frames == (4 if name in CLIPS else 1)
    assert preparation.stride == (2 if name in TWO_STEPS else 1)
    assert preparation.mean == pytest.approx([255 * value for value in MEAN])
    assert preparation.deviation == pytest.approx([255 * value for value in DEVIATION])
    assert preparation.shapes[0] == (64, 64)
    for shape in preparation.shapes:
        images = noise(preparation, shape)
        images = torch.cat([images, images.flip(-1)])
        with torch.no_grad():
            features = taken.encoder.encode(images)
            pooled, maps = by_hand(name, model, images)
        assert features.grid == maps.shape[2:]
        assert taken.channels == maps.shape[1]
        torch.testing.assert_close(features.maps, maps, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(features.pooled, pooled, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(features.patches, maps.flatten(2).transpose(1, 2), atol=1e-5, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["clip", "siglip2", "dinov2", "dinov3", "convnext", "vit"])
def test_wide_and_tall_frames_keep_their_proportions(name: str, tmp_path: Path) -> None:
    save_published(name, tmp_path, side=192)
    _, wide, tall = take_encoder(str(tmp_path)).encoder.preparation.shapes
    assert wide[1] > wide[0]
    assert tall == wide[::-1]
    if name == "siglip2":
        assert wide[0] * wide[1] <= 16 * 16 * 16  # no more patches than it has positions for


@pytest.mark.parametrize("name", FAMILIES)
def test_a_change_in_a_corner_shows_in_that_corner(name: str, family: Family) -> None:
    encoder = family(name)[1].encoder
    plain = noise(encoder.preparation, (64, 64))
    for row, column in ((0, -1), (-1, 0)):
        changed = plain.clone()
        changed[..., slice(-16, None) if row else slice(16), slice(-16, None) if column else slice(16)] += 3.0
        with torch.no_grad():
            difference = (encoder.encode(changed).maps - encoder.encode(plain).maps).norm(dim=1)[0]
        rows, columns = difference.shape
        assert difference.argmax() == (row % rows) * columns + column % columns


@pytest.mark.parametrize("name", [name for name in FAMILIES if name.values[0] in ("convnext", "resnet", "vit")])
def test_a_classifier_reads_the_pooled_vector(name: str, family: Family) -> None:
    model, taken = family(name)
    images = noise(taken.encoder.preparation, (64, 64))
    assert taken.labels == tuple(LABELS.values())
    assert taken.encoder.classifier is not None
    with torch.no_grad():
        logits = taken.encoder.classifier(taken.encoder.encode(images).pooled)
        torch.testing.assert_close(logits, model(pixel_values=images).logits, atol=1e-4, rtol=1e-4)
    assert logits.std() > 1e-2


@pytest.mark.parametrize("name", FAMILIES)
def test_what_a_config_keeps_builds_the_same_encoder(name: str, family: Family) -> None:
    taken = family(name)[1]
    vision = json.loads(json.dumps(taken.vision))
    again = build_encoder(vision, taken.channels, len(taken.labels)).eval()
    again.load_state_dict(taken.encoder.state_dict())
    images = noise(taken.encoder.preparation, taken.encoder.preparation.shapes[-1])
    with torch.no_grad():
        torch.testing.assert_close(again.encode(images).pooled, taken.encoder.encode(images).pooled)
    assert again.preparation == taken.encoder.preparation
    assert encoder_hash(vision) == encoder_hash(taken.vision)


def test_the_hash_tells_encoders_apart(tmp_path: Path) -> None:
    for number in (0, 1):
        save_published("dinov2", tmp_path / str(number), seed=number)
    first, second = (take_encoder(str(tmp_path / str(number))) for number in (0, 1))
    other = {**first.vision, "preparation": {**first.vision["preparation"], "mean": [0.0, 0.0, 0.0]}}
    assert len({encoder_hash(vision) for vision in ({}, first.vision, second.vision, other)}) == 4
    assert digest_weights(first.encoder.half().float()) == first.vision["weights"]  # a checkpoint in half precision


def test_a_checkpoint_that_lacks_weights_is_refused(tmp_path: Path) -> None:
    save_published("dinov2", tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    del weights["encoder.layer.1.mlp.fc1.weight"]
    save_file(weights, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(CheckpointError, match=r"lacks weights of its frame encoder \(.*mlp\.fc1\.weight"):
        take_encoder(str(tmp_path))


def test_a_checkpoint_without_its_processor_is_refused(tmp_path: Path) -> None:
    save_published("dinov2", tmp_path)
    (tmp_path / "preprocessor_config.json").unlink()
    with pytest.raises(CheckpointError, match="does not say how images are normalised"):
        take_encoder(str(tmp_path))


def test_a_text_model_is_no_frame_encoder(tmp_path: Path) -> None:
    from transformers import BertConfig, BertModel

    BertModel(
        BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    ).save_pretrained(tmp_path)
    with pytest.raises(CheckpointError, match="is a 'bert' model, which reads no images"):
        take_encoder(str(tmp_path))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"size": 8}, "smaller than a patch of 16 x 16"),
        ({"size": 100_000}, "larger than 2048 a side"),
        ({"size": "big"}, "the size of images is 'big'"),
        ({"size": {"other": 3}}, "no height and width"),
        ({"size": 128}, r"declare \(Input image size \(128\*128\) doesn't match model"),
        ({"image_mean": [0.5]}, "not three numbers"),
        ({"image_mean": "grey"}, "not three numbers"),
        ({"image_std": [0.0, 0.0, 0.0]}, "processor declare"),
        ({"image_mean": [float("nan")] * 3}, "finite numbers"),
        ({"do_flip_channel_order": True}, "reads blue, green, red"),
    ],
)
def test_a_processor_that_does_not_fit_is_refused_with_the_reason(
    changes: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    save_published("videomae", tmp_path)
    file = tmp_path / "preprocessor_config.json"
    settings = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**settings, **changes}), encoding="utf-8")
    with pytest.raises(CheckpointError, match=sentence):
        take_encoder(str(tmp_path))


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_processor_file_that_cannot_be_read_is_not_passed_over(text: str, tmp_path: Path) -> None:
    save_published("clip_tower", tmp_path)
    (tmp_path / "preprocessor_config.json").write_text(text, encoding="utf-8")
    with pytest.raises(CheckpointError, match="cannot be run as its config and its processor declare"):
        take_encoder(str(tmp_path))


def test_an_encoder_of_pixels_that_are_not_normalised_gets_them_so(tmp_path: Path) -> None:
    save_published("clip_tower", tmp_path)
    file = tmp_path / "preprocessor_config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "do_normalize": False}), encoding="utf-8")
    preparation = take_encoder(str(tmp_path)).encoder.preparation
    assert (preparation.mean, preparation.deviation) == ((0.0,) * 3, (255.0,) * 3)


def test_every_family_is_there() -> None:
    assert len(IMAGES) == 12
    assert len(CLIPS) == 5
