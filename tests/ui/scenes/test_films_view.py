"""What is asked of a whole film, as HTML."""

from __future__ import annotations

from dataclasses import replace

from tests.timeline.samples import sample_timeline
from videobert_demo.service.films import Summary
from videobert_demo.timeline.cutlist import cut_list
from videobert_demo.ui.page.pace import Pace
from videobert_demo.ui.scenes import films_view as views
from videobert_demo.ui.texts.english import ENGLISH

FILM = sample_timeline("25")


def test_a_stretch_shows_the_picture_of_the_scene_it_shares_most_with() -> None:
    scenes = tuple(replace(scene, thumbnail=bytes([number])) for number, scene in enumerate(FILM.scenes))
    film = replace(FILM, scenes=scenes)
    second = scenes[1]
    assert views._picture(film, second.start_seconds - 0.1, second.end_seconds) == b"\x01"
    assert views._picture(film, 0.0, 1.0) == b"\x00"


def test_a_cut_says_how_much_stays_and_where_each_part_begins() -> None:
    cuts = cut_list(FILM.media, FILM.duration_seconds, None, [((2.0, 6.0), 0.5)], keeps=True)
    html = views.cut_view(FILM, cuts, ENGLISH)
    assert "0:04" in html
    assert html.count("data-border=") == 2  # the first part begins with the clip
    assert ENGLISH.films_cut_unsure not in html
    assert html.count('aria-pressed="true"') == 1


def test_the_paragraph_is_escaped() -> None:
    film = replace(FILM, scenes=(replace(FILM.scenes[0], caption="<x> & y", is_sure=True),))
    assert "&lt;x&gt; &amp; y." in views.summary_view(Summary(film, (0,), 1.0), ENGLISH)


def test_the_states_on_the_way() -> None:
    busy = views.busy_view("<x>", Pace().progress("asking"), ENGLISH)
    assert "&lt;x&gt;" in busy
    assert "data-cancel" in busy
    assert 'data-film-made="busy"' in views.filming_view(ENGLISH)
    assert "1:01" in views.filmed_view(61.0, ENGLISH)
