"""What a published checkpoint must be before a part is taken out of it, and that its code is never run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from videobert_demo.errors import CheckpointError, VideoBertDemoError
from videobert_demo.model.encoders.taking import take_encoder
from videobert_demo.model.sources import read_part_config
from videobert_demo.model.tokenizers import read_tokenizer
from videobert_demo.service.speech import Recogniser
from videobert_demo.training.text_parts import take_decoder, take_text


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "There is no folder ''; give a folder or a Hub id"),
        ("/no/such/folder", "There is no folder '/no/such/folder'; give a folder or a Hub id"),
        ("a/b/c", "give a folder or a Hub id"),
        ("FOLDER", "holds no config.json"),
        ("FOLDER/file", "is a file; give the folder"),
        ("user/no-such-model", "There is no folder user/no-such-model, and the Hub does not give it"),
    ],
)
def test_what_is_not_there_is_told_with_what_to_do(
    source: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    (tmp_path / "file").write_text("{}")
    with pytest.raises(CheckpointError) as refused:
        read_part_config(source.replace("FOLDER", str(tmp_path)))
    assert sentence in refused.value.message
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("{", "cannot be read"),
        ("[]", "is no JSON object"),
        ("{}", "describes no model"),
        ('{"model_type": "unheard-of"}', "describes no model .*'unheard-of'"),
    ],
)
def test_a_config_that_describes_no_model_is_refused(config: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(config)
    with pytest.raises(CheckpointError, match=sentence):
        read_part_config(str(tmp_path))


@pytest.mark.parametrize("take", [take_encoder, take_text, take_decoder, read_tokenizer, Recogniser])
def test_code_beside_a_checkpoint_is_not_run_even_if_someone_says_yes(
    take: Callable[[str], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda *_: "y")  # to the question of transformers at a terminal
    classes = ("AutoConfig", "AutoModel", "AutoProcessor", "AutoModelForSpeechSeq2Seq", "AutoTokenizer")
    own = {"auto_map": dict.fromkeys(classes, "own.Own")}
    own["auto_map"]["AutoTokenizer"] = ["own.Own", None]
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "own", **own}))
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "Own", **own}))
    (tmp_path / "preprocessor_config.json").write_text(json.dumps({"processor_class": "Own", **own}))
    (tmp_path / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Own: pass\n")
    with pytest.raises((VideoBertDemoError, OSError, ValueError)):
        take(str(tmp_path))
    assert not (tmp_path / "ran").exists()
