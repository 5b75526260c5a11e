"""The four states of the Describe tab as markup."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from videobert_demo.timeline.timeline import Chapter
from videobert_demo.types import CANNOT_TELL, Caption, CaptionResult, ClipInfo, Frames
from videobert_demo.ui.describe.view import busy_view, done_view, empty_view, error_view
from videobert_demo.ui.texts.english import ENGLISH

INFO = ClipInfo("webm", "vp9", 640, 360, 8.0, 29.97, 240, 0, 1_250_000)


def frames(count: int) -> Frames:
    pixels = np.zeros((count, 90, 160, 3), np.uint8)
    pixels[:, :, :, 0] = np.arange(count, dtype=np.uint8)[:, None, None] * 30
    return Frames(pixels, np.arange(count, dtype=np.float64) + 0.5)


def view(*captions: Caption, count: int = 8, info: ClipInfo = INFO) -> str:
    return done_view(info, frames(count), CaptionResult(captions, 0.2), seconds=0.62, texts=ENGLISH)


def test_every_state_says_which_one_it_is() -> None:
    states = [empty_view(ENGLISH), busy_view(ENGLISH), error_view("Too long.", ENGLISH), view(Caption("a dog", 0.5))]
    found = [re.findall(r'data-state="(\w+)"', state) for state in states]
    assert found == [["empty"], ["busy"], ["error"], ["done"]]


def test_the_answer_holds_captions_scores_times_and_facts() -> None:
    markup = view(Caption("a dog runs", 0.614), Caption("a cat runs", 0.3), Caption("an animal", 0.052))
    assert '<p class="vb-caption" lang="en">a dog runs</p>' in markup
    assert "Score 61\u00a0%" in markup
    assert "Answered in 0.6 s" in markup
    assert re.findall(r'class="vb-row-text" lang="en">([^<]+)<', markup) == ["a cat runs", "an animal"]
    assert re.findall(r"width:([\d.]+)%", markup) == ["30.0", "5.2"]
    assert re.findall(r"<dd>([^<]+)</dd>", markup) == ["8.0 s", "640 × 360", "29.97 per second", "webm, vp9, 1.2 MB"]


def test_captions_that_are_one_in_another_language_are_listed_once() -> None:
    captions = [
        ("狗在跑", "a dog runs", 0.6),
        ("狗在跑", "a dog is running", 0.5),
        ("猫", "a cat", 0.3),
        ("猫", "the cat", 0.2),
    ]
    markup = view(*(Caption(text, score, english=english) for text, english, score in captions))
    assert re.findall(r'class="vb-row-text"[^>]*>([^<]+)<', markup) == ["猫"]
    assert re.findall(r"width:([\d.]+)%", markup) == ["30.0"]


def test_frames_that_were_read_again_are_told() -> None:
    result = CaptionResult((Caption("a dog", 0.5),), 0.2)
    told = done_view(INFO, frames(1), result, seconds=0.6, texts=ENGLISH, repeated_frames=15)
    assert ENGLISH.frames_repeated.format(count=15) in told
    assert "vb-repeated" not in view(Caption("a dog", 0.5))


def test_of_many_chapters_the_first_are_shown_and_the_others_folded() -> None:
    def told(count: int) -> str:
        chapters = [Chapter(float(start), f"Scene {start} <b>") for start in range(count)]
        result = CaptionResult((Caption("a dog", 0.5),), 0.2)
        return done_view(INFO, frames(2), result, seconds=0.6, texts=ENGLISH, chapters=chapters)

    few, many = told(12), told(40)
    assert "<details" not in few
    above, _, below = many.partition("data-chapters")
    assert "vb-frames" in above  # they come late, and would push down what stands below them
    shown, folded = below.split("<details")
    starts = [re.findall(r'<button type="button" data-seek-seconds="(\d+)', part) for part in (shown, folded)]
    assert [len(starts[0]), starts[1][:28]] == [12, [str(start) for start in range(12, 40)]]
    assert ENGLISH.chapters_more.format(count=28) in folded
    assert "Scene 39 &lt;b&gt;." in " ".join(folded.replace("</span>", "").split())


def test_the_page_says_where_it_is_not_sure() -> None:
    captions = (Caption("a dog runs", 0.6, 0.41), Caption("a cat", 0.3, 0.2))
    unsure, sure = (
        done_view(INFO, frames(2), CaptionResult(captions, 0.2, limit), seconds=0.6, texts=ENGLISH)
        for limit in (0.7, 0.4)
    )
    assert f'<p class="vb-caption">{ENGLISH.caption_not_sure}</p>' in unsure
    assert unsure.count(ENGLISH.caption_not_sure) == 2  # to read, and to take away
    assert ENGLISH.perhaps_heading in unsure
    assert "a dog runs" in unsure.split(ENGLISH.perhaps_heading)[1]
    assert 'data-sure="unsure"' in unsure
    assert '<p class="vb-caption" lang="en">a dog runs</p>' in sure
    assert "41\u00a0% likely to be right" in sure
    assert "likely to be right" not in view(Caption("a dog", 0.5))


def test_what_holds_stands_in_place_of_a_caption_that_is_not_sure() -> None:
    result = CaptionResult((Caption("a dog runs", 0.6, 0.41),), 0.2, 0.7, "a dog; not sure what happens")
    markup = done_view(INFO, frames(2), result, seconds=0.6, texts=ENGLISH)
    assert '<p class="vb-caption" lang="en">a dog; not sure what happens</p>' in markup
    assert ENGLISH.caption_holds in markup
    assert ENGLISH.caption_not_sure not in markup


def test_the_page_says_that_it_cannot_tell() -> None:
    markup = view(Caption(CANNOT_TELL, 0.0, 0.0))
    assert '<p class="vb-caption">I cannot tell</p>' in markup
    assert "It looks like noise" in markup
    assert "Score" not in markup


def test_one_caption_has_no_list_of_others() -> None:
    assert "vb-rows" not in view(Caption("a dog", 0.5))


def test_frames_carry_their_moment_and_their_picture() -> None:
    markup = view(Caption("a dog", 0.5), count=3)
    assert re.findall(r'data-seek-seconds="([\d.]+)"', markup) == ["0.500", "1.500", "2.500"]
    assert re.findall(r"<span>(\d:\d\d\.\d)</span>", markup) == ["0:00.5", "0:01.5", "0:02.5"]
    pictures = [
        Image.open(io.BytesIO(base64.b64decode(data)))
        for data in re.findall(r'src="data:image/jpeg;base64,([^"]+)"', markup)
    ]
    assert [picture.size for picture in pictures] == [(160, 90)] * 3
    reds = [float(np.asarray(picture)[..., 0].mean()) for picture in pictures]
    assert reds == pytest.approx([0, 30, 60], abs=3)


@pytest.mark.parametrize(("count", "columns", "narrow"), [(1, 3, 3), (6, 6, 3), (8, 4, 4), (9, 5, 3)])
def test_frames_fill_their_rows(count: int, columns: int, narrow: int) -> None:
    assert f"--columns:{columns};--narrow-columns:{narrow}" in view(Caption("a dog", 0.5), count=count)


def test_what_is_not_known_is_not_told() -> None:
    clip = ClipInfo("gif", "gif", 32, 32, 0.0, 0.0, None, 0, 400)
    assert re.findall(r"<dd>([^<]+)</dd>", view(Caption("a dog", 0.5), count=1, info=clip)) == [
        "32 × 32",
        "gif, gif, 1 kB",
    ]


@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_a_photograph_is_called_a_still(seconds: float) -> None:
    still = ClipInfo("gif", "gif", 32, 32, seconds, 0.0, 1, 0, 400)
    assert re.findall(r"<dd>([^<]+)</dd>", view(Caption("a dog", 0.5), count=1, info=still)) == [
        "A still: one picture",
        "32 × 32",
        "gif, gif, 1 kB",
    ]


def test_texts_from_outside_cannot_become_markup() -> None:
    nasty = '<img src=x onerror="alert(1)">'
    for markup in (error_view(nasty, ENGLISH), view(Caption(nasty, 0.5), Caption(nasty + "2", 0.4))):
        assert "<img src=x" not in markup
        assert "&lt;img src=x" in markup
