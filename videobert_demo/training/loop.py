"""The training loop: an accelerate program, seeded, resumable, with an averaged copy of the weights.

Every random draw comes from (seed, step, process): a resumed run repeats exactly what an uninterrupted one does.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import torch
from accelerate import Accelerator, DistributedDataParallelKwargs
from accelerate.state import AcceleratorState
from accelerate.utils import set_seed
from torch import nn
from tqdm.auto import tqdm

from videobert_demo.errors import DataError
from videobert_demo.model.adapters import ADAPTERS
from videobert_demo.model.encoders.building import digest_weights
from videobert_demo.model.encoders.contract import train_blocks
from videobert_demo.model.modeling_videobert import VideoBertForConditionalGeneration
from videobert_demo.model.processing_videobert import Words
from videobert_demo.training.averaging import WeightAverage
from videobert_demo.training.batches import BatchMaker
from videobert_demo.training.checkpoints import load_state, save_model, save_state
from videobert_demo.training.config import TrainingConfig
from videobert_demo.training.gradients import accumulate_gradients, clip_gradients
from videobert_demo.training.objectives import Objectives
from videobert_demo.training.patience import Patience
from videobert_demo.training.schedule import rate_of_step
from videobert_demo.training.sharding import prepare_sharding, whole
from videobert_demo.training.trackers import choose_trackers, start_trackers
from videobert_demo.training.validation import HeldOut

_LARGE_PRIME = 1_000_003
HEADS = ("word_transform.", "word_bias", "word_evidence", "visual_word_", "alignment_")
"""Where the names of the heads' weights begin; the word head's matrix is the encoder's word embeddings, and stays."""

PRETRAINED = ("encoder.text_embeddings.", "encoder.layers.", "encoder.frame_tower.", "text_projection.")
CROSSING_OUTPUTS = (".text_to_video.output.", ".video_to_text.output.")
"""The parts of pre-trained layers that start at zero (training/initialise.py)."""


def build_optimizer(model: VideoBertForConditionalGeneration, config: TrainingConfig) -> torch.optim.AdamW:
    """AdamW; the pre-trained text stack learns at `encoder_learning_rate`, all else at `learning_rate`.

    Both streams' stacks are pre-trained, except for the outputs of the attention to the other stream.
    Freezes the frame encoder except for its last `tower_blocks` blocks, and all but the heads or the adapters if only
    those are trained.

    Raises:
        DataError: the frame encoder has fewer blocks than are to learn.
    """
    try:
        train_blocks(model.encoder.frame_tower, config.tower_blocks)
    except ValueError as error:
        raise DataError(f"tower_blocks is {config.tower_blocks}: {error}") from error
    if config.trained != "all":
        heads, answers = "heads" in config.trained, "answers" in config.trained
        for name, value in model.named_parameters():
            value.requires_grad_((heads and name.startswith(HEADS)) or (answers and name.endswith(ADAPTERS)))
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, value in model.named_parameters():
        if value.requires_grad:
            pretrained = name.startswith(PRETRAINED)
            pretrained = pretrained and not any(part in name for part in CROSSING_OUTPUTS)
            decays = value.ndim > 1 and "embeddings" not in name and "embed_" not in name
            groups.setdefault((pretrained, decays), []).append(value)
    return torch.optim.AdamW(
        [
            {
                "params": values,
                "lr": config.encoder_learning_rate if pretrained else config.learning_rate,
                "weight_decay": config.weight_decay if decays else 0.0,
            }
            for (pretrained, decays), values in groups.items()
        ],
        betas=(0.9, 0.98),
    )


def train(
    model: VideoBertForConditionalGeneration,
    tokenizer: Words,
    batches: BatchMaker,
    config: TrainingConfig,
    out: Path,
    *,
    resume: bool = False,
    cpu: bool = False,
    stop_after: int | None = None,
) -> dict[str, float]:
    """Trains and writes the averaged weights to `out`; returns the mean losses of the last logging window.

    With `patience` in the config it ends when the loss on held-out videos no longer falls, and the best weights are
    written; those from before training count as well. Of several processes only the main one writes and returns
    something.

    Args:
        resume: continue from the state in `out`, if there is one.
        stop_after: stop after this many steps in all, as an interruption would; the state is kept.

    Raises:
        CheckpointError: the state in `out` was written by a run with other settings.
        DataError: no objective is wanted, or no held-out video is there to be patient about.
        FloatingPointError: a gradient is not finite.
    """
    run = Run(model, tokenizer, batches, config, out, cpu=cpu)
    first = run.resume() if resume else 0
    if first == 0:
        run.check(0)
    last = min(config.steps, stop_after or config.steps)
    window, means = dict[str, list[float]](), dict[str, float]()
    bar = tqdm(range(first, last), initial=first, total=config.steps, desc="train", disable=not run.is_main)
    for step in bar:
        if run.patience.is_over:
            break
        for name, loss in run.step(step):
            window.setdefault(name, []).append(loss)
        if (step + 1) % config.validate_every == 0 or step + 1 == config.steps:
            run.check(step + 1)
        ends = step + 1 == last or run.patience.is_over
        if (step + 1) % config.log_every == 0 or ends:
            means = {name: sum(values) / len(values) for name, values in window.items()}
            window.clear()
            _report(run.accelerator, out, step + 1, means, bar)
        if (step + 1) % config.save_every == 0 or ends:
            run.save(step + 1)
    run.accelerator.end_training()
    return means if run.is_main else {}


