"""The losses of all stages as one module: a batch goes in, named losses come out.

Masked words, masked visual words, alignment: VideoBERT (arXiv 1904.01766, section 3.3). Contrast: InfoNCE both ways
(arXiv 1807.03748), of captions with videos and of captions of the same video. Infilling: BART (arXiv 1910.13461,
section 2.2). Self-critical: in self_critical.py.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput
from videobert_demo.model.packing import IGNORED, PackedCaptions, pack_captions
from videobert_demo.model.processing_videobert import Words, as_processor
from videobert_demo.model.views import view_of
from videobert_demo.training.asking import QuestionBatch
from videobert_demo.training.batches import Batch, TextBatch, VideoBatch
from videobert_demo.training.composites import CompositeBatch
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.corruption import corrupt_spans, draw_hidden_segments, mask_words, mismatch_texts
from videobert_demo.training.everyday import EverydayBatch
from videobert_demo.training.mixing import Mixture, draw_mixture, mix_clips, others_captions
from videobert_demo.training.self_critical import Rewards, self_critical_losses
from videobert_demo.training.sharding import name_layers

MAX_TEXT_TOKENS = 32


class Objectives(nn.Module):
    """Computes the losses with a weight above 0; `forward` returns them by name, unweighted.

    Args:
        rewards: what written sentences earn, for self-critical training.
    """

    def __init__(
        self,
        model: VideoBertForConditionalGeneration,
        tokenizer: Words,
        config: TrainingConfig,
        rewards: Rewards | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self._processor, self._config, self._weights = as_processor(tokenizer), config, config.weights
        self._tokenizer, self._writer = self._processor.tokenizer, self._processor.decoder_tokenizer
        self._special_ids = torch.tensor(sorted(self._tokenizer.all_special_ids))
        self.log_probabilities: list[Tensor] = []
        self._rewards = rewards
        self._no_split_modules = name_layers(model)  # accelerate looks for it here

    def forward(self, batch: Batch, seed: int) -> dict[str, Tensor]:
        """The losses of one batch, whatever it is made of.

        For adversarial steps `log_probabilities` then holds the decoder's (tokens, vocabulary), one for each pass.
        """
        self.log_probabilities = []
        if isinstance(batch, QuestionBatch):
            return {"answer": self._answer(batch)}
        if isinstance(batch, CompositeBatch):
            return {"grounding": self._ground(batch)}
        if isinstance(batch, EverydayBatch):
            return self._everyday(batch)
        if isinstance(batch, TextBatch):
            losses = {}
            if self._weights.infilling > 0:
                losses["infilling"] = self._infilling(batch.sentences, seed)
            if self._weights.paraphrase > 0:
                losses["paraphrase"] = self._paraphrase(batch)
            return losses
        weights, losses = self._weights, {}
        mixture = self._draw_mixture(batch, seed)
        video = batch.video if mixture is None else mix_clips(batch.video, mixture)
        outputs: VideoBertOutput = self.model.encoder(**video)
        if batch.packed is None:
            texts, videos = self._embed(batch.texts), self.model.embed_video(outputs).float()
            losses["contrast"] = self._match(texts @ videos.T)
            if weights.alignment > 0:
                losses["alignment"] = self._align(batch, texts, videos)
            return losses
        if weights.self_critical > 0 and batch.rewarded:
            assert self._rewards is not None
            samples = self._config.samples_per_video
            losses |= self_critical_losses(self.model, batch.video, outputs, self._rewards, batch.indices, samples)
        if "label_ids" in batch.video and weights.label_caption > 0:
            losses["label_caption"] = self._caption(outputs, batch.packed)
        elif weights.caption > 0:
            losses["caption"] = self._caption_mixed(outputs, batch.packed, mixture)
        aligns = weights.alignment > 0 and self._config.contrasted_per_step == 0
        vectors: tuple[Tensor, Tensor] | None = None
        if weights.contrast > 0 or aligns:
            vectors = self._embed(batch.texts), self.model.embed_video(outputs).float()
        if vectors is not None and weights.contrast > 0:
            losses["contrast"] = self._match_mixed(vectors[0], vectors[1], mixture)
        masks = weights.masked_words > 0 or weights.masked_visual_words > 0 or aligns
        if masks and batch.video["frame_mask"].any():  # labels alone have no segment
            losses.update(self._joint(batch, vectors if aligns else None, seed))
        return losses

    def total(self, losses: dict[str, Tensor]) -> Tensor:
        """The weighted sum; figures that are not objectives (the reward) count nothing."""
        weights = asdict(self._weights)
        return sum((weights[name] * loss for name, loss in losses.items() if name in weights), start=torch.zeros(()))

    def _caption(
        self,
        outputs: VideoBertOutput,
        packed: PackedCaptions,
        *,
        smoothed: bool = True,
        model: VideoBertForConditionalGeneration | None = None,
    ) -> Tensor:
        model = model or self.model
        packed = packed.to(model.device)
        hidden = model.decode_packed(outputs, packed.decoder_input_ids, packed.visible, packed.positions)
        real = packed.labels != IGNORED
        logits = model.caption_logits(hidden[real]).float()  # (tokens, vocabulary)
        if self._config.adversarial_steps:
            self.log_probabilities.append(logits.log_softmax(-1))
        return functional.cross_entropy(
            logits, packed.labels[real], label_smoothing=self._config.label_smoothing if smoothed else 0.0
        )

    def _draw_mixture(self, batch: VideoBatch, seed: int) -> Mixture | None:
        """How the clips of a batch are mixed: not those that only have labels, nor those for the contrast alone."""
        has_frames = batch.packed is not None and "label_ids" not in batch.video
        if not (self.training and self._config.mixup > 0 and has_frames):
            return None
        return draw_mixture(len(batch.texts), self._config.mixup, seed)

    def _caption_mixed(self, outputs: VideoBertOutput, packed: PackedCaptions, mixture: Mixture | None) -> Tensor:
        loss = self._caption(outputs, packed)
        if mixture is None:
            return loss
        others = self._caption(outputs, others_captions(packed, mixture))
        return mixture.share * loss + (1 - mixture.share) * others

    def _match_mixed(self, texts: Tensor, videos: Tensor, mixture: Mixture | None) -> Tensor:
        loss = self._match(texts @ videos.T)
        if mixture is None:
            return loss
        others = self._match(texts[mixture.others.to(texts.device)] @ videos.T)
        return mixture.share * loss + (1 - mixture.share) * others

    def _answer(self, batch: QuestionBatch) -> Tensor:
        """The encoder reads question and clip together, the decoder writes the answer."""
        ids, mask = self._tokenize(batch.questions, "[>]")
        model = view_of(self.model, answers=True)
        outputs = model.encoder(ids, mask, **batch.video)
        return batch.weight * self._caption(outputs, batch.answers, smoothed=False, model=model)

    def _everyday(self, batch: EverydayBatch) -> dict[str, Tensor]:
        """Each clip finds the sentence of its label among those of others, and the decoder writes its caption."""
        losses = {}
        outputs: VideoBertOutput = self.model.encoder(**batch.video)
        if self._weights.label_contrast > 0:
            similarity = self.model.embed_video(outputs).float() @ self._embed(batch.sentences).T  # (B, N)
            logits = similarity * self.model.logit_scale.exp().clamp(max=100.0)
            losses["label_contrast"] = functional.cross_entropy(
                logits, torch.tensor(batch.labels, device=logits.device)
            )
        if self._weights.everyday_caption > 0:
            losses["everyday_caption"] = self._caption(outputs, batch.packed)
        return losses

    def _ground(self, batch: CompositeBatch) -> Tensor:
        """Each patch of a composite finds the text of its own video among the two.

        Contrast between tokens as in FILIP (arXiv 2111.07783), with the patch's side in place of the best match.
        """
        outputs = self.model.encoder(**batch.video)
        vectors = functional.normalize(self.model.project_patches(outputs).float(), dim=-1)  # (B, T, P, projection)
        _, mask, layout = outputs.parts()
        sides, real = batch.sides.to(vectors.device), layout.patches(mask)  # (B, T, P)
        if outputs.kept_patches is not None:
            sides = sides.gather(2, outputs.kept_patches)
        texts = self._embed([*batch.first, *batch.second]).unflatten(0, (2, -1))  # (2, B, projection)
        logits = torch.einsum("btpd,sbd->btps", vectors, texts) * self.model.logit_scale.exp().clamp(max=100.0)
        return functional.cross_entropy(logits[real], sides[real])

    def _tokenize(self, texts: list[str], ending: str) -> tuple[Tensor, Tensor]:
        """Padded ids (B, n) of `[CLS] words ending` and their mask (B, n) bool."""
        prepared = self._processor.tokenize(texts, ending, MAX_TEXT_TOKENS + 2)
        device = self.model.device
        return prepared["input_ids"].to(device), prepared["attention_mask"].bool().to(device)

    def _embed(self, texts: list[str]) -> Tensor:
        """Unit vectors (N, projection) fp32 of sentences."""
        return self.model.embed_text(self.model.encoder(*self._tokenize(texts, self._tokenizer.sep_token))).float()

    def _match(self, similarity: Tensor) -> Tensor:
        """InfoNCE both ways over cosines (N, N) whose diagonal holds the pairs."""
        logits = similarity * self.model.logit_scale.exp().clamp(max=100.0)
        target = torch.arange(len(logits), device=logits.device)
        return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2

    def _paraphrase(self, batch: TextBatch) -> Tensor:
        """Captions of one video or image find each other among those of others."""
        vectors = self._embed([*batch.sentences, *batch.paraphrases])
        half = len(batch.sentences)
        return self._match(vectors[:half] @ vectors[half:].T)

    def _align(self, batch: VideoBatch, texts: Tensor, videos: Tensor) -> Tensor:
        """Whether text and video belong together, by one pass over both with nothing hidden."""
        sources, matched = mismatch_texts((texts @ videos.T).detach(), 1)
        outputs = self.model.encoder(*self._tokenize([batch.texts[one] for one in sources], "[>]"), **batch.video)
        return self._alignment(outputs, texts[sources], videos, matched)

    def _alignment(self, outputs: VideoBertOutput, texts: Tensor, videos: Tensor, matched: Tensor) -> Tensor:
        logits = self.model.predict_alignment(outputs, texts, videos).float()
        return functional.binary_cross_entropy_with_logits(logits, matched.float().to(logits.device))

    def _joint(self, batch: VideoBatch, vectors: tuple[Tensor, Tensor] | None, seed: int) -> dict[str, Tensor]:
        """One pass over text and video together with words and segments hidden, on every `joint_stride`-th video.

        Given the unit vectors of texts and videos that were read apart, it computes the alignment loss as well. Without
        them, the batch for the contrast computes that loss, with nothing hidden.
        """
        generator = torch.Generator().manual_seed(seed)
        stride = self._config.joint_stride
        sources = list(range(0, len(batch.texts), stride))
        matched = torch.ones(len(sources), dtype=torch.bool)
        if vectors is not None:
            sources, matched = mismatch_texts((vectors[0] @ vectors[1].T).detach(), stride)
        video = {name: value[::stride] for name, value in batch.video.items()}
        ids, mask = self._tokenize([batch.texts[one] for one in sources], "[>]")
        maskable = mask.cpu() & ~torch.isin(ids.cpu(), self._special_ids)
        corrupted, labels = mask_words(
            ids.cpu(), maskable, self._tokenizer.mask_token_id, self.model.config.encoder.vocab_size, generator
        )
        hidden_segments = draw_hidden_segments(video["frame_mask"], generator)
        device = self.model.device
        outputs = self.model.encoder(
            input_ids=corrupted.to(device),
            attention_mask=mask,
            **video,
            segment_mask=hidden_segments.to(device),
        )
        losses = {}
        rows = matched[:, None]
        hidden_words = (labels != IGNORED) & rows
        if self._weights.masked_words > 0:
            states = outputs.layout.text(outputs.last_hidden_state)[hidden_words.to(device)]
            seen = self.model.mean_video_state(outputs)[hidden_words.nonzero(as_tuple=True)[0].to(device)]
            logits = self.model.predict_words(states, seen)
            losses["masked_words"] = _mean_cross_entropy(logits, labels[hidden_words].to(device))
        if self._weights.masked_visual_words > 0:
            hidden = hidden_segments & rows
            logits = self.model.predict_visual_words(outputs.segment_states()[hidden.to(device)])
            losses["masked_visual_words"] = _mean_cross_entropy(logits, outputs.visual_word_ids[hidden.to(device)])
        if vectors is not None:
            losses["alignment"] = self._alignment(outputs, vectors[0][sources], vectors[1][::stride], matched)
        return losses

    def _infilling(self, sentences: list[str], seed: int) -> Tensor:
        """Text alone: the encoder reads sentences with holes, the decoder writes them whole."""
        random = np.random.default_rng(seed)
        tokenizer, size = self._tokenizer, self.model.config.decoder.vocab_size
        encoded = tokenizer(sentences, add_special_tokens=False, truncation=True, max_length=MAX_TEXT_TOKENS).input_ids
        encoded = [ids or [tokenizer.unk_token_id] for ids in encoded]
        holed = [corrupt_spans(ids, tokenizer.mask_token_id, random) for ids in encoded]
        width = max(map(len, holed)) + 2
        rows = [[tokenizer.cls_token_id, *ids, tokenizer.sep_token_id] for ids in holed]
        ids = torch.tensor([row + [tokenizer.pad_token_id] * (width - len(row)) for row in rows]).to(self.model.device)
        outputs = self.model.encoder(ids, ids != tokenizer.pad_token_id)
        writer = self._writer
        if not self._processor.shares_words:
            encoded = writer(sentences, add_special_tokens=False, truncation=True, max_length=MAX_TEXT_TOKENS).input_ids
        targets = [[[token if token < size else writer.unk_token_id for token in ids]] for ids in encoded]
        packed = pack_captions(targets, writer.cls_token_id, writer.sep_token_id, writer.pad_token_id)
        return self._caption(outputs, packed)


def _mean_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean loss; 0, with a gradient of 0, when nothing was masked."""
    return functional.cross_entropy(logits.float(), targets, reduction="sum") / max(1, len(targets))
