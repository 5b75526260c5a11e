"""The process of a server: its folder, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app_fixtures import free_port

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "import os, sys\nfrom videobert_demo.ui.process import use_own_upload_folder\n"
FOLDER += "print(use_own_upload_folder(), use_own_upload_folder(), os.environ['GRADIO_TEMP_DIR'], flush=True)\n"
SERVER = """
import sys, time
from tests.ui.page.test_states import ScriptedService
from videobert_demo.ui.process import end_in_order, leave_requests_behind, prepare_process
prepare_process()
end_in_order()
import torch
from videobert_demo.ui.app import build_app
from videobert_demo.ui.launching import launch_options
def wait():
    print("working", flush=True)
    end, square = time.monotonic() + float(sys.argv[1]), torch.rand(64, 64)
    while time.monotonic() < end:
        square @ square
service = ScriptedService(wait)
app = build_app(service)
app.launch(**launch_options(service.settings), server_name="127.0.0.1", server_port=int(sys.argv[2]), quiet=True)
leave_requests_behind()
print("ended", flush=True)
"""


def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"GRADIO_TEMP_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}


def test_a_process_has_one_folder_that_goes_with_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FOLDER], check=True, capture_output=True, text=True, env=environment(tmp_path)
    )
    first, second, told = done.stdout.split()
    assert first == second == told
    assert Path(first).parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_start(tmp_path: Path) -> None:
    killed = FOLDER + "os.kill(os.getpid(), 9)\n"
    for program in (killed, killed):
        subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, env=environment(tmp_path))
        assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("seconds", "ends_well"), [(2, True), (60, False)])
def test_sigterm_ends_the_server_within_ten_seconds(
    tmp_path: Path, examples: Path, seconds: int, ends_well: bool
) -> None:
    port = free_port()
    command = [sys.executable, "-c", SERVER, str(seconds), str(port)]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, env=environment(tmp_path))
    assert process.stdout is not None
    answers: list[Any] = []
    with process:

        def ask_or_end() -> None:
            try:
                answers.append(ask(port, examples / "dog.mp4"))
            finally:
                if not answers:
                    process.kill()  # nobody waits for a question that was never put

        asking = threading.Thread(target=ask_or_end)
        asking.start()
        assert "working\n" in iter(process.stdout.readline, "")  # after what Gradio prints
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        took = time.monotonic() - start
        asking.join()
        assert took < 10
    assert process.returncode in (0, 128 + signal.SIGTERM), "and not with an abort"
    (answer,) = answers
    if ends_well:
        assert answer["caption"] == "this is dog"
    else:
        assert isinstance(answer, httpx.HTTPError), "the caller is told at once, not after a minute"
    assert list(tmp_path.iterdir()) == []


def ask(port: int, clip: Path) -> Any:
    """The caption, or the error that the caller meets."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=100) as web:
        for _ in range(600):
            try:
                web.get("/gradio_api/startup-events")
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        (path,) = web.post("/gradio_api/upload", files={"files": (clip.name, clip.read_bytes())}).json()
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        event = web.post("/gradio_api/call/caption", json={"data": [file]}).json()["event_id"]
        try:
            text = web.get(f"/gradio_api/call/caption/{event}").text
        except httpx.HTTPError as error:
            return error
    return json.loads(text.rsplit("data: ", 1)[1])[0]
