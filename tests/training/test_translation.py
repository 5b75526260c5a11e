"""Training of the translator: it learns pairs, goes on where it stopped, and never sees what is held out."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from videobert_demo.data.chinese import ChineseImage, ChineseVideo
from videobert_demo.errors import DataError
from videobert_demo.evaluation.chinese import bleu, evaluate_translation
from videobert_demo.model.translator import load_translator
from videobert_demo.tasks.translate import translate
from videobert_demo.training.translation import (
    SYNTHETIC_FILE,
    Examples,
    Round,
    TranslationConfig,
    likeliest,
    make_batch,
    pair_sources,
    read_translation_config,
    token_losses,
    train_translator,
)

THINGS = {"dog": "狗", "cat": "猫", "man": "男人", "boy": "男孩"}
DEEDS = {"runs": "奔跑", "sleeps": "睡觉", "sings": "唱歌"}
PAIRS = tuple(
    (f"a {thing} {deed}", f"一只{chinese}在{done}。")
    for thing, chinese in THINGS.items()
    for deed, done in DEEDS.items()
)
IMAGES = [
    ChineseImage("held.avif", "test", ("狗。",), (("a held dog", "被举"),), (("a held dog", "举着的狗。"),), True),
    *(
        ChineseImage(f"{number}.avif", "train", (pair[1],), (pair,), (pair,) if number % 3 == 0 else ())
        for number, pair in enumerate(PAIRS)
    ),
]
VIDEOS = [ChineseVideo("v", ("a cat sleeps", "a dog runs"), ("一只狗在奔跑",))]
SHARES = {"machine": 0.5, "human": 0.5}
CONFIG = TranslationConfig(
    rounds=(Round(150, SHARES), Round(20, {**SHARES, "back_translated": 0.5, "videos": 0.5})),
    width=64,
    layers=1,
    vocabulary=150,
    dropout=0.0,
    sentences_per_step=48,
    learning_rate=2e-3,
    warmup_steps=40,
    label_smoothing=0.0,
    average_decay=0.9,
    save_every=25,
    into_chinese=0.5,
    back_translated=6,
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("translator")
    train_translator(IMAGES, VIDEOS, ["a boy sings"], out, CONFIG, progress=False)
    return out


@pytest.mark.slow
def test_it_learns_to_translate_both_ways(trained: Path) -> None:
    translator = load_translator(trained / "translator")
    english, chinese = [pair[0] for pair in PAIRS], [pair[1] for pair in PAIRS]
    assert translate(translator, english, "zh") == chinese
    assert translate(translator, [chinese[5], "", chinese[0]], "en") == [english[5], "", english[0]]
    assert likeliest(translator, [chinese[0], chinese[4]], english) == [0, 4]


@pytest.mark.slow
def test_the_second_round_learns_from_its_own_translations(trained: Path) -> None:
    text = (trained / SYNTHETIC_FILE).read_text(encoding="utf-8")
    assert "a boy sings" in text
    assert "held" not in text


def test_nothing_that_is_held_out_is_trained_on() -> None:
    examples = [text for source in pair_sources(IMAGES).values() for one in source for text in one]
    assert "a dog runs" in examples
    assert "a held dog" not in examples
    assert "举着的狗。" not in examples


@pytest.mark.slow
def test_a_run_that_is_interrupted_ends_as_if_it_had_not_been(trained: Path, tmp_path: Path) -> None:
    for steps in (40, 115, None):
        train_translator(IMAGES, VIDEOS, ["a boy sings"], tmp_path, CONFIG, stop_after=steps, progress=False)
    whole, resumed = load_translator(trained / "translator"), load_translator(tmp_path / "translator")
    for name, weight in whole.model.state_dict().items():
        torch.testing.assert_close(resumed.model.state_dict()[name], weight, msg=name)


def test_a_batch_depends_on_seed_round_and_step_alone() -> None:
    examples = Examples(pair_sources(IMAGES), SHARES, CONFIG, 0)
    batches = [examples.of_step(step) for step in range(16)]
    assert batches == [Examples(pair_sources(IMAGES), SHARES, CONFIG, 0).of_step(step) for step in range(16)]
    assert batches[0] != Examples(pair_sources(IMAGES), SHARES, CONFIG, 1).of_step(0)
    assert all(len(batch) == CONFIG.sentences_per_step for batch in batches)
    drawn = [one for batch in batches for one in batch]
    assert sum(language == "zh" for _, _, language in drawn) == pytest.approx(len(drawn) / 2, abs=48)
    with pytest.raises(DataError, match="no examples of 'videos'"):
        Examples(pair_sources(IMAGES), {"videos": 1.0}, CONFIG, 0)


@pytest.mark.slow
def test_padding_costs_nothing(trained: Path) -> None:
    translator = load_translator(trained / "translator")
    short, long = ("a dog", "一只狗。", "zh"), ("a man plays the guitar and sings", "一个男人在弹吉他。", "zh")
    alone = token_losses(translator, make_batch(translator, [short]))
    beside = token_losses(translator, make_batch(translator, [short, long]))
    torch.testing.assert_close(beside[0].sum(), alone.sum(), rtol=1e-4, atol=1e-4)


@pytest.mark.slow
def test_the_figures_are_those_of_the_held_out_pairs(trained: Path) -> None:
    scores = evaluate_translation(load_translator(trained / "translator"), IMAGES)
    assert set(scores) == {"bleu", "chrf", "machine_bleu", "pairs"}
    assert scores["pairs"] == 1
    texts = ["一只白色的狗在草地上奔跑。", "一个男人在弹吉他。"]
    assert bleu(texts, texts) == 100
    assert 0 < bleu(["一只黑色的狗在草地上跑步。", texts[1]], texts) < 100


@pytest.mark.parametrize(
    ("text", "said"),
    [("width: 3\n", "rounds is None"), ("rounds: [{steps: 0, shares: {human: 1}}]\n", "a round needs steps"),
     ("wide: 3\nrounds: [{steps: 1, shares: {human: 1}}]\n", "unknown setting 'wide'")],
)  # fmt: skip
def test_a_wrong_config_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "translator.yaml"
    path.write_text(text)
    with pytest.raises(DataError, match=said):
        read_translation_config(path)


def test_the_config_that_comes_with_the_code_is_read() -> None:
    config = read_translation_config(Path("configs/translator.yaml"))
    assert [one.steps > 0 for one in config.rounds] == [True, True]
