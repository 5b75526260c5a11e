"""The command `evaluate`: what it prints, and what it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.tiny import CAPTIONS, write_frames, write_jsonl
from videobert_demo.attention.explain import DEFAULT_METHOD, METHODS
from videobert_demo.model.translator import new_translator, save_translator, train_tokenizer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six videos of two frames, in the test split."""
    return write_frames(tmp_path_factory.mktemp("msrvtt"))


@pytest.mark.parametrize(
    ("task", "names"),
    [
        (
            "captioning",
            ["CIDEr", "BLEU-4", "ROUGE-L", "videos", "unsupported", "right"]
            + [f"gender_wrong{who}" for who in ("", "_man", "_woman")],
        ),
        ("retrieval", ["R@1", "R@5", "R@10", "MedR", "videos"]),
        (
            "answering",
            [
                *["accuracy", "blank_accuracy", "by_type", "who_what_doing", "sure", "unsure"],
                *["ece", "reliability", "sure_share", "sure_right", "questions"],
            ],
        ),
    ],
)
def test_evaluate_prints_the_figures(run: Run, checkpoint: str, data: Path, task: str, names: list[str]) -> None:
    command = ["evaluate", task, "--data", data, "--split", "test", "--checkpoint", checkpoint]
    status, out, _ = run(*command, "--json")
    report = json.loads(out)
    assert status == 0
    assert out.count("\n") == 1
    assert list(report) == names
    assert report.get("videos", 6) == 6
    _, table, _ = run(*command)
    assert table == "".join(f"{name:18} {report[name]}\n" for name in names)


def test_evaluate_chinese_measures_the_translator_of_the_checkpoint(run: Run, tmp_path: Path) -> None:
    pairs = [["a dog", "一只狗。"], ["a cat", "一只猫。"]]
    record = {"file": "1.avif", "split": "test", "captions_zh": [], "machine": pairs, "human": pairs}
    (tmp_path / "chinese").mkdir()
    write_jsonl(tmp_path / "chinese" / "flickr8k_cn.jsonl", [record])
    arguments = ("evaluate", "chinese", "--data", tmp_path, "--checkpoint", tmp_path, "--json")
    status, out, error = run(*arguments)
    assert (status, out) == (1, "")
    assert error.startswith("evaluate: translator of the checkpoint cannot be read")
    tokenizer = train_tokenizer([text for pair in pairs for text in pair] * 2, 60)
    save_translator(new_translator(tokenizer, width=64, layers=1), tmp_path / "translator")
    status, out, _ = run(*arguments)
    scores = json.loads(out)
    assert status == 0
    assert (scores["pairs"], scores["machine_bleu"]) == (2, 100)
    assert scores["bleu"] < 50


@pytest.mark.slow
def test_evaluate_attention_tells_of_every_method(run: Run, checkpoint: str, tmp_path: Path) -> None:
    data = write_frames(tmp_path / "msrvtt", [texts * 5 for texts in CAPTIONS], frames=2)
    command = ["evaluate", "attention", "--data", data, "--checkpoint", checkpoint, "--videos", "2"]
    status, out, _ = run(*command, "--json")
    report = json.loads(out)
    assert status == 0
    assert out.count("\n") == 1
    assert list(report) == [*METHODS, "default", "videos"]
    assert (report["default"], report["videos"]) == (DEFAULT_METHOD, 2)
    for method in METHODS:
        for figure in ("deletion_insertion_win", "left_right", "first_second"):
            assert report[method][figure] in (0, 50, 100)
    _, table, _ = run(*command)
    first = report[METHODS[0]]["left_right"]
    assert table.splitlines()[0].startswith(METHODS[0])
    assert f"'left_right': {first}" in table.splitlines()[0]


@pytest.mark.slow
def test_evaluate_as_a_program_prints_nothing_else(checkpoint: str, data: Path) -> None:
    command = [sys.executable, "-m", "videobert_demo", "evaluate", "retrieval", "--data", str(data), "--json"]
    done = subprocess.run([*command, "--checkpoint", checkpoint], check=True, capture_output=True, text=True, cwd=ROOT)
    assert json.loads(done.stdout)["videos"] == 6


def test_evaluate_keeps_what_was_written(run: Run, checkpoint: str, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "captions.json"
    run("evaluate", "captioning", "--data", data, "--checkpoint", checkpoint, "--json", "--captions", path)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert list(written) == [f"video{number}" for number in range(6)]
    assert all(written.values())
