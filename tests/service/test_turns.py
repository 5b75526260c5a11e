"""Calls of the model that wait together run together, and nobody gets what is another's."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
import torch

from tests.tiny import random_clips, write_tiny_checkpoint
from videobert_demo.model.features import ClipTensors
from videobert_demo.model.loading import LoadedModel, bind, load_checkpoint
from videobert_demo.service import turns as turns_module
from videobert_demo.service.turns import Turns
from videobert_demo.tasks.answer import answer_questions
from videobert_demo.tasks.caption import caption_clips
from videobert_demo.tasks.embed import embed_clips

PATIENCE_SECONDS = 30
NO_MODEL = cast("LoadedModel", object())


class Gate:
    """A task that waits until it may go on, and remembers which batches it got."""

    def __init__(self) -> None:
        self.batches: list[list[Any]] = []
        self.open, self.entered = threading.Event(), threading.Event()

    def double(self, _loaded: LoadedModel, items: list[Any], *, plus: int = 0) -> list[Any]:
        self.batches.append(items)
        self.entered.set()
        assert self.open.wait(PATIENCE_SECONDS)
        for item in items:
            if isinstance(item, BaseException):
                raise item
        return [2 * item + plus for item in items]


def wait_for(turns: Turns, inside: int) -> None:
    """Until so many callers are inside, and all but the one at work have joined a row."""
    limit = threading.Event()
    for _ in range(PATIENCE_SECONDS * 200):
        if turns._inside == inside and sum(map(len, turns._waiting.values())) >= inside - 1:
            return
        limit.wait(0.005)
    raise AssertionError(f"{turns._inside} of {inside} callers are inside")


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def turns() -> Turns:
    return Turns(bind(NO_MODEL), patience_seconds=0.0)


def test_one_who_is_alone_is_served_at_once(turns: Turns, gate: Gate) -> None:
    gate.open.set()
    assert turns.together(gate.double, 4, plus=1) == 9
    assert turns.alone(lambda _loaded, item: item + 1, 4) == 5
    assert (turns._inside, turns._waiting) == (0, {})


def test_those_who_come_meanwhile_share_the_next_call_and_each_gets_their_own(turns: Turns, gate: Gate) -> None:
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(turns.together, gate.double, 0)
        assert gate.entered.wait(PATIENCE_SECONDS)
        rest = [pool.submit(turns.together, gate.double, number) for number in range(1, 8)]
        wait_for(turns, 8)
        gate.open.set()
        assert [one.result(PATIENCE_SECONDS) for one in (first, *rest)] == [0, 2, 4, 6, 8, 10, 12, 14]
    assert [sorted(batch) for batch in gate.batches] == [[0], [1, 2, 3, 4, 5, 6, 7]]
    assert (turns._inside, turns._waiting) == (0, {})


def test_no_call_is_shared_by_more_than_the_most(gate: Gate) -> None:
    turns = Turns(bind(NO_MODEL), most=3, patience_seconds=0.0)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(turns.together, gate.double, 0)]
        assert gate.entered.wait(PATIENCE_SECONDS)
        asked += [pool.submit(turns.together, gate.double, number) for number in range(1, 8)]
        wait_for(turns, 8)
        gate.open.set()
        assert [one.result(PATIENCE_SECONDS) for one in asked] == [2 * number for number in range(8)]
    assert [len(batch) for batch in gate.batches] == [1, 3, 3, 1]


def test_callers_who_want_something_else_do_not_share(gate: Gate) -> None:
    turns = Turns(bind(NO_MODEL), at_once=1, patience_seconds=0.0)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(turns.together, gate.double, 1)]
        assert gate.entered.wait(PATIENCE_SECONDS)
        asked += [pool.submit(turns.together, gate.double, 2, plus=plus) for plus in (5, 6, 5)]
        wait_for(turns, 4)
        gate.open.set()
        assert [one.result(PATIENCE_SECONDS) for one in asked] == [2, 9, 10, 9]
    assert sorted(gate.batches) == [[1], [2], [2, 2]]


def test_an_error_belongs_to_whoever_made_it(turns: Turns, gate: Gate) -> None:
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(turns.together, gate.double, 1)]
        assert gate.entered.wait(PATIENCE_SECONDS)
        items = (2, KeyError("mine"), 3)
        asked += [pool.submit(turns.together, gate.double, item) for item in items]
        wait_for(turns, 4)
        gate.open.set()
        assert [asked[index].result(PATIENCE_SECONDS) for index in (0, 1, 3)] == [2, 4, 6]
        with pytest.raises(KeyError, match="mine"):
            asked[2].result(PATIENCE_SECONDS)
    assert (turns._inside, turns._waiting) == (0, {})


def test_a_leader_who_is_interrupted_harms_nobody(turns: Turns, gate: Gate) -> None:
    """As by Ctrl-C: the leader's batch had three, and the other two are served by the next leader."""
    stop = KeyboardInterrupt()
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(turns.together, gate.double, 1)]
        assert gate.entered.wait(PATIENCE_SECONDS)
        for count, item in enumerate((stop, 2, 3), start=2):
            asked.append(pool.submit(turns.together, gate.double, item))
            wait_for(turns, count)
        gate.open.set()
        assert [asked[index].result(PATIENCE_SECONDS) for index in (0, 2, 3)] == [2, 4, 6]
        assert asked[1].exception(PATIENCE_SECONDS) is stop
    assert gate.batches == [[1], [stop, 2, 3], [2, 3]]
    assert (turns._inside, turns._waiting) == (0, {})


