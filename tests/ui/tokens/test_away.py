"""What can be taken away of the parts of the Tokens tab."""

from __future__ import annotations

import csv
import io
import json

from tests.ui.tokens.test_view import NEAR, OWN, SAME
from videobert_demo.service.results import Classification, Filled, Forecast, Inspection, Reel
from videobert_demo.tasks.cloze import MASK
from videobert_demo.types.visual_words import Blank, Guess, VisualWord
from videobert_demo.ui.takeaway import Takeaway
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.tokens import view as views
from videobert_demo.ui.tokens.away import classification_away, cloze_away, forecast_away, reel_away, strip_away

WORD = VisualWord(164, 0.5, ("screen", "text"))


def table(away: Takeaway) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(away.csv)))


def test_visual_words_have_their_names() -> None:
    segments = (OWN[0], OWN[1].__class__(**{**_values(OWN[1]), "word": WORD}))
    away = strip_away(Inspection(segments, ((), ()), 3), ENGLISH)
    assert away.text.splitlines()[1].endswith("visual word 164 (screen, text)")
    assert [row["name"] for row in table(away)] == ["", "screen, text"]


def _values(segment: object) -> dict[str, object]:
    return {name: getattr(segment, name) for name in segment.__slots__}  # type: ignore[attr-defined]


def test_a_cloze_has_a_row_for_each_guess() -> None:
    filled = Filled(("a", MASK), (Blank(1, (Guess("dog", 0.6),), (Guess("man", 0.2),)),), ((0, (WORD,)),))
    away = cloze_away(filled, ENGLISH)
    assert [(row["hidden"], row["given"], row["guess"]) for row in table(away)] == [
        ("word", "with the clip", "dog"),
        ("word", "without the clip", "man"),
        ("segment", "with the clip", "visual word 164 (screen, text)"),
    ]
    assert json.loads(away.json)["blanks"][0]["with_clip"] == [{"text": "dog", "probability": 0.6}]
    assert "dog 60\u00a0%" in away.text


def test_a_forecast_tells_what_came_and_what_was_expected() -> None:
    found = Forecast(2, ((WORD, VisualWord(7, 0.1)),), (OWN[2].word,), ((),))
    away = forecast_away(OWN, found, ENGLISH)
    assert [(row["came"], row["expected"], row["probability"]) for row in table(away)] == [
        ("7", "164", "0.5"),
        ("7", "7", "0.1"),
    ]
    assert json.loads(away.json)["segments"][0]["expected"][0]["name"] == "screen, text"
    assert "came visual word 7, expected visual word 164 (screen, text)" in away.text


def test_a_reel_and_a_classification() -> None:
    reel = reel_away(Reel("a dog", (WORD, VisualWord(7, 0.1)), (SAME, NEAR), 1.0, 3), ENGLISH)
    assert [row["shown_by"] for row in table(reel)] == ["a <dog>", "a cat"]
    assert json.loads(reel.json)["seed"] == 3
    assert [row["shown_by"] for row in table(reel_away(Reel("a dog", (WORD,), (), 1.0, 3), ENGLISH))] == [""]
    found = Classification((Guess("run", 0.5),), (), (), (), (), (), ())
    told = classification_away(found, [("Verb", "asked", (Guess("run", 0.5),), 0.3)])
    assert table(told) == [{"asked": "Verb asked", "text": "run", "probability": "0.5"}]
    assert "data-take" in views.classification_view(found, ENGLISH)
