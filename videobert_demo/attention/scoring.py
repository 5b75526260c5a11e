"""The score that a heatmap explains, what the encoder reads for it, and the words that a word is compared with.

Knows one pass of the model; knows no attention maps and no heatmaps.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import torch
from torch import Tensor

from videobert_demo.attention import relevance
from videobert_demo.attention.targets import Target
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput
from videobert_demo.model.tokenizers import word_of
from videobert_demo.questions.tagging import lemmas

BACKGROUND_WORDS = 64
"""How many common words a word is compared with."""


def encoder_inputs(loaded: LoadedModel, clip: ClipTensors, question: str) -> dict[str, Tensor]:
    """The encoder's inputs for one clip, with the question (if any) as its text part; ready for gradients."""
    device, dtype = loaded.device, loaded.model.dtype
    with torch.inference_mode(False):  # features of the service were made in inference mode
        inputs = {
            "frame_features": clip.frame_features[None].clone().to(device, dtype),
            "patch_features": clip.patch_features[None].clone().to(device, dtype),
        }
        if question:
            inputs.update(loaded.processor(text=[question], with_video=True).to(loaded.device))
        return inputs


def model_for(loaded: LoadedModel, target: Target) -> VideoBertForConditionalGeneration:
    """The model that wrote the target's word: for an answer, with the adapters that answer questions."""
    return loaded.answerer if target.question else loaded.model


def score_target(
    model: VideoBertForConditionalGeneration, encoded: VideoBertOutput, target: Target, direction: Tensor | None
) -> Tensor:
    """The scalar that is explained, for each of B encoder passes: (B,) fp32.

    For a written word it is its log-probability given the words before it, summed over its pieces; for a typed word the
    clip's similarity to `direction`, which `word_direction` gives.
    """
    if not target.is_written:
        if direction is None:
            raise ValueError("a typed word needs its direction")
        return model.embed_video(encoded).float() @ direction
    assert encoded.last_hidden_state is not None
    rows = len(encoded.last_hidden_state)
    ids = torch.tensor([model.config.decoder_start_token_id, *target.sentence_ids], device=model.device)
    last = target.positions[-1]
    logits = model(
        decoder_input_ids=ids[: last + 1].expand(rows, -1), encoder_outputs=encoded, use_cache=False
    ).logits.float()
    positions = torch.tensor(target.positions, device=logits.device)
    chosen: Tensor = logits.log_softmax(-1)[:, positions, ids[positions + 1]]  # the state at position q writes token q
    return chosen.sum(1)


def target_direction(loaded: LoadedModel, target: Target) -> Tensor | None:
    """What `score_target` needs for a typed word; None for a written one."""
    return None if target.is_written else word_direction(loaded, target.word)


@torch.no_grad()
def word_direction(loaded: LoadedModel, word: str) -> Tensor:
    """The word's contrastive vector less the mean vector of common words (projection,), fp32.

    All sentences' vectors lie on one side of the sphere, and some patches are near every word. What a patch has in
    common with the words that captions use most says nothing about this one.
    """
    with torch.inference_mode(False):
        common = list(islice(_written_words(loaded), BACKGROUND_WORDS))
        prepared = loaded.processor(text=[word, *common]).to(loaded.device)
        vectors: Tensor = loaded.model.embed_text(loaded.model.encoder(**prepared)).float()
        return relevance.word_over_others(vectors[0], vectors[1:])


def common_nouns(loaded: LoadedModel, word: str) -> list[str]:
    """The nouns that captions use most, without the word itself."""
    nouns = (token for token in _written_words(loaded) if token != word and _is_noun(token))
    return list(islice(nouns, BACKGROUND_WORDS))


@lru_cache(maxsize=4096)
def _is_noun(word: str) -> bool:
    return "NOUN" in lemmas(word)


def _written_words(loaded: LoadedModel) -> Iterator[str]:
    """The words that the decoder writes, of at least three letters: its vocabulary begins with the most frequent."""
    tokenizer = loaded.processor.decoder_tokenizer
    size = min(len(tokenizer), loaded.model.config.decoder.vocab_size)
    for token in tokenizer.convert_ids_to_tokens(list(range(size))):
        word = word_of(tokenizer, token)
        if word is not None and word.isalpha() and word.islower() and len(word) > 2:
            yield word
