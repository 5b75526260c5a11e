"""VideoBERT with a BART decoder: one BERT stack reads words and frames in one sequence, a BART decoder writes.

    [CLS] w_1 .. w_n [>]   l_1 .. l_K   v_1 p_1,1..P   v_2 p_2,1..P   ..   v_T p_T,1..P   [SEP]
    `---- text part ---'   `----------------------- video part -------------------------'

l_1 .. l_K are the K likeliest ImageNet labels of the clip, as words. Text alone ([CLS] words [SEP]) is plain BERT.
With `streams=2` in the config, text part and video part have a stack each (two_streams.py); all else is the same. With
`answer_rank` the layers have adapters, which are active in the view that answers questions (adapters.py, views.py).
Knows nothing about files, tokenizers or the wording of tasks.
Sources: VideoBERT arXiv 1904.01766, BART arXiv 1910.13461; object labels as text after Oscar, arXiv 2004.06165.

Shapes: B clips, T segments, P patches a frame, K labels, C tower channels, n text tokens, D hidden size,
S = n + K + T (1 + P) + 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoConfig, AutoModel, BartConfig, GenerationMixin
from transformers import initialization as init
from transformers.masking_utils import create_bidirectional_mask
from transformers.modeling_outputs import Seq2SeqLMOutput
from transformers.models.bart.modeling_bart import BartDecoder
from transformers.models.bert.modeling_bert import (
    BertEmbeddings,
    BertEncoder,
    BertLayer,
    BertPredictionHeadTransform,
    BertSelfAttention,
)
from transformers.utils.generic import ModelOutput

from videobert_demo.model.adapters import AdaptedLinear, adapt
from videobert_demo.model.configuration_videobert import VideoBertConfig
from videobert_demo.model.eight_bit_linear import EightBitWeight
from videobert_demo.model.eight_bits import EightBitWeights
from videobert_demo.model.encoders.building import build_encoder
from videobert_demo.model.encoders.contract import SegmentFeatures
from videobert_demo.model.layer_dropout import draw_layers
from videobert_demo.model.linear import linear
from videobert_demo.model.sequence_layout import SequenceLayout, interleave
from videobert_demo.model.two_streams import TwoStreamEncoder, TwoStreamLayer, join_maps
from videobert_demo.model.video_embeddings import VideoEmbeddings
from videobert_demo.model.visual_words import VisualCodebook

INITIALIZER_RANGE = 0.02
ALIGNMENT_SCALE, INITIAL_LIKENESS = 10.0, 0.2
"""The alignment head starts at ten times the distance of text's and video's cosine from 0.2."""
INITIALLY_ZERO = frozenset({"word_evidence"})
"""Weights that older checkpoints lack: at zero they change nothing."""


@dataclass
class VideoBertOutput(ModelOutput):
    """The encoder's output.

    Attributes:
        last_hidden_state: (B, S, D).
        attention_mask: (B, S) bool, True where a token is real.
        layout: which of the S tokens is what.
        kept_patches: (B, T, k) int64, the patches that training did not drop; None where all P are there.
        visual_word_ids: (B, T) int64, or None without video.
        hidden_states, attentions: per layer, only when asked for (attention needs `attn_implementation="eager"`);
            (B, S, D) and (B, heads, S, S). With two streams, a row of a layer that crosses is half self-attention and
            half cross-attention; in the other layers a row covers its own stream only.
    """

    last_hidden_state: Tensor | None = None
    attention_mask: Tensor | None = None
    layout: SequenceLayout | None = None
    kept_patches: Tensor | None = None
    visual_word_ids: Tensor | None = None
    hidden_states: tuple[Tensor, ...] | None = None
    attentions: tuple[Tensor, ...] | None = None

    def parts(self) -> tuple[Tensor, Tensor, SequenceLayout]:
        """What every pass gives: `last_hidden_state`, `attention_mask` and `layout`."""
        assert self.last_hidden_state is not None
        assert self.attention_mask is not None
        assert self.layout is not None
        return self.last_hidden_state, self.attention_mask, self.layout

    def segment_states(self) -> Tensor:
        """The states (B, T, D) of the visual words; of a pass with video."""
        states, _, layout = self.parts()
        return layout.segments(states)


class _VideoPart(NamedTuple):
    """The video part with its closing [SEP]: tokens and mask (B, K + T (1 + P) + 1, ...), and what was found for it."""

    tokens: Tensor
    mask: Tensor
    layout: SequenceLayout
    visual_word_ids: Tensor
    kept_patches: Tensor | None


class VideoBertPreTrainedModel(EightBitWeights):
    """What transformers needs to know about both models: config, initialisation, what must not be split."""

    config_class = VideoBertConfig
    base_model_prefix = "encoder"
    main_input_name = "frame_features"
    # each of these reads its parts' weights directly, so it stays on one device
    _no_split_modules = ["VideoBertModel", "AdaptedDecoder"]  # noqa: RUF012
    supports_gradient_checkpointing = True
    _supports_sdpa = True
    _supports_attention_backend = True
    _can_record_outputs = {"hidden_states": [BertLayer, TwoStreamLayer], "attentions": BertSelfAttention}  # noqa: RUF012

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)  # type: ignore[no-untyped-call]
        if isinstance(module, BertEmbeddings):
            positions = torch.arange(module.position_ids.shape[-1]).expand((1, -1))
            init.copy_(module.position_ids, positions)
            init.zeros_(module.token_type_ids)
        elif isinstance(module, VideoEmbeddings):
            init.normal_(module.masked_segment, std=INITIALIZER_RANGE)
            init.zeros_(module.label_certainty)
        elif isinstance(module, AdaptedLinear):
            module.reset_adapter()
        elif isinstance(module, VideoBertForConditionalGeneration):
            init.zeros_(module.word_bias)
            init.zeros_(module.word_evidence)
            init.zeros_(module.caption_bias)
            init.constant_(module.logit_scale, 3.0)
            init.ones_(module.alignment_weights)
            init.constant_(module.alignment_middle, INITIAL_LIKENESS)


class VideoBertModel(VideoBertPreTrainedModel):
    """The encoder, of one stream or two, with its visual codebook and frame tower."""

    def __init__(self, config: VideoBertConfig) -> None:
        super().__init__(config)
        for part in (config.encoder, config.decoder):
            part._attn_implementation = config._attn_implementation
        self.frame_tower = build_encoder(config.vision, config.frame_channels, config.label_count)
        self.codebook = VisualCodebook(config.codebook_branching, config.codebook_levels, config.frame_channels)
        self.text_embeddings = BertEmbeddings(config.encoder)
        self.video_embeddings = VideoEmbeddings(config)
        self.layers = BertEncoder(config.encoder) if config.streams == 1 else TwoStreamEncoder(config.encoder)
        if config.answer_rank:
            adapt(self.layers, config.answer_rank)
        self.post_init()  # type: ignore[no-untyped-call]

    def encode_images(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Prepared images (N, 3, H, W), or tubelets, -> pooled features (N, C) and patch features (N, P, C)."""
        return self.pool_segments(self.frame_tower.encode(images))

    def _look(self, images: Tensor, frame_mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """Prepared segments (B, T, ...) -> their features (B, T, C) and (B, T, P, C); 0 for padding."""
        if frame_mask is None:
            frame_mask = torch.ones(images.shape[:2], dtype=torch.bool, device=images.device)
        pooled, patches = self.encode_images(images[frame_mask])  # (N, C), (N, P, C)
        whole = pooled.new_zeros(*images.shape[:2], *pooled.shape[1:])
        patchwise = patches.new_zeros(*images.shape[:2], *patches.shape[1:])
        where = frame_mask.nonzero(as_tuple=True)
        return whole.index_put(where, pooled), patchwise.index_put(where, patches)

    def pool_segments(self, features: SegmentFeatures) -> tuple[Tensor, Tensor]:
        """What the frame encoder saw -> pooled (N, C) and patches (N, P, C) of the config's grid, row by row."""
        patches = functional.adaptive_avg_pool2d(features.maps, self.config.grid_shape).flatten(2).transpose(1, 2)
        return features.pooled, patches

    def find_labels(self, frame_features: Tensor, frame_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Pooled features (B, T, C) and their mask (B, T) -> the K likeliest labels of each clip, the likeliest first.

        A label's probability is that in the frame where it is highest. K is 0 with an encoder that tells no labels.

        Returns:
            Label ids (B, K) int64 and probabilities (B, K).
        """
        if self.frame_tower.classifier is None:
            none = frame_features.new_zeros(len(frame_features), 0)
            return none.long(), none
        probabilities = self.frame_tower.classifier(frame_features).float().softmax(-1)  # (B, T, labels)
        probabilities = probabilities.masked_fill(~frame_mask[:, :, None], 0.0).amax(1)
        best = probabilities.topk(min(self.config.labels_per_clip, self.config.label_count), dim=-1)
        return best.indices, best.values

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        frame_features: Tensor | None = None,
        patch_features: Tensor | None = None,
        frame_mask: Tensor | None = None,
        patch_mask: Tensor | None = None,
        segment_mask: Tensor | None = None,
        label_ids: Tensor | None = None,
        label_probabilities: Tensor | None = None,
        images: Tensor | None = None,
        **kwargs: Any,
    ) -> VideoBertOutput:
        """Encodes text, video or both.

        Args:
            input_ids: (B, n) `[CLS] words [SEP]` without video, `[CLS] words [>]` with; None means `[CLS] [>]`.
            attention_mask: (B, n), 1 for real tokens; None means all are.
            frame_features: (B, T, C) pooled tower features.
            patch_features: (B, T, P, C).
            frame_mask: (B, T) bool, True for real frames; None means all are.
            patch_mask: (B, T, P) bool, True for patches that count; None means all do. A segment without any is left
                out as a whole, labels included; the others keep their moments in time.
            segment_mask: (B, T) bool, True for segments that are hidden behind a mask token.
            label_ids, label_probabilities: (B, K), in place of the tower's own labels of the frames; a label with
                probability 0 counts as absent.
            images: (B, T, ...) prepared segments, in place of their features, for a frame encoder that learns.
            kwargs: `output_attentions`, `output_hidden_states`.
        """
        if images is not None:
            frame_features, patch_features = self._look(images, frame_mask)
        if input_ids is None and frame_features is None:
            raise ValueError("give input_ids, frame_features or both")
        if input_ids is None:
            assert frame_features is not None
            opening = torch.tensor(
                [self.config.text_start_id, self.config.video_token_id], device=frame_features.device
            )
            input_ids = opening.expand(len(frame_features), 2)
        tokens = self.text_embeddings(input_ids)  # (B, n, D)
        mask = torch.ones_like(input_ids, dtype=torch.bool) if attention_mask is None else attention_mask.bool()
        layout = SequenceLayout.of_text(tokens.shape[1])
        video: _VideoPart | None = None
        if frame_features is not None:
            if patch_features is None:
                raise ValueError("frame_features come with patch_features")
            labels = None if label_ids is None or label_probabilities is None else (label_ids, label_probabilities)
            video = self._read_video(
                layout.text_length, frame_features, patch_features, frame_mask, patch_mask, segment_mask, labels
            )
            tokens = torch.cat([tokens, video.tokens.to(tokens.dtype)], dim=1)  # (B, S, D)
            mask, layout = torch.cat([mask, video.mask], dim=1), video.layout  # (B, S)
        bias = create_bidirectional_mask(config=self.config.encoder, inputs_embeds=tokens, attention_mask=mask)
        hidden, hidden_states, attentions = self._run_layers(tokens, bias, layout.text_length, **kwargs)
        return VideoBertOutput(
            last_hidden_state=hidden,
            attention_mask=mask,
            layout=layout,
            kept_patches=None if video is None else video.kept_patches,
            visual_word_ids=None if video is None else video.visual_word_ids,
            hidden_states=hidden_states,
            attentions=attentions,
        )

    def _read_video(
        self,
        text_length: int,
        frame_features: Tensor,
        patch_features: Tensor,
        frame_mask: Tensor | None,
        patch_mask: Tensor | None,
        segment_mask: Tensor | None,
        labels: tuple[Tensor, Tensor] | None,
    ) -> _VideoPart:
        """The part behind `text_length` tokens; the other arguments are those of `forward`."""
        if frame_mask is None:
            frame_mask = torch.ones(frame_features.shape[:2], dtype=torch.bool, device=frame_features.device)
        frame_mask = frame_mask.bool()
        if patch_mask is None:
            patch_mask = torch.ones(patch_features.shape[:3], dtype=torch.bool, device=frame_features.device)
        if patch_mask.shape != patch_features.shape[:3]:
            raise ValueError(f"patch_mask is {tuple(patch_mask.shape)}, of patches {tuple(patch_features.shape)}")
        patch_mask = patch_mask.bool() & frame_mask[:, :, None]
        counts = frame_mask & patch_mask.any(-1)  # (B, T)
        with torch.no_grad():
            word_ids = self.codebook(frame_features)
            if labels is None:
                labels = self.find_labels(frame_features, counts if segment_mask is None else counts & ~segment_mask)
        label_ids, label_probabilities = labels
        kept_patches = self._draw_patches(patch_features)
        if kept_patches is not None:
            patch_mask = patch_mask.gather(2, kept_patches)
        video = self.video_embeddings(
            frame_features,
            patch_features,
            label_ids,
            label_probabilities,
            word_ids,
            frame_mask,
            segment_mask,
            kept_patches,
            self.text_embeddings.token_type_embeddings.weight[1],
        )
        ids = torch.full((len(video), 1), self.config.text_end_id, device=video.device)
        closing = self.text_embeddings(ids, token_type_ids=torch.ones_like(ids))  # (B, 1, D)
        labels_mask = label_probabilities > 0  # none where every segment is hidden
        real = interleave(counts, patch_mask)  # (B, T (1 + P))
        return _VideoPart(
            tokens=torch.cat([video.to(closing.dtype), closing], dim=1),
            mask=torch.cat([labels_mask, real, torch.ones_like(ids, dtype=torch.bool)], dim=1),
            layout=SequenceLayout(text_length, label_ids.shape[1], frame_mask.shape[1], patch_mask.shape[2]),
            visual_word_ids=word_ids,
            kept_patches=kept_patches,
        )

    def _draw_patches(self, patch_features: Tensor) -> Tensor | None:
        """In training, the patches (B, T, k) that each frame keeps, in order; None when all are kept."""
        if not self.training or self.config.patch_dropout <= 0:
            return None
        kept = max(1, round((1 - self.config.patch_dropout) * patch_features.shape[2]))
        order = torch.rand(patch_features.shape[:3], device=patch_features.device).argsort(-1)
        return order[..., :kept].sort(-1).values

    def _run_layers(
        self,
        tokens: Tensor,
        bias: Any,
        text_length: int,
        output_attentions: bool = False,
        output_hidden_states: bool = False,
        **_: Any,
    ) -> tuple[Tensor, tuple[Tensor, ...] | None, tuple[Tensor, ...] | None]:
        split: dict[str, int] = {} if self.config.streams == 1 else {"text_length": text_length}
        drops = self.training and self.config.layer_dropout > 0
        if not (output_attentions or output_hidden_states or drops):
            return self.layers(tokens, attention_mask=bias, **split).last_hidden_state, None, None
        if output_attentions and self.config.encoder._attn_implementation != "eager":
            raise ValueError('attention maps need attn_implementation="eager"')
        hidden_states = [tokens]
        attentions: list[Tensor] = []
        for layer in draw_layers(self.layers.layer, self.config.layer_dropout if drops else 0.0):
            assert isinstance(layer, BertLayer | TwoStreamLayer)
            with _captured_attention(layer.attention, attentions) if output_attentions else nullcontext():
                tokens = layer(tokens, bias, **split)
            hidden_states.append(tokens)
        return (
            tokens,
            tuple(hidden_states) if output_hidden_states else None,
            tuple(attentions) if output_attentions else None,
        )


@contextmanager
def _captured_attention(module: nn.Module, kept: list[Tensor]) -> Iterator[None]:
    """Inside, a layer's attention weights (B, heads, S, S) are appended to `kept`; the hook is always removed."""
    handle = module.register_forward_hook(lambda _module, _inputs, output: kept.append(join_maps(output[1])))
    try:
        yield
    finally:
        handle.remove()


class AdaptedDecoder(BartDecoder):
    """A BART decoder whose layers have adapters of rank `rank`; 0 for none."""

    def __init__(self, config: BartConfig, rank: int) -> None:
        super().__init__(config)
        if rank:
            adapt(self.layers, rank)

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)  # type: ignore[no-untyped-call]
        if isinstance(module, AdaptedLinear):  # transformers asks the decoder itself for what lies within it
            module.reset_adapter()


class VideoBertForConditionalGeneration(VideoBertPreTrainedModel, GenerationMixin):
    """Encoder, four heads and the BART decoder: the whole model.

    The heads are for masked words (tied to the word embeddings), masked visual words, alignment on [CLS], contrastive
    projections and, where the config has labels for them, the clip's category, verb and object.
    """

    eight_bit_words: EightBitWeight | None = None  # the decoder's embeddings, where it computes in 8 bits

    def __init__(self, config: VideoBertConfig) -> None:
        super().__init__(config)
        width = config.encoder.hidden_size
        self.encoder = VideoBertModel(config)
        self.decoder = AdaptedDecoder(config.decoder, config.answer_rank)
        written = int(config.decoder.d_model or width)
        self.bridge = nn.Linear(width, written) if width != written else None
        self.caption_bias = nn.Parameter(torch.zeros(config.decoder.vocab_size))
        self.word_transform = BertPredictionHeadTransform(config.encoder)
        self.word_bias = nn.Parameter(torch.zeros(config.encoder.vocab_size))
        self.word_evidence = nn.Parameter(torch.zeros(width, width))
        self.visual_word_transform = BertPredictionHeadTransform(config.encoder)
        self.visual_word_head = nn.Linear(width, config.codebook_size)
        self.alignment_transform = nn.Linear(width, width)
        self.alignment_head = nn.Linear(width, 1)
        self.alignment_weights = nn.Parameter(torch.ones(config.projection_size))
        self.alignment_middle = nn.Parameter(torch.tensor(INITIAL_LIKENESS))
        self.text_projection = nn.Linear(width, config.projection_size, bias=False)
        self.video_projection = nn.Linear(width, config.projection_size, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(3.0))
        for head, names in self.head_labels().items():
            self.register_module(f"{head}_head", nn.Linear(width, len(names)) if names else None)
        mentioned = len(config.mentioned_words)
        self.register_module("mention_head", nn.Linear(config.projection_size, mentioned) if mentioned else None)
        strangeness = nn.Linear(config.frame_channels, 1) if config.tells_strangeness else None
        self.register_module("strangeness_head", strangeness)
        self.post_init()  # type: ignore[no-untyped-call]

    def get_encoder(self, modality: str | None = None) -> nn.Module:
        """The encoder, which `generate` calls once."""
        return self.encoder

    def get_decoder(self, modality: str | None = None) -> nn.Module:
        """The BART decoder."""
        return self.decoder

    def get_input_embeddings(self) -> nn.Module:
        """The encoder's word embeddings."""
        embeddings: nn.Module = self.encoder.text_embeddings.word_embeddings
        return embeddings

    # heads ------------------------------------------------------------------------------------------------------

    def predict_words(self, hidden: Tensor, seen: Tensor | None = None) -> Tensor:
        """States (..., D) of the text part -> logits over the words (..., vocabulary).

        Args:
            seen: (..., D), the mean of the video part of the same pass; None for a pass without video.
        """
        if seen is not None:
            hidden = hidden + functional.linear(seen, self.word_evidence)
        weight = self.encoder.text_embeddings.word_embeddings.weight
        return linear(self.word_transform(hidden), weight, self.word_bias)

    def predict_visual_words(self, hidden: Tensor) -> Tensor:
        """(..., D) -> logits over the visual words (..., codebook size)."""
        logits: Tensor = self.visual_word_head(self.visual_word_transform(hidden))
        return logits

    def predict_alignment(self, outputs: VideoBertOutput, texts: Tensor, videos: Tensor) -> Tensor:
        """Logits (B,) that text and video belong together: from [CLS] of a joint pass, and from both read apart.

        The vectors meet in an element-wise product, as in ViLBERT (arXiv 1908.02265, section 3.2).

        Args:
            outputs: the joint pass.
            texts: unit vectors (B, projection) by `embed_text`, from a pass without video.
            videos: unit vectors (B, projection) by `embed_video`, from a pass without text.
        """
        assert outputs.last_hidden_state is not None
        first = torch.tanh(self.alignment_transform(outputs.last_hidden_state[:, 0]))
        likeness = (texts * videos * self.alignment_weights).sum(-1) - self.alignment_middle
        logits: Tensor = self.alignment_head(first)[:, 0] + ALIGNMENT_SCALE * likeness
        return logits

    def embed_text(self, outputs: VideoBertOutput) -> Tensor:
        """Unit vectors (B, projection) of a text-only pass: the projected mean of all real tokens."""
        states, mask, _ = outputs.parts()
        return functional.normalize(self.text_projection(_mean(states, mask)), dim=-1)

    def embed_video(self, outputs: VideoBertOutput) -> Tensor:
        """Unit vectors (B, projection) of a pass with video: the projected mean of the video part."""
        states, mask, layout = outputs.parts()
        return functional.normalize(_mean(self.video_projection(layout.video(states)), layout.video(mask)), dim=-1)

    def project_patches(self, outputs: VideoBertOutput) -> Tensor:
        """The patches of a pass with video, projected but not normalised: (B, T, P, projection)."""
        states, _, layout = outputs.parts()
        projected: Tensor = self.video_projection(layout.patches(states))
        return projected

    def head_labels(self) -> dict[str, list[str]]:
        """The labels of the heads "category", "verb", "object" and "action", in order; none where there is no head."""
        config = self.config
        return {"category": config.categories, "verb": config.verbs, "object": config.objects, "action": config.actions}

    def mean_video_state(self, outputs: VideoBertOutput) -> Tensor:
        """The mean (B, D) of the video part of a pass with video."""
        states, mask, layout = outputs.parts()
        return _mean(layout.video(states), layout.video(mask))

    def predict_head(self, outputs: VideoBertOutput, head: str) -> Tensor:
        """Logits (B, labels) of the head "category", "verb", "object" or "action", from the mean of the video part.

        Raises:
            ValueError: the config gives that head no labels.
        """
        if not self.head_labels()[head]:
            raise ValueError(f"this model has no {head} head")
        logits: Tensor = self.get_submodule(f"{head}_head")(self.mean_video_state(outputs))
        return logits

    # decoder ----------------------------------------------------------------------------------------------------

    def forward(
        self,
        decoder_input_ids: Tensor | None = None,
        encoder_outputs: VideoBertOutput | None = None,
        past_key_values: Any = None,
        use_cache: bool | None = None,
        decoder_attention_mask: Tensor | None = None,
        output_attentions: bool = False,
        **encoder_inputs: Any,
    ) -> Seq2SeqLMOutput:
        """Next-word logits (B, m, decoder vocabulary) for decoder_input_ids (B, m).

        `encoder_inputs` are those of `VideoBertModel.forward`, unless `encoder_outputs` is given.
        """
        if encoder_outputs is None:
            encoder_inputs.pop("cache_position", None)
            encoder_outputs = self.encoder(**encoder_inputs, output_attentions=output_attentions)
        if decoder_input_ids is None:
            start = self.config.decoder_start_token_id
            assert encoder_outputs.last_hidden_state is not None
            decoder_input_ids = torch.full((len(encoder_outputs.last_hidden_state), 1), start, device=self.device)
        decoded = self.decoder(
            input_ids=decoder_input_ids,
            attention_mask=decoder_attention_mask,
            encoder_hidden_states=self.as_decoder_reads(encoder_outputs),
            encoder_attention_mask=encoder_outputs.attention_mask,
            past_key_values=past_key_values,
            use_cache=use_cache,
            output_attentions=output_attentions,
        )
        return Seq2SeqLMOutput(
            logits=self.caption_logits(decoded.last_hidden_state),
            past_key_values=decoded.past_key_values,
            decoder_attentions=decoded.attentions,
            cross_attentions=decoded.cross_attentions,
            encoder_last_hidden_state=encoder_outputs.last_hidden_state,
            encoder_attentions=encoder_outputs.attentions,
        )

    def generate(self, *args: Any, **kwargs: Any) -> Any:
        """`GenerationMixin.generate`, without its side effect on `encoder_outputs`: it repeats their rows in place.

        A question belongs to the encoder's inputs; transformers takes `input_ids` here for the start of the answer.
        The app itself writes with `beam_search.search_beams`, which finds the same sentences faster.
        """
        if kwargs.get("encoder_outputs") is not None:
            kwargs["encoder_outputs"] = VideoBertOutput(**kwargs["encoder_outputs"])
        return super().generate(*args, **kwargs)  # type: ignore[misc]  # the mixin's `self` is a protocol

    def as_decoder_reads(self, outputs: VideoBertOutput) -> Tensor:
        """The encoder's states (B, S, D) in the decoder's width, which a bridge changes where the two differ."""
        states = outputs.last_hidden_state
        assert states is not None
        return states if self.bridge is None else self.bridge(states)

    def caption_logits(self, hidden: Tensor) -> Tensor:
        """The decoder's states (..., D) -> next-word logits (..., decoder vocabulary); tied to its embeddings."""
        words = self.decoder.embed_tokens
        return linear(hidden, words.weight, self.caption_bias.to(hidden.device), self.eight_bit_words)

    def decode_packed(
        self, encoder_outputs: VideoBertOutput, decoder_input_ids: Tensor, visible: Tensor, positions: Tensor
    ) -> Tensor:
        """Teacher forcing over several sentences of each clip at once, which share the clip's keys and values.

            decoder_input_ids   [CLS] a  dog runs [CLS] a  brown dog  [PAD]
            positions             0   1   2   3     0   1    2    3     0

        Args:
            decoder_input_ids, positions: (B, m).
            visible: (B, m, m) bool, the tokens that each token reads, itself included (packing.py).

        Returns:
            The decoder's last hidden states (B, m, D); `caption_logits` of them equal what `forward` gives for each
            sentence by itself.
        """
        decoder, visible = self.decoder, visible[:, None]  # (B, 1, m, m)
        assert encoder_outputs.attention_mask is not None
        source = encoder_outputs.attention_mask[:, None, None, :].expand(-1, 1, visible.shape[2], -1)  # (B, 1, m, S)
        embedded = nn.Embedding.forward(decoder.embed_positions, positions + decoder.embed_positions.offset)
        hidden: Tensor = decoder.layernorm_embedding(decoder.embed_tokens(decoder_input_ids) + embedded)
        hidden = functional.dropout(hidden, p=decoder.dropout or 0.0, training=self.training)
        encoded = self.as_decoder_reads(encoder_outputs)
        for layer in draw_layers(decoder.layers, self.config.layer_dropout if self.training else 0.0):
            hidden = layer(
                hidden,
                _as_bias(visible, hidden),
                encoded,
                encoder_attention_mask=_as_bias(source, hidden),
            )
        return hidden


def _as_bias(allowed: Tensor, like: Tensor) -> Tensor:
    """A boolean mask as the additive bias that both eager and sdpa attention take."""
    bias = torch.zeros(allowed.shape, dtype=like.dtype, device=like.device)
    return bias.masked_fill(~allowed, torch.finfo(like.dtype).min)


def _mean(tokens: Tensor, mask: Tensor) -> Tensor:
    """(B, S, D) and (B, S) bool -> the mean over real tokens (B, D)."""
    weights = mask.to(tokens.device, tokens.dtype)[:, :, None]
    return (tokens * weights).sum(1) / weights.sum(1).clamp(min=1)


AutoConfig.register(VideoBertConfig.model_type, VideoBertConfig)
AutoModel.register(VideoBertConfig, VideoBertForConditionalGeneration)
