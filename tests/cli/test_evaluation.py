"""The command `evaluate`: what it prints, and what it writes."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import cv2
import pytest

from tests.cli.conftest import Run
from tests.tiny import (
    CAPTIONS,
    add_tiny_translator,
    draw_picture,
    write_frames,
    write_jsonl,
    write_tiny_checkpoint,
)
from videobert_demo.attention.explain import DEFAULT_METHOD, METHODS
from videobert_demo.evaluation.chinese import cider
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
    write_tiny_checkpoint(tmp_path)
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


def test_evaluate_chinese_measures_captions_and_searches_of_pictures(run: Run, tmp_path: Path) -> None:
    checkpoint = add_tiny_translator(write_tiny_checkpoint(tmp_path / "tiny"))
    pairs = [["a white dog", "一只白色的狗。"]]
    records = [
        {"file": f"{number}.png", "split": split, "captions_zh": ["一只狗在草地上。"], "machine": pairs, "human": pairs}
        for number, split in enumerate(("val", "val", "test"))
    ]
    for name in ("chinese", "flickr8k"):
        (tmp_path / name).mkdir()
    write_jsonl(tmp_path / "chinese" / "flickr8k_cn.jsonl", records)
    stills = [{"file": f"{number}.png", "captions": ["a dog on the grass"]} for number in range(3)]
    write_jsonl(tmp_path / "flickr8k" / "captions.jsonl", stills)
    with tarfile.open(tmp_path / "flickr8k" / "images.tar", "w") as archive:
        for number in range(3):
            path = tmp_path / f"{number}.png"
            cv2.imwrite(str(path), draw_picture(number))
            archive.add(path, path.name)
    arguments = ("evaluate", "chinese", "--data", tmp_path, "--checkpoint", checkpoint, "--json")
    status, out, _ = run(*arguments, "--split", "val")
    scores = json.loads(out)
    assert status == 0
    assert scores.keys() >= {"bleu", "chrf", "cider", "cider_human", "R@10", "R@10_english"}
    assert (scores["pictures"], scores["R@10_english"]) == (2, 100)
    status, out, _ = run(*arguments, "--split", "test")
    assert json.loads(out)["pictures"] == 1
    status, _, error = run(*arguments, "--split", "train")
    assert (status, error) == (1, "evaluate: evaluate chinese measures val or test.\n")


def test_cider_counts_characters() -> None:
    references = {"a": ["一只狗在草地上奔跑"], "b": ["一个男人在弹吉他"], "c": ["两个孩子在海滩玩"]}
    right = cider({name: texts[0] for name, texts in references.items()}, references)
    mixed = cider({"a": "一只狗在草地上", "b": "一个男人在弹吉他", "c": "一辆车"}, references)
    assert right > mixed > 0
    assert cider({}, references) == 0