class Run:
    """One process's share of a run: model, optimiser, average of the weights, and the loss on held-out videos."""

    def __init__(
        self,
        model: VideoBertForConditionalGeneration,
        tokenizer: Words,
        batches: BatchMaker,
        config: TrainingConfig,
        out: Path,
        *,
        cpu: bool,
    ) -> None:
        _check_something_to_learn(config)
        self._config, self._out, self._batches, self._tokenizer = config, out, batches, tokenizer
        self.accelerator = _make_accelerator(config, out, cpu=cpu)
        self.is_main = self.accelerator.is_main_process
        optimizer = build_optimizer(model, config)
        self._scheduler = torch.optim.lr_scheduler.LambdaLR(
            optimizer,
            lambda step: rate_of_step(step, config.steps, warmup_steps=config.warmup_steps, final=config.final_rate),
        )
        prepare_sharding(self.accelerator, model, config)
        objectives = Objectives(model, tokenizer, config, batches.rewards)
        self._objectives, self._optimizer = self.accelerator.prepare(objectives, optimizer)
        start_trackers(self.accelerator, asdict(config), out)
        self._model: VideoBertForConditionalGeneration = self.accelerator.unwrap_model(self._objectives).model
        self._average = WeightAverage(self._model, config.average_decay)
        self._held_out = HeldOut(batches.store, tokenizer, config, pixels=batches.pixels) if config.patience else None
        self.patience = Patience(config.patience)
        self._objectives.train()

    def resume(self) -> int:
        """Goes on from the state on disk; the step that it was written at, 0 without one."""
        return load_state(
            self._out, self._model, self._optimizer, self._scheduler, self._average, self._config, self.patience
        )

    def step(self, step: int) -> list[tuple[str, float]]:
        """One step of the optimiser; the losses by name."""
        config, rank, world = self._config, self.accelerator.process_index, self.accelerator.num_processes
        seed = (config.seed * _LARGE_PRIME + step) * 64 + rank
        set_seed(seed % 2**32)
        parts = config.accumulation_steps
        found = []
        for part in range(parts):
            work = self._batches.of_step(step * parts + part, rank, world)
            found += accumulate_gradients(
                self.accelerator, self._objectives, work, seed + _LARGE_PRIME * part, config, is_last=part + 1 == parts
            )
        clip_gradients(self.accelerator, self._model, config.gradient_norm, step)
        self._optimizer.step()
        self._scheduler.step()
        self._optimizer.zero_grad()
        self._average.update(self._model)
        return found

    def check(self, step: int) -> None:
        """Measures the averaged weights on held-out videos, and writes them if they are the best yet."""
        if self._held_out is None:
            return
        with self._average.swapped_in(self._model), whole(self._model) as model:
            figures = self._held_out.measure(model)
            is_best = self.patience.tell(figures["loss"])
            if self.is_main and is_best:
                self._write_model(model, changed=step > 0)
        figures = {f"held_out/{name}": value for name, value in figures.items()}
        self.accelerator.log(figures, step=step)
        if self.is_main:
            _append_losses(self._out / "losses.jsonl", step, figures)

    def save(self, step: int) -> None:
        """Writes the state, and the averaged weights where no held-out video chooses among them."""
        save_state(
            self._out,
            step,
            self._model,
            self._optimizer,
            self._scheduler,
            self._average,
            self._config,
            self.patience,
            is_main=self.is_main,
        )
        if self._held_out is None:
            with self._average.swapped_in(self._model), whole(self._model) as model:
                if self.is_main:
                    self._write_model(model, changed=True)

    def _write_model(self, model: VideoBertForConditionalGeneration, *, changed: bool) -> None:
        """Writes the weights that a model holds now, `changed` by training or as they were."""
        if self._config.tower_blocks and changed:  # its features are no longer those of the encoder that it was
            weights = digest_weights(model.encoder.frame_tower)
            model.config.vision = {**model.config.vision, "weights": weights}
        save_model(self._out / "model", model, self._tokenizer)


def _report(accelerator: Accelerator, out: Path, step: int, means: dict[str, float], progress: tqdm[int]) -> None:
    """Tells the trackers, the progress bar and, in the main process, the list of losses."""
    accelerator.log(means, step=step)
    progress.set_postfix({name: f"{value:.3f}" for name, value in means.items()})
    if accelerator.is_main_process:
        _append_losses(out / "losses.jsonl", step, means)


def _make_accelerator(config: TrainingConfig, out: Path, *, cpu: bool) -> Accelerator:
    if config.mixed_precision == "fp16" and (cpu or not torch.cuda.is_available()):
        raise DataError("mixed_precision is fp16, which needs a GPU; on a CPU use bf16 or no")
    if AcceleratorState._shared_state and AcceleratorState().mixed_precision != config.mixed_precision:
        AcceleratorState._reset_state()  # an earlier run of this process, such as a recipe's stage, had another one
    return Accelerator(
        cpu=cpu,
        mixed_precision=config.mixed_precision,
        log_with=choose_trackers(config.log_with) or None,
        project_dir=str(out),
        kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)],
    )


def _check_something_to_learn(config: TrainingConfig) -> None:
    weights = config.weights
    of_sentences = weights.of_sentences and config.sentences_per_step
    of_questions = weights.answer > 0 and config.questions_per_step
    of_composites = weights.grounding > 0 and config.composites_per_step
    of_everyday = weights.of_everyday and config.everyday_per_step
    if not (weights.of_videos or of_sentences or of_questions or of_composites or of_everyday):
        raise DataError("the config leaves nothing to learn: no objective has a weight and data to read")


def _append_losses(path: Path, step: int, means: dict[str, float]) -> None:
    with path.open("a", encoding="utf-8") as log:
        log.write(json.dumps({"step": step, **{name: round(value, 4) for name, value in means.items()}}) + "\n")
