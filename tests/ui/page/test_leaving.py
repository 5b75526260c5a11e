"""Visitors come, stay and leave, in a real browser and over HTTP: which of their files remain, and how long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx
import pytest

from tests.app_fixtures import run_app
from tests.resources.hostile_boxes import box
from tests.ui.page.test_states import ScriptedService
from videobert_demo.service.service import VideoBertService
from videobert_demo.ui.app import build_app
from videobert_demo.ui.page.page import Page
from videobert_demo.ui.page.visits import Retention

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as BrowserPage

SOON = Retention(grace_seconds=2, unclaimed_seconds=2, max_idle_seconds=600, sweep_seconds=0.5)
WAIT_MS = 600_000


@pytest.fixture(scope="module")
def soon_url(service: VideoBertService) -> Iterator[str]:
    """The real app, which clears up after seconds instead of minutes."""
    with run_app(service, retention=SOON) as url:
        yield url


@pytest.fixture(scope="module")
def scripted_url() -> Iterator[str]:
    """The same around a service without a model."""
    with run_app(ScriptedService(), retention=SOON) as url:
        yield url


def wait_until(is_true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def path_of(page: BrowserPage, selector: str) -> Path:
    """The path of the file that an element of the page shows."""
    page.wait_for_selector(selector, timeout=WAIT_MS, state="attached")
    address = page.eval_on_selector(selector, "one => one.currentSrc || one.src || one.href")
    return Path(unquote(address.split("file=")[1]))


@pytest.mark.e2e
@pytest.mark.slow
def test_the_files_of_who_left_go_and_those_of_who_stays_do_not(
    browser: Browser, soon_url: str, examples: Path, tmp_path: Path
) -> None:
    pages, uploads, overlays = [], [], []
    for name, example in (("leaving", "dog"), ("staying", "race")):
        clip = tmp_path / f"{name}.mp4"  # with other bytes at its end, because equal uploads share a folder
        clip.write_bytes((examples / f"{example}.mp4").read_bytes() + box(b"free", name.encode()))
        page = browser.new_page()
        page.set_default_timeout(WAIT_MS)
        page.goto(soon_url)
        page.wait_for_selector("[data-state=empty]")
        page.set_input_files("#vb-clip input[type=file]", clip)
        page.wait_for_selector("[data-state=done]")
        uploads.append(path_of(page, "#vb-clip video"))
        page.get_by_role("tab", name="Attend").click()
        page.click("[data-word='1']")
        overlays.append(path_of(page, "#vb-attend-video video[src]"))
        pages.append(page)
    assert [path.name for path in uploads] == ["leaving.mp4", "staying.mp4"]
    assert all(path.is_file() for path in uploads + overlays)

    pages[0].close()
    wait_until(
        lambda: not uploads[0].parent.exists() and not overlays[0].parent.exists()
    )  # the files and their folders
    time.sleep(2 * SOON.unclaimed_seconds)  # longer than an unclaimed file is kept
    assert uploads[1].is_file()
    assert overlays[1].is_file()
    pages[1].get_by_role("tab", name="Ask").click()
    pages[1].fill("#vb-ask-question textarea, #vb-ask-question input", "what is it?")
    pages[1].click("#vb-ask-button")
    pages[1].wait_for_selector("#vb-ask-view .vb-caption")
    pages[1].close()
    wait_until(lambda: not uploads[1].exists() and not overlays[1].exists())


class Tab:
    """A browser's tab as the server sees it: a connection that stays open, and the events of a page."""

    def __init__(self, url: str, session: str) -> None:
        self._web = httpx.Client(base_url=url, timeout=WAIT_MS / 1000)
        self._session = session
        self._config = self._web.get("/config").json()
        self._connection = self._web.stream("GET", f"/gradio_api/heartbeat/{session}")
        self._beats = self._connection.__enter__().iter_lines()  # kept, because the connection closes with it
        assert next(self._beats) == "data: ALIVE"
        self._tell("load", None, [])

    def choose(self, name: str, content: bytes) -> Path:
        """Uploads a clip to the panel; returns the path at which the server keeps it."""
        (path,) = self._web.post("/gradio_api/upload", files={"files": (name, content)}).json()
        (panel,) = (one["id"] for one in self._config["components"] if one["props"].get("elem_id") == "vb-clip")
        self._tell("change", panel, [{"path": path, "meta": {"_type": "gradio.FileData"}}])
        return Path(path)

    def close(self) -> None:
        """Breaks the connection; the server is told nothing else."""
        self._connection.__exit__(None, None, None)
        self._web.close()

    def _tell(self, event: str, component: int | None, data: list[object]) -> None:
        for listener in self._config["dependencies"]:
            heard = any(name == event and component in (None, one) for one, name in listener["targets"])
            if heard and listener["backend_fn"] and listener["queue"] is False:
                others = [None] * (len(listener["inputs"]) - len(data))  # what else the page sends is empty here
                body = {"data": data + others, "fn_index": listener["id"], "session_hash": self._session}
                self._web.post("/gradio_api/run/predict", json=body).raise_for_status()


