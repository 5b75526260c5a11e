"""The table of scenes and chapters as markup."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.timeline.samples import sample_timeline
from videobert_demo.timeline.timeline import Chapter
from videobert_demo.ui.scenes import view as views
from videobert_demo.ui.texts.english import ENGLISH

FILM = sample_timeline("25")


def fields(html: str) -> list[tuple[str, str, str]]:
    return re.findall(r'data-edit="(\w+)" data-index="(\d+)"[^>]*>([^<]*)</textarea>', html)


def test_chapters_and_scenes_have_fields_with_their_words() -> None:
    assert fields(views.table_view(FILM, ENGLISH)) == [
        ("title", "0", "Guitar &amp; song"),
        ("caption", "0", "A man plays &lt;b&gt;guitar&lt;/b&gt; &amp; sings"),
        ("title", "1", "Dogs &lt;outside&gt;; yes = no"),
        ("caption", "1", "Two dogs; one = brown, #1"),
        ("title", "2", "Cook #3"),
        ("caption", "2", "A “cook” says &#34;salt&#34; --&gt; 你好"),
    ]


def test_a_chapter_that_repeats_its_one_scene_has_no_field_of_its_own() -> None:
    chapters = (Chapter(0.0, FILM.scenes[0].caption.upper()), FILM.chapters[1])
    html = views.table_view(replace(FILM, chapters=chapters), ENGLISH)
    assert [(kind, index) for kind, index, _ in fields(html)] == [
        ("caption", "0"),
        ("title", "1"),
        ("caption", "1"),
        ("caption", "2"),
    ]
    assert "3 scenes, 2 chapters" in html


def test_one_scene_has_no_chapters_to_speak_of() -> None:
    html = views.table_view(replace(FILM, scenes=FILM.scenes[:1]), ENGLISH)
    assert [kind for kind, _, _ in fields(html)] == ["caption"]
    assert ENGLISH.scenes_one in html


def test_rows_lead_to_their_moments_and_say_what_is_not_sure() -> None:
    html = views.table_view(FILM, ENGLISH)
    assert re.findall(r'data-seek-seconds="([\d.]+)"', html) == ["0.005", "12.325", "60.125"]
    assert re.findall(r"(\d+)\u00a0%", html) == ["25", "50", "75"]
    assert html.count(ENGLISH.timeline_not_sure) == 1


def test_the_other_states() -> None:
    assert 'data-scenes="empty"' in views.empty_view(ENGLISH)
    assert "&lt;x&gt;" in views.error_view("<x>", ENGLISH)
    assert "&lt;x&gt;" in views.refusal_view("<x>")
    assert 'data-scenes="busy"' in views.busy_view(ENGLISH)
    assert "data-refused" not in views.below_exports_view({}, FILM, ENGLISH)
    assert "&lt;x&gt;" in views.below_exports_view({"youtube": "<x>"}, FILM, ENGLISH)
    assert ENGLISH.scenes_exports_hint in views.exports_heading_view(ENGLISH)
    assert "&lt;x&gt;" in views.label_view("<x>")
