"""How statements and vectors come to count in answers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.tiny import write_frames
from videobert_demo.evaluation import calibration
from videobert_demo.evaluation.answering import AnsweredQuestion
from videobert_demo.evaluation.calibration import STATEMENT_WEIGHTS, calibrate_answers, fit_logistic, fit_sureness
from videobert_demo.evaluation.sureness import SURE_AT_MOST
from videobert_demo.model.loading import LoadedModel
from videobert_demo.tasks.sureness import answer_key, correct_probability
from videobert_demo.types import Answer


def test_a_logistic_curve_is_found_again() -> None:
    random = np.random.default_rng(0)
    values = random.uniform(0, 0.5, 20_000)
    is_yes = random.random(20_000) < 1 / (1 + np.exp(-20 * (values - 0.24)))
    slope, middle = fit_logistic(values, is_yes)
    assert slope == pytest.approx(20, rel=0.05)
    assert middle == pytest.approx(0.24, abs=0.005)


@pytest.mark.parametrize("is_yes", [[True, True], [False, False], [True, False]])
def test_values_that_tell_nothing_are_refused(is_yes: list[bool]) -> None:
    with pytest.raises(ValueError, match=r"both answers|larger values"):
        fit_logistic(np.array([0.1, 0.2]), np.array(is_yes))


def test_statements_count_as_much_as_they_help(
    tmp_path: Path, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write_frames(tmp_path / "data", split="val")
    questions = calibration.choose_questions(calibration.read_videos(data, "val"), 0)
    monkeypatch.setattr(
        calibration, "compare_statements", lambda _loaded, _clips, texts: np.linspace(0, 1, len(texts)).tolist()
    )
    # the decoder prefers another answer a little, captions the right one: exp(0.4) < 1.5 < exp(0.6)
    answers = {f"{one.text}": one.answer for one in questions}
    monkeypatch.setattr(
        calibration,
        "write_answers",
        lambda _loaded, _clips, texts: [(Answer("zebra", 0.3), Answer(answers[text], 0.2)) for text in texts],
    )
    monkeypatch.setattr(
        calibration, "read_statements", lambda _loaded, _encoded, texts, _answers: [[-4.0, -3.0] for _ in texts]
    )
    monkeypatch.setattr(calibration, "fit_logistic", lambda _values, _is_yes: (12.34567, 0.256789))
    found = calibrate_answers(loaded, data, progress=False)
    assert list(found.pop("calibration")) == ["answer_sure"]  # so few questions correct nothing
    assert found == {"answer_statement_weight": 0.6, "answer_yes_slope": 12.346, "answer_yes_middle": 0.2568}
    assert 0.6 in STATEMENT_WEIGHTS
    assert set(found) <= set(json.loads(loaded.model.config.to_json_string(use_diff=False)))


def test_an_answers_probability_becomes_that_of_being_right() -> None:
    asked = [AnsweredQuestion(row, "who?", "man", "who") for row in range(200)]
    # at 0.9 the decoder is right in 60 of 100, where "boy" counts as "man"; at 0.2 in 10 of 100
    texts = ["man"] * 30 + ["boy"] * 30 + ["woman"] * 40 + ["guy"] * 10 + ["cat"] * 90
    answers = [Answer(text, 0.9 if row < 100 else 0.2) for row, text in enumerate(texts)]
    calibration = fit_sureness(asked, answers)
    assert correct_probability(calibration, answer_key("who"), 0.9) == pytest.approx(0.6, abs=0.02)
    assert correct_probability(calibration, answer_key("who"), 0.2) == pytest.approx(0.1, abs=0.02)
    assert calibration["answer_sure"] == [SURE_AT_MOST]


def test_yes_and_no_are_not_corrected() -> None:
    asked = [AnsweredQuestion(row, "is it?", "yes", "yes/no") for row in range(100)]
    answers = [Answer("yes", 0.9)] * 85 + [Answer("no", 0.55)] * 15
    calibration = fit_sureness(asked, answers)
    assert list(calibration) == ["answer_sure", "answer_sure yes/no"]  # a limit, but no correction
    assert calibration["answer_sure yes/no"] == calibration["answer_sure"]
    assert 0.3 <= calibration["answer_sure"][0] <= 0.9
