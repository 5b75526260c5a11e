"""A small BART that translates captions and questions between English and Chinese, both ways, and how it is kept.

    <zh> a dog runs on the grass   -> encoder, decoder ->  一只狗在草地上奔跑。
    <en> 一只狗在草地上奔跑         -> encoder, decoder ->  a dog runs on the grass

One vocabulary of byte pairs for both languages. On disk every matrix has 8 bits a weight and a scale a row, which
makes a quarter of the size; in memory it has 32 bits. BART is arXiv 1910.13461. Knows sentences; knows no clip.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from torch import Tensor
from transformers import BartConfig, BartForConditionalGeneration

from videobert_demo.errors import CheckpointError
from videobert_demo.model.eight_bits import from_eight_bits, to_eight_bits

LANGUAGES = ("en", "zh")
PAD, BEGIN, END, UNKNOWN = "<pad>", "<s>", "</s>", "<unk>"
SPECIAL_TOKENS = [PAD, BEGIN, END, UNKNOWN, *(f"<{language}>" for language in LANGUAGES)]
MAX_TOKENS = 64
EVERYDAY_CHARACTERS = 3755
FOLDER = "translator"
"""Its folder inside a checkpoint."""
_WIDE = str.maketrans({",": "，", "?": "？", "!": "！", ":": "：", ";": "；", "(": "（", ")": "）"})
_LATIN = re.compile("[a-z]{2}")
_CONFIG, _WEIGHTS, _TOKENIZER = "config.json", "model.safetensors", "tokenizer.json"


@dataclass(frozen=True)
class Translator:
    """A model in eval mode and its tokenizer. Inputs and outputs are plain sentences."""

    model: BartForConditionalGeneration
    tokenizer: Tokenizer

    def encode(self, sentences: Sequence[str], language: str) -> tuple[Tensor, Tensor]:
        """Sentences to be translated into `language` -> token ids (B, L) int64 and their mask (B, L) int64."""
        ids = [self.source_ids(sentence, language) for sentence in sentences]
        longest = max(map(len, ids))
        pad = self.id_of(PAD)
        tokens = torch.tensor([row + [pad] * (longest - len(row)) for row in ids])
        return tokens, tokens.ne(pad).long()

    def id_of(self, token: str) -> int:
        """The id of a token that is in the vocabulary."""
        found = self.tokenizer.token_to_id(token)
        assert found is not None, token
        return found

    def source_ids(self, sentence: str, language: str) -> list[int]:
        """The tokens of a sentence that is to be translated into `language`, of at most MAX_TOKENS."""
        ids: list[int] = self.tokenizer.encode(as_read(sentence)).ids
        return [self.id_of(f"<{language}>"), *ids[: MAX_TOKENS - 2], self.id_of(END)]

    @cached_property
    def latin_words(self) -> list[int]:
        """The tokens of two or more Latin letters, which no Chinese sentence has: a word that is only copied."""
        vocabulary = self.tokenizer.get_vocab()
        return [number for token, number in vocabulary.items() if _LATIN.search(token) and token not in SPECIAL_TOKENS]

    def has_unknown(self, sentence: str) -> bool:
        """Whether a sentence has a character that no sentence of training had."""
        return self.id_of(UNKNOWN) in self.tokenizer.encode(as_read(sentence)).ids

    def target_ids(self, sentence: str) -> list[int]:
        """The tokens of a translation, of at most MAX_TOKENS."""
        ids: list[int] = self.tokenizer.encode(as_read(sentence, is_target=True)).ids
        return [*ids[: MAX_TOKENS - 1], self.id_of(END)]

    def decode(self, ids: Sequence[int]) -> str:
        """Token ids of a translation -> the sentence."""
        text: str = self.tokenizer.decode(list(ids), skip_special_tokens=True).strip()
        return punctuate(text) if is_chinese(text) else text


def as_read(sentence: str, *, is_target: bool = False) -> str:
    """A sentence as the model reads it: in lower case, without blanks between Chinese characters.

    The full stop at the end goes, except from a Chinese sentence that is a target: written Chinese has it.
    """
    text = " ".join(unicodedata.normalize("NFKC", sentence).lower().split()).replace("。", " 。 ")
    text = text.strip(" .,;!")
    if is_chinese(text):
        text = "".join(text.split()) if is_target else "".join(text.rstrip("。 ").split())
        if is_target and not text.endswith("。"):
            text += "。"
    return text


def punctuate(text: str) -> str:
    """A Chinese sentence with Chinese punctuation, which `as_read` makes narrow."""
    return text.translate(_WIDE)


def is_chinese(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return any("\u3400" <= character <= "\u9fff" for character in text)


def everyday_characters() -> list[str]:
    """The Chinese characters of GB 2312's first level, which nearly every text is written with."""
    codes = [bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
    return [code.decode("gb2312") for code in codes[:EVERYDAY_CHARACTERS]]


def train_tokenizer(sentences: Sequence[str], vocabulary: int) -> Tokenizer:
    """Byte pairs of both languages (Sennrich et al., arXiv 1508.07909).

    Every character that occurs twice is a token, and so are the 3,755 Chinese ones of everyday use, if there is room.

    Args:
        vocabulary: how many tokens, special ones included.
    """
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(prepend_scheme="always"), pre_tokenizers.Punctuation(), pre_tokenizers.Digits()]
    )
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=2,
        special_tokens=SPECIAL_TOKENS,
        show_progress=False,
        max_token_length=12,
        initial_alphabet=everyday_characters() if vocabulary > 2 * EVERYDAY_CHARACTERS else [],
    )
    tokenizer.train_from_iterator((as_read(sentence, is_target=True) for sentence in sentences), trainer)
    return tokenizer


