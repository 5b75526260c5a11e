"""The command line: what it prints, and where; with which status it ends."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import videobert_demo
from tests.resources.make_clips import encode
from tests.tiny import CAPTIONS, write_features, write_frames, write_jsonl, write_tiny_checkpoint
from videobert_demo.attention.explain import DEFAULT_METHOD, METHODS
from videobert_demo.cli.main import build_parser, main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny"))


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six videos of two frames, in the test split."""
    return write_frames(tmp_path_factory.mktemp("msrvtt"))


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(encode(tmp_path_factory.mktemp("clips") / "clip.mp4", "libx264", numbers=range(20)))


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """Status, standard output, standard error."""
    capsys.readouterr()
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_caption_prints_a_sentence(capsys: pytest.CaptureFixture[str], checkpoint: str, clip: str) -> None:
    status, out, _ = run(capsys, "caption", clip, "--checkpoint", checkpoint)
    assert status == 0
    service = videobert_demo.load(checkpoint)
    assert out == service.caption(service.open(clip)).text + "\n"


def test_caption_prints_one_object(capsys: pytest.CaptureFixture[str], checkpoint: str, clip: str) -> None:
    status, out, _ = run(capsys, "caption", clip, "--checkpoint", checkpoint, "--json")
    report = json.loads(out)
    assert status == 0
    assert out.count("\n") == 1
    assert set(report) == {"caption", "score", "candidates", "frames", "duration_seconds", "seconds"}
    assert report["candidates"][0] == {"text": report["caption"], "score": report["score"]}
    assert report["frames"] == [{"timestamp_seconds": time} for time in (0.08, 0.28, 0.48, 0.68)]
    assert report["duration_seconds"] == 0.8


@pytest.mark.parametrize(
    ("task", "names"),
    [
        ("captioning", ["CIDEr", "BLEU-4", "ROUGE-L", "videos"]),
        ("retrieval", ["R@1", "R@5", "R@10", "MedR", "videos"]),
        (
            "answering",
            ["accuracy", "blank_accuracy", "by_type", "who_what_doing", "sure", "unsure", "questions"],
        ),
    ],
)
def test_evaluate_prints_the_figures(
    capsys: pytest.CaptureFixture[str], checkpoint: str, data: Path, task: str, names: list[str]
) -> None:
    command = ["evaluate", task, "--data", data, "--split", "test", "--checkpoint", checkpoint]
    status, out, _ = run(capsys, *command, "--json")
    report = json.loads(out)
    assert status == 0
    assert out.count("\n") == 1
    assert list(report) == names
    assert report.get("videos", 6) == 6
    _, table, _ = run(capsys, *command)
    assert table == "".join(f"{name:15} {report[name]}\n" for name in names)


def test_evaluate_attention_tells_of_every_method(
    capsys: pytest.CaptureFixture[str], checkpoint: str, tmp_path: Path
) -> None:
    data = write_frames(tmp_path / "msrvtt", [texts * 5 for texts in CAPTIONS], frames=2)
    command = ["evaluate", "attention", "--data", data, "--checkpoint", checkpoint, "--videos", "2"]
    status, out, _ = run(capsys, *command, "--json")
    report = json.loads(out)
    assert status == 0
    assert out.count("\n") == 1
    assert list(report) == [*METHODS, "default", "videos"]
    assert (report["default"], report["videos"]) == (DEFAULT_METHOD, 2)
    for method in METHODS:
        for figure in ("deletion_insertion_win", "left_right", "first_second"):
            assert report[method][figure] in (0, 50, 100)
    _, table, _ = run(capsys, *command)
    first = report[METHODS[0]]["left_right"]
    assert table.splitlines()[0].startswith(METHODS[0])
    assert f"'left_right': {first}" in table.splitlines()[0]


def test_evaluate_as_a_program_prints_nothing_else(checkpoint: str, data: Path) -> None:
    command = [sys.executable, "-m", "videobert_demo", "evaluate", "retrieval", "--data", str(data), "--json"]
    done = subprocess.run([*command, "--checkpoint", checkpoint], check=True, capture_output=True, text=True, cwd=ROOT)
    assert json.loads(done.stdout)["videos"] == 6


