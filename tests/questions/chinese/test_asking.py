"""Chinese questions in English: every kind of question, with and without measure words, traditional and mixed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from videobert_demo.questions import question_type_of
from videobert_demo.questions.chinese.asking import in_english
from videobert_demo.questions.chinese.putting import question_in_chinese as put
from videobert_demo.questions.chinese.reading import in_english_amid

TWINS = json.loads((Path(__file__).parents[2] / "resources" / "chinese_twins.json").read_text(encoding="utf-8"))


def unknown(_phrase: str) -> None:
    return None


@pytest.mark.parametrize(("_clip", "chinese", "english"), TWINS["questions"])
def test_the_patterns_read_a_question_as_its_english_twin(_clip: str, chinese: str, english: str) -> None:
    assert in_english(chinese, unknown) == english


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("dog在做什么？", "what is the dog doing?"),
        ("这个男人穿着什么？", "what is the man wearing?"),
        ("男人拿着什么", "what is the man holding?"),
        ("孩子们在玩什么？", "what are the children playing with?"),
        ("几个人在画面里？", "how many people are there?"),
        ("有几只狗在视频里", "how many dogs are there?"),
        ("这是在哪儿拍的？", "where is it?"),
        ("他在干吗", "what is he doing?"),
        ("😀他在做什么👍🏽", "what is he doing?"),
        ("有没有 guitar ？", "is there a guitar in the video?"),
        ("谁在弹吉他", "who is playing the guitar?"),
        ("女人在做什么菜？", "what is the woman cooking?"),
        ("她拿着什么", "what is she holding?"),
        ("两个男人在做什么", "what are two men doing?"),
        ("男孩们在做什么", "what are the boys doing?"),
        ("有几个人在跳舞", "how many people are dancing?"),
    ],
)
def test_other_ways_to_ask(chinese: str, english: str) -> None:
    assert in_english(chinese, unknown) == english


@pytest.mark.parametrize(
    ("mixed", "english"),
    [
        ("What is 狗 doing?", "what is the dog doing?"),
        ("what color is the 汽車？", "what color is the car?"),
        ("two 男人 and a 馬", "two man and a horse"),
        ("a 龘 runs", None),
        ("狗在做什么", None),
        ("what is the dog doing?", None),
    ],
)
def test_chinese_words_in_an_english_text_become_english(mixed: str, english: str | None) -> None:
    assert in_english_amid(mixed) == english


def test_what_the_lexicon_lacks_is_translated() -> None:
    asked: list[str] = []

    def translate(phrase: str) -> str:
        asked.append(phrase)
        return {"穿红衣服的男人": "a man in red clothes", "一个人在打太极": "a person is doing tai chi"}[phrase]

    assert in_english("穿红衣服的男人在做什么？", translate) == "what is the man in red clothes doing?"
    assert in_english("谁在打太极？", translate) == "who is doing tai chi?"
    assert asked == ["穿红衣服的男人", "一个人在打太极"]


@pytest.mark.parametrize("question", ["今天天气怎么样？", "为什么？", "你好", "他多大年纪？", "？？"])
def test_what_is_no_question_about_a_clip_is_not_understood(question: str) -> None:
    assert in_english(question, unknown) is None


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("what is the man doing?", "男人在做什么？"),
        ("who is playing the guitar?", "谁在演奏吉他？"),
        ("where is the man surfing?", "男人在哪里冲浪？"),
        ("how many dogs are there?", "有几只狗？"),
        ("what color is the car?", "汽车是什么颜色的？"),
        ("what is the woman talking about?", "女人在谈论什么？"),
        ("who is in the video?", "视频里有谁？"),
    ],
)
def test_a_suggested_question_is_understood_again(english: str, chinese: str) -> None:
    assert put(english) == chinese
    assert question_type_of(in_english(chinese, unknown) or "") == question_type_of(english)
