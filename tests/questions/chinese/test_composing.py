"""Captions that are put into Chinese part by part."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from videobert_demo.questions.chinese import composing
from videobert_demo.questions.chinese.composing import composed, phrase


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("two men are talking to each other on stage", "两个男人在舞台上互相交谈"),
        ("a man and woman are walking down the street", "一个男人和一个女人在街上走"),
        ("a black and white dog is playing with a little boy", "一只黑白相间的狗在和一个小男孩玩"),
        ("a cartoon cat is talking", "一只卡通猫在说话"),
        ("there is a boat on the river", "河上有一艘船"),
        ("a fish is in the water", "一条鱼在水里"),
        ("a man is sitting in front of a building", "一个男人在建筑物前面坐着"),
        ("a person is cutting vegetables into a bowl", "一个人在把蔬菜切进一个碗里"),
        ("a woman is showing how to fold a piece of paper", "一个女人在演示怎么折一张纸"),
        ("soldiers are fighting and fighting", "士兵们在打架"),
        ("a girl is singing and dancing", "一个女孩在唱歌和跳舞"),
        ("a person is holding a gun", "一个人拿着一把枪"),
        ("a man is being interviewed by a woman", "一个男人接受一个女人的采访"),
        ("people are playing basketball in the snow", "人们在雪里打篮球"),
        ("a group of people are playing sports", "一群人在做运动"),
        ("two people are fighting", "两个人在打架"),
        ("a man in a blue shirt is talking to a man", "一个穿蓝色衬衫的男人在和一个男人说话"),
        ("a football game is being played", "一场足球比赛在进行"),
        ("a group of people dancing", "一群人在跳舞"),
        ("a woman sings on stage", "一个女人在舞台上唱歌"),
        ("there is a man talking about a car", "有一个男人在谈论一辆汽车"),
        ("a man is sitting in a chair and talking", "一个男人在椅子上坐着说话"),
        ("three young black children dance", "三个年轻的黑人孩子在跳舞"),
        ("three children are dancing", "三个孩子在跳舞"),
        ("a pair of children are dancing", "两个孩子在跳舞"),
        ("a man is riding a red car", "一个男人在乘坐一辆红色的汽车"),
        ("a man is riding a bike", "一个男人在骑一辆自行车"),
        ("a dog is playing with a ball in its mouth", "一只狗在叼着一个球玩"),
        ("a band is playing on stage", "一支乐队在舞台上演奏"),
        ("children are playing", "孩子们在玩耍"),
        ("a track and field race", None),
        ("a man is playing a stage", None),
        ("a kayak glorps", None),
    ],
)
def test_a_caption_is_put_together(english: str, chinese: str | None) -> None:
    assert composed(english) == chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("three red cars", "三辆红色的汽车"), ("her hair", "她的头发"), ("some water", "一些水"), ("xyzzy", None)],
)
def test_phrases_keep_number_owner_and_colour(english: str, chinese: str | None) -> None:
    found = phrase(english)
    assert (found and found.text) == chinese


def test_every_line_of_the_predicates_fills_the_slots_that_it_reads() -> None:
    lines = Path(composing.__file__).with_name("predicates.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            english, _, chinese = line.partition(" = ")
            slots = {slot.split(":")[0] for slot in re.findall(r"\{([\w:]+)\}", english)}
            assert slots == set(re.findall(r"\{(\w+)\}", chinese)), line
            assert re.search("[\u4e00-\u9fff]", chinese), line