def test_one_who_leaves_while_waiting_is_not_worked_for(
    turns: Turns, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave, gone = threading.Event(), KeyboardInterrupt()

    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert leave.wait(PATIENCE_SECONDS)
            raise gone

    class Request(turns_module._Request):
        def __init__(self, parts: tuple[Any, ...]) -> None:
            super().__init__(parts)
            self.woken = Interrupted() if parts == (3,) else self.woken

    monkeypatch.setattr(turns_module, "_Request", Request)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(turns.together, gate.double, 1)]
        assert gate.entered.wait(PATIENCE_SECONDS)
        for count, item in enumerate((2, 3, 4), start=2):
            asked.append(pool.submit(turns.together, gate.double, item))
            wait_for(turns, count)
        leave.set()
        assert asked[2].exception(PATIENCE_SECONDS) is gone
        gate.open.set()
        assert [asked[index].result(PATIENCE_SECONDS) for index in (0, 1, 3)] == [2, 4, 8]
    assert gate.batches == [[1], [2, 4]]
    assert (turns._inside, turns._waiting) == (0, {})


def test_company_changes_nothing_but_rounding(tmp_path: Any) -> None:
    loaded = load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny", answer_statement_weight=0.6)))
    lengths = (4, 1, 2, 3, 4, 2)
    drawn = random_clips(lengths)
    clips = [
        ClipTensors(drawn["frame_features"][row, :count], drawn["patch_features"][row, :count])
        for row, count in enumerate(lengths)
    ]
    questions = ["what is a man playing?", "who is singing?", "where is the dog?"] * 2
    calls: list[int] = []

    def counted(function: Any, *columns: Any, **named: Any) -> Any:
        calls.append(len(columns[0]))
        return function(loaded, *columns, **named)

    turns = Turns(counted, at_once=1, patience_seconds=0.05)
    with ThreadPoolExecutor(18) as pool:
        captions = [pool.submit(turns.together, caption_clips, clip, candidates=3) for clip in clips]
        answers = [pool.submit(turns.together, answer_questions, *pair) for pair in zip(clips, questions, strict=True)]
        vectors = [pool.submit(turns.together, embed_clips, clip) for clip in clips]
        for clip, question, caption, answer, vector in zip(clips, questions, captions, answers, vectors, strict=True):
            (alone,) = caption_clips(loaded, [clip], candidates=3)
            assert [one.text for one in caption.result()] == [one.text for one in alone]
            assert [one.score for one in caption.result()] == pytest.approx([one.score for one in alone], rel=1e-3)
            (answered,) = answer_questions(loaded, [clip], [question])
            found = answer.result()
            assert [one.text for one in found] == [one.text for one in answered]
            assert [one.probability for one in found] == pytest.approx([one.probability for one in answered], rel=1e-3)
            torch.testing.assert_close(vector.result(), embed_clips(loaded, [clip])[0], atol=1e-5, rtol=1e-5)
    assert max(calls) > 1  # or it would say nothing of batches
