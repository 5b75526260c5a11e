"""Takes a timeline away: a button for each format, and a sentence where a format cannot hold this timeline.

The files are made for one visitor, and are deleted with what that visitor has uploaded (page/visits.py).
"""

from __future__ import annotations

from functools import partial
from pathlib import PurePath

import gradio as gr

from videobert_demo.errors import TimelineExportError
from videobert_demo.timeline.exports.formats import FORMATS
from videobert_demo.timeline.timeline import Timeline
from videobert_demo.ui.page.page import session_of
from videobert_demo.ui.page.queues import Updates
from videobert_demo.ui.page.visits import Visits
from videobert_demo.ui.scenes.view import below_exports_view, exports_heading_view, label_view
from videobert_demo.ui.texts.languages import Translations, texts_for
from videobert_demo.ui.texts.texts import Texts

# Proper names, the same in every language; the order is that of the page.
_NAMES = {
    "srt": "SRT",
    "vtt": "WebVTT",
    "youtube": "YouTube",
    "ffmetadata": "FFmetadata",
    "edl": "EDL",
    "fcpxml": "FCPXML",
    "otio": "OpenTimelineIO",
    "csv": "LosslessCut CSV",
    "html": "HTML",
    "json": "JSON",
}
_GROUPS = {
    "scenes_exports_subtitles": ("srt", "vtt"),
    "scenes_exports_chapters": ("youtube", "ffmetadata"),
    "scenes_exports_editors": ("edl", "fcpxml", "otio", "csv"),
    "scenes_exports_reading": ("html", "json"),
}
_SHARED_SUFFIX = ".txt"  # two formats have it, so their names are in the files' names


class ExportPanel:
    """Lays out a column inside the caller's block; it is hidden until there is a timeline.

    Args:
        visits: Who is here.
        translations: The sentences that the browser translates.

    Attributes:
        column: All of it.
        outputs: What `shown` gives values for.
    """

    def __init__(self, visits: Visits, translations: Translations) -> None:
        self._visits = visits
        self._buttons: dict[str, gr.DownloadButton] = {}
        with gr.Column(visible=False, elem_id="vb-scenes-exports") as self.column:
            gr.HTML(translations.view(exports_heading_view), apply_default_css=False)
            for heading, names in _GROUPS.items():
                with gr.Row(elem_classes="vb-exports"):
                    label = translations.view(partial(_label, heading))
                    gr.HTML(label, elem_classes="vb-exports-label", apply_default_css=False)
                    for name in names:
                        self._buttons[name] = gr.DownloadButton(_NAMES[name], size="sm", elem_id=f"vb-export-{name}")
            self._below = gr.HTML("", elem_classes="vb-exports-below", apply_default_css=False)
        self.outputs = [self.column, self._below, *self._buttons.values()]

    def shown(self, timeline: Timeline, request: gr.Request) -> Updates:
        """Values for `outputs`: the timeline in every format that can hold it.

        Args:
            timeline: With the words that the visitor has changed.
            request: Says whose page it is.
        """
        texts, reasons = texts_for(request), dict[str, str]()
        updates: Updates = {self.column: gr.Column(visible=True)}
        names = [_file_name(timeline.media.name, name) for name in self._buttons]
        paths = self._visits.new_paths(session_of(request), "exports", *names)
        for (name, button), path in zip(self._buttons.items(), paths, strict=True):
            try:
                path.write_text(FORMATS[name].write(timeline), encoding="utf-8", newline="")
            except TimelineExportError as error:
                reasons[name] = texts.explain(error)
                updates[button] = gr.DownloadButton(value=None, interactive=False)
            else:
                updates[button] = gr.DownloadButton(value=str(path), interactive=True)
        return {**updates, self._below: below_exports_view(reasons, timeline, texts)}


def _label(sentence_name: str, texts: Texts) -> str:
    return label_view(getattr(texts, sentence_name))


def _file_name(clip: str, name: str) -> str:
    """A file's name from the clip's and the format's: holiday.mp4 gives holiday.srt, holiday.youtube.txt."""
    suffix = FORMATS[name].suffix
    return PurePath(clip).stem + (f".{name}" if suffix == _SHARED_SUFFIX else "") + suffix
