"""The example in docs/encoders.md of an encoder of one's own, as it stands there, on a tiny model of its family."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from transformers import HieraConfig, HieraModel

from videobert_demo.model.encoders.contract import Preparation
from videobert_demo.model.encoders.published import Pooled

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "encoders.md"


def test_the_example_reads_an_image_place_by_place() -> None:
    (code,) = re.findall(r"```python\n(\"\"\"Hiera.*?)```", DOCUMENT.read_text(encoding="utf-8"), flags=re.S)
    assert len(code.splitlines()) <= 40
    found: dict[str, Any] = {}
    exec(compile(code, DOCUMENT.name, "exec"), found)
    torch.manual_seed(0)
    config = HieraConfig(image_size=[64, 64], embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 2, 2])
    model = HieraModel(config).eval()
    preparation = Preparation(((64, 64),), (0.0,) * 3, (1.0,) * 3)
    encoder = found["QueryPooledEncoder"](model, preparation, Pooled.POOLER, 64)
    images = torch.randn(2, 3, 64, 64)
    changed = images.clone()
    changed[:, :, -32:, :32] += 3.0
    with torch.no_grad():
        features, after = encoder.encode(images), encoder.encode(changed)
        output = model(pixel_values=images)
    assert features.grid == (2, 2)
    torch.testing.assert_close(features.pooled, output.pooler_output)
    torch.testing.assert_close(features.patches, output.last_hidden_state)
    assert (after.maps - features.maps).norm(dim=1).flatten(1).argmax(1).tolist() == [2, 2]
