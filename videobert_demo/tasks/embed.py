"""Vectors for retrieval: clips and sentences in one space, compared by dot product."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from videobert_demo.errors import QuestionError
from videobert_demo.model.features import ClipTensors, split_frames, stack_clips
from videobert_demo.model.loading import LoadedModel
from videobert_demo.questions.short_queries import GENERIC_SENTENCES, phrase_query
from videobert_demo.tasks.languages import Sought, sought, unread

FRAMES_PER_BATCH = 32
MAX_CHARACTERS = 300


@torch.inference_mode()
def embed_clips(loaded: LoadedModel, clips: Sequence[ClipTensors], *, blank: bool = False) -> Tensor:
    """B clips -> unit vectors (B, projection), fp32, on the CPU; `blank` hides every frame."""
    model = loaded.model
    encoded = model.encoder(**stack_clips(clips, loaded.device, model.dtype, blank=blank))
    return model.embed_video(encoded).float().cpu()


def embed_segments(loaded: LoadedModel, clips: Sequence[ClipTensors]) -> list[Tensor]:
    """B clips -> unit vectors (T, projection) for each, fp32, on the CPU; every frame is read as a clip of its own."""
    frames = [frame for clip in clips for frame in split_frames(clip)]
    starts = range(0, len(frames), FRAMES_PER_BATCH)
    vectors = torch.cat([embed_clips(loaded, frames[start : start + FRAMES_PER_BATCH]) for start in starts])
    return list(vectors.split([len(clip.frame_features) for clip in clips]))


@torch.inference_mode()
def embed_sentences(loaded: LoadedModel, sentences: Sequence[str]) -> Tensor:
    """B sentences -> unit vectors (B, projection), fp32, on the CPU."""
    prepared = loaded.processor(text=list(sentences)).to(loaded.device)
    return loaded.model.embed_text(loaded.model.encoder(**prepared)).float().cpu()


@torch.inference_mode()
def embed_queries(loaded: LoadedModel, texts: Sequence[str | Sought]) -> Tensor:
    """B texts that clips are searched by -> unit vectors (B, projection), fp32, on the CPU.

    Of a translated one it is the mean of two, weighted as the checkpoint says: of the English sentence, and of what
    the Chinese one says by itself (model/chinese_vectors.py), where the checkpoint has a head for it.
    """
    queries = [Sought(text) if isinstance(text, str) else text for text in texts]
    vectors = _embed_english(loaded, [query.english for query in queries])
    rows = [row for row, query in enumerate(queries) if query.translated]
    head = loaded.chinese_vectors if rows else None
    if head is not None:
        own = head([queries[row].translated for row in rows])
        vectors[rows] = functional.normalize(head.share * own + (1 - head.share) * vectors[rows], dim=1)
    return vectors


def _embed_english(loaded: LoadedModel, texts: Sequence[str]) -> Tensor:
    """English texts that clips are searched by -> unit vectors (B, projection).

    A sentence is embedded as it is. Of one to three words the vector is what sentences with them have in common
    (questions/short_queries.py), without what these share with sentences that say nothing:

        normalise(mean of the sentences' vectors - mean of the generic sentences' vectors)

    Mean average precision of the 100 commonest nouns and verbs, bundled checkpoint, validation: the bare word 26.1,
    its sentences 32.4, without the generic part 36.6.
    """
    ways = [phrase_query(text) for text in texts]
    sentences = [way for text, row in zip(texts, ways, strict=True) for way in row or (text,)]
    if not any(ways):
        return embed_sentences(loaded, sentences)
    vectors = embed_sentences(loaded, [*GENERIC_SENTENCES, *sentences])
    generic = vectors[: len(GENERIC_SENTENCES)].mean(0)
    rows = vectors[len(GENERIC_SENTENCES) :].split([len(row) or 1 for row in ways])
    found = [
        functional.normalize(vectors_of.mean(0) - generic, dim=0) if row else vectors_of[0]
        for row, vectors_of in zip(ways, rows, strict=True)
    ]
    return torch.stack(found)


def knows_letters(loaded: LoadedModel, text: str) -> bool:
    """Whether the model knows the letters of any of the words."""
    tokenizer = loaded.processor.tokenizer
    pieces = tokenizer(text, add_special_tokens=False).input_ids
    return any(piece != tokenizer.unk_token_id for piece in pieces)


def read_sentence(loaded: LoadedModel, text: str) -> str:
    """The sentence to search for, in English, on one line; raises as `read_query` does."""
    return read_query(loaded, text).english


def read_query(loaded: LoadedModel, text: str) -> Sought:
    """What to search for, on one line, for `embed_queries`.

    Raises:
        QuestionError: it is empty, too long, or in letters that the model does not know.
    """
    sentence = " ".join(text[: MAX_CHARACTERS + 1].split())
    if not sentence:
        raise QuestionError("There is nothing to search for yet; type a sentence, such as “a dog runs on the grass”.")
    if len(text) > MAX_CHARACTERS:
        raise QuestionError("That is too long to search for; use at most {most} characters.", most=MAX_CHARACTERS)
    query = sought(loaded, sentence)
    if not knows_letters(loaded, query.english):
        raise unread(loaded)
    return query
