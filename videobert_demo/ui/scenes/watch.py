"""Watch, in the Scenes tab: a list of described events is checked against the clip, or against a camera as it films.

    rows --Check the clip--> alarms of the clip
    rows --Watch the camera--> a picture a second --> sentence, alarms; nothing of it is kept when it stops

The rows are what stands in the page; the window of a camera is a state of the visitor's session.
"""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.live import LiveWindow
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.watch_lists import preset_names, read_watch_list
from videobert_demo.timeline.exports.alarms import SeenAlarm
from videobert_demo.timeline.watchlist import MAX_EVENTS, read_watched
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.asking import ANSWERING, CANCEL
from videobert_demo.ui.page.looking import look
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, SOON, Updates, unchanged
from videobert_demo.ui.page.speaking import shown
from videobert_demo.ui.scenes import watch_view as views
from videobert_demo.ui.texts.languages import Translations, texts_for

MAX_PICTURE_BYTES, MAX_PICTURE_SIDE = 600_000, 1280
_SHOWN_ENDED = 4
_SCRIPT = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")


@dataclass(slots=True, eq=False)
class _Camera:
    """What one visitor's camera has shown: the window, when it began by the browser's clock, and the latest alarms."""

    window: LiveWindow
    began: int
    last_seconds: float = -1.0
    ended: list[SeenAlarm] = field(default_factory=list)


class WatchPanel:
    """Lays out the part inside the caller's block.

    Args:
        service: The model.
        clip: The clip that all tabs work on.
        arrivals: Tells that another clip has arrived.
        translations: The sentences that the browser translates.
    """

    def __init__(
        self, service: VideoBertService, *, clip: gr.Video, arrivals: Arrivals, translations: Translations
    ) -> None:
        self._service, self._pace = service, Pace()
        self._wanted, self._camera = gr.State(None), gr.State(None)
        with gr.Column(elem_id="vb-watch"):
            self._rows = gr.HTML(
                translations.view(views.empty_view),
                js_on_load=_SCRIPT,
                elem_id="vb-watch-rows",
                apply_default_css=False,
            )
            self._live = gr.HTML("", elem_id="vb-live-view", apply_default_css=False)
            self._view = gr.HTML("", js_on_load=CANCEL, elem_id="vb-alarms-view", apply_default_css=False)
        arrivals.add(self._arrive, [self._view])
        self._rows.submit(self._edit, [clip], [self._rows, self._view, self._wanted], **SOON)
        checking = self._wanted.change(
            self._check, [clip, self._wanted], [self._view], show_progress="hidden", **ASKING
        )
        checking.failure(self._fail, None, [self._view], **AT_ONCE)
        self._view.input(lambda: {self._view: ""}, None, [self._view], cancels=[checking], **AT_ONCE)
        looking = self._rows.upload(
            self._look, [self._camera], [self._live, self._camera], show_progress="hidden", **ASKING
        )
        looking.failure(self._fail_live, None, [self._live, self._camera], **AT_ONCE)
        self._rows.stop(lambda: {self._camera: None}, None, [self._camera], **AT_ONCE)

    def _arrive(self, path: str | None, request: gr.Request) -> Updates:
        return {self._view: ""}

    def _edit(self, path: str | None, event: gr.EventData, request: gr.Request) -> Updates:
        """A row is added or dropped, a list is taken, or the clip is to be checked."""
        action, texts = event.action, texts_for(request)
        if action == "preset":
            name = event.name
            if name not in preset_names():
                return unchanged()
            shown = views.rows_view(views.rows_of(read_watch_list(name)), texts, about=texts.watch_demonstration)
            return {self._rows: shown}
        rows = views.read_typed(event.rows, MAX_EVENTS)
        if action in ("add", "drop"):
            if action == "add":
                changed = [*rows, views.blank_row(len(rows))][:MAX_EVENTS]
            else:
                changed = [row for at, row in enumerate(rows) if at != event.index] or [views.blank_row(0)]
            about = texts.watch_demonstration if event.demo is True else ""
            return {self._rows: views.rows_view(changed, texts, about=about)}
        if action != "check":
            return unchanged()
        try:
            events = read_watched(rows)
        except VideoBertDemoError as error:
            return {self._view: views.refusal_view(texts.explain(error))}
        if path is None:
            return {self._view: views.refusal_view(texts.watch_no_clip)}
        return {self._view: views.busy_view(self._pace.progress(ANSWERING), texts), self._wanted: (object(), events)}

    def _check(self, path: str | None, wanted: Any, request: gr.Request) -> Iterator[Updates]:
        texts = texts_for(request)
        if path is None or wanted is None:
            yield {self._view: ""}
            return
        _, events = wanted
        try:
            with self._pace.measured(ANSWERING):
                for at in look(self._service, [path]):
                    yield {self._view: views.busy_view(at, texts)}
                found = self._service.watch(path, events)
                duration_seconds = self._service.content(path).duration_seconds
        except VideoBertDemoError as error:
            yield {self._view: views.refusal_view(texts.explain(error))}
            return
        yield {self._view: views.alarms_view(events, found, duration_seconds, texts)}

    def _look(self, camera: _Camera | None, event: gr.EventData, request: gr.Request) -> Updates:
        """A picture of the camera has come; the first one brings the rows."""
        texts = texts_for(request)
        pixels, at = read_picture(event.picture), event.at
        if pixels is None or type(at) is not int:
            return unchanged()
        try:
            if event.rows is not None:
                rows = [row for row in views.read_typed(event.rows, MAX_EVENTS) if row["sentence"].strip()]
                camera = _Camera(self._service.live_window(read_watched(rows) if rows else ()), at)
            if camera is None:
                return unchanged()
            seconds = max((at - camera.began) / 1000, camera.last_seconds + 1e-3)
            update = self._service.glance(camera.window, pixels, seconds)
            caption = shown(self._service, update.caption, texts)
        except VideoBertDemoError as error:
            return {self._live: views.refusal_view(texts.explain(error)), self._camera: None}
        camera.last_seconds = seconds
        camera.ended = [*(one for one in update.told if one.alarm.is_over), *camera.ended][:_SHOWN_ENDED]
        return {
            self._live: views.live_view(at, replace(update, caption=caption), camera.ended, texts),
            self._camera: camera,
        }

    def _fail(self, request: gr.Request) -> Updates:
        # The server logs what nobody foresaw, with its traceback; the person reads a sentence.
        return {self._view: views.refusal_view(texts_for(request).unexpected_error)}

    def _fail_live(self, request: gr.Request) -> Updates:
        return {self._live: views.refusal_view(texts_for(request).unexpected_error), self._camera: None}


def read_picture(sent: object) -> NDArray[np.uint8] | None:
    """A JPEG as a browser's data URI -> uint8 (H, W, 3), RGB; None for whatever else was sent. Nothing is written."""
    prefix = "data:image/jpeg;base64,"
    if not isinstance(sent, str) or not sent.startswith(prefix) or len(sent) > MAX_PICTURE_BYTES:
        return None
    try:
        image = Image.open(io.BytesIO(base64.b64decode(sent[len(prefix) :], validate=True)), formats=["JPEG"])
        if max(image.size) > MAX_PICTURE_SIDE:
            return None
        return np.asarray(image.convert("RGB"), np.uint8)
    except (binascii.Error, OSError, ValueError, SyntaxError):
        return None
