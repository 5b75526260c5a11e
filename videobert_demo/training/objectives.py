"""The losses of all stages, as one module: a batch goes in, named losses come out.

Masked words, masked visual words, alignment: VideoBERT (arXiv 1904.01766, section 3.3). Contrast: InfoNCE both ways
(arXiv 1807.03748). Infilling: BART (arXiv 1910.13461, section 2.2). Self-critical: arXiv 1612.00563, over the
sentences of a beam search (arXiv 1912.08226, section 3.3), the mean of the others as the baseline (arXiv 2003.09971).
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertTokenizer

from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput
from videobert_demo.model.processing_videobert import VideoBertProcessor
from videobert_demo.training.batches import IGNORED, PackedCaptions, VideoBatch, pack_captions
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.consensus import Consensus, CookedSentence, normalise

MASKED_SHARE = 0.15
MASKED_SEGMENT_SHARE = 0.3
INFILLED_SHARE = 0.3
SPAN_MEAN = 3.0
LONGEST_SAMPLE = 22
LONGEST_TEXT = 32


def mask_words(
    ids: Tensor, maskable: Tensor, mask_id: int, vocabulary: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """BERT's masking: of 15 % chosen tokens 80 % become [MASK], 10 % a random word, 10 % stay.

    Args:
        ids: (B, n) int64. maskable: (B, n) bool, False for special tokens and padding.

    Returns:
        The corrupted ids (B, n) and the labels (B, n), IGNORED where nothing was chosen.
    """
    chosen = (torch.rand(ids.shape, generator=generator) < MASKED_SHARE) & maskable
    fate = torch.rand(ids.shape, generator=generator)
    random_words = torch.randint(6, vocabulary, ids.shape, generator=generator)
    corrupted = torch.where(chosen & (fate < 0.8), mask_id, ids)
    corrupted = torch.where(chosen & (fate >= 0.9), random_words, corrupted)
    return corrupted, torch.where(chosen, ids, IGNORED)


def infill(ids: list[int], mask_id: int, random: np.random.Generator) -> list[int]:
    """BART's text infilling: spans with Poisson(3) lengths, 30 % of the words in all, each replaced by one [MASK].

    A span of length 0 inserts a [MASK].
    """
    budget = max(1, round(INFILLED_SHARE * len(ids)))
    result = list(ids)
    while budget > 0:
        length = min(int(random.poisson(SPAN_MEAN)), budget, len(result))
        start = int(random.integers(len(result) - length + 1))
        result[start : start + length] = [mask_id]
        budget -= max(length, 1)
    return result


class Objectives(nn.Module):
    """Computes the losses with a weight above 0; `forward` returns them by name, unweighted.

    Args:
        references: per training video the cooked references, for self-critical training.
    """

    def __init__(
        self,
        model: VideoBertForConditionalGeneration,
        tokenizer: BertTokenizer,
        config: TrainingConfig,
        consensus: Consensus | None = None,
        references: list[list[CookedSentence]] | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self._tokenizer, self._config, self._weights = tokenizer, config, config.weights
        self._processor = VideoBertProcessor(tokenizer)
        self._consensus, self._references = consensus, references or []

    def forward(self, batch: VideoBatch | list[str], seed: int) -> dict[str, Tensor]:
        """The losses of a video batch, or of sentences alone."""
        if isinstance(batch, list):
            return {"infilling": self._infilling(batch, seed)}
        weights, losses = self._weights, {}
        outputs: VideoBertOutput = self.model.encoder(**batch.video)
        if weights.self_critical > 0 and not batch.stills:
            losses.update(self._self_critical(batch, outputs))
        if weights.caption > 0:
            losses["caption"] = self._caption(outputs, batch.packed)
        if weights.contrast > 0:
            losses["contrast"], similarity = self._contrast(outputs, batch.texts)
        else:
            similarity = torch.zeros(len(batch.texts), len(batch.texts))
        if weights.masked_words > 0 or weights.masked_visual_words > 0 or weights.alignment > 0:
            losses.update(self._joint(batch, similarity, seed))
        return losses

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        """The weighted sum; figures that are not objectives (the reward) count nothing."""
        weights = asdict(self._weights)
        return sum((weights[name] * loss for name, loss in losses.items() if name in weights), start=torch.zeros(()))

    def _caption(self, outputs: VideoBertOutput, packed: PackedCaptions) -> Tensor:
        device = self.model.device
        hidden = self.model.decode_packed(
            outputs, packed.decoder_input_ids.to(device), packed.sentence_ids.to(device), packed.positions.to(device)
        )
        real = packed.labels.to(device) != IGNORED
        logits = self.model.caption_logits(hidden[real]).float()  # (tokens, vocabulary)
        return functional.cross_entropy(
            logits, packed.labels.to(device)[real], label_smoothing=self._config.label_smoothing
        )

    def _tokenize(self, texts: list[str], ending: str) -> tuple[Tensor, Tensor]:
        """Padded ids (B, n) of `[CLS] words ending` and their mask (B, n) bool."""
        prepared = self._processor.tokenize(texts, ending, LONGEST_TEXT + 2)
        device = self.model.device
        return prepared["input_ids"].to(device), prepared["attention_mask"].bool().to(device)

    def _contrast(self, outputs: VideoBertOutput, texts: list[str]) -> tuple[Tensor, Tensor]:
        ids, mask = self._tokenize(texts, "[SEP]")
        text = self.model.embed_text(self.model.encoder(ids, mask)).float()  # (B, projection)
        video = self.model.embed_video(outputs).float()
        similarity = text @ video.T  # (B, B), rows are texts
        logits = similarity * self.model.logit_scale.exp().clamp(max=100.0)
        target = torch.arange(len(texts), device=logits.device)
        loss = (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2
        return loss, similarity.detach()

    def _joint(self, batch: VideoBatch, similarity: Tensor, seed: int) -> dict[str, Tensor]:
        """One pass over text and video together, on every `joint_stride`-th video of the batch.

        Every second one gets the text of the video that looks most like it: a hard mismatch.
        """
        generator = torch.Generator().manual_seed(seed)
        everyone = len(batch.texts)
        negatives = (similarity - 2 * torch.eye(everyone, device=similarity.device)).argmax(0).tolist()  # by video
        chosen = range(0, everyone, self._config.joint_stride)
        video = {name: value[:: self._config.joint_stride] for name, value in batch.video.items()}
        count = len(chosen)
        matched = torch.arange(count) % 2 == 0
        texts = [batch.texts[row if matched[place] else negatives[row]] for place, row in enumerate(chosen)]
        ids, mask = self._tokenize(texts, "[>]")
        maskable = mask.cpu() & (ids.cpu() > self.model.config.video_token_id)
        corrupted, labels = mask_words(
            ids.cpu(), maskable, self._tokenizer.mask_token_id, self.model.config.encoder.vocab_size, generator
        )
        frame_mask = video["frame_mask"]
        several = frame_mask.sum(1, keepdim=True) > 1
        hidden_segments = (
            (torch.rand(frame_mask.shape, generator=generator) < MASKED_SEGMENT_SHARE) & frame_mask & several
        )
        device = self.model.device
        outputs = self.model.encoder(
            input_ids=corrupted.to(device),
            attention_mask=mask,
            **video,
            segment_mask=hidden_segments.to(device),
        )
        losses = {}
        rows = matched[:, None]
        word_places = (labels != IGNORED) & rows
        if self._weights.masked_words > 0:
            logits = self.model.predict_words(outputs.last_hidden_state[:, : ids.shape[1]][word_places.to(device)])
            losses["masked_words"] = _mean_cross_entropy(logits, labels[word_places].to(device))
        if self._weights.masked_visual_words > 0:
            places = hidden_segments & rows
            stride = 1 + self.model.config.patches_per_frame
            words = outputs.last_hidden_state[:, ids.shape[1] : -1 : stride]  # (B, T, D): the visual words' states
            logits = self.model.predict_visual_words(words[places.to(device)])
            losses["masked_visual_words"] = _mean_cross_entropy(logits, outputs.visual_word_ids[places.to(device)])
        if self._weights.alignment > 0:
            logits = self.model.predict_alignment(outputs).float()
            losses["alignment"] = functional.binary_cross_entropy_with_logits(logits, matched.float().to(device))
        return losses

    def _infilling(self, sentences: list[str], seed: int) -> Tensor:
        """Text alone: the encoder reads sentences with holes, the decoder writes them whole."""
        random = np.random.default_rng(seed)
        tokenizer, size = self._tokenizer, self.model.config.decoder.vocab_size
        encoded = tokenizer(sentences, add_special_tokens=False, truncation=True, max_length=LONGEST_TEXT).input_ids
        encoded = [ids or [tokenizer.unk_token_id] for ids in encoded]
        holed = [infill(ids, tokenizer.mask_token_id, random) for ids in encoded]
        width = max(map(len, holed)) + 2
        rows = [[tokenizer.cls_token_id, *ids, tokenizer.sep_token_id] for ids in holed]
        ids = torch.tensor([row + [tokenizer.pad_token_id] * (width - len(row)) for row in rows]).to(self.model.device)
        outputs = self.model.encoder(ids, ids != tokenizer.pad_token_id)
        targets = [[[token if token < size else tokenizer.unk_token_id for token in ids]] for ids in encoded]
        packed = pack_captions(targets, tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id)
        return self._caption(outputs, packed)

    def _self_critical(self, batch: VideoBatch, outputs: VideoBertOutput) -> dict[str, Tensor]:
        assert self._consensus is not None
        samples, model = self._config.samples_per_video, self.model
        training = model.training
        model.train(False)
        with torch.no_grad():
            frozen = self.model.encoder(**batch.video) if training else outputs
            written: Tensor = model.generate(
                encoder_outputs=frozen,
                do_sample=False,
                num_beams=samples,
                num_return_sequences=samples,
                suppress_tokens=[self._tokenizer.unk_token_id],
                max_new_tokens=LONGEST_SAMPLE,
            )  # (B * samples, m), [CLS] first
        model.train(training)
        tokenizer, end = self._tokenizer, self._tokenizer.sep_token_id
        rows, rewards = [], []
        texts = [text.replace(" ' ", "'") for text in tokenizer.batch_decode(written, skip_special_tokens=True)]
        for row, ids in enumerate(written[:, 1:].tolist()):
            finished = end in ids
            rows.append(ids[: ids.index(end)] if finished else ids)
            text = normalise(texts[row]) if finished else f"{normalise(texts[row])} unfinished"
            references = self._references[batch.indices[row // samples]]
            rewards.append(self._consensus.score(self._consensus.cook(text), references))
        reward = torch.tensor(rewards).view(-1, samples)  # (B, samples)
        baseline = (reward.sum(1, keepdim=True) - reward) / (samples - 1)
        advantage = reward - baseline
        # in units of its spread over the batch, so that its weight against the other losses stays the same all along
        advantage = (advantage / advantage.std().clamp(min=1e-3)).to(model.device)
        grouped = [rows[start : start + samples] for start in range(0, len(rows), samples)]
        packed = pack_captions(grouped, tokenizer.cls_token_id, end, tokenizer.pad_token_id)
        hidden = model.decode_packed(
            outputs,
            packed.decoder_input_ids.to(model.device),
            packed.sentence_ids.to(model.device),
            packed.positions.to(model.device),
        )
        real = (packed.labels != IGNORED).to(model.device)
        chances = model.caption_logits(hidden[real]).float().log_softmax(-1)
        chosen = chances.gather(1, packed.labels.to(model.device)[real][:, None])[:, 0]  # (tokens,)
        worth = advantage.gather(1, packed.sentence_ids.to(model.device).clamp(min=0))[real]
        return {"self_critical": -(worth * chosen).mean(), "reward": reward.mean()}


def _mean_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """0 (with a gradient of 0) when nothing was masked."""
    return functional.cross_entropy(logits.float(), targets, reduction="sum") / max(1, len(targets))
