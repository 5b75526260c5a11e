"""60 questions and 30 searches in Chinese on the bundled examples and weights, answered as their English twins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.timeline.films import EXAMPLES
from videobert_demo.service.opening import load
from videobert_demo.service.service import VideoBertService

TWINS = json.loads((Path(__file__).parents[1] / "resources" / "chinese_twins.json").read_text(encoding="utf-8"))
pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def demo() -> VideoBertService:
    return load()


def test_nine_questions_of_ten_are_answered_as_in_english(demo: VideoBertService) -> None:
    assert len(TWINS["questions"]) == 60
    right = []
    for clip, chinese, english in TWINS["questions"]:
        opened = demo.open(EXAMPLES / f"{clip}.mp4")
        said, twin = demo.answer(opened, chinese, language="zh"), demo.answer(opened, english)
        right.append((said.english, said.probability) == (twin.text, twin.probability))
    assert sum(right) >= 54, [one for one, is_right in zip(TWINS["questions"], right, strict=True) if not is_right]


def test_nine_searches_of_ten_find_what_they_find_in_english(demo: VideoBertService) -> None:
    assert len(TWINS["searches"]) == 30
    library = demo.shared_library()
    wrong = []
    for chinese, english in TWINS["searches"]:
        found, twin = ([hit.entry.title for hit in demo.search(library, text, count=3)] for text in (chinese, english))
        if found != twin:
            wrong.append((chinese, english, found, twin))
    assert len(wrong) <= 3, wrong
