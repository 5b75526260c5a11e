"""`import videobert_demo` is light, and its public names are these."""

import graphlib
import json
import subprocess
import sys
from pathlib import Path

import grimp

import videobert_demo

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"torch", "transformers", "gradio", "cv2", "onnxruntime", "accelerate", "av"}


def modules_after(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after `statement`."""
    script = f"import json, sys\n{statement}\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    command = [sys.executable, "-c", script]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return set(json.loads(output.splitlines()[-1]))


def test_importing_the_package_is_light() -> None:
    loaded = modules_after("import videobert_demo")
    assert "videobert_demo" in loaded
    assert not loaded & HEAVY


def test_value_types_errors_and_settings_need_no_framework() -> None:
    loaded = modules_after("import videobert_demo.errors, videobert_demo.types, videobert_demo.settings")
    assert not loaded & HEAVY


def test_public_names_are_listed() -> None:
    assert sorted(videobert_demo.__all__) == ["__version__", "load"]
    assert all(hasattr(videobert_demo, name) for name in videobert_demo.__all__)


def test_no_import_cycle_passes_through_a_package() -> None:
    """The contract compares siblings, so it does not see a file and its own folder's __init__ import each other."""
    graph = grimp.build_graph("videobert_demo")
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    graphlib.TopologicalSorter(imports).prepare()  # raises CycleError
