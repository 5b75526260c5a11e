"""What the Search tab shows in each state."""

from __future__ import annotations

import numpy as np

from videobert_demo.library.entries import make_thumbnail
from videobert_demo.types import Hit, LibraryEntry
from videobert_demo.ui.search import view as views
from videobert_demo.ui.texts.english import ENGLISH

PICTURE = make_thumbnail(np.zeros((30, 40, 3), np.uint8))
DOG = LibraryEntry("0" * 64, "a <dog>", 7.5, PICTURE, "/clips/dog.mp4")
CAT = LibraryEntry("1" * 64, "a cat", 72.0, PICTURE, "/clips/cat.mp4")


def test_hits_are_cards_with_score_and_moment() -> None:
    html = views.hits_view("“<dog>”", (Hit(DOG, 0.523, 3.2, 2), Hit(CAT, 0.1, 0.0, is_sure=False)), ENGLISH)
    assert html.count(ENGLISH.search_unsure) == 1
    assert html.count("data-hit=") == 2
    assert "a &lt;dog&gt;" in html
    assert "“&lt;dog&gt;”" in html
    assert "Score 0.52 · from 0:03.2" in html
    assert html.count("look the same") == 1
    assert 'data-search="refused"' in views.hits_view("x", (), ENGLISH)


def test_where_nothing_fits_well_the_page_says_so_and_shows_only_the_nearest() -> None:
    weak = [Hit(CAT, 0.3 - 0.01 * number, 0.0, is_sure=False) for number in range(1, 8)]
    assert len(views.fitting(weak)) == 3
    assert ENGLISH.search_unsure not in views.hits_view("x", weak, ENGLISH)  # once for all is enough
    assert ENGLISH.search_weak in views.hits_view("x", views.fitting(weak), ENGLISH)
    good = [Hit(DOG, 0.3, 0.0), *weak]
    assert len(views.fitting(good)) == 8
    assert ENGLISH.search_weak not in views.hits_view("x", good, ENGLISH)
    assert views.fitting(()) == ()
    assert views.for_you_view((), ENGLISH) == ""


def test_only_ones_own_clips_can_be_removed() -> None:
    html = views.library_view((DOG, CAT), {CAT.content_hash}, "a <note>", ENGLISH)
    assert f'data-remove="{CAT.content_hash}"' in html
    assert f'data-remove="{DOG.content_hash}"' not in html
    assert 'data-clips="2"' in html
    assert "a &lt;note&gt;" in html


def test_what_became_of_the_files_is_told() -> None:
    html = views.added_view(2, 1, ["<x>.mp4 is not a video"], ENGLISH)
    assert "2 added, 1 already there, 1 that cannot be used:" in html
    assert "&lt;x&gt;.mp4" in html
    assert "already" not in views.added_view(1, 0, [], ENGLISH)


def test_the_other_states() -> None:
    assert 'data-search="empty"' in views.empty_view(ENGLISH)
    assert 'data-search="busy"' in views.busy_view(ENGLISH)
    assert "&lt;x&gt;" in views.refusal_view("<x>")
