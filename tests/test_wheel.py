"""The wheel works without the checkout: it has the weights, the examples, and all that the page shows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from videobert_demo.service.service import VideoBertService

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("videobert_demo", "assets", "configs")
FILES = ("pyproject.toml", "setup.py", "requirements.txt", "README.md", "LICENSE")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the sources, because building leaves files among them."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source / name)
    build = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(out), str(source)]
    subprocess.run(build, check=True, capture_output=True, text=True, timeout=300)
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the wheel in it."""
    folder = tmp_path_factory.mktemp("installed")
    install = [*PIP, "install", "--no-deps", "--no-index", "--target", str(folder), str(wheel)]
    subprocess.run(install, check=True, capture_output=True, text=True, timeout=300)
    return folder


def run(installed: Path, folder: Path, *command: str) -> str:
    """What a command prints that finds the package in `installed`, and runs in an empty folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VIDEOBERT_")}
    environment |= {"PYTHONPATH": str(installed), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, cwd=folder, env=environment)
    return done.stdout


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    package = ROOT / "videobert_demo"
    files = {path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    files |= {path for path in (ROOT / "assets").rglob("*") if path.is_file() and path.name != "screenshot.jpg"}
    wanted = {
        str(path.relative_to(ROOT)) if path.is_relative_to(package) else f"videobert_demo/{path.relative_to(ROOT)}"
        for path in files
    }
    assert wanted <= packed
    assert "videobert_demo/configs/imagenet_labels.txt" in packed
    assert not [name for name in packed if name.startswith(("tests", "assets", "benchmarks"))]


def test_the_installed_command_captions_a_clip(installed: Path, tmp_path: Path, service: VideoBertService) -> None:
    clip = shutil.copy(ROOT / "assets" / "examples" / "dog.mp4", tmp_path / "clip.mp4")
    script = "import videobert_demo.settings as it; print(it.__file__, it.BUNDLED_CHECKPOINT, sep='\\n')"
    for path in run(installed, tmp_path, sys.executable, "-c", script).splitlines():
        assert Path(path).is_relative_to(installed)
    printed = run(installed, tmp_path, str(installed / "bin" / "videobert-demo"), "caption", clip, "--json")
    assert json.loads(printed)["caption"] == service.caption(service.open(clip)).text


def test_the_installed_app_finds_its_examples_and_styles(installed: Path, tmp_path: Path) -> None:
    script = (
        "from pathlib import Path\n"
        "from videobert_demo.service.examples import read_examples\n"
        "from videobert_demo.settings import Settings\n"
        "from videobert_demo.ui.launching import launch_options\n"
        "options = launch_options(Settings())\n"
        "print(len(read_examples()), all(Path(path).is_file() for path in options['css_paths']))"
    )
    count, has_styles = run(installed, tmp_path, sys.executable, "-c", script).split()
    assert int(count) == len(json.loads((ROOT / "assets" / "examples" / "examples.json").read_text()))
    assert has_styles == "True"
