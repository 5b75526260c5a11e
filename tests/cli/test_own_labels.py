"""The commands `label`, `labels`, `correct`, `corrections` and `both`, with a tiny checkpoint and made clips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.resources.make_clips import encode
from tests.tiny import write_tiny_checkpoint
from videobert_demo.cli.main import main
from videobert_demo.data.own_clips import read_own_clips


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    write_tiny_checkpoint(folder / "tiny")
    for number in range(3):
        encode(folder / f"{number}.mp4", "libx264", numbers=range(10 * number, 10 * number + 10))
    return folder


@pytest.mark.slow
def test_a_label_is_taught_listed_and_forgotten_and_a_caption_is_mended(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = ["--checkpoint", str(folder / "tiny")]
    library = [*checkpoint, "--library", str(folder / "library")]
    clips = [str(folder / f"{number}.mp4") for number in range(3)]

    def run(*arguments: str, status: int = 0) -> str:
        assert main(arguments) == status
        captured = capsys.readouterr()
        return captured.out if status == 0 else captured.err

    assert "these are 2" in run("label", "mine", *clips[:2], *library, status=1)
    taught = json.loads(run("label", "mine", clips[0], f"{clips[1]}@0.2", clips[2], *library, "--json"))
    assert (taught["name"], taught["examples"]) == ("mine", 3)
    assert run("labels", *library).startswith("mine: ")
    (score,) = json.loads(run("labels", clips[0], *library, "--json"))["own_labels"]
    if score["score"] != score["threshold"]:  # both are rounded
        assert score["fits"] is (score["score"] > score["threshold"])
    assert "no label other" in run("labels", "--remove", "other", *library, status=1)
    assert run("labels", "--remove", "Mine", *library) == "no labels\n"

    assert "kept: a red car driving" in run("correct", clips[0], "a red car driving", *library)
    run("correct", clips[1], "car", "--question", "what is driving on the road?", *library)
    assert run("corrections", str(folder / "library"), "--out", str(folder / "data"), *checkpoint).startswith("2 ")
    assert [one.captions for one in read_own_clips(folder / "data")] == [
        ("a red car driving",),
        ("a car is driving on the road",),
    ]

    assert "taken back: a red car" in run("correct", clips[0], "--take-back", *library)
    assert "Nothing is kept of 0.mp4" in run("correct", clips[0], "--take-back", *library, status=1)
    assert "not both" in run("correct", clips[0], "words", "--take-back", *library, status=1)

    both = json.loads(run("both", *clips[:2], "--word", "dog", *checkpoint, "--json"))
    assert [one["file"] for one in both["clips"]] == ["0.mp4", "1.mp4"]
    assert "likeness of the two clips" in run("both", *clips[:2], "--question", "what is the man doing?", *checkpoint)
