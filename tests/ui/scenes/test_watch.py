"""Watch in the Scenes tab: rows, the check of a clip, and pictures of a camera."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.scenes.watch import MAX_PICTURE_SIDE, WatchPanel, read_picture
from videobert_demo.ui.texts.languages import Translations

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))
DOG = str(EXAMPLES / "dog.mp4")
ROW = {"name": "dog", "sentence": "a dog", "threshold": "0.000001", "colour": "#112233"}


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> WatchPanel:
    folder = write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")
    service = VideoBertService(load_checkpoint(str(folder)), Settings())
    with gr.Blocks():
        return WatchPanel(service, clip=gr.Video(), arrivals=Arrivals(), translations=Translations())


def event(**values: Any) -> gr.EventData:
    return cast(gr.EventData, SimpleNamespace(**values))


def picture(side: int = 64) -> str:
    buffer = io.BytesIO()
    Image.fromarray(np.full((side, side, 3), 90, np.uint8)).save(buffer, "JPEG")
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def test_rows_are_added_dropped_and_taken_from_a_preset(panel: WatchPanel) -> None:
    added = panel._edit(DOG, event(action="add", rows=[ROW], demo=True), REQUEST)[panel._rows]
    assert added.count("data-watch-row") == 2
    assert "Never let it decide" in added
    assert 'value="a dog"' in added
    dropped = panel._edit(DOG, event(action="drop", rows=[ROW], index=0, demo=False), REQUEST)[panel._rows]
    assert dropped.count("data-watch-row") == 1
    assert "Never let it decide" not in dropped
    assert 'value="a dog"' not in dropped
    preset = panel._edit(DOG, event(action="preset", name="moderation"), REQUEST)[panel._rows]
    assert "Never let it decide" in preset
    for strange in (event(action="preset", name="../x"), event(action=7, rows=None)):
        assert panel._rows not in panel._edit(DOG, strange, REQUEST)


def test_a_clip_is_checked(panel: WatchPanel) -> None:
    begun = panel._edit(DOG, event(action="check", rows=[ROW]), REQUEST)
    assert 'data-alarms="busy"' in begun[panel._view]
    *_, last = panel._check(DOG, begun[panel._wanted], REQUEST)
    done = last[panel._view]
    assert 'data-alarms="done"' in done
    assert "One alarm" in done
    for path, rows in ((None, [ROW]), (DOG, []), (DOG, [{**ROW, "threshold": "2"}])):
        told = panel._edit(path, event(action="check", rows=rows), REQUEST)
        assert 'data-watch="refused"' in told[panel._view]
        assert panel._wanted not in told


def test_pictures_of_a_camera_are_told_and_watched(panel: WatchPanel) -> None:
    first = panel._look(None, event(picture=picture(), at=1000, rows=[ROW]), REQUEST)
    assert 'data-sent="1000"' in first[panel._live]
    camera = first[panel._camera]
    later = panel._look(camera, event(picture=picture(), at=2500, rows=None), REQUEST)
    assert camera.last_seconds == 1.5
    assert "dog" in later[panel._live]
    # without a beginning, or with what is no picture, nothing happens
    assert panel._live not in panel._look(None, event(picture=picture(), at=1, rows=None), REQUEST)
    assert panel._live not in panel._look(camera, event(picture="x", at=3000, rows=None), REQUEST)
    refused = panel._look(None, event(picture=picture(), at=1, rows=[{**ROW, "threshold": "x"}]), REQUEST)
    assert 'data-watch="refused"' in refused[panel._live]


def test_only_small_pictures_are_read() -> None:
    read = read_picture(picture())
    assert read is not None
    assert read.shape == (64, 64, 3)
    for wrong in (
        None,
        7,
        "",
        "data:image/jpeg;base64,!!",
        "data:image/png;base64,AAAA",
        picture(MAX_PICTURE_SIDE + 1),
    ):
        assert read_picture(wrong) is None


def test_nothing_of_a_camera_is_written(panel: WatchPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("a file was opened"))
    monkeypatch.setattr("builtins.open", lambda *_, **__: pytest.fail("a file was opened"))
    shown = panel._look(None, event(picture=picture(), at=1000, rows=[]), REQUEST)
    assert 'data-sent="1000"' in shown[panel._live]