def test_the_connection_tells_who_is_there(scripted_url: str) -> None:
    staying, leaving, third = (Tab(scripted_url, name) for name in ("staying", "leaving", "third"))
    kept, gone = staying.choose("kept.mp4", b"the clip of who stays"), leaving.choose("gone.mp4", b"the other's clip")
    assert third.choose("kept.mp4", b"the clip of who stays") == kept  # two visitors sent the same file
    time.sleep(2 * SOON.unclaimed_seconds)
    assert kept.is_file()
    assert gone.is_file()  # a visitor who is still there keeps the file
    leaving.close()
    third.close()
    wait_until(lambda: not gone.parent.exists())
    time.sleep(2 * SOON.unclaimed_seconds)
    assert kept.is_file()
    staying.close()
    wait_until(lambda: not kept.parent.exists())


def test_an_upload_that_nobody_works_on_goes(scripted_url: str) -> None:
    sent = {"files": ("orphan.mp4", b"sent, and never asked about")}
    (name,) = httpx.post(f"{scripted_url}/gradio_api/upload", files=sent, timeout=60).json()
    assert Path(name).read_bytes() == sent["files"][1]
    wait_until(lambda: not Path(name).parent.exists())


@pytest.fixture
def built() -> Page:
    """The page, not launched, with visits that end at once."""
    return build_app(ScriptedService(), retention=Retention(grace_seconds=0.05, sweep_seconds=0.05))


def test_a_visit_that_is_over_is_forgotten_everywhere(built: Page) -> None:
    forgotten: list[str] = []
    built.on_visit_over.append(forgotten.append)
    sessions = built.state_holder
    for session in ("gone", "here", "caller", "busy caller"):
        assert sessions[session] is not None
        sessions.time_last_used[session] = datetime.now() - timedelta(seconds=5)
    sessions.time_last_used["busy caller"] = datetime.now() + timedelta(seconds=5)
    built.visits.arrive("here")
    built.visits.arrive("gone")
    built.visits.leave("gone")
    time.sleep(0.2)
    built.sweep()
    assert forgotten == ["gone"]
    assert set(sessions.session_data) == set(sessions.time_last_used) == {"here", "busy caller"}


def test_one_thing_that_cannot_be_cleared_up_does_not_keep_the_rest(
    built: Page, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_session: str) -> None:
        raise OSError("the disk is on fire")

    forgotten: list[str] = []
    built.on_visit_over[:] = [fail, forgotten.append]
    for session in ("one", "two"):
        built.visits.arrive(session)
        built.visits.leave(session)
    time.sleep(0.2)
    built.sweep()
    assert forgotten == ["one", "two"]
    assert "the disk is on fire" in caplog.text


def test_the_librarys_clips_are_forgotten_with_the_visit(built: Page) -> None:
    """The visitors' libraries, the timeline and the Tokens tab are told; what they do then is tested where they are."""
    heard = [type(getattr(forget, "__self__", None)).__name__ for forget in built.on_visit_over]
    assert sorted(set(heard)) == ["ManyFiles", "OwnLabelsPart", "TimelinePart", "TokensContext", "VisitorLibraries"]
