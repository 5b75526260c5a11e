"""Self-critical training: of the sentences that the model writes, those that earn more than the others become likelier.

A sentence earns its CIDEr-D against what people wrote of the video (arXiv 1612.00563). The sentences are those of a
beam search (arXiv 1912.08226, section 3.3), and the baseline of each is the mean of the others (arXiv 2003.09971).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from videobert_demo.model.beam_search import Sentence, search_beams
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration, VideoBertOutput
from videobert_demo.model.packing import IGNORED, pack_captions
from videobert_demo.model.tokenizers import Tokenizer
from videobert_demo.training.consensus import Consensus, CookedSentence, KnownPhrases, normalise

MAX_SAMPLE_TOKENS = 22


@dataclass(frozen=True)
class Rewards:
    """Rewards sentences.

    Attributes:
        writer: the decoder's tokenizer.
        references: per training video what people wrote, cooked.
        known_phrases: the phrases that people wrote; a sentence pays `unknown_phrase_cost` for each of its phrases that
            is not among them.
    """

    writer: Tokenizer
    consensus: Consensus
    references: Sequence[Sequence[CookedSentence]]
    known_phrases: KnownPhrases | None = None
    unknown_phrase_cost: float = 0.0

    def of(self, written: Sequence[Sequence[Sentence]], videos: Sequence[int]) -> Tensor:
        """The rewards (B, n) of n sentences for each of B videos.

        Args:
            written: per video its sentences, as a beam search gives them.
            videos: (B,) the videos' indices in the training list.
        """
        return torch.tensor(
            [
                [self._reward(sentence.ids, self.references[video]) for sentence in sentences]
                for sentences, video in zip(written, videos, strict=True)
            ]
        )

    def _reward(self, ids: list[int], references: Sequence[CookedSentence]) -> float:
        (text,) = self.writer.batch_decode([ids], skip_special_tokens=True)
        sentence = normalise(text.replace(" ' ", "'"))
        is_finished = ids[-1] == self.writer.sep_token_id
        reward = self.consensus.score(
            self.consensus.cook(sentence if is_finished else f"{sentence} unfinished"), references
        )
        if self.known_phrases is not None:
            reward -= self.unknown_phrase_cost * self.known_phrases.unknown(sentence)
        return reward


def advantages(rewards: Tensor) -> Tensor:
    """How much more each sentence (B, n) earns than the mean of its video's others.

    In units of the spread over the batch, so that the loss keeps its weight against the others.
    """
    baseline = (rewards.sum(1, keepdim=True) - rewards) / (rewards.shape[1] - 1)
    advantage = rewards - baseline
    return advantage / advantage.std().clamp(min=1e-3)


def self_critical_losses(
    model: VideoBertForConditionalGeneration,
    video: Mapping[str, Tensor],
    outputs: VideoBertOutput,
    rewards: Rewards,
    videos: Sequence[int],
    samples: int,
) -> dict[str, Tensor]:
    """The loss "self_critical", and the mean "reward" of the sentences.

    Args:
        video: the batch's features, which are encoded again without dropout for the search while the model trains.
        outputs: of the encoder for `video`.
        videos: (B,) the videos' indices in the training list.
        samples: how many sentences are written for each.
    """
    writer, training = rewards.writer, model.training
    end = writer.sep_token_id
    model.train(False)
    with torch.no_grad():
        frozen = model.encoder(**video) if training else outputs
        written = search_beams(
            model, frozen, beams=samples, max_tokens=MAX_SAMPLE_TOKENS, banned_ids=(writer.unk_token_id,)
        )
    model.train(training)
    earned = rewards.of(written, videos)  # (B, samples)
    advantage = advantages(earned).to(model.device)
    bare = [
        [ids[:-1] if ids[-1] == end else ids for ids, _ in sentences]  # packing adds the end
        for sentences in written
    ]
    packed = pack_captions(bare, writer.cls_token_id, end, writer.pad_token_id).to(model.device)
    hidden = model.decode_packed(outputs, packed.decoder_input_ids, packed.visible, packed.positions)
    real = packed.labels != IGNORED
    log_probabilities = model.caption_logits(hidden[real]).float().log_softmax(-1)
    chosen = log_probabilities.gather(1, packed.labels[real][:, None])[:, 0]  # (tokens,)
    worth = advantage.gather(1, packed.sentence_ids.clamp(min=0))[real]
    return {"self_critical": -(worth * chosen).mean(), "reward": earned.mean()}
