"""Training on two machines by docs/scale.md, here two launchers on one: a process is lost, and the commands go on."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import torch
from safetensors.torch import load_file

from tests.app_fixtures import free_port
from tests.training.runs import read_losses, write_run_data

pytestmark = [pytest.mark.slow, pytest.mark.exhaustive]
ROOT = Path(__file__).resolve().parents[2]
STEPS, PATIENCE_SECONDS = 14, 600
SETTINGS = f"""
steps: {STEPS}
videos_per_step: 2
captions_per_video: 2
warmup_steps: 1
log_every: 2
save_every: 4
weights:
  caption: 1.0
  contrast: 0.5
  masked_words: 0.2
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_run_data(tmp_path, SETTINGS)


def documented(rank: int, port: int) -> list[str]:
    """The options of the documented command, with one process on each machine."""
    text = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"accelerate launch (--num_machines 2 .*?)-m videobert_demo", text, re.DOTALL)
    options = shlex.split(command.replace("\\\n", " "))
    values = {"--machine_rank": str(rank), "--main_process_ip": "127.0.0.1", "--main_process_port": str(port)}
    for name, value in {**values, "--num_processes": "2"}.items():
        options[options.index(name) + 1] = value
    return options


def start(data: Path, out: str, *more: str) -> list[subprocess.Popen[bytes]]:
    port = free_port()
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    started = []
    for rank in range(2):
        command = [sys.executable, "-m", "accelerate.commands.launch", *documented(rank, port)]
        command += ["-m", "videobert_demo", "train", str(data / "config.yaml"), "--data", str(data), "--cpu"]
        command += ["--features", str(data / "features"), "--out", str(data / out), *more]
        with (data / f"{out}-{rank}.log").open("ab") as log:
            started.append(subprocess.Popen(command, cwd=data, env=environment, stdout=log, stderr=log))
    return started


def finish(data: Path, out: str, launchers: list[subprocess.Popen[bytes]]) -> list[int]:
    try:
        return [launcher.wait(timeout=PATIENCE_SECONDS) for launcher in launchers]
    finally:
        for launcher in launchers:
            for process in [*psutil.Process(launcher.pid).children(recursive=True)] if launcher.poll() is None else []:
                process.kill()
            launcher.kill()


def test_a_lost_process_ends_both_machines_and_the_same_commands_go_on_with_the_same_steps(data: Path) -> None:
    assert finish(data, "whole", start(data, "whole")) == [0, 0], (data / "whole-0.log").read_text()[-3000:]

    launchers = start(data, "lost")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (data / "lost" / "state.pt").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    (worker, *_) = psutil.Process(launchers[1].pid).children()
    worker.send_signal(signal.SIGKILL)
    assert all(finish(data, "lost", launchers))
    done = torch.load(data / "lost" / "state.pt", weights_only=True)["step"]
    assert 0 < done < STEPS

    assert finish(data, "lost", start(data, "lost", "--resume")) == [0, 0], (data / "lost-0.log").read_text()[-3000:]
    assert [window["step"] for window in read_losses(data / "lost")][-1] == STEPS
    found, expected = (load_file(data / out / "model" / "model.safetensors") for out in ("lost", "whole"))
    assert set(found) == set(expected)
    for name, value in expected.items():
        assert torch.equal(found[name], value), name
