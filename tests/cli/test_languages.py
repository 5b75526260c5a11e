"""--language zh: captions, answers, scenes and summaries in Chinese, on a tiny random translator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.tiny import add_tiny_translator, write_tiny_checkpoint
from videobert_demo.service import languages


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_tiny_translator(write_tiny_checkpoint(tmp_path_factory.mktemp("checkpoints") / "tiny"))


def test_captions_and_answers_are_translated(run: Run, chinese: Path, clip: str) -> None:
    given = (clip, "--checkpoint", chinese, "--json")
    plain, said = (json.loads(run("caption", *given, *more)[1]) for more in ((), ("--language", "zh")))
    assert said["english"] == plain["caption"]
    assert [one["english"] for one in said["candidates"]] == [one["text"] for one in plain["candidates"]]
    status, out, _ = run("ask", clip, "狗在做什么？", "--checkpoint", chinese, "--language", "zh", "--json")
    answer = json.loads(out)
    assert status == 0
    assert (answer["question"], answer["asked"]) == ("what is the dog doing?", "狗在做什么？")
    assert answer["english"]


def test_scenes_summaries_and_rows_are_translated(
    run: Run, chinese: Path, clip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "say_in_chinese", lambda _loaded, texts: [f"说{text}" for text, _ in texts])
    plain = json.loads(run("scenes", clip, "--checkpoint", chinese)[1])["scenes"][0]["caption"]
    said = run("scenes", clip, "--checkpoint", chinese, "--language", "zh", "--format", "srt")[1]
    assert f"说{plain}" in said
    summed = json.loads(run("summary", clip, "--checkpoint", chinese, "--language", "zh", "--json")[1])
    assert summed["scenes"][0]["caption"] == f"说{plain}"
    rows = tmp_path / "rows.jsonl"
    assert run("caption", clip, "--checkpoint", chinese, "--language", "zh", "--out", rows)[0] == 0
    row = json.loads(rows.read_text().splitlines()[0])
    assert row["caption"] == f"说{row['english']}"


def test_a_checkpoint_without_a_translator_says_what_it_speaks(run: Run, checkpoint: str, clip: str) -> None:
    status, _, error = run("caption", clip, "--checkpoint", checkpoint, "--language", "zh")
    assert (status, error) == (1, "caption: This checkpoint speaks en, not zh.\n")
