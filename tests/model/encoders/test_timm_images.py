"""Models of timm behind transformers' TimmWrapper, where timm is installed (the extra `timm`)."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import TimmWrapperConfig

from tests.published import save_published
from videobert_demo.errors import CheckpointError
from videobert_demo.model.encoders.building import build_encoder
from videobert_demo.model.encoders.taking import noise, take_encoder

MODELS = {
    "resnet10t": {},
    "vit_tiny_patch16_224": {"img_size": 64, "depth": 2, "embed_dim": 32, "num_heads": 4},
}


@pytest.mark.parametrize("name", MODELS)
def test_it_gives_what_the_model_gives_by_hand(name: str, tmp_path: Path) -> None:
    timm = pytest.importorskip("timm")
    from transformers import TimmWrapperModel

    arguments = MODELS[name]
    size = {"input_size": [3, 64, 64], "mean": [0.5, 0.4, 0.3], "std": [0.2, 0.25, 0.5]}
    config = TimmWrapperConfig(architecture=name, model_args=arguments, pretrained_cfg=size, num_labels=3)
    model = TimmWrapperModel(config).eval()
    model.save_pretrained(tmp_path)
    taken = take_encoder(str(tmp_path))
    images = noise(taken.encoder.preparation, (64, 64))
    by_hand = timm.create_model(name, num_classes=0, **arguments).eval()
    by_hand.load_state_dict(model.timm_model.state_dict())
    with torch.no_grad():
        hidden = by_hand.forward_features(images)
        features = taken.encoder.encode(images)
        torch.testing.assert_close(features.pooled, by_hand.forward_head(hidden), atol=1e-5, rtol=1e-5)
    if hidden.ndim == 3:
        hidden = hidden[:, by_hand.num_prefix_tokens :].transpose(1, 2).unflatten(2, (4, 4))
    torch.testing.assert_close(features.maps, hidden, atol=1e-5, rtol=1e-5)
    assert taken.encoder.preparation.mean == pytest.approx((127.5, 102.0, 76.5))
    again = build_encoder(taken.vision, taken.channels, len(taken.labels))
    again.load_state_dict(taken.encoder.state_dict())


def test_without_timm_no_encoder_is_taken_and_the_same_sentence_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import videobert_demo.model.encoders.taking as taking

    def lack(*_: object) -> None:
        raise ImportError("TimmWrapperModel requires the timm library but it was not found in your environment.")

    monkeypatch.setattr(taking, "_load", lack)
    save_published("resnet", tmp_path)
    with pytest.raises(
        CheckpointError, match=r"pip install 'videobert-demo\[timm\]', and the torchvision that belongs"
    ):
        take_encoder(str(tmp_path))


def test_without_timm_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import videobert_demo.model.encoders.building as building

    def lack(_config: object) -> None:
        raise ImportError("timm")

    monkeypatch.setattr(building, "make_model", lack)
    vision = {"model": {"model_type": "resnet"}, "preparation": {}, "pooled": "mean"}
    with pytest.raises(CheckpointError, match=r"pip install 'videobert-demo\[timm\]'"):
        build_encoder(vision, 8, 0)
