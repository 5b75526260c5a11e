"""The encoder: on text it is BERT, number for number; video joins the same stream."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from transformers import BertModel, BertTokenizer

from tests.tiny import random_clips, tiny_model
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.sequence_layout import SequenceLayout
from videobert_demo.training.initialise import build_initial_model, minilm_folder

SENTENCES = [
    "A woman is cooking pasta in a kitchen.",
    "the dog runs",
    "two men play the electric guitar on a stage and a crowd of people watches them",
]


@pytest.fixture(scope="module")
def initial() -> tuple[VideoBertForConditionalGeneration, BertTokenizer]:
    """The untrained model that training starts from."""
    return build_initial_model(SENTENCES, min_count=1)


@torch.inference_mode()
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_text_alone_is_minilm(initial: tuple[VideoBertForConditionalGeneration, BertTokenizer], attention: str) -> None:
    model, tokenizer = initial
    model.set_attn_implementation(attention)
    published_tokenizer = BertTokenizer.from_pretrained(minilm_folder())
    published = BertModel.from_pretrained(minilm_folder(), attn_implementation="eager").eval()
    ours = tokenizer(SENTENCES, padding=True, return_tensors="pt")
    theirs = published_tokenizer(SENTENCES, padding=True, return_tensors="pt")
    assert not torch.equal(ours.input_ids, theirs.input_ids)  # another order of the same words
    expected = published(theirs.input_ids, theirs.attention_mask).last_hidden_state
    found = model.eval().encoder(ours.input_ids, ours.attention_mask).last_hidden_state
    real = theirs.attention_mask.bool()
    torch.testing.assert_close(found[real], expected[real], atol=1e-5, rtol=0)
    assert expected[real].std() > 0.1


@torch.inference_mode()
def test_fewer_layers_are_minilms_first_ones() -> None:
    model, tokenizer = build_initial_model(SENTENCES, min_count=1, encoder_layers=2)
    ours = tokenizer(SENTENCES[:1], return_tensors="pt")
    theirs = BertTokenizer.from_pretrained(minilm_folder())(SENTENCES[:1], return_tensors="pt")
    published = BertModel.from_pretrained(minilm_folder()).eval()
    expected = published(**theirs, output_hidden_states=True).hidden_states[2]
    found = model.eval().encoder(ours.input_ids, ours.attention_mask).last_hidden_state
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)


def encode(model: VideoBertForConditionalGeneration, **inputs: Tensor) -> Tensor:
    with torch.inference_mode():
        return model.encoder(**inputs).last_hidden_state


def test_the_sequence_is_text_then_labels_then_frames_then_a_separator(tiny: VideoBertForConditionalGeneration) -> None:
    clips = random_clips([3, 1])
    outputs = tiny.encoder(**clips)
    assert outputs.layout == SequenceLayout(2, 3, 3, 4)  # [CLS] [>], three labels, three segments of four patches
    assert outputs.last_hidden_state.shape == (2, 2 + 3 + 3 * 5 + 1, 32)
    assert outputs.attention_mask.tolist() == [[True] * 21, [True] * 10 + [False] * 10 + [True]]
    assert outputs.visual_word_ids.shape == (2, 3)
    assert torch.equal(outputs.visual_word_ids, tiny.encoder.codebook(clips["frame_features"]))
    ids = torch.tensor([[2, 8, 9, 5], [2, 8, 5, 0]])
    both = tiny.encoder(ids, (ids != 0).long(), **clips)
    assert both.layout == SequenceLayout(4, 3, 3, 4)
    assert both.last_hidden_state.shape == (2, 23, 32)
    assert both.attention_mask[1].tolist() == [True] * 3 + [False] + [True] * 8 + [False] * 10 + [True]


def test_no_text_means_the_opening_of_a_video(tiny: VideoBertForConditionalGeneration) -> None:
    clips = random_clips([2])
    torch.testing.assert_close(encode(tiny, **clips), encode(tiny, input_ids=torch.tensor([[2, 5]]), **clips))


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_padding_changes_nothing(attention: str) -> None:
    model = tiny_model(attention=attention)
    alone = random_clips([1])
    padded = {
        name: torch.cat([value, torch.ones_like(value[:, :1].repeat_interleave(3, 1))], 1)
        for name, value in alone.items()
    }
    padded["frame_mask"][:, 1:] = False
    ids = torch.tensor([[2, 8, 5]])
    wide = torch.tensor([[2, 8, 5, 11, 12]])
    short = encode(model, input_ids=ids, **alone)
    long = encode(model, input_ids=wide, attention_mask=torch.tensor([[1, 1, 1, 0, 0]]), **padded)
    # the text part, the labels and the first frame, the closing [SEP]
    kept = torch.cat([long[:, :3], long[:, 5:13], long[:, -1:]], dim=1)
    torch.testing.assert_close(kept, short, atol=1e-5, rtol=1e-5)


def test_order_and_place_of_frames_matter(tiny: VideoBertForConditionalGeneration) -> None:
    clip = random_clips([3])
    turned = {name: value.flip(1) for name, value in clip.items()}
    assert (encode(tiny, **clip)[:, 0] - encode(tiny, **turned)[:, 0]).abs().max() > 1e-4
    swapped = {**clip, "patch_features": clip["patch_features"].flip(2)}
    assert (encode(tiny, **clip)[:, 0] - encode(tiny, **swapped)[:, 0]).abs().max() > 1e-4


@pytest.mark.parametrize(
    ("frames", "bins"), [(1, [4]), (2, [2, 6]), (4, [1, 3, 5, 7]), (8, list(range(8))), (3, [1, 4, 6])]
)
def test_time_is_told_as_a_share_of_the_clip(frames: int, bins: list[int]) -> None:
    embeddings = tiny_model(max_frames=8).encoder.video_embeddings
    mask = torch.arange(8)[None] < frames
    assert embeddings.time_bins(mask)[0, :frames].tolist() == bins


def test_a_hidden_segment_cannot_be_seen(tiny: VideoBertForConditionalGeneration) -> None:
    clip, other = random_clips([3]), random_clips([3], seed=1)
    changed = {name: value.clone() for name, value in clip.items()}
    for name in ("frame_features", "patch_features"):
        changed[name][:, 1] = other[name][:, 1]
    hidden = torch.tensor([[False, True, False]])
    torch.testing.assert_close(encode(tiny, **clip, segment_mask=hidden), encode(tiny, **changed, segment_mask=hidden))
    assert (encode(tiny, **clip) - encode(tiny, **changed)).abs().max() > 1e-3
    everything = torch.ones(1, 3, dtype=torch.bool)
    assert tiny.encoder(**clip, segment_mask=everything).attention_mask[0, 2:5].tolist() == [False] * 3  # no label told
    outputs = tiny.encoder(**clip, segment_mask=hidden)  # but its word is known: it is what shall be guessed
    assert torch.equal(outputs.visual_word_ids, tiny.encoder.codebook(clip["frame_features"]))


def test_the_likeliest_labels_of_the_clip_are_told_as_words() -> None:
    model, clip = tiny_model(), random_clips([2])
    with torch.no_grad():
        model.encoder.frame_tower.classifier.bias[7] += 50  # now every frame is surely of class 7
        ids, probabilities = model.encoder.find_labels(clip["frame_features"], clip["frame_mask"])
        assert ids[0, 0] == 7
        assert probabilities[0].tolist() == sorted(probabilities[0].tolist(), reverse=True)
        assert probabilities[0, 0] > 0.99
        before = encode(model, **clip)
        absent = next(label for label in range(1000) if label not in ids[0])
        model.encoder.video_embeddings.label_embeddings.weight[absent, :9] += 5
        assert torch.allclose(encode(model, **clip), before)
        model.encoder.video_embeddings.label_embeddings.weight[7, :9] += 5
    assert (encode(model, **clip) - before).abs().max() > 1e-3


@torch.inference_mode()
def test_a_label_counts_in_the_frame_where_it_is_likeliest(tiny: VideoBertForConditionalGeneration) -> None:
    clip = random_clips([3, 1])
    frames, mask = clip["frame_features"], clip["frame_mask"]
    by_tower = tiny.encoder.frame_tower.classifier(frames).softmax(-1)
    ids, probabilities = tiny.encoder.find_labels(frames, mask)
    torch.testing.assert_close(probabilities[0], by_tower[0].amax(0)[ids[0]])
    torch.testing.assert_close(probabilities[1], by_tower[1, 0][ids[1]])  # padding does not count


@torch.inference_mode()
def test_given_labels_stand_in_for_the_frames_own(tiny: VideoBertForConditionalGeneration) -> None:
    clip = random_clips([2])
    own = dict(
        zip(("label_ids", "label_probabilities"), tiny.encoder.find_labels(*list(clip.values())[::2]), strict=True)
    )
    assert torch.equal(encode(tiny, **clip, **own), encode(tiny, **clip))
    other = {**own, "label_ids": own["label_ids"] + 1}
    assert (encode(tiny, **clip, **other) - encode(tiny, **clip)).abs().max() > 1e-3


@torch.inference_mode()
def test_labels_alone_are_a_clip_too(tiny: VideoBertForConditionalGeneration) -> None:
    no_frames = {
        "frame_features": torch.zeros(2, 0, 1280),
        "patch_features": torch.zeros(2, 0, 4, 1280),
        "frame_mask": torch.zeros(2, 0, dtype=torch.bool),
    }
    ids = torch.tensor([[3, 4, 5], [3, 9, 9]])
    outputs = tiny.encoder(**no_frames, label_ids=ids, label_probabilities=torch.tensor([[0.5, 0.2, 0.1], [0.5, 0, 0]]))
    assert outputs.attention_mask.tolist() == [[True] * 6, [True] * 3 + [False] * 2 + [True]]  # 0 means absent
    assert tiny.embed_video(outputs).norm(dim=-1).tolist() == pytest.approx([1, 1])


def test_attention_maps_are_rows_of_shares() -> None:
    model = tiny_model(attention="eager")
    clips = random_clips([2, 1])
    outputs = model.encoder(**clips, output_attentions=True, output_hidden_states=True)
    assert len(outputs.attentions) == 2
    assert len(outputs.hidden_states) == 3
    for weights in outputs.attentions:
        assert weights.shape == (2, 4, 16, 16)
        torch.testing.assert_close(weights.sum(-1), torch.ones(2, 4, 16))
        assert weights[1, :, :, 10:15].abs().max() < 1e-6  # nobody looks at the padding
    assert torch.equal(outputs.hidden_states[-1], outputs.last_hidden_state)
    torch.testing.assert_close(outputs.last_hidden_state, model.encoder(**clips).last_hidden_state)
    assert not any(module._forward_hooks for module in model.encoder.layers.modules())


def test_attention_maps_need_eager_attention(tiny: VideoBertForConditionalGeneration) -> None:
    with pytest.raises(ValueError, match="eager"):
        tiny.encoder(**random_clips([1]), output_attentions=True)
    assert tiny.encoder(**random_clips([1]), output_hidden_states=True).attentions is None


def test_both_kinds_of_attention_give_the_same() -> None:
    eager, fast = tiny_model(attention="eager"), tiny_model(attention="sdpa")
    assert (eager.encoder.config.encoder._attn_implementation, fast.encoder.config.encoder._attn_implementation) == (
        "eager",
        "sdpa",
    )
    clips = random_clips([4, 2, 1])
    real = eager.encoder(**clips).attention_mask
    torch.testing.assert_close(encode(eager, **clips)[real], encode(fast, **clips)[real], atol=1e-5, rtol=1e-5)
    fast.set_attn_implementation("eager")
    assert fast.encoder(**clips, output_attentions=True).attentions is not None


def test_vectors_for_retrieval_are_means_of_their_part() -> None:
    model, clips = tiny_model(), random_clips([2, 1])
    ids = torch.tensor([[2, 8, 9, 3], [2, 8, 3, 0]])
    with torch.inference_mode():
        text = model.encoder(ids, (ids != 0).long())
        video = model.encoder(**clips)
        words, frames = model.embed_text(text), model.embed_video(video)
        projected = model.video_projection(video.last_hidden_state[1, 2:10]).mean(0)
        read = model.text_projection(text.last_hidden_state[1, :3]).mean(0)
    assert words.shape == frames.shape == (2, 16)
    torch.testing.assert_close(words.norm(dim=1), torch.ones(2))
    torch.testing.assert_close(frames[1], projected / projected.norm())
    torch.testing.assert_close(words[1], read / read.norm())


def test_heads_have_a_logit_for_each_answer(tiny: VideoBertForConditionalGeneration) -> None:
    outputs = tiny.encoder(torch.tensor([[2, 8, 5]]), **random_clips([2]))
    hidden = outputs.last_hidden_state
    assert tiny.predict_words(hidden).shape == (1, 17, tiny.config.encoder.vocab_size)
    assert tiny.predict_visual_words(hidden).shape == (1, 17, 9)
    vectors = tiny.embed_text(outputs), tiny.embed_video(outputs)
    assert tiny.predict_alignment(outputs, *vectors).shape == (1,)


def test_alignment_begins_with_the_likeness_of_text_and_video(tiny: VideoBertForConditionalGeneration) -> None:
    ids = torch.tensor([[2, 8, 9, 5], [2, 8, 5, 0]])
    clips = random_clips([3, 1])
    with torch.inference_mode():
        outputs = tiny.encoder(ids, (ids != 0).long(), **clips)
        texts, videos = tiny.embed_text(tiny.encoder(ids, (ids != 0).long())), tiny.embed_video(tiny.encoder(**clips))
        first = tiny.alignment_head(torch.tanh(tiny.alignment_transform(outputs.last_hidden_state[:, 0])))[:, 0]
        likeness = (texts * videos).sum(1)
        torch.testing.assert_close(tiny.predict_alignment(outputs, texts, videos), first + 10 * (likeness - 0.2))


def test_kinds_need_a_head(tiny: VideoBertForConditionalGeneration) -> None:
    with torch.inference_mode():
        outputs = tiny.encoder(**random_clips([3, 1]))
        with pytest.raises(ValueError, match="no category head"):
            tiny.predict_head(outputs, "category")
        headed = tiny_model(categories=["one", "two", "three"])
        assert headed.predict_head(headed.encoder(**random_clips([3, 1])), "category").shape == (2, 3)
