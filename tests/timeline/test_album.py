"""An album keeps few pictures of a long film, and enough of every scene."""

import itertools

import numpy as np
import pytest

from videobert_demo.timeline.album import MAX_PART_SECONDS, PICTURES_PER_PART, Album

Picture = float | str
"""A picture that is its own moment, loose, or packed: as text."""


def filled(
    seconds: float, cuts: dict[float, float], *, late: float = 1.0, max_parts: int = 240, max_loose_bytes: int = 10**6
) -> Album[Picture]:
    """An album of a film with 25 frames a second, of ten bytes each; its cuts come late."""
    album: Album[Picture] = Album(
        str, lambda picture: 10 * isinstance(picture, float), max_parts=max_parts, max_loose_bytes=max_loose_bytes
    )
    told: set[float] = set()
    for number in range(round(25 * seconds)):
        moment = number / 25
        album.add(moment, moment)
        for cut in cuts.keys() - told:
            if cut + late <= moment:
                album.cut(cut, cuts[cut])
                told.add(cut)
        album.settle(moment - late)
    album.end()
    return album


def test_every_scene_between_cuts_has_pictures_near_the_centres_of_its_segments() -> None:
    cuts = {1.0: 1.0, 2.0: 1.5, 9.0: 1.2, 11.4: 1.0}
    album = filled(20.0, cuts)
    edges = [0.0, *cuts, 20.0]
    for start, end in itertools.pairwise(edges):
        chosen = album.choose(start, end, 8)
        moments = np.array([moment for moment, _ in chosen])
        segment = (end - start) / 8
        centres = start + (np.arange(8) + 0.5) * segment
        assert len(moments) == 8
        assert (np.diff(moments) > 0).all()
        assert np.abs(moments - centres).max() <= max(0.5 * segment, 0.08), (start, end, moments - centres)
        assert [picture for _, picture in chosen] == moments.tolist()


def test_pictures_are_kept_where_they_are_wanted() -> None:
    album: Album[float] = Album(lambda one: one, lambda _: 10, wanted=np.linspace)
    for number in range(100):
        album.add(number / 25, number / 25)
        if number == 75:
            album.cut(3.0, 1.0)
        album.settle(number / 25 - 0.5)
    album.end()
    moments = [moment for moment, _ in album.choose(0.0, 3.0, 8)]
    assert np.abs(np.linspace(0, 3, 8) - moments).max() < 0.041  # the frame at 3 s is of the next part
    assert moments[0] == 0.0


def test_no_picture_of_the_scene_before_is_taken_though_the_cut_is_told_late() -> None:
    album = filled(8.0, {4.0: 1.0}, late=1.5)
    assert min(moment for moment, _ in album.choose(4.0, 8.0, 8)) >= 4.0
    assert max(moment for moment, _ in album.choose(0.0, 4.0, 8)) < 4.0


def test_a_long_shot_has_pictures_all_along() -> None:
    album = filled(95.0, {})
    moments = np.array([moment for moment, _ in album.kept(0, 95)])
    assert np.diff(moments).max() < 0.3 * MAX_PART_SECONDS
    assert moments[0] < 1
    assert moments[-1] > 93


def test_the_number_of_pictures_is_bounded_and_strong_cuts_keep_theirs() -> None:
    cuts = {float(second): 1.0 + (second == 40) + (second == 42) for second in range(1, 80)}
    album = filled(80.0, cuts, max_parts=10)
    assert len(album.kept(0, 80)) <= 10 * PICTURES_PER_PART
    assert len(album.choose(40.0, 42.0, 8)) == 8


def test_the_oldest_pictures_are_packed_if_they_take_too_much() -> None:
    kept = filled(95.0, {}, max_loose_bytes=300).kept(0, 95)
    is_loose = [isinstance(picture, float) for _, picture in kept]
    assert 0 < sum(is_loose) <= 30
    assert is_loose == sorted(is_loose)
    assert all(float(picture) == moment for moment, picture in kept)


def test_a_stretch_without_pictures_gets_the_nearest_one() -> None:
    album = filled(1.0, {})
    ((moment, _),) = album.choose(5.0, 6.0, 8)
    assert moment == pytest.approx(0.96, abs=0.1)
    assert filled(0.0, {}).choose(0.0, 1.0, 8) == []
