"""Small cases, worked out by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from videobert_demo.attention import relevance

ONE_HEAD = torch.tensor([[[0.5, 0.5], [0.0, 1.0]]])


def test_rollout_of_two_layers() -> None:
    #   layer 1: 0.5 [[.5 .5] [0 1]] + 0.5 I = [[.75 .25] [0 1]]
    #   layer 2: 0.5 [[0 1] [1 0]]   + 0.5 I = [[.5 .5] [.5 .5]]
    #   layer 2 @ layer 1 = [[.375 .625] [.375 .625]]
    swapped = torch.tensor([[[0.0, 1.0], [1.0, 0.0]]])
    expected = torch.tensor([[0.375, 0.625], [0.375, 0.625]])
    assert torch.allclose(relevance.rollout([ONE_HEAD, swapped]), expected)
    other_way = relevance.rollout([swapped, ONE_HEAD])
    assert torch.allclose(other_way, torch.tensor([[0.5, 0.5], [0.5, 0.5]]))
    assert not torch.allclose(other_way, expected)  # the order of the layers counts


def test_rollout_averages_heads_and_keeps_rows_of_one() -> None:
    two_heads = torch.tensor([[[1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 1.0]]])
    found = relevance.rollout([two_heads, two_heads, two_heads])
    assert torch.allclose(found.sum(-1), torch.ones(2))
    assert torch.allclose(relevance.rollout([two_heads]), torch.tensor([[0.75, 0.25], [0.25, 0.75]]))
    with pytest.raises(ValueError, match="layer"):
        relevance.rollout([])


def test_rollout_across_starts_from_the_last_cross_attention() -> None:
    first, last = torch.tensor([[[1.0, 0.0]]]), torch.tensor([[[0.4, 0.6]]])
    #   [.4 .6] @ [[.75 .25] [0 1]] = [.3 .7]
    assert torch.allclose(relevance.rollout_across([ONE_HEAD], [first, last]), torch.tensor([[0.3, 0.7]]))


def test_weighted_heads_drops_negative_shares_before_it_averages() -> None:
    weights = torch.tensor([[[0.2, 0.8]], [[0.6, 0.4]]])
    gradient = torch.tensor([[[5.0, -1.0]], [[-9.0, 2.0]]])
    #   head 1: (1, 0)   head 2: (0, .8)   mean: (.5, .4)
    assert torch.allclose(relevance.weighted_heads(weights, gradient), torch.tensor([[0.5, 0.4]]))


def test_normalised_divides_what_was_gathered_by_its_row_sum() -> None:
    gathered = torch.tensor([[1.0, 3.0], [0.0, 1.0]])
    assert torch.allclose(relevance.normalised(gathered), torch.tensor([[1.0, 1.0], [0.0, 1.0]]))
    halves = torch.tensor([[2.0, 3.0], [0.5, 2.5]])
    #   row 1: (1, 3) / 4 + (1, 0)   row 2: (.5, 1.5) / 2 + (0, 1)
    assert torch.allclose(relevance.normalised(halves), torch.tensor([[1.25, 0.75], [0.25, 1.75]]))
    assert torch.equal(relevance.normalised(torch.eye(3)), torch.eye(3))


def test_self_attention_relevance_of_two_layers() -> None:
    ones = torch.ones(1, 2, 2)
    #   layer 1: A- = [[.5 .5] [0 1]]   R = I + A- = [[1.5 .5] [0 2]]
    #   layer 2: A- = [[0 1] [0 0]]     R = R + A- R = [[1.5 2.5] [0 2]]
    second = torch.tensor([[[0.0, 1.0], [1.0, 0.0]]])
    gradient = torch.tensor([[[1.0, 1.0], [-1.0, 1.0]]])
    found = relevance.self_attention_relevance([ONE_HEAD, second], [ones, gradient])
    assert torch.allclose(found, torch.tensor([[1.5, 2.5], [0.0, 2.0]]))
    with pytest.raises(ValueError, match="layer"):
        relevance.self_attention_relevance([], [])


def test_encoder_decoder_relevance_of_one_encoder_and_two_decoder_layers() -> None:
    def ones(maps: list[Tensor]) -> list[Tensor]:
        return [torch.ones_like(weights) for weights in maps]

    encoder = [ONE_HEAD]
    decoder = [torch.tensor([[[1.0, 0.0], [0.25, 0.75]]]), torch.tensor([[[1.0, 0.0], [0.5, 0.5]]])]
    cross = [torch.tensor([[[0.2, 0.8], [0.6, 0.4]]]), torch.tensor([[[1.0, 0.0], [0.0, 1.0]]])]
    #   R_ii = [[1.5 .5] [0 2]]                                    eq. 6
    #   R-_ii = [[.5 .5] [0 1]] / (1, 1) + I = [[1.5 .5] [0 2]]    eq. 8, 9
    encoded = torch.tensor([[1.5, 0.5], [0.0, 2.0]])
    #   layer 1: R_qi = 0, R_qq = I + A = [[2 0] [.25 1.75]], R-_qq = [[1 0] [.25 .75]] + I = [[2 0] [.25 1.75]]
    #            R_qi = R-_qq^T A_qi R-_ii = [[2 .25] [0 1.75]] [[.2 .8] [.6 .4]] R-_ii
    #                 = [[.55 1.7] [1.05 .7]] R-_ii = [[.825 3.675] [1.575 1.925]]
    first = torch.tensor([[0.825, 3.675], [1.575, 1.925]])
    #   layer 2: R_qi = R_qi + A R_qi = R_qi + [[.825 3.675] [1.2 2.8]] = [[1.65 7.35] [2.775 4.725]]
    #            R_qq = R_qq + A R_qq = [[2 0] [.25 1.75]] + [[2 0] [1.125 .875]] = [[4 0] [1.375 2.625]]
    #            R-_qq = [[3 0] / 3, [1.375 1.625] / 3] + I
    carried = torch.tensor([[1.65, 7.35], [2.775, 4.725]])
    words = torch.tensor([[2.0, 0.0], [1.375 / 3, 1.625 / 3 + 1]])
    expected = carried + words.T @ encoded
    found = relevance.encoder_decoder_relevance(encoder, ones(encoder), decoder, ones(decoder), cross, ones(cross))
    assert torch.allclose(found, expected)
    shallow = relevance.encoder_decoder_relevance(
        encoder, ones(encoder), decoder[:1], ones(decoder[:1]), cross[:1], ones(cross[:1])
    )
    assert torch.allclose(shallow, first)


def test_what_the_encoder_gathered_is_normalised_before_the_decoder_reads_it() -> None:
    encoder = [ONE_HEAD, ONE_HEAD]
    decoder, cross = [torch.tensor([[[1.0, 0.0], [0.25, 0.75]]])], [torch.tensor([[[0.2, 0.8], [0.6, 0.4]]])]
    #   R_ii = [[1.5 .5] [0 2]], then R_ii + A R_ii = [[2.25 1.75] [0 4]]
    #   R-_ii = [[1.25 1.75] / 3, [0 3] / 3] + I
    encoded = torch.tensor([[1.25 / 3 + 1, 1.75 / 3], [0.0, 2.0]])
    #   R_qi = [[.55 1.7] [1.05 .7]] R-_ii, as in layer 1 above
    ones = [[torch.ones_like(one) for one in maps] for maps in (encoder, decoder, cross)]
    found = relevance.encoder_decoder_relevance(encoder, ones[0], decoder, ones[1], cross, ones[2])
    assert torch.allclose(found, torch.tensor([[0.55, 1.7], [1.05, 0.7]]) @ encoded)


def test_raw_attention_chooses_layer_head_and_rows() -> None:
    maps = [torch.arange(12.0).reshape(2, 3, 2), 100 + torch.arange(12.0).reshape(2, 3, 2)]
    assert relevance.raw_attention(maps, torch.tensor([1]), 1, 0).tolist() == [102.0, 103.0]
    assert relevance.raw_attention(maps, torch.tensor([0, 2]), 0, 1).tolist() == [8.0, 9.0]
    assert relevance.raw_attention(maps, torch.tensor([0]), 0).tolist() == [3.0, 4.0]
    assert relevance.raw_attention(maps, torch.tensor([0])).tolist() == [53.0, 54.0]


def test_a_word_is_as_probable_as_its_softmax_among_others() -> None:
    word, others = torch.tensor([0.6, 0.8]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    #   (3, 4) / 5 has cosine 1 to the word, .6 and .8 to the others
    found = relevance.word_probability(torch.tensor([[3.0, 4.0], [2.0, 0.0]]), word, others, 10.0)
    expected = [torch.tensor(cosines).mul(10).softmax(0)[0] for cosines in ([1.0, 0.6, 0.8], [0.6, 1.0, 0.0])]
    assert torch.allclose(found, torch.stack(expected))
    assert torch.allclose(relevance.word_over_others(word, others), torch.tensor([0.1, 0.3]))


def test_gradient_times_input() -> None:
    tokens, gradient = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[1.0, 0.0], [-1.0, 0.5]])
    assert relevance.gradient_times_input(tokens, gradient).tolist() == [1.0, -1.0]


def test_unit_range() -> None:
    assert relevance.to_unit_range(torch.tensor([[-1.0, 0.0], [1.0, 3.0]])).tolist() == [[0.0, 0.25], [0.5, 1.0]]
    assert relevance.to_unit_range(torch.full((2, 2), 7.0)).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    with pytest.raises(ValueError, match="finite"):
        relevance.to_unit_range(torch.tensor([0.0, float("nan")]))
