"""What Gradio keeps of each session: made cheaply, and forgotten as soon as nobody needs it.

Gradio gives a session to every visitor and to every call over HTTP, writes down the configuration of all components for
it, and keeps the last 10,000. A caller over HTTP hardly ever comes back to one. Measured with 387 components: 45
milliseconds of a processor and 0.69 MB each as Gradio makes them; 17 and 0.51 where the components' types are shared.
"""

from __future__ import annotations

import functools
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.blocks import Blocks
    from gradio.state_holder import StateHolder

    from videobert_demo.ui.page.visits import Visits

_TYPES = ("api_info", "api_info_as_input", "api_info_as_output")


def share_types(blocks: Blocks) -> None:
    """Works the type of each component's value out once, not three times for every session.

    Args:
        blocks: Complete; a component tells the same type for as long as it lives.
    """
    for block in blocks.blocks.values():
        for name in _TYPES:
            if hasattr(block, name):
                setattr(block, name, functools.cache(getattr(block, name)))


def forget_finished(sessions: StateHolder, session: str | None, visits: Visits) -> None:
    """Forgets the session of a call that is over, unless a page or a value of `gr.State` belongs to it.

    Args:
        sessions: Gradio's.
        session: Whose call it was; None if it had none.
        visits: Who has a page open.
    """
    if session is None or visits.has_page(session):
        return
    with sessions.lock:
        kept = sessions.session_data.get(session)
        if kept is not None and not kept.state_data:
            _forget(sessions, session)


def forget_idle(sessions: StateHolder, visits: Visits) -> None:
    """Forgets the sessions that have rested for the time between two sweeps and belong to no visit."""
    oldest = datetime.now() - timedelta(seconds=visits.retention.sweep_seconds)
    for session, used in list(sessions.time_last_used.items()):
        if used < oldest and not visits.is_here(session):
            with sessions.lock:
                _forget(sessions, session)


def _forget(sessions: StateHolder, session: str) -> None:
    sessions.session_data.pop(session, None)
    sessions.time_last_used.pop(session, None)
