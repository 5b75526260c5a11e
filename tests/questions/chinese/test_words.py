"""The lexicon, searches in Chinese, and what is said without a translator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from videobert_demo.questions.chinese.lexicon import read_words, words_by_english
from videobert_demo.questions.chinese.reading import has_chinese, plain
from videobert_demo.questions.chinese.saying import gloss_of, phrase_in_chinese
from videobert_demo.questions.chinese.searching import sought_in_english, words_in

TWINS = json.loads((Path(__file__).parents[2] / "resources" / "chinese_twins.json").read_text(encoding="utf-8"))


def test_every_word_of_the_lexicon_has_a_chinese_one() -> None:
    words = read_words()
    assert len(words) > 1200
    assert all(word.chinese and word.section for word in words)
    assert [word.english for word in words if not any(map(has_chinese, word.chinese))] == []


@pytest.mark.parametrize(("chinese", "english"), TWINS["searches"][:-1])
def test_a_search_is_read_as_its_english_twin(chinese: str, english: str) -> None:
    assert sought_in_english(chinese, lambda _: None) == english


def test_a_search_beyond_the_lexicon_is_translated() -> None:
    assert sought_in_english("下雪的山", lambda phrase: f"<{phrase}>") == "<下雪的山>"
    assert sought_in_english("龘", lambda _: None) is None


@pytest.mark.parametrize(
    ("text", "role", "chinese"),
    [
        ("play", "doing", "玩"),
        ("two", "how many", "两个"),
        ("no", "how many", "没有"),
        ("cook", "who", "厨师"),
        ("cook", "doing", "做饭"),
        ("orange", "colour", "橙色"),
        ("a person; not sure what they do", "", "一个人；不确定在做什么"),
        ("a person, dancing; kind of clip: music", "", "一个人，在跳舞；类型：音乐"),
        ("there is no dog, I think", "", "我想没有狗"),
        ("I cannot tell", "", "看不出来"),
        ("part 12", "", "第 12 部分"),
        ("a dog runs on the grass", "", None),
    ],
)
def test_words_and_parts_are_said_from_the_table(text: str, role: str, chinese: str | None) -> None:
    assert phrase_in_chinese(text, role) == chinese


def test_words_of_a_sentence_have_a_gloss_or_none() -> None:
    assert [gloss_of(word) for word in ["two", "men", "are", "surfing", "on", "a", "wave"]] == [
        "两",
        "男人",
        "",
        "冲浪",
        "",
        "",
        "海浪",
    ]


def test_characters_are_made_uniform() -> None:
    assert plain(" 他 在 做 什 麼 呢？ ") == "他在做什么"
    assert plain("请问，这是哪里？？") == "这是哪里"
    assert words_by_english()["guitar"][0].counted == "一把吉他"


@pytest.mark.parametrize(
    ("text", "words", "is_known"),
    [
        ("男孩手拿冰球杆蹲在地上", ["boy", "hockey"], True),
        ("為什麼要學習量子力學", [], False),
        ("龘靐齉", [], False),
    ],
)
def test_the_words_of_a_text_are_found_with_their_share_of_it(text: str, words: list[str], is_known: bool) -> None:
    found, share = words_in(text)
    assert set(words) <= set(found)
    assert (share >= 0.5) == is_known