def test_evaluate_keeps_what_was_written(
    capsys: pytest.CaptureFixture[str], checkpoint: str, data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "captions.json"
    run(capsys, "evaluate", "captioning", "--data", data, "--checkpoint", checkpoint, "--json", "--captions", path)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert list(written) == [f"video{number}" for number in range(6)]
    assert all(written.values())


def test_ask_answers_a_question(capsys: pytest.CaptureFixture[str], checkpoint: str, clip: Path) -> None:
    status, out, _ = run(capsys, "ask", clip, "What is a man playing", "--checkpoint", checkpoint, "--json")
    assert status == 0
    report = json.loads(out)
    assert report["question"] == "what is a man playing?"
    assert report["answer"] == report["candidates"][0]["text"]
    assert sum(frame["share"] for frame in report["frames"]) == pytest.approx(1, abs=1e-3)
    status, out, _ = run(capsys, "ask", clip, "what is a man playing?", "--checkpoint", checkpoint)
    assert status == 0
    assert out.startswith(report["answer"])
    status, out, error = run(capsys, "ask", clip, "他在做什么?", "--checkpoint", checkpoint)
    assert (status, out) == (1, "")
    assert "English" in error


def test_a_folder_is_indexed_and_searched(
    capsys: pytest.CaptureFixture[str], checkpoint: str, clip: str, tmp_path: Path
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    shutil.copy(clip, folder / "a ride.mp4")
    (folder / "notes.mp4").write_text("no clip")
    options = ["--library", tmp_path / "library", "--checkpoint", checkpoint]
    status, out, _ = run(capsys, "index", folder, *options, "--json")
    report = json.loads(out)
    assert status == 0
    assert (report["added"], report["known"], len(report["unreadable"])) == (1, 0, 1)
    status, out, _ = run(capsys, "index", folder, *options)
    assert "known 1" in out
    assert "notes.mp4" in out
    status, out, _ = run(capsys, "search", "a man is playing a piano", *options, "--json")
    assert status == 0
    assert [hit["title"] for hit in json.loads(out)] == ["a ride"]
    status, out, _ = run(capsys, "search", "a man is playing a piano", *options)
    assert out.endswith("a ride\n")


def test_search_says_what_it_needs(
    capsys: pytest.CaptureFixture[str], checkpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIDEOBERT_LIBRARY_URI", raising=False)
    status, _, error = run(capsys, "search", "a man", "--checkpoint", checkpoint)
    assert status == 1
    assert "--library" in error
    status, _, error = run(capsys, "search", " ", "--checkpoint", checkpoint, "--library", tmp_path / "library")
    assert status == 1
    assert "nothing to search for" in error


def test_calibrate_writes_into_the_checkpoint(
    capsys: pytest.CaptureFixture[str], checkpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from videobert_demo.evaluation import calibration

    monkeypatch.setattr(calibration, "fit_logistic", lambda _values, _is_yes: (9.5, 0.25))  # nothing is learned yet
    copy = tmp_path / "checkpoint"
    shutil.copytree(checkpoint, copy)
    status, out, _ = run(capsys, "calibrate", copy, "--data", write_frames(tmp_path / "msrvtt", split="val"))
    before, after = (json.loads((Path(folder) / "config.json").read_text()) for folder in (checkpoint, copy))
    assert status == 0
    found = json.loads(out)
    assert (found["answer_yes_slope"], found["answer_yes_middle"]) == (9.5, 0.25)
    assert after == before | found


def test_train_prints_the_last_losses(capsys: pytest.CaptureFixture[str], checkpoint: str, tmp_path: Path) -> None:
    write_features(tmp_path / "features" / "msrvtt")
    config = tmp_path / "config.yaml"
    config.write_text(f"init: {checkpoint}\nsteps: 2\nvideos_per_step: 2\nwarmup_steps: 1\n")
    command = ["train", config, "--data", tmp_path, "--features", tmp_path / "features", "--out", tmp_path / "run"]
    status, out, _ = run(capsys, *command, "--cpu")
    assert status == 0
    assert set(json.loads(out)) == {"caption"}
    assert videobert_demo.load(str(tmp_path / "run" / "model")).model_name == "model"


def test_features_of_both_data_sets_are_computed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from videobert_demo.model.encoders.efficientnet_lite import FrameTower
    from videobert_demo.training import initialise
    from videobert_demo.training.store import FeatureStore

    monkeypatch.setattr(initialise, "load_published_tower", FrameTower)
    write_frames(tmp_path / "msrvtt", CAPTIONS[:2], split="train")
    stills = write_frames(tmp_path / "flickr8k", CAPTIONS[2:3], frames=1)
    (stills / "frames.tar").rename(stills / "images.tar")
    write_jsonl(stills / "captions.jsonl", [{"file": "frames/0_0.png", "captions": CAPTIONS[2]}])
    out = tmp_path / "out"
    sizes = ["--views", "2", "--grid", "2", "--pairs", "3"]
    status, _, _ = run(capsys, "features", "--data", tmp_path, "--out", out, *sizes)
    assert status == 0
    assert len(FeatureStore(out / "pairs").videos) == 3
    videos, pictures = FeatureStore(out / "msrvtt"), FeatureStore(out / "flickr8k")
    assert (len(videos.videos), len(pictures.videos), videos.views, videos.grid) == (2, 1, 2, 2)
    assert videos.load(1, 1).patches.shape == (2, 4, 1280)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["caption", "nothing.mp4", "--checkpoint", "CHECKPOINT"], "nothing.mp4"),
        (["caption", "CLIP", "--checkpoint", "no-such-folder"], "no-such-folder"),
        (["evaluate", "captioning", "--data", "no-such-data", "--checkpoint", "CHECKPOINT"], "no-such-data"),
        (["train", "no.yaml", "--data", ".", "--features", ".", "--out", "x"], "no.yaml"),
    ],
)
def test_a_refusal_is_a_sentence_on_standard_error(
    capsys: pytest.CaptureFixture[str], checkpoint: str, clip: str, arguments: list[str], message: str
) -> None:
    places = {"CHECKPOINT": checkpoint, "CLIP": clip}
    status, out, err = run(capsys, *(places.get(argument, argument) for argument in arguments))
    assert (status, out) == (1, "")
    (line,) = [line for line in err.splitlines() if line.startswith(f"{arguments[0]}: ")]
    assert message in line
    assert "Traceback" not in err


def test_an_interruption_ends_quietly(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(videobert_demo, "load", load)
    assert run(capsys, "caption", "x.mp4") == (130, "", "caption: interrupted\n")


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What `serve` launched the app with, in place of launching it."""
    from videobert_demo.ui import app

    seen: list[dict[str, object]] = []

    class App:
        def launch(self, **options: object) -> None:
            seen.append(options)

    monkeypatch.setattr(app, "build_app", lambda service: App() if service.model_name == "tiny" else None)
    monkeypatch.delenv("VIDEOBERT_AUTH", raising=False)
    return seen


def test_serve_launches_the_app_where_it_is_told(
    capsys: pytest.CaptureFixture[str], checkpoint: str, launched: list[dict[str, object]]
) -> None:
    run(capsys, "serve", "--checkpoint", checkpoint, "--host", "0.0.0.0", "--port", "8123")
    (options,) = launched
    assert (options["server_name"], options["server_port"]) == ("0.0.0.0", 8123)
    assert (options["share"], options["auth"], options["max_file_size"]) == (False, None, 200 * 2**20)


def test_serve_lets_in_whom_it_is_told(
    capsys: pytest.CaptureFixture[str], checkpoint: str, launched: list[dict[str, object]], tmp_path: Path
) -> None:
    people = tmp_path / "people.txt"
    people.write_text("ann:a\nbob:b\n")
    limits = ["--max-upload-mb", "2", "--max-seconds", "9"]
    run(capsys, "serve", "--checkpoint", checkpoint, "--share", "--auth", f"@{people}", *limits)
    run(capsys, "serve", "--checkpoint", checkpoint, "--share", "--public")
    shared, public = launched
    assert (shared["share"], shared["auth"]) == (True, [("ann", "a"), ("bob", "b")])
    assert shared["max_file_size"] == 2 * 2**20
    assert (public["share"], public["auth"]) == (True, None)


def test_a_public_link_for_everyone_is_refused_unless_it_is_meant(
    capsys: pytest.CaptureFixture[str], checkpoint: str, launched: list[dict[str, object]]
) -> None:
    status, out, err = run(capsys, "serve", "--checkpoint", checkpoint, "--share")
    assert (status, out, launched) == (1, "", [])
    assert err.startswith("serve: A public link lets in everyone")
    assert "--auth" in err
    assert "--public" in err


@pytest.mark.parametrize("arguments", [["--auth", "hunter2"], ["--auth", "@hunter2"], ["--auth", "hunter2:"]])
def test_a_sign_in_that_cannot_be_used_is_not_printed(
    capsys: pytest.CaptureFixture[str], launched: list[dict[str, object]], arguments: list[str]
) -> None:
    status, out, err = run(capsys, "serve", *arguments)
    assert (status, out, launched) == (1, "", [])
    assert err.startswith("serve: ")
    assert "--auth" in err
    assert "hunter2" not in err


def test_every_command_has_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    asking = ("caption", "ask", "index", "search", "tokens", "cloze", "align", "reel", "classify")
    building = ("features", "codebook", "train", "export", "heads", "calibrate", "evaluate")
    for command in ("serve", *asking, *building):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert command in capsys.readouterr().out


def test_wrong_usage_is_told_with_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["fly"], ["caption"], ["evaluate", "taste", "--data", "x"]):
        with pytest.raises(SystemExit) as ended:
            build_parser().parse_args(arguments)
        assert ended.value.code == 2
        assert "usage: python -m videobert_demo" in capsys.readouterr().err


def test_the_version_is_the_packages() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "videobert_demo", "--version"], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == f"{videobert_demo.__version__}\n"
