"""Many files at once, below the caption of the one clip: each file takes its turn, and then its row is filled.

    files arrive -> begin: rows without captions -> turn -> turn -> ... (the model's queue, one file at a time, so that
    stop, go on --------------------------------------^                  other visitors' questions come in between)

The page asks for every turn, so a page that was closed asks for nothing more. The rows are kept in memory, each
visitor's apart, until the visit is over; a window that is loaded again takes its rows along. It does not know what a
row looks like.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import gradio as gr

from videobert_demo.errors import VideoBertDemoError
from videobert_demo.service.files import FILE_ERRORS, FileReport, caption_file
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.describe.many_view import FileRow, rows_view, zone_view
from videobert_demo.ui.page.answers import is_full
from videobert_demo.ui.page.asking import CANCEL
from videobert_demo.ui.page.pace import Pace, Steps
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import ASKING, AT_ONCE, SOON, Updates, unchanged
from videobert_demo.ui.page.speaking import spoken
from videobert_demo.ui.page.uploads import owner_of
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

MAX_FILES = 200
_FILE = "file"
_MAX_NAME, _MAX_PROBLEM, _MAX_WINDOW = 300, 400, 100
_TURN_SECONDS = 300.0
_LOG = logging.getLogger(__name__)
_SENDING = (Path(__file__).parent / "many.js").read_text(encoding="utf-8")
_ROWS = (Path(__file__).parent / "many_rows.js").read_text(encoding="utf-8")


@dataclass(slots=True, eq=False)
class _Batch:
    """The files of one visitor.

    Attributes:
        paths: That of each of the rows; empty for a file that did not arrive.
        rows: What is shown of them.
        known: What was said of files, by their content.
        running: The row whose file has its turn.
        is_stopped: The visitor has stopped it.
        runs_for: The session that asked for that turn.
        window: The browser and its window that sent the files; None if it has no name.
        idle: Set while no file has its turn.
    """

    paths: list[str] = field(default_factory=list)
    rows: list[FileRow] = field(default_factory=list)
    known: dict[str, FileReport] = field(default_factory=dict)
    running: int | None = None
    is_stopped: bool = False
    runs_for: str = ""
    window: tuple[str, str] | None = None
    idle: threading.Event = field(default_factory=threading.Event)

    @property
    def waiting(self) -> int | None:
        """The first file that has not had its turn; None if all have, or the visitor has stopped."""
        if self.is_stopped:
            return None
        return next((index for index, row in enumerate(self.rows) if row.state == "waiting"), None)


class ManyFiles:
    """Lays out the part inside the caller's block.

    Args:
        service: The model.
        clip: The clip that all tabs work on; a row that is opened goes there.
        neutral: The switch for neutral words.
        tabs: All tabs of the page.
        visits: Who is here; the files are deleted after the visit.
        translations: The sentences that the browser translates.

    Attributes:
        restored: What is filled when a window is loaded again.
    """

    def __init__(
        self,
        service: VideoBertService,
        *,
        clip: gr.Video,
        neutral: gr.Checkbox,
        tabs: gr.Tabs,
        visits: Visits,
        translations: Translations,
    ) -> None:
        self._service, self._visits, self._pace = service, visits, Pace()
        self._clip, self._tabs = clip, tabs
        self._lock = threading.Lock()
        self._batches: dict[str, _Batch] = {}
        max_bytes = service.settings.max_bytes
        zone = gr.HTML(
            translations.view(lambda texts: zone_view(max_bytes, MAX_FILES, texts)),
            js_on_load=_SENDING,
            elem_id="vb-many",
            apply_default_css=False,
        )
        self._view = gr.HTML("", js_on_load=_ROWS + CANCEL, elem_id="vb-many-rows", apply_default_css=False)
        self._turn = gr.State(None)
        label = translations.texts.clip_label
        arrived = gr.File(label=label, file_count="multiple", type="filepath", visible="hidden")
        self.restored = [self._view, self._turn]
        sent = [arrived, gr.JSON(visible="hidden")]
        began = [self._view, self._turn, tabs]
        zone.upload(self._begin, sent, began, js="() => window.videobert.many", trigger_mode="multiple", **SOON)
        self._view.submit(self._go_on, None, [self._view, self._turn], **SOON)
        self._view.input(self._stop, None, [self._view], **AT_ONCE)
        self._view.clear(self._clear, None, [self._view], **AT_ONCE)
        self._view.select(self._open, None, [clip, self._view], trigger_mode="multiple", **AT_ONCE)
        turn = self._turn.change(
            self._take_turn,
            [neutral],
            [self._view, self._turn],
            show_progress="hidden",
            trigger_mode="multiple",
            **ASKING,
        )
        turn.failure(self._fail, None, [self._view, self._turn], **SOON)

    def forget(self, session: str) -> None:
        """The visit is over."""
        with self._lock:
            self._batches.pop(session, None)

    def _begin(self, files: list[str] | None, unsent: Any, request: gr.Request) -> Updates:
        """More files are there; those that did not arrive have rows as well, with the reason."""
        session, refused = session_of(request), _refused(unsent)
        with self._lock:
            batch = self._batches.setdefault(session, _Batch())
            batch.window = _window(unsent.get("window") if isinstance(unsent, dict) else None, request)
            room = max(0, MAX_FILES - len(batch.rows))
            for path in (files or [])[:room]:
                batch.paths.append(path)
                batch.rows.append(FileRow(Path(path).name))
            for name, problem in refused[: max(0, MAX_FILES - len(batch.rows))]:
                batch.paths.append("")
                batch.rows.append(FileRow(name, "failed", problem=problem))
            batch.is_stopped = False
            paths = list(filter(None, batch.paths))
        self._visits.claim(session, "many", paths)
        return {self._view: self._shown(request), self._turn: object(), self._tabs: gr.Tabs(selected="describe")}

    def restore(self, window: str, request: gr.Request) -> Updates:
        """The rows of a window that was loaded again go over to its new session, and so does the work on them.

        Args:
            window: The name that the window gave itself; only the browser that had it before gets its rows.
            request: Of the page that was loaded.
        """
        session, wanted = session_of(request), _window(window, request)
        with self._lock:
            found = (old for old, batch in self._batches.items() if wanted is not None and batch.window == wanted)
            earlier = next(found, None)
            if earlier is None or earlier == session:
                return {}
            batch = self._batches[session] = self._batches.pop(earlier)
        self._visits.claim(session, "many", filter(None, batch.paths))
        self._visits.claim(earlier, "many", [])
        return {self._view: self._shown(request), self._turn: object()}

    def _go_on(self, request: gr.Request) -> Updates:
        batch = self._batch(request)
        if batch is None:
            return unchanged()
        batch.is_stopped = False
        return {self._view: self._shown(request), self._turn: object()}

    def _take_turn(self, neutral: bool, request: gr.Request) -> Updates:
        """Captions the first file that waits, and asks for the next turn."""
        batch = self._batch(request)
        if batch is not None and batch.running is not None and batch.runs_for != session_of(request):
            self._wait_for_turn(batch, request)
        with self._lock:
            if batch is None or batch.running is not None:  # the turn that runs asks for the next one
                return unchanged()
            batch.runs_for = session_of(request)
            index = batch.running = batch.waiting
            batch.idle.clear()
        try:
            if index is None:
                return {self._view: self._shown(request)}
            batch.rows[index] = self._caption(batch, index, neutral, texts_for(request))
            batch.running = None
        finally:
            batch.idle.set()
        return {self._view: self._shown(request), self._turn: object()}

    def _wait_for_turn(self, batch: _Batch, request: gr.Request) -> None:
        """Waits for a turn that a page asked for which is gone: nobody else would ask for the next one."""
        if batch.idle.wait(_TURN_SECONDS) and batch.running is not None:  # it ended as nobody foresaw
            self._fail(request)

    def _caption(self, batch: _Batch, index: int, neutral: bool, texts: Texts) -> FileRow:
        row, path = batch.rows[index], batch.paths[index]
        try:
            with self._pace.measured(_FILE):
                report = caption_file(
                    self._service,
                    Path(path),
                    batch.known,
                    neutral_words=neutral,
                    language=spoken(self._service, texts),
                )
        except VideoBertDemoError as error:
            return replace(row, state="failed", problem=texts.explain(error))
        except FILE_ERRORS as error:
            _LOG.exception("a file of many has no caption")
            problem = texts.server_full if is_full(error) else texts.unexpected_error
            return replace(row, state="failed", problem=problem)
        earlier = report.get("same_as")
        batch.known.setdefault(report["content_hash"], report)
        same_as = batch.rows[batch.paths.index(earlier)].name if earlier in batch.paths else ""
        return replace(row, state="done", report=report, same_as=same_as)

    def _fail(self, request: gr.Request) -> Updates:
        """What nobody foresaw, which the server has logged, is one row; the next file has its turn."""
        batch = self._batch(request)
        if batch is None or batch.running is None:
            return unchanged()
        problem = texts_for(request).unexpected_error
        batch.rows[batch.running] = replace(batch.rows[batch.running], state="failed", problem=problem)
        batch.running = None
        return {self._view: self._shown(request), self._turn: object()}

    def _stop(self, request: gr.Request) -> Updates:
        batch = self._batch(request)
        if batch is None:
            return unchanged()
        batch.is_stopped = True  # the file that has its turn still gets its row
        return {self._view: self._shown(request)}

    def _clear(self, request: gr.Request) -> Updates:
        self.forget(session_of(request))
        self._visits.claim(session_of(request), "many", [])
        return {self._view: ""}

    def _open(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Makes the clip of a row the one that all tabs work on."""
        batch, index = self._batch(request), event.index
        if batch is None or type(index) is not int or not 0 <= index < len(batch.rows):
            return unchanged()
        if not Path(batch.paths[index]).is_file():
            problem = texts_for(request).search_gone
            batch.rows[index] = replace(batch.rows[index], problem=problem)
            return {self._view: self._shown(request)}
        return {self._clip: batch.paths[index]}

    def _batch(self, request: gr.Request) -> _Batch | None:
        with self._lock:
            return self._batches.get(session_of(request))

    def _shown(self, request: gr.Request) -> str:
        batch = self._batch(request)
        if batch is None:
            return ""
        rows, current = tuple(batch.rows), batch.waiting
        at = None if current is None else Steps(self._pace, (_FILE,) * len(rows)).progress_at(current)
        return rows_view(rows, current, at, is_stopped=batch.is_stopped, texts=texts_for(request))


def _refused(sent: Any) -> Sequence[tuple[str, str]]:
    """Name and reason of each file that the browser could not send, as the page's script tells them."""
    sent = sent.get("unsent") if isinstance(sent, dict) else None
    if not isinstance(sent, list):
        return ()
    told = [(one.get("name"), one.get("problem")) for one in sent[:MAX_FILES] if isinstance(one, dict)]
    return [
        (name[:_MAX_NAME], problem[:_MAX_PROBLEM])
        for name, problem in told
        if isinstance(name, str) and isinstance(problem, str)
    ]


def _window(name: Any, request: gr.Request) -> tuple[str, str] | None:
    """A window by the name it gave itself, and the browser by its cookie, which scripts and others do not know."""
    owner = None if request.request is None else owner_of(request.request.scope)
    return (owner, name) if owner and isinstance(name, str) and 0 < len(name) <= _MAX_WINDOW else None
