"""Two streams: text is BERT, video is another BERT, and in the later layers each reads the other."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional
from transformers import BertModel

from tests.tiny import random_clips, tiny_config, tiny_model
from videobert_demo.model.configuration_videobert import VideoBertConfig
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.sequence_layout import SequenceLayout
from videobert_demo.model.two_streams import TwoStreamEncoder, join_maps
from videobert_demo.training.initialise import build_initial_model, minilm_folder

IDS = torch.tensor([[2, 8, 9, 5], [2, 8, 5, 0]])
MASK = (IDS != 0).long()
CROSSING = ("text_to_video", "video_to_text")


def make(attention: str = "sdpa", *, layers: int = 3, seed: int = 0) -> VideoBertForConditionalGeneration:
    """Three layers, of which the last crosses."""
    encoder = tiny_config().encoder
    encoder.num_hidden_layers = layers
    torch.manual_seed(seed)
    config = tiny_config(streams=2)
    config.encoder = encoder
    config._attn_implementation = attention
    model = VideoBertForConditionalGeneration(config).eval()
    with torch.no_grad():
        for value in model.parameters():
            if value.ndim == 2 and value.shape[1] <= 64:
                value.normal_(std=0.3)
    return model


@pytest.fixture(scope="module")
def model() -> VideoBertForConditionalGeneration:
    """Not to be changed."""
    return make()


def encode(model: VideoBertForConditionalGeneration, *texts: Tensor, **inputs: Tensor) -> Tensor:
    with torch.inference_mode():
        return model.encoder(*texts, **inputs).last_hidden_state


@pytest.mark.parametrize(("layers", "crossing"), [(1, [0]), (2, [1]), (3, [2]), (6, [3, 4, 5])])
def test_the_second_half_of_the_layers_crosses(layers: int, crossing: list[int]) -> None:
    encoder = make(layers=layers).encoder.layers
    assert isinstance(encoder, TwoStreamEncoder)
    assert [number for number, layer in enumerate(encoder.layer) if layer.attention.crossings()] == crossing
    assert all(len(encoder.layer[number].attention.crossings()) == 2 for number in crossing)


@pytest.mark.parametrize("streams", [0, 3, "2", None])
def test_there_are_one_or_two_streams(streams: object) -> None:
    with pytest.raises(ValueError, match="must be 1 or 2"):
        VideoBertConfig(streams=streams)


def test_one_stream_is_the_default_also_for_a_config_that_does_not_know_the_setting() -> None:
    sizes = tiny_config().to_dict()
    assert sizes.pop("streams") == 1
    assert VideoBertConfig.from_dict(sizes).streams == 1
    assert not isinstance(tiny_model().encoder.layers, TwoStreamEncoder)


def test_the_sequence_is_that_of_one_stream(model: VideoBertForConditionalGeneration) -> None:
    clips = random_clips([3, 1])
    found, expected = model.encoder(IDS, MASK, **clips), tiny_model().encoder(IDS, MASK, **clips)
    assert found.last_hidden_state.shape == expected.last_hidden_state.shape == (2, 23, 32)
    assert found.layout == expected.layout == SequenceLayout(4, 3, 3, 4)
    assert torch.equal(found.attention_mask, expected.attention_mask)
    assert found.segment_states().shape == (2, 3, 32)


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_padding_and_company_change_nothing(attention: str) -> None:
    model = make(attention)
    clips = random_clips([4, 1])
    clips["frame_features"][1, 1:] = clips["patch_features"][1, 1:] = 9.0  # what is padded is not seen
    together = encode(model, IDS, MASK, **clips)
    alone = {name: value[1:, :1] for name, value in clips.items()}
    single = encode(model, IDS[1:, :3], **alone)
    # the text part, the labels and the first frame, the closing [SEP]
    kept = torch.cat([together[1:, :3], together[1:, 4:12], together[1:, -1:]], dim=1)
    torch.testing.assert_close(kept, single, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_text_alone_is_bert(attention: str) -> None:
    model = make(attention)
    bert = BertModel(model.config.encoder, add_pooling_layer=False).eval()
    bert.embeddings.load_state_dict(model.encoder.text_embeddings.state_dict())
    for theirs, ours in zip(bert.encoder.layer, model.encoder.layers.layer, strict=True):
        theirs.attention.load_state_dict(ours.attention.text.state_dict())
        theirs.intermediate.load_state_dict(ours.text_feed_forward.intermediate.state_dict())
        theirs.output.load_state_dict(ours.text_feed_forward.output.state_dict())
    real = MASK.bool()
    with torch.inference_mode():
        expected = bert(IDS, MASK).last_hidden_state
    torch.testing.assert_close(encode(model, IDS, MASK)[real], expected[real])


def test_text_alone_does_not_depend_on_the_video_stream() -> None:
    model = make()
    text, clips = encode(model, IDS, MASK), random_clips([2, 2])
    both = encode(model, IDS, MASK, **clips)
    with torch.no_grad():
        for name, value in model.encoder.layers.named_parameters():
            if any(part in name for part in (".video.", "video_feed_forward", *CROSSING)):
                value.normal_()
    assert torch.equal(encode(model, IDS, MASK), text)
    assert (encode(model, IDS, MASK, **clips) - both).abs().max() > 0.1


def test_each_stream_reads_the_other_through_cross_attention_alone() -> None:
    model = make()
    clips, others = random_clips([2, 2]), random_clips([2, 2], seed=1)
    other_ids = IDS.clone()
    other_ids[:, 1] = 12
    own, other_video, other_text = (
        encode(model, ids, MASK, **given) for ids, given in ((IDS, clips), (IDS, others), (other_ids, clips))
    )
    assert (own - other_video)[:, :3].abs().max() > 1e-2
    assert (own - other_text)[:, 4:].abs().max() > 1e-2
    with torch.no_grad():
        for layer in model.encoder.layers.layer:
            for crossing, _ in layer.attention.crossings():
                crossing.output.dense.weight.zero_()
    own, other_video, other_text = (
        encode(model, ids, MASK, **given) for ids, given in ((IDS, clips), (IDS, others), (other_ids, clips))
    )
    assert torch.equal(own[:, :3], other_video[:, :3])
    assert torch.equal(own[:, 4:], other_text[:, 4:])


def test_both_directions_read_the_states_from_before(model: VideoBertForConditionalGeneration) -> None:
    attention = model.encoder.layers.layer[-1].attention
    text, video = torch.rand(1, 3, 32), torch.rand(1, 5, 32)
    with torch.inference_mode():
        (new_text, new_video), _ = attention(text, video, None)
        (read,), (seen,) = attention.text(text)[:1], attention.video(video)[:1]
        torch.testing.assert_close(new_text, attention.text_to_video(read, encoder_hidden_states=seen)[0])
        torch.testing.assert_close(new_video, attention.video_to_text(seen, encoder_hidden_states=read)[0])


def test_a_round_trip_is_bit_equal(model: VideoBertForConditionalGeneration, tmp_path: Path) -> None:
    model.save_pretrained(tmp_path)
    for options in ({}, {"device_map": "auto"}):
        again = VideoBertForConditionalGeneration.from_pretrained(tmp_path, **options)
        assert again.config.streams == 2
        assert again.state_dict().keys() == model.state_dict().keys()
        assert all(torch.equal(value, again.state_dict()[name]) for name, value in model.state_dict().items())
        clips = random_clips([2, 1])
        assert torch.equal(encode(again, IDS, MASK, **clips), encode(model, IDS, MASK, **clips))


def test_the_cache_changes_no_caption(model: VideoBertForConditionalGeneration) -> None:
    with torch.inference_mode():
        with_cache, without = (
            model.generate(**random_clips([3, 1]), num_beams=2, do_sample=False, max_new_tokens=6, use_cache=cached)
            for cached in (True, False)
        )
    assert torch.equal(with_cache, without)
    assert with_cache.shape[1] > 2


def test_maps_are_rows_of_shares_and_half_of_a_crossing_row_is_of_the_other_stream() -> None:
    model = make("eager")
    clips = random_clips([2, 1])
    outputs = model.encoder(IDS, MASK, **clips, output_attentions=True, output_hidden_states=True)
    assert [states.shape for states in outputs.hidden_states] == [(2, 18, 32)] * 4
    assert torch.equal(outputs.hidden_states[-1], outputs.last_hidden_state)
    torch.testing.assert_close(outputs.last_hidden_state, model.encoder(IDS, MASK, **clips).last_hidden_state)
    assert [weights.shape for weights in outputs.attentions] == [(2, 4, 18, 18)] * 3
    for weights, share in zip(outputs.attentions, (0.0, 0.0, 0.5), strict=True):
        torch.testing.assert_close(weights.sum(-1), torch.ones(2, 4, 18))
        torch.testing.assert_close(weights[:, :, :4, 4:].sum(-1), torch.full((2, 4, 4), share))
        torch.testing.assert_close(weights[:, :, 4:, :4].sum(-1), torch.full((2, 4, 14), share))
        assert weights[1, :, :, 3].abs().max() < 1e-6  # nobody looks at the padding
        assert weights[1, :, :, 12:17].abs().max() < 1e-6
    fast = make().encoder(IDS, MASK, **clips, output_hidden_states=True)  # which has no maps
    assert (len(fast.hidden_states), fast.attentions) == (4, None)
    text = model.encoder(IDS, MASK, output_attentions=True).attentions
    assert [weights.shape for weights in text] == [(2, 4, 4, 4)] * 3
    torch.testing.assert_close(text[2].sum(-1), torch.ones(2, 4, 4))


def test_maps_stand_in_their_blocks() -> None:
    maps = [torch.full((1, 1, *size), value) for size, value in (((1, 1), 1.0), ((2, 2), 2.0))]
    across = [torch.full((1, 1, *size), value) for size, value in (((1, 2), 4.0), ((2, 1), 6.0))]
    assert join_maps(maps)[0, 0].tolist() == [[1, 0, 0], [0, 2, 2], [0, 2, 2]]
    assert join_maps([*maps, *across])[0, 0].tolist() == [[0.5, 2, 2], [3, 1, 1], [3, 1, 1]]
    assert join_maps(maps[:1]) is maps[0]
    assert join_maps(maps[0]) is maps[0]


def test_both_kinds_of_attention_give_the_same(model: VideoBertForConditionalGeneration) -> None:
    eager = make("eager")
    for clips in (random_clips([4, 2]), random_clips([2, 2])):
        real = eager.encoder(IDS, MASK, **clips).attention_mask
        found, expected = encode(model, IDS, MASK, **clips), encode(eager, IDS, MASK, **clips)
        torch.testing.assert_close(found[real], expected[real], atol=1e-5, rtol=1e-5)
    fast = make()
    fast.set_attn_implementation("eager")
    assert len(fast.encoder(**random_clips([1]), output_attentions=True).attentions) == 3
    # without padding there is no mask, and still each token reads what comes after it
    full = {name: value[:1] for name, value in random_clips([2, 2]).items()}
    torch.testing.assert_close(encode(model, **full), encode(eager, **full), atol=1e-5, rtol=1e-5)


def test_a_step_changes_both_streams_and_what_is_between_them() -> None:
    model = make().train()
    before = {name: value.detach().clone() for name, value in model.encoder.layers.named_parameters()}
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    model(decoder_input_ids=IDS, input_ids=IDS, attention_mask=MASK, **random_clips([2, 2])).logits.sum().backward()
    optimizer.step()
    same = {name for name, value in model.encoder.layers.named_parameters() if torch.equal(value, before[name])}
    assert not {name for name in same if not name.endswith("key.bias")}  # the softmax does not feel a key's bias


def test_both_streams_begin_with_minilm_and_nearly_apart() -> None:
    sentences = ["a woman is cooking pasta in a kitchen", "the dog runs"]
    model, tokenizer = build_initial_model(sentences, min_count=1, streams=2)
    weights = BertModel.from_pretrained(minilm_folder()).encoder.layer
    for number, (ours, theirs) in enumerate(zip(model.encoder.layers.layer, weights, strict=True)):
        attention = ours.attention
        assert len(attention.crossings()) == (2 if number >= 3 else 0)
        for own in (attention.text, attention.video, *(crossing for crossing, _ in attention.crossings())):
            assert torch.equal(own.self.query.weight, theirs.attention.self.query.weight)
        for forward in (ours.text_feed_forward, ours.video_feed_forward):
            assert torch.equal(forward.output.dense.weight, theirs.output.dense.weight)
        assert all(crossing.output.dense.weight.abs().max() == 0 for crossing, _ in attention.crossings())
    ids = tokenizer(sentences[:1], return_tensors="pt").input_ids
    clips = random_clips([2], patches=16)
    apart, joint = encode(model.eval(), ids), encode(model, ids, **clips)
    assert torch.equal(
        joint[:, : ids.shape[1]], encode(model, ids, **random_clips([2], seed=1, patches=16))[:, : ids.shape[1]]
    )
    assert functional.cosine_similarity(joint[:, : ids.shape[1]], apart, dim=-1).min() > 0.95
