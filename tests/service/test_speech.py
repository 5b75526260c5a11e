"""Speech: any Whisper-like model; here a tiny random one, made on the spot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from transformers import (
    WhisperConfig,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
    WhisperProcessor,
    WhisperTokenizer,
)

from tests.tiny import write_tiny_checkpoint
from tests.video.test_montage import write_flashes
from videobert_demo.errors import SubtitleError
from videobert_demo.model.loading import load_checkpoint
from videobert_demo.service.examples import EXAMPLES_FOLDER
from videobert_demo.service.service import VideoBertService
from videobert_demo.service.speech import resampled
from videobert_demo.settings import Settings
from videobert_demo.video.sound import SOUND_RATE

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model that hears nothing right, and writes letters."""
    folder = tmp_path_factory.mktemp("whisper")
    vocabulary = {token: number for number, token in enumerate((*LETTERS, "<|endoftext|>", "<|startoftranscript|>"))}
    tokenizer = WhisperTokenizer(vocab=vocabulary, merges=[], unk_token="<|endoftext|>")
    config = WhisperConfig(
        vocab_size=len(vocabulary),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        max_target_positions=16,
        pad_token_id=26,
        bos_token_id=26,
        eos_token_id=26,
        decoder_start_token_id=27,
        begin_suppress_tokens=[26],
        suppress_tokens=[],
    )
    model = WhisperForConditionalGeneration(config)
    model.generation_config.suppress_tokens = None
    model.generation_config.begin_suppress_tokens = [26, 27]
    model.save_pretrained(folder)
    WhisperProcessor(WhisperFeatureExtractor(), tokenizer).save_pretrained(folder)
    return str(folder)


def demo_with(tmp_path: Path, speech: str) -> VideoBertService:
    return VideoBertService(load_checkpoint(str(write_tiny_checkpoint(tmp_path / "tiny"))), Settings(speech=speech))


def test_what_is_heard_becomes_cues(tmp_path: Path, whisper: str) -> None:
    demo = demo_with(tmp_path, whisper)
    sounding = write_flashes(tmp_path / "sounding.mp4")
    found = demo.subtitles(sounding)
    assert found.source == "speech"
    assert found.cues[0].start_seconds == 0.0
    assert set(found.cues[0].text.replace(" ", "")) <= set(LETTERS)
    assert demo.subtitles(sounding) == found


def test_a_clip_without_sound_and_a_checkpoint_that_is_none(tmp_path: Path, whisper: str) -> None:
    demo = demo_with(tmp_path, whisper)
    with pytest.raises(SubtitleError, match="no sound"):
        demo.subtitles(EXAMPLES_FOLDER / "dog.mp4")
    (tmp_path / "none").mkdir()
    with pytest.raises(SubtitleError, match="cannot be used"):
        demo_with(tmp_path / "other", str(tmp_path / "none")).subtitles(write_flashes(tmp_path / "sounding.mp4"))


def test_resampling_keeps_a_tone_and_its_length() -> None:
    seconds = np.arange(SOUND_RATE) / SOUND_RATE
    tone = np.sin(2 * np.pi * 440 * seconds).astype(np.float32)
    found = resampled(tone, 16000)
    assert len(found) == 16000
    middle = (np.arange(16000) + 0.5) / 16000 - 0.5 / SOUND_RATE
    assert found == pytest.approx(np.sin(2 * np.pi * 440 * middle), abs=0.01)
    assert len(resampled(np.zeros(0, np.float32), 16000)) == 0
