"""The patches of frames in the encoder's sequence, and those that do not count."""

from __future__ import annotations

import pytest
import torch

from tests.tiny import random_clips, tiny_model
from videobert_demo.model.encoders.contract import SegmentFeatures
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.sequence_layout import SequenceLayout


def test_frames_come_with_patches(tiny: VideoBertForConditionalGeneration) -> None:
    with pytest.raises(ValueError, match="patch_features"):
        tiny.encoder(frame_features=torch.rand(1, 2, 1280))
    with pytest.raises(ValueError, match="input_ids"):
        tiny.encoder()


def test_patches_are_means_of_their_part_of_the_map(tiny: VideoBertForConditionalGeneration) -> None:
    maps = torch.zeros(2, 1280, 7, 7)
    maps[0, :, :3, 4:] = 1.0  # top right
    pooled, patches = tiny.encoder.pool_segments(SegmentFeatures(maps))
    assert pooled.shape == (2, 1280)
    assert patches.shape == (2, 4, 1280)
    assert pooled[0, 0].item() == pytest.approx(9 / 49)
    assert patches[0, :, 0].tolist() == pytest.approx([0.0, 9 / 16, 0.0, 0.0])
    assert patches[1].abs().max() == 0


def test_training_reads_a_part_of_each_frames_patches_as_they_are() -> None:
    model, clips = tiny_model(), random_clips([2, 1])
    model.config.patch_dropout = 0.5
    assert model.encoder(**clips).kept_patches is None  # only in training
    model.train()
    torch.manual_seed(0)
    outputs = model.encoder(**clips)
    kept = outputs.kept_patches
    assert kept.shape == (2, 2, 2)
    assert outputs.layout == SequenceLayout(2, 3, 2, 2)
    assert (kept[..., 0] < kept[..., 1]).all()
    # the visual words and half of the 4 patches: [CLS] [>] 3 labels, 2 x (1 + 2), [SEP]
    assert outputs.attention_mask.sum(1).tolist() == [12, 9]
    embeddings = model.encoder.video_embeddings.eval()
    parts = [clips["frame_features"], clips["patch_features"], torch.zeros(2, 3, dtype=torch.long), torch.ones(2, 3)]
    parts += [torch.zeros(2, 2, dtype=torch.long), clips["frame_mask"], None]
    whole = embeddings(*parts, None, torch.zeros(32))[:, 3:].unflatten(1, (2, 5))
    some = embeddings(*parts, kept, torch.zeros(32))[:, 3:].unflatten(1, (2, 3))
    torch.testing.assert_close(some[:, :, 0], whole[:, :, 0])
    torch.testing.assert_close(some[:, :, 1:], whole[:, :, 1:].gather(2, kept[..., None].expand(-1, -1, -1, 32)))


def test_a_patch_that_does_not_count_is_read_by_nobody(tiny: VideoBertForConditionalGeneration) -> None:
    clips = random_clips([3, 1])
    counts = torch.ones(2, 3, 4, dtype=torch.bool)
    counts[0, 0, 2] = counts[1, 0, 1] = False
    changed = {name: value.clone() for name, value in clips.items()}
    changed["patch_features"][~counts] += 3.0
    with torch.inference_mode():
        plain, seen, same = (
            tiny.encoder(**clips),
            tiny.encoder(**clips, patch_mask=counts),
            tiny.encoder(**changed, patch_mask=counts),
        )
    assert (plain.attention_mask ^ seen.attention_mask).nonzero().tolist() == [[0, 5 + 1 + 2], [1, 5 + 1 + 1]]
    real = seen.attention_mask
    torch.testing.assert_close(seen.last_hidden_state[real], same.last_hidden_state[real])
    assert (seen.last_hidden_state - plain.last_hidden_state)[real].abs().max() > 1e-4


def test_a_segment_without_patches_is_left_out_at_its_place_in_time(tiny: VideoBertForConditionalGeneration) -> None:
    clips = random_clips([3])
    counts = torch.ones(1, 3, 4, dtype=torch.bool)
    counts[0, 1] = False
    changed = {name: value.clone() for name, value in clips.items()}
    changed["frame_features"][0, 1] += 3.0  # would change its visual word and the labels
    with torch.inference_mode():
        seen, same = (tiny.encoder(**one, patch_mask=counts) for one in (clips, changed))
        shorter = tiny.encoder(**{name: value[:, [0, 2]] for name, value in clips.items()})
    _, mask, layout = seen.parts()
    assert layout.segments(mask).tolist() == [[True, False, True]]
    torch.testing.assert_close(seen.last_hidden_state[mask], same.last_hidden_state[mask])
    # a clip of the other two frames alone has them at other moments
    assert (seen.last_hidden_state[:, -1] - shorter.last_hidden_state[:, -1]).abs().max() > 1e-4


def test_a_mask_of_other_patches_is_refused(tiny: VideoBertForConditionalGeneration) -> None:
    with pytest.raises(ValueError, match="patch_mask is"):
        tiny.encoder(**random_clips([3]), patch_mask=torch.ones(1, 3, 5, dtype=torch.bool))
