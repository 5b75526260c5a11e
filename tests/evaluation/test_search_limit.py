"""From which score on a clip fits one to three words."""

from __future__ import annotations

import numpy as np
import pytest

from videobert_demo.evaluation.search_limit import LIBRARY_CLIPS, choose_score_limit


def test_a_tenth_of_the_words_that_are_there_is_refused() -> None:
    words, clips = 200, LIBRARY_CLIPS
    scores = np.full((words, clips), -0.5, np.float32)
    fits = np.zeros((words, clips), np.bool_)
    for word in range(words):
        scores[word, word % clips] = word / words
        fits[word, word % clips] = True
    limit = choose_score_limit(scores, fits)
    assert (np.arange(words) / words < limit).mean() == pytest.approx(0.1, abs=0.01)
    assert choose_score_limit(scores, fits) == limit


def test_a_library_of_one_clip() -> None:
    assert choose_score_limit(np.array([[0.25]], np.float32), np.array([[True]])) == 0.25
