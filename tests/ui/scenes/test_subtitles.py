"""What is said in the clip, in the Scenes tab."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import gradio as gr

from tests.timeline.films import EXAMPLES
from tests.tiny import write_tiny_checkpoint
from tests.video.test_subtitles import SRT
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.types import Cue, Subtitles
from videobert_demo.ui.page.arrivals import Arrivals
from videobert_demo.ui.page.visits import Retention, Visits
from videobert_demo.ui.scenes.subtitles import MAX_SHOWN, SubtitlePanel, cues_view
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))
DOG = str(EXAMPLES / "dog.mp4")


def test_cues_lie_where_they_are_and_are_escaped() -> None:
    said = Subtitles((Cue(1.0, 3.0, "<b>dog</b>"), Cue(30.0, 31.0, "later")), "track")
    html = cues_view(said, 10.0, [("alone", "a dog")], ENGLISH)
    assert "left: 10.00%; width: 20.00%" in html
    assert html.count("<i style") == 1  # what lies beyond the clip has no place in it
    assert "&lt;b&gt;dog" in html
    assert "the clip&#39;s own track" in html
    many = Subtitles(tuple(Cue(at, at + 1, "x") for at in range(MAX_SHOWN + 3)), "file")
    assert "3 more are not shown" in cues_view(many, 0.0, [], ENGLISH)


def test_a_file_is_read_and_stands_beside_the_pictures(tmp_path: Path) -> None:
    service = VideoBertService(load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny"))), Settings())
    with gr.Blocks():
        panel = SubtitlePanel(
            service,
            clip=gr.Video(),
            said=gr.State(None),
            visits=Visits(tmp_path, Retention()),
            arrivals=Arrivals(),
            translations=Translations(),
        )
    file = tmp_path / "said.srt"
    file.write_text(SRT, encoding="utf-8")
    updates = panel._read(DOG, str(file), REQUEST)
    html = updates[panel._view]
    said = updates[panel._said]
    assert (said.path, len(said.subtitles.cues)) == (DOG, 2)
    assert html.count("data-cue>") == 2
    assert html.count("<dd") == 2
    for path, brought in ((None, None), (DOG, None), (DOG, str(tmp_path / "gone.srt"))):
        assert 'data-subtitles="refused"' in panel._read(path, brought, REQUEST)[panel._view]
