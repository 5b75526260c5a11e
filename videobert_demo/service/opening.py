"""Makes the service of a checkpoint's name: the model is loaded here, or in processes of its own as well."""

from __future__ import annotations

from videobert_demo.model.loading import OnGpu, load_checkpoint
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.workers import Workers, plan_workers
from videobert_demo.settings import Settings


def load(
    checkpoint: str | None = None,
    *,
    revision: str | None = None,
    settings: Settings | None = None,
    on_gpu: OnGpu | None = None,
) -> VideoBertService:
    """Loads a checkpoint: the one named, else the settings' (by default the bundled one).

    Args:
        checkpoint: a folder or a Hub id.
        revision: branch, tag or commit of a Hub id.
        settings: limits and cache size; by default from the environment.
        on_gpu: a decorator for the one function that runs the model, such as `spaces.GPU`.

    Raises:
        CheckpointError: the checkpoint is missing, foreign or damaged.
        SettingsError: an environment variable has a value that cannot be used.
    """
    chosen = settings or Settings.from_environment()
    name = checkpoint or chosen.checkpoint
    found = revision if checkpoint else revision or chosen.revision
    loaded = load_checkpoint(name, found, int8=chosen.int8)
    workers = None
    if chosen.workers > 1:
        workers = Workers(plan_workers(loaded, name, found, chosen.int8, chosen.workers))
    return VideoBertService(loaded, chosen, on_gpu, workers=workers)
