"""Training of the translator: it learns pairs, goes on where it stopped, and never sees what is held out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.training.pairs import IMAGES, PAIRS, VIDEOS
from videobert_demo.errors import DataError
from videobert_demo.evaluation.chinese import bleu, evaluate_translation
from videobert_demo.model.translator import load_translator
from videobert_demo.tasks.translate import translate
from videobert_demo.training.translation import (
    SYNTHETIC_FILE,
    Round,
    TranslationConfig,
    read_translation_config,
    train_translator,
)

SHARES = {"machine": 0.5, "human": 0.5}
CONFIG = TranslationConfig(
    rounds=(Round(400, SHARES), Round(20, {**SHARES, "back_translated": 0.5, "same_clip": 0.5})),
    width=64,
    layers=1,
    vocabulary=150,
    dropout=0.0,
    sentences_per_step=24,
    learning_rate=3e-3,
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
    for texts, wanted, language in ((english, chinese, "zh"), (chinese, english, "en")):
        found = translate(translator, texts, language)
        right = sum(one == other for one, other in zip(found, wanted, strict=True))
        assert right >= 2 * len(PAIRS) // 3, (language, found)  # with other seeds 9 to 12 of the 12
    assert translate(translator, [""], "en") == [""]


@pytest.mark.slow
def test_the_second_round_learns_from_its_own_translations(trained: Path) -> None:
    text = (trained / SYNTHETIC_FILE).read_text(encoding="utf-8")
    assert "a boy sings" in text
    assert "held" not in text


@pytest.mark.slow
def test_a_run_that_is_interrupted_ends_as_if_it_had_not_been(trained: Path, tmp_path: Path) -> None:
    for steps in (40, 115, None):
        train_translator(IMAGES, VIDEOS, ["a boy sings"], tmp_path, CONFIG, stop_after=steps, progress=False)
    whole, resumed = load_translator(trained / "translator"), load_translator(tmp_path / "translator")
    for name, weight in whole.model.state_dict().items():
        torch.testing.assert_close(resumed.model.state_dict()[name], weight, msg=name)


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
    assert len(config.rounds) == 2
    first = Path("configs/translator.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# python -m videobert_demo translator configs/translator.yaml ")


def test_glosses_are_learned_from_if_there_are_some(tmp_path: Path) -> None:
    config = replace(CONFIG, rounds=(Round(1, {**SHARES, "glosses": 0.2}),), patterns=4, swapped=4)
    with pytest.raises(DataError, match="no examples of 'glosses'"):
        train_translator(IMAGES, VIDEOS, [], tmp_path / "without", config, progress=False)
    out = train_translator(IMAGES, VIDEOS, [], tmp_path, config, glosses=[("kayak", "皮艇")], progress=False)
    tokens = load_translator(out).tokenizer
    assert all(tokens.token_to_id(character) is not None for character in "皮艇")
