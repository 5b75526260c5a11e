"""Does once, with a bundled example, what is slow only the first time, so that the first visitor need not wait for it.

Knows the service's `open`, `caption` and `suggest_questions`; knows no page, and not when it is called.
"""

from __future__ import annotations

import logging

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.examples import read_examples
from videobert_demo.service.service import VideoBertService

_LOG = logging.getLogger(__name__)


def warm_up(service: VideoBertService) -> None:
    """Captions an example, if the model is not on a GPU, which visitors may have to be lent first.

    What fails here is logged; whoever asks first is told.
    """
    example = next(iter(read_examples()), None)
    if example is None or service.is_on_gpu:
        return
    try:
        clip = service.open(example.path)
        service.caption(clip)
        service.suggest_questions(clip)
    except (VideoBertDemoError, OSError, RuntimeError):
        _LOG.exception("the example %s cannot be captioned", example.path.name)
