"""VideoBERT with a BART decoder, wrapped as a demo: a clip goes in, captions come out.

    import videobert_demo
    demo = videobert_demo.load()
    print(demo.caption(demo.open("clip.mp4")).text)

Importing this is light and changes nothing: PyTorch and the model are imported by `load`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from videobert_demo.model.loading import OnGpu
    from videobert_demo.service.service import VideoBertService
    from videobert_demo.settings import Settings

__all__ = ("__version__", "load")
__version__ = "0.6.0"


def load(
    checkpoint: str | None = None,
    *,
    revision: str | None = None,
    settings: Settings | None = None,
    on_gpu: OnGpu | None = None,
) -> VideoBertService:
    """Loads a checkpoint and returns the service; see `videobert_demo.service.opening.load`.

    Args:
        checkpoint: a folder or a Hub id; by default the settings' one, which is the bundled checkpoint.
        revision: branch, tag or commit of a Hub id.
        settings: limits and cache size; by default from the environment.
        on_gpu: a decorator for the one function that runs the model, such as `spaces.GPU`.

    Raises:
        CheckpointError: the checkpoint is missing, foreign or damaged.
        SettingsError: an environment variable has a value that cannot be used.
    """
    from videobert_demo.service import opening

    return opening.load(checkpoint, revision=revision, settings=settings, on_gpu=on_gpu)
