"""The timeline as markup: a block a scene, and what a question is about."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.timeline.samples import sample_timeline
from videobert_demo.timeline.timeline import Chapter, Scene, Timeline
from videobert_demo.types import Cue, Subtitles
from videobert_demo.ui.texts.chinese import CHINESE
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.timeline.view import blocks_of, busy_view, problem_view, scope_view, timeline_view

FILM = sample_timeline("25")


def long_film(count: int) -> Timeline:
    scenes = tuple(Scene(at * 2.0, at * 2.0 + 2.0, f"scene {at}", 0.5, is_sure=True) for at in range(count))
    return replace(FILM, scenes=scenes, chapters=(), duration_seconds=count * 2.0)


def test_each_scene_is_a_block_as_wide_as_it_is_long() -> None:
    html = timeline_view(FILM, ENGLISH)
    assert re.findall(r"flex-grow:([\d.]+)", html) == ["12.320", "47.800", "11.880"]
    assert re.findall(r'data-start="([\d.]+)" data-end="([\d.]+)"', html)[1] == ("12.320", "60.120")
    assert html.count("background-image:url(data:image/jpeg;base64,") == 3
    assert re.findall(r'tabindex="(-?\d)"', html) == ["0", "-1", "-1"]  # one stop for the Tab key
    label = re.findall(r'aria-label="([^"]+)"', html)
    assert "Scene 2 of 3, 0:12.3 to 1:00.1: two dogs; one = brown, #1" in label
    assert "<b>" not in html
    assert "&lt;b&gt;guitar&lt;/b&gt;" in html


def test_the_sentence_of_the_first_scene_is_shown_and_says_if_it_is_not_sure() -> None:
    html = timeline_view(FILM, ENGLISH)
    lines = re.findall(r'data-sentence="\d"( hidden)?>(.*?)</p>', html, re.DOTALL)
    assert [hidden for hidden, _ in lines] == ["", " hidden", " hidden"]
    assert [ENGLISH.timeline_not_sure in text for _, text in lines] == [True, False, False]


def test_one_scene_is_no_timeline() -> None:
    alone = replace(FILM, scenes=FILM.scenes[:1])
    assert timeline_view(alone, ENGLISH) == ""
    assert scope_view(blocks_of(alone), None, ENGLISH) == ""


def test_what_is_said_lies_below_its_scenes_and_is_escaped() -> None:
    said = Subtitles((Cue(6.16, 18.32, "<i>hello</i> there"), Cue(70.0, 500.0, "bye")), "file")
    html = timeline_view(FILM, ENGLISH, said)
    lanes = re.findall(r'class="vb-said-lane"[^>]*>(.*?)</span>', html, re.DOTALL)
    assert [re.findall(r"left:([\d.]+)%;width:([\d.]+)%", lane) for lane in lanes] == [
        [("50.00", "50.00")],
        [("0.00", "12.55")],
        [("83.16", "16.84")],
    ]
    assert "<i>hello" not in html
    assert html.count('data-subtitles="said"') == 1
    alone = replace(FILM, scenes=FILM.scenes[:1])
    assert timeline_view(alone, ENGLISH, said).count('class="vb-said-lane"') == 1
    assert "vb-said" not in timeline_view(FILM, ENGLISH)


def test_only_long_clips_can_be_zoomed() -> None:
    assert "data-zoom" not in timeline_view(FILM, ENGLISH)
    assert timeline_view(long_film(11), ENGLISH).count("data-zoom") == 2
    assert "data-zoom" not in timeline_view(long_film(10), ENGLISH)


def test_what_is_missing_is_said() -> None:
    cut_off = replace(FILM, is_complete=False, scenes_left_out=7)
    html = timeline_view(cut_off, ENGLISH)
    assert "Stopped at 1:12.0" in html
    assert "7 more scenes" in html


def test_chapters_are_set_apart() -> None:
    two = replace(FILM, chapters=(Chapter(0.0, "one"), Chapter(60.12, "two")))
    assert [block.chapter_index for block in blocks_of(two)] == [0, 0, 1]
    assert [block.starts_chapter for block in blocks_of(two)] == [True, False, True]
    assert timeline_view(two, ENGLISH).count("vb-chapter-start") == 1
    assert [block.chapter_index for block in blocks_of(replace(two, chapters=two.chapters[1:]))] == [None, None, 0]


def test_progress_tells_how_long_it_takes_once_that_is_known() -> None:
    assert "40\u00a0%" in busy_view(0.4, None, ENGLISH)
    assert "left" not in re.sub("class.*?>", "", busy_view(0.4, None, ENGLISH))
    assert "about 12 s left" in busy_view(0.4, 12.3, ENGLISH)
    assert "about 1 s left" in busy_view(0.4, 0.0, ENGLISH)
    assert "大约还需 3 分钟" in busy_view(0.4, 170.0, CHINESE)
    assert "data-stop-scenes" in busy_view(0.4, None, ENGLISH)
    assert "&lt;x&gt;" in problem_view("<x>")


def test_a_question_is_about_the_clip_or_a_scene() -> None:
    blocks = blocks_of(FILM)
    whole, scene = scope_view(blocks, None, ENGLISH), scope_view(blocks, 1, ENGLISH)
    assert re.findall(r'aria-pressed="(\w+)"', whole) == ["true", "false"]
    assert re.findall(r'aria-pressed="(\w+)"', scene) == ["false", "true"]
    assert 'data-scope="1"' in scene
    assert "Scene 2, 0:12.3–1:00.1" in scene