def new_translator(
    tokenizer: Tokenizer, *, width: int, layers: int, inner: int | None = None, dropout: float = 0.0
) -> Translator:
    """A translator with random weights.

    Args:
        layers: of the encoder, and of the decoder; their heads are 64 wide.
        inner: the width inside a layer's two linear maps; four times `width` if not told.
    """
    config = BartConfig(
        vocab_size=tokenizer.get_vocab_size(),
        d_model=width,
        encoder_layers=layers,
        decoder_layers=layers,
        encoder_attention_heads=max(1, width // 64),
        decoder_attention_heads=max(1, width // 64),
        encoder_ffn_dim=inner or 4 * width,
        decoder_ffn_dim=inner or 4 * width,
        max_position_embeddings=MAX_TOKENS + 2,
        dropout=dropout,
        scale_embedding=True,
        init_std=width**-0.5,  # BART's 0.02 is made for wide models: a narrow decoder would not look at its source
        pad_token_id=tokenizer.token_to_id(PAD),
        bos_token_id=tokenizer.token_to_id(BEGIN),
        eos_token_id=tokenizer.token_to_id(END),
        decoder_start_token_id=tokenizer.token_to_id(END),
        forced_eos_token_id=None,
    )
    model = BartForConditionalGeneration(config)
    for half in (model.model.encoder, model.model.decoder):
        _set_positions(half.embed_positions.weight)
    return Translator(model.eval(), tokenizer)


@torch.no_grad()
def _set_positions(weight: Tensor) -> None:
    """Sines and cosines (arXiv 1706.03762, section 3.5) to start from: as large as the embeddings that they join.

    Random ones as small as the other weights are drowned by the embeddings, and the decoder does not learn where to
    look in its source.

    Args:
        weight: (positions, width), changed in place.
    """
    positions, width = weight.shape
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))  # (width / 2,)
    angles = torch.arange(positions)[:, None] * rates  # (positions, width / 2)
    weight[:, 0::2], weight[:, 1::2] = angles.sin(), angles.cos()


def save_translator(translator: Translator, folder: Path) -> int:
    """Writes it with 8 bits a weight (eight_bits.py); returns the bytes of all its files."""
    folder.mkdir(parents=True, exist_ok=True)
    tied = {"lm_head.weight", "model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight"}
    weights = {name: weight for name, weight in translator.model.state_dict().items() if name not in tied}
    save_file(to_eight_bits(weights), folder / _WEIGHTS)
    (folder / _CONFIG).write_text(json.dumps(translator.model.config.to_diff_dict(), indent=1), encoding="utf-8")
    translator.tokenizer.save(str(folder / _TOKENIZER), pretty=False)
    return sum((folder / name).stat().st_size for name in (_CONFIG, _WEIGHTS, _TOKENIZER))


def load_translator(folder: Path) -> Translator:
    """Reads what `save_translator` wrote.

    Raises:
        CheckpointError: a file is missing or is something else, or a weight is not a number.
    """
    try:
        config = BartConfig.from_dict(json.loads((folder / _CONFIG).read_text(encoding="utf-8")))
        weights = from_eight_bits(load_file(folder / _WEIGHTS))
        model = BartForConditionalGeneration(config)
        if not all(bool(weight.isfinite().all()) for weight in weights.values()):
            raise CheckpointError(f"{folder.name} of the checkpoint has weights that are no numbers; it is damaged.")
        missing, unexpected = model.load_state_dict(weights, strict=False)
        tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise CheckpointError(f"{folder.name} of the checkpoint cannot be read ({error}).") from error
    tied = {"lm_head.weight", "model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight"}
    if unexpected or set(missing) - tied:
        raise CheckpointError(f"{folder.name} of the checkpoint has other weights than its config.json names.")
    model.tie_weights()
    return Translator(model.eval(), tokenizer)
