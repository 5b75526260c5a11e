"""Whether a Chinese sentence and the English one beneath it can both be true."""

from __future__ import annotations

import pytest

from videobert_demo.questions.chinese.agreeing import contradicts, count_added, is_sentence, named, share_not_said


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("a man is playing a guitar", "弹吉他的男人"),
        ("a black and white dog is running through the grass", "草地上的狗"),
        ("a man and a woman are singing", "两个人在唱歌"),
        ("a group of people are dancing", "一群人在唱歌和跳舞"),
        ("a person is cooking", "一个人在做饭"),
        ("a woman is talking", "一个女人在谈论她的头发"),
        ("men are playing basketball", "男人们在打篮球"),
        ("people are riding motorcycles", "骑摩托的人"),
        ("a man is talking to a woman", "一个男人在和一个女人说话"),
        ("a man and woman are talking", "一个男人在和一个女人说话"),
    ],
)
def test_sentences_that_can_both_be_true(english: str, chinese: str) -> None:
    assert not contradicts(english, chinese)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("a man is playing a guitar", "一个女人在弹吉他"),
        ("a woman is dancing", "一个女孩在跳舞"),
        ("a woman is talking", "一个女人在和一个女人说话"),
        ("a man is talking about something", "一个男人在和一个男人说话"),
        ("a dog is playing with a toy", "一只狗在和一只狗玩"),
        ("a person is riding a horse", "一个男人和一个女人在骑马"),
        ("a man is playing a guitar", "一个男人在做饭"),
        ("a dog is running", "两只狗在奔跑"),
        ("a dog is running", "一只猫在奔跑"),
        ("a dog is running", "一个男人在奔跑"),
        ("a man is running", "一只狗在奔跑"),
        ("people are singing", "一个男人在唱歌"),
        ("a man is talking", "一群男人在说话"),
        ("there are buildings in a city", "一群人站在街道上"),
        ("a man is riding a horse", "一匹马在骑马"),
        ("a person is cooking", "一个女人在做饭"),
        ("people are fighting", "士兵们在打架"),
        ("a man and a woman are talking", "一个男人在和一个男人说话"),
        ("a woman is talking to a girl", "一个女人在和一个女人说话"),
        ("a man is talking about a cooking show", "一个男人在谈论一辆汽车"),
        ("a group of people are singing", "一个男人和一个女人在唱歌"),
        ("there are buildings in a city", "飞奔的运动"),
        ("a man is riding a horse", "一个男人在骑一辆摩托车"),
        ("a woman is showing how to make paper", "一个女人在展示她的头发"),
        ("a woman is walking down a runway", "一个女人在海滩上走"),
        ("a man and woman are playing", "一个女人在和一匹马玩"),
        ("a man and woman are dancing", "一个女人在跳舞"),
        ("a group of people are dancing", "两个女人在跳舞"),
        ("a man is talking", "一个男人和一个女人在说话"),
    ],
)
def test_sentences_that_cannot(english: str, chinese: str) -> None:
    assert contradicts(english, chinese)


def test_what_is_named_beyond_the_english_and_what_is_left_out() -> None:
    dog, grass, run = ({word.english for word in words} for words in named("一只狗在草地上奔跑"))
    assert ("dog" in dog, "grass" in grass, "run" in run) == (True, True, True)
    assert count_added("a dog is running", "一只狗在草地上奔跑") == 1
    assert count_added("dogs running on the grass", "一只狗在草地上奔跑") == 0
    assert share_not_said("a dog is running", "一只狗在草地上奔跑") == 0
    assert share_not_said("a dog is running on the grass", "草地上的狗") == pytest.approx(1 / 3)


def test_what_the_lexicon_does_not_know_or_counts_wrong_is_no_sentence() -> None:
    assert is_sentence("一个女人在谈论她的头发")
    assert is_sentence("戴头盔的男人在弹吉他")
    assert not is_sentence("一个男人在曌")
    assert not is_sentence("花花花的男人")
    assert not is_sentence("一只老女人在说话")
    assert not is_sentence("男人在冰球里打冰球")
    assert is_sentence("一个男人在和一个男人说话")
    assert not is_sentence("一群一群人在唱歌")
