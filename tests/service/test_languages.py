"""Results in Chinese, and questions and searches in Chinese, with a tiny random translator."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from tests.timeline.films import EXAMPLES
from tests.tiny import add_tiny_chinese_decoder, add_tiny_translator, write_tiny_checkpoint
from videobert_demo.errors import CheckpointError, QuestionError, SettingsError
from videobert_demo.model.features import ClipFeatures
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.model.translator import is_chinese
from videobert_demo.questions.chinese.saying import phrase_in_chinese
from videobert_demo.service.compare_models import ModelComparison
from videobert_demo.service.films import Summary
from videobert_demo.service.languages import translated
from videobert_demo.service.reports import answer_report, caption_report
from videobert_demo.service.results import Forecast
from videobert_demo.service.service import VideoBertService
from videobert_demo.settings import Settings
from videobert_demo.tasks import chinese_caption
from videobert_demo.timeline.exports.formats import FORMATS
from videobert_demo.types import CANNOT_TELL, Answer, AnswerResult, Caption, CaptionResult
from videobert_demo.types.visual_words import VisualWord


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    folder = add_tiny_translator(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny"))
    return VideoBertService(load_checkpoint(str(folder)), Settings())


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> VideoBertService:
    folder = write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny")
    return VideoBertService(load_checkpoint(str(folder)), Settings())


@pytest.fixture(scope="module")
def dog(demo: VideoBertService) -> ClipFeatures:
    return demo.open(EXAMPLES / "dog.mp4")


def test_the_translator_is_read_only_when_it_is_asked_for(demo: VideoBertService, dog: ClipFeatures) -> None:
    assert demo.languages == ("en", "zh")
    plain = demo.caption(dog)
    assert "translator" not in vars(demo._loaded)
    assert plain == demo.in_language(plain, None) == demo.in_language(plain, "en")
    assert "translator" not in vars(demo._loaded)
    demo.caption(dog, language="zh")
    assert "translator" in vars(demo._loaded)


def test_captions_and_answers_keep_their_english_sentence(demo: VideoBertService, dog: ClipFeatures) -> None:
    plain, said = demo.caption(dog), demo.caption(dog, language="zh-CN")
    assert [one.english for one in said.candidates] == [one.text for one in plain.candidates]
    assert [one.score for one in said.candidates] == [one.score for one in plain.candidates]
    report = caption_report(dog.info, dog.frames, said, 0.1)
    assert (report["caption"], report["english"]) == (said.text, plain.text)
    assert "english" not in caption_report(dog.info, dog.frames, plain, 0.1)

    asked = demo.answer(dog, "狗在做什么？", language="zh")
    assert (asked.question, asked.asked) == ("what is the dog doing?", "狗在做什么？")
    twin = demo.answer(dog, "what is the dog doing?")
    assert [one.english for one in asked.candidates] == [one.text for one in twin.candidates]
    answered = answer_report(dog.frames, asked, demo.answer_frames(dog, asked), 0.1)
    assert (answered["asked"], answered["english"]) == ("狗在做什么？", twin.text)


def test_the_frames_of_an_answer_in_chinese_are_those_of_the_english_one(
    demo: VideoBertService, dog: ClipFeatures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo._loaded.model.config, "answer_yes_slope", 5.0)
    for chinese, english in (("有狗吗？", "is there a dog in the video?"), ("狗在做什么？", "what is the dog doing?")):
        said, twin = demo.answer(dog, chinese, language="zh"), demo.answer(dog, english)
        assert said.question == twin.question
        assert said.text != twin.text
        assert demo.answer_frames(dog, said).tolist() == demo.answer_frames(dog, twin).tolist()


def test_whether_something_is_there_is_answered_with_you_or_mei_you() -> None:
    def text_of(question: str, answer: str) -> str:
        result = AnswerResult(question, (Answer(answer, 0.9),), 0.0)
        return translated(result, lambda text, role: phrase_in_chinese(text, role) or "").text

    assert text_of("is there a dog in the video?", "no") == "没有"
    assert text_of("are there two dogs in the video?", "yes") == "有"
    assert text_of("is it a dog?", "no") == "不是"
    assert text_of("how many dogs are there?", "no") == "没有"


def test_what_is_sure_stays_sure_and_what_cannot_be_told_too() -> None:
    result = CaptionResult((Caption("a dog", 0.9, 0.8),), 0.0, 0.5, holds="a dog; not sure what happens")
    said = translated(result, lambda text, role: f"«{text}|{role}»")
    assert said.is_sure
    assert (said.text, said.english) == ("«a dog|»", "a dog")
    assert (said.holds, said.holds_english) == ("«a dog; not sure what happens|»", "a dog; not sure what happens")
    assert translated(said, lambda text, role: "again").text == "«a dog|»"
    nothing = translated(CaptionResult((Caption(CANNOT_TELL, 0.0),), 0.0), lambda text, role: "看不出来")
    assert not nothing.can_tell
    counted = AnswerResult("how many dogs are there?", (Answer("two", 0.9),), 0.0)
    assert translated(counted, lambda text, role: f"{text}|{role}").text == "two|how many"


def test_words_come_from_the_table(demo: VideoBertService) -> None:
    assert demo.say(["surf", "dog"], "zh", role="doing") == ("冲浪", "狗")
    assert demo.say(["a dog runs", "一只狗"], "en") == ("a dog runs", "一只狗")
    assert demo.say(["一只狗"], "zh") == ("一只狗",)
    assert demo.gloss(["the", "dog"], "zh") == ("", "狗")
    assert demo.ask_in(("what is the dog doing?", "who is it with?"), "zh")[0] == "狗在做什么？"
    assert all(is_chinese(question) for question in demo.ask_in(("who is the man with?",), "zh"))


def test_what_the_model_sees_is_said_in_chinese(demo: VideoBertService, dog: ClipFeatures) -> None:
    assert demo.say(["playing", "on", "samoyed, samoyede"], "zh", role="word")[:2] == ("玩", "在…上")
    assert demo.say(["samoyed, samoyede", "crane"], "zh", role="label") == ("萨摩耶犬", "鹤或起重机")
    assert demo.say(["qzx"], "zh", role="word") == ("qzx",)
    word = VisualWord(7, 0.5, ("dog", "grass"))
    said = demo.in_language(Forecast(1, ((word,),), (word,), ((),)), "zh")
    assert (said.truth[0].names, said.truth[0].english) == (("狗", "草"), ("dog", "grass"))
    assert said.expected == (said.truth,)
    assert demo.in_language(said, "zh") == said
    filled = demo.in_language(demo.fill(dog, "a dog is running", [1]), "zh")
    twin = demo.fill(dog, "a dog is running", [1])
    assert [one.english or one.text for one in filled.blanks[0].with_clip] == [
        one.text for one in twin.blanks[0].with_clip
    ]
    compared = demo.in_language(ModelComparison("", "dog", cast(Any, ())), "zh")
    assert compared.word == "狗"
    found = demo.in_language(demo.classify(dog), "zh")
    assert [one.english or one.text for one in found.labels] == [one.text for one in demo.classify(dog).labels]


def test_a_timeline_and_its_exports_are_in_chinese(demo: VideoBertService) -> None:
    timeline = demo.scenes(EXAMPLES / "dog.mp4")
    said = demo.in_language(timeline, "zh")
    assert [scene.english for scene in said.scenes] == [scene.caption for scene in timeline.scenes]
    assert said.scenes[0].caption in FORMATS["srt"].write(said)
    summary = demo.in_language(Summary(timeline, (0,), 1.0), "zh")
    assert summary.scenes[0].caption == said.scenes[0].caption


def test_a_search_in_chinese_finds_what_its_english_twin_finds(demo: VideoBertService, dog: ClipFeatures) -> None:
    with demo.temporary_library() as library:
        library.add(demo.library_clip(dog, "dog", "dog.mp4"))
        found, twin = demo.nearest(library, "一只狗"), demo.nearest(library, "a dog")
    assert len(found) == 1
    assert [hit.score for hit in found] == [hit.score for hit in twin]


def test_what_is_not_understood_is_told(demo: VideoBertService, english: VideoBertService, dog: ClipFeatures) -> None:
    with pytest.raises(QuestionError, match="does not know these words"):
        demo.answer(dog, "龘龘在做什么？")
    with pytest.raises(QuestionError, match="does not know these words"):
        demo.answer(dog, "今天天气怎么样？")
    with pytest.raises(QuestionError, match="reads English only"):
        english.answer(dog, "狗在做什么？")
    assert english.languages == ("en",)
    with pytest.raises(SettingsError, match="speaks en, not zh"):
        english.caption(dog, language="zh")
    with pytest.raises(SettingsError, match="speaks en, zh, not fr"):
        demo.caption(dog, language="fr")


def test_a_damaged_translator_is_told_when_it_is_needed(tmp_path: Path) -> None:
    folder = add_tiny_translator(write_tiny_checkpoint(tmp_path / "tiny"))
    (folder / "translator" / "model.safetensors").write_bytes(b"no weights")
    damaged = VideoBertService(load_checkpoint(str(folder)), Settings())
    clip = damaged.open(EXAMPLES / "dog.mp4")
    assert damaged.caption(clip).text
    with pytest.raises(CheckpointError, match="translator of the checkpoint cannot be read"):
        damaged.caption(clip, language="zh")


def test_in_chinese_the_best_caption_is_what_the_decoder_writes_from_the_clip(
    tmp_path: Path, dog: ClipFeatures, demo: VideoBertService, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = add_tiny_chinese_decoder(add_tiny_translator(write_tiny_checkpoint(tmp_path / "tiny")))
    service = VideoBertService(load_checkpoint(str(folder)), Settings())
    plain = service.caption(dog)
    assert "chinese_decoder" not in vars(service._loaded)
    monkeypatch.setattr(chinese_caption, "choose", lambda _sentences, english, _mentioned: f"画面：{len(english)}")
    seen = f"画面：{len(plain.text)}"
    said = service.caption(dog, language="zh")
    assert (said.text, said.english) == (seen, plain.text)
    assert [one.english for one in said.candidates] == [one.text for one in plain.candidates]
    assert [one.text for one in said.candidates[1:]] == [
        one.text for one in demo.caption(dog, language="zh").candidates[1:]
    ]
    assert replace(service.caption(dog), seconds=plain.seconds) == plain
    assert service.caption(dog, language="zh", neutral_words=True).text != seen  # its sentence may name a man

    timeline = service.scenes(EXAMPLES / "dog.mp4", language="zh")
    shown = service.in_language(timeline, "zh")
    assert shown.scenes[0].caption == f"画面：{len(timeline.scenes[0].caption)}"
    assert shown.scenes[0].english == timeline.scenes[0].caption
    assert shown.chapters[0].title == shown.scenes[0].caption
    english_timeline = service.scenes(EXAMPLES / "dog.mp4")
    assert [scene.chinese for scene in english_timeline.scenes] == [""]
    summary = service.in_language(service.summary(EXAMPLES / "dog.mp4", language="zh"), "zh")
    assert summary.scenes[0].caption == shown.scenes[0].caption

    monkeypatch.setattr(chinese_caption, "choose", lambda _sentences, _english, _mentioned: "")
    again = VideoBertService(load_checkpoint(str(folder)), Settings())
    assert again.caption(dog, language="zh").text == demo.caption(dog, language="zh").text
