"""What the Ask tab's handlers give, around a service that answers what it is asked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import numpy as np
import pytest

from videobert_demo.errors import QuestionError
from videobert_demo.service.service import VideoBertService
from videobert_demo.types import Answer, AnswerResult, Frames
from videobert_demo.ui.ask.tab import AskTab
from videobert_demo.ui.ask.view import Answered
from videobert_demo.ui.describe.tab import Described
from videobert_demo.ui.page.address import MAX_ASKED, Address, Asked
from videobert_demo.ui.page.arrivals import Arrivals, Current
from videobert_demo.ui.texts.english import ENGLISH
from videobert_demo.ui.texts.languages import Translations
from videobert_demo.ui.timeline.scope import ChosenScene, SceneScope

REQUEST = cast(gr.Request, SimpleNamespace(session_hash="one", headers={}))
FRAMES = Frames(np.zeros((2, 12, 16, 3), np.uint8), np.array([0.0, 1.0]))


def answer(_clip: Any, question: str, *, neutral_words: bool = False, language: str = "en") -> AnswerResult:
    if not question:
        raise QuestionError("There is no question yet.")
    return AnswerResult(question, (Answer("dog", 0.6),), 0.1)


@pytest.fixture
def tab() -> AskTab:
    service = SimpleNamespace(
        open=lambda path, span_seconds=None: SimpleNamespace(path=path, span_seconds=span_seconds, frames=FRAMES),
        answer=answer,
        answer_frames=lambda _clip, _result: np.array([0.25, 0.75]),
        suggest_questions=lambda clip, neutral_words: (f"what is in {clip.path}?",),
        suggest_questions_about=lambda sentences: tuple(f"{sentence}?" for sentence in sentences),
    )
    with gr.Blocks():
        arrivals = Arrivals()
        return AskTab(
            cast(VideoBertService, service),
            clip=gr.Video(),
            arrivals=arrivals,
            scope=SceneScope(gr.State(None), arrivals=arrivals),
            described=gr.State(None),
            neutral=gr.Checkbox(),
            translations=Translations(),
        )


def test_earlier_questions_are_kept_once_each_and_not_for_ever(tab: AskTab) -> None:
    earlier: tuple[Answered, ...] = ()
    for number in range(MAX_ASKED + 3):
        earlier = tab._answer("a.mp4", f"question {number}?", earlier, None, False, Current("a.mp4"), REQUEST)[
            tab.earlier
        ]
    latest_first = [f"question {number}?" for number in range(MAX_ASKED + 2, 2, -1)]
    assert [one.result.question for one in earlier] == latest_first
    again = tab._answer("a.mp4", "question 5?", earlier, None, False, Current("a.mp4"), REQUEST)
    assert [one.result.question for one in again[tab.earlier]][:2] == ["question 5?", f"question {MAX_ASKED + 2}?"]
    assert len(again[tab.earlier]) == MAX_ASKED
    assert again[tab._view].count(">question 5?<") == 1  # it is not among the earlier ones
    late = tab._answer("a.mp4", "who?", earlier, None, False, Current("b.mp4"), REQUEST)
    assert set(late) == {tab._record, tab._button}  # another clip is there by now


def test_a_refusal_is_told_where_questions_are_asked(tab: AskTab) -> None:
    with pytest.raises(QuestionError, match="no question yet"):
        tab._answer("a.mp4", "", (Answered(answer(None, "who?")),), None, False, Current("a.mp4"), REQUEST)
    assert tab._ready()[tab._button].interactive is True


def test_the_chosen_scene_is_asked_about_and_told_from_the_whole_clip(tab: AskTab) -> None:
    scene = ChosenScene("a.mp4", 2, (40.0, 52.0), "two cats sleep")
    whole = tab._answer("a.mp4", "who?", (), None, False, Current("a.mp4"), REQUEST)
    first = tab._answer("a.mp4", "who?", whole[tab.earlier], scene, False, Current("a.mp4"), REQUEST)
    assert "Scene 3, 0:40.0–0:52.0" in first[tab._view]
    assert [one.scene for one in first[tab.earlier]] == ["Scene 3, 0:40.0–0:52.0", ""]
    other_clip = tab._answer(
        "b.mp4", "who?", (), scene, False, Current("b.mp4"), REQUEST
    )  # the choice was made in an earlier clip
    assert [one.scene for one in other_clip[tab.earlier]] == [""]


def test_suggestions_follow_the_caption(tab: AskTab) -> None:
    updates = tab._suggest(Described("a.mp4", "a dog runs"), None, REQUEST)
    assert updates[tab._suggested] == ("what is in a.mp4?",)
    assert tab._view not in updates  # an answer that is there already stays
    problem = tab._suggest(Described("a.mp4", problem="It is <damaged>."), None, REQUEST)
    assert "It is &lt;damaged&gt;." in problem[tab._view]
    assert problem[tab._ask].visible is False
    assert tab._suggest(None, None, REQUEST)[tab._suggested] == ()


def test_suggestions_follow_the_chosen_scene(tab: AskTab) -> None:
    scene = ChosenScene("a.mp4", 2, (40.0, 52.0), "two cats sleep")
    described = Described("a.mp4", "a dog runs")
    assert tab._suggest(described, scene, REQUEST)[tab._suggested] == ("two cats sleep?",)
    other = Described("b.mp4", "a dog runs")
    assert tab._suggest(other, scene, REQUEST)[tab._suggested] == ("what is in b.mp4?",)


def test_what_was_asked_before_a_reload_is_there_once_the_clip_is_described(tab: AskTab) -> None:
    updates = tab.restore(Address(question="who?", asked=(Asked("what?", "a dog", 0.6),)))
    assert updates[tab._question] == "who?"
    (before,) = updates[tab._restored]
    assert (before.result.question, before.result.text, before.result.probability) == ("what?", "a dog", 0.6)
    assert tab._bring_back((before,)) == {tab.earlier: (before,), tab._restored: ()}
    assert tab._bring_back(()) == gr.skip()  # another clip: nothing is brought back a second time
    row = tab._answer("a.mp4", "who?", (before,), None, False, Current("a.mp4"), REQUEST)[tab._record]
    assert [one["question"] for one in row] == ["who?", "what?"]


@pytest.mark.parametrize("index", [-1, 2, "0", None])
def test_a_suggestion_that_there_is_not_changes_nothing(tab: AskTab, index: Any) -> None:
    questions = ("who?", "what?")
    event = cast(gr.EventData, SimpleNamespace(index=index))
    assert tab._choose(questions, event) == gr.skip()
    assert tab._choose(questions, cast(gr.EventData, SimpleNamespace(index=1))) == {tab._question: "what?"}


def test_another_clip_forgets_what_was_asked(tab: AskTab) -> None:
    for path, is_there in (("b.mp4", True), (None, False)):
        updates = tab._arrive(path, REQUEST)
        assert (updates[tab.earlier], updates[tab._suggested], updates[tab._kept]) == ((), (), "")
        assert updates[tab._ask].visible is is_there
        assert (ENGLISH.ask_empty_heading in updates[tab._view]) is not is_there
