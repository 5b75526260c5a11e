"""Codebooks of any features: fitted in batches, measured, written and read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny import write_features, write_tiny_checkpoint
from videobert_demo.cli.main import main
from videobert_demo.errors import DataError
from videobert_demo.model.encoders.efficientnet_lite import FEATURE_CHANNELS
from videobert_demo.model.visual_words import VisualCodebook
from videobert_demo.training.codebooks import (
    FeatureRows,
    build_codebook,
    check_encoder,
    load_codebook,
    measure_codebook,
    save_codebook,
)
from videobert_demo.training.kmeans import fit_codebook


def blobs(centres: int, each: int, channels: int = 6, *, seed: int = 0) -> np.ndarray:
    """`each` float16 vectors around each of `centres` points that lie far apart, in mixed order."""
    random = np.random.default_rng(seed)
    means = random.normal(size=(centres, 1, channels)) * 20
    vectors = (means + random.normal(size=(centres, each, channels)) * 0.1).reshape(-1, channels)
    return vectors[random.permutation(len(vectors))].astype(np.float16)


@pytest.mark.parametrize("count", [1, 10])
def test_as_few_as_ten_vectors_make_a_codebook(tmp_path: Path, count: int) -> None:
    np.save(tmp_path / "few.npy", np.random.default_rng(0).normal(size=(count, 7)).astype(np.float32))
    report = build_codebook([tmp_path / "few.npy"], tmp_path / "out.safetensors")
    assert report == {
        "size": 512,
        "words": count,
        "vectors": count,
        "used": count,
        "perplexity": float(count),
        "error": 0.0,
    }
    assert load_codebook(tmp_path / "out.safetensors").words == count


def test_several_sources_are_one_and_only_the_split_train_counts(tmp_path: Path) -> None:
    folder = write_features(tmp_path / "features")
    index = json.loads((folder / "index.json").read_text())
    index["videos"][0]["split"] = "val"
    (folder / "index.json").write_text(json.dumps(index))
    held_out = len(index["videos"][0]["frame_files"])
    pooled = np.load(folder / "pooled.npy")[0]
    np.save(tmp_path / "more.npy", pooled[:3] + 1)
    rows = FeatureRows([folder, tmp_path / "more.npy"], "train")
    assert rows.shape == (len(pooled) - held_out + 3, pooled.shape[1])
    expected = np.concatenate([pooled[held_out:], pooled[:3] + 1])
    order = np.random.default_rng(1).permutation(len(rows))
    np.testing.assert_allclose(rows[order], expected[order], atol=1e-2)
    assert len(FeatureRows([folder], "val")) == held_out


def test_the_measures_are_those_of_the_definition() -> None:
    codebook = VisualCodebook(2, 1, 1)
    fit_codebook(codebook, np.array([[0.0], [10.0]], dtype=np.float32))
    rows = FeatureRows.__new__(FeatureRows)
    rows._arrays, rows._rows = [np.array([[0.0], [1.0], [10.0], [0.0]])], [np.arange(4)]
    rows._starts = np.array([0, 4])
    found = measure_codebook(codebook, rows)
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    spread = ((np.array([0, 1, 10, 0]) - 2.75) ** 2).sum()
    assert found == {
        "vectors": 4,
        "used": 2,
        "perplexity": round(float(np.exp(entropy)), 1),
        "error": round(1 / spread, 4),
    }


def test_a_codebook_is_kept_with_its_sizes(tmp_path: Path) -> None:
    codebook = VisualCodebook(3, 2, 6)
    fit_codebook(codebook, blobs(7, 5))
    save_codebook(codebook, tmp_path / "book.safetensors")
    again = load_codebook(tmp_path / "book.safetensors")
    vectors = torch.rand(30, 6) * 40 - 20
    assert (again.branching, again.levels) == (3, 2)
    assert torch.equal(again(vectors), codebook(vectors))


def test_a_codebook_of_another_frame_encoder_is_refused(tmp_path: Path) -> None:
    for name, encoder in (("one", "a"), ("other", "b")):
        folder = write_features(tmp_path / name)
        index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        (folder / "index.json").write_text(json.dumps({**index, "encoder": encoder}), encoding="utf-8")
    np.save(tmp_path / "vectors.npy", np.ones((4, FEATURE_CHANNELS), dtype=np.float32))
    book = tmp_path / "book.safetensors"
    build_codebook([tmp_path / "one", tmp_path / "vectors.npy"], book, branching=2, levels=1)
    check_encoder(book, "a")
    with pytest.raises(DataError, match="visual words of another frame encoder"):
        check_encoder(book, "b")
    with pytest.raises(DataError, match="features of another frame encoder than the sources before it"):
        build_codebook([tmp_path / "one", tmp_path / "other"], book)
    save_codebook(VisualCodebook(2, 1, 3), book)  # of vectors that do not tell whose they are
    check_encoder(book, "b")


@pytest.mark.slow
def test_the_command_measures_hidden_words_with_a_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_features(tmp_path / "features")
    index = json.loads((folder / "index.json").read_text())
    for video in index["videos"][3:]:
        video["split"] = "val"
    (folder / "index.json").write_text(json.dumps(index))
    checkpoint = write_tiny_checkpoint(tmp_path / "tiny")
    arguments = ["codebook", folder, "--out", tmp_path / "out.safetensors", "--branching", 2, "--levels", 2]
    assert main([*map(str, arguments), "--checkpoint", str(checkpoint)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["size"] == 4
    assert 2 <= report["words"] <= 4
    assert report["vectors"] == report["held_out_vectors"] == 6
    assert report["masked_top5"] == 100.0  # of four words
    assert 0 <= report["masked_top1"] <= 100
    assert report["masked_prior_top5"] > 0


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: None, "holds no features"),
        (lambda path: path.write_bytes(b"nonsense"), "holds no features"),
        (lambda path: np.save(path, np.zeros((3, 4, 5), dtype=np.float32)), "visual words need floating"),
        (lambda path: np.save(path, np.zeros((3, 4), dtype=np.int64)), "visual words need floating"),
        (lambda path: np.save(path, np.zeros((0, 4), dtype=np.float32)), "no vectors"),
    ],
)
def test_sources_that_are_none_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], write: object, message: str
) -> None:
    write(tmp_path / "source.npy")  # type: ignore[operator]
    assert main(["codebook", str(tmp_path / "source.npy"), "--out", str(tmp_path / "out.safetensors")]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.safetensors").exists()


def test_sources_of_other_widths_and_impossible_sizes_are_refused(tmp_path: Path) -> None:
    for width in (4, 5):
        np.save(tmp_path / f"{width}.npy", np.zeros((3, width), dtype=np.float32))
    with pytest.raises(DataError, match="other"):
        build_codebook([tmp_path / "4.npy", tmp_path / "5.npy"], tmp_path / "out.safetensors")
    with pytest.raises(DataError, match="branching"):
        build_codebook([tmp_path / "4.npy"], tmp_path / "out.safetensors", branching=1)
    (tmp_path / "not.safetensors").write_bytes(b"nonsense")
    with pytest.raises(DataError, match="is no codebook"):
        load_codebook(tmp_path / "not.safetensors")
