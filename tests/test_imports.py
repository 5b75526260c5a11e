"""`import videobert_demo` is light, importing changes nothing, and the public names are these."""

import graphlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import grimp
import pytest

import videobert_demo
from videobert_demo.ui.process import SERVER_ENVIRONMENT

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"torch", "transformers", "gradio", "cv2", "onnxruntime", "accelerate", "av"}


# Prints the variables that changed while every module was imported, and whether malloc was told anything.
IMPORT_EVERYTHING = """
import ctypes, importlib, json, os, pkgutil
before, asked = dict(os.environ), []
class Recorder(ctypes.CDLL):
    def __getattr__(self, name):
        asked.append(name)
        return super().__getattr__(name)
ctypes.CDLL = Recorder
import videobert_demo
for module in pkgutil.walk_packages(videobert_demo.__path__, "videobert_demo."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
changed = [name for name in {*before, *os.environ} if before.get(name) != os.environ.get(name)]
print(json.dumps([changed, "mallopt" in asked]))
"""
# Set by the libraries themselves while they are imported.
SET_BY_LIBRARIES = {
    "KMP_DUPLICATE_LIB_OK",
    "KMP_INIT_AT_FORK",
    "LD_LIBRARY_PATH",
    "TORCHINDUCTOR_CACHE_DIR",
    "RAY_CLIENT_MODE",
}


def printed_by(script: str, **environment: str) -> Any:
    """The JSON value that a fresh interpreter prints last; it has none of the variables that serving sets."""
    left_out = {*SERVER_ENVIRONMENT, "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OMP_NUM_THREADS"}
    inherited = {name: value for name, value in os.environ.items() if name not in left_out}
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=ROOT, env={**inherited, **environment}
    )
    return json.loads(done.stdout.splitlines()[-1])


def modules_after(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after `statement`."""
    shown = "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    return set(printed_by(f"import json, sys\n{statement}\n{shown}"))


def test_importing_the_package_is_light() -> None:
    loaded = modules_after("import videobert_demo")
    assert "videobert_demo" in loaded
    assert not loaded & HEAVY


def test_value_types_errors_and_settings_need_no_framework() -> None:
    loaded = modules_after("import videobert_demo.errors, videobert_demo.types, videobert_demo.settings")
    assert not loaded & HEAVY


def test_the_parser_of_the_command_line_needs_no_framework() -> None:
    assert not modules_after("from videobert_demo.cli.main import build_parser\nbuild_parser()") & HEAVY


def test_a_command_lets_threads_rest_before_torch_is_imported() -> None:
    script = "import contextlib, json, os, sys\nfrom videobert_demo.cli.main import main\n"
    script += "with contextlib.suppress(SystemExit): main(['--version'])\n"
    policy, has_torch = printed_by(
        f"{script}print(json.dumps([os.environ['OMP_WAIT_POLICY'], 'torch' in sys.modules]))"
    )
    assert (policy, has_torch) == ("PASSIVE", False)


@pytest.mark.slow
def test_importing_every_module_changes_nothing() -> None:
    changed, is_malloc_told = printed_by(IMPORT_EVERYTHING)
    assert set(changed) <= SET_BY_LIBRARIES
    assert not is_malloc_told


def test_serving_prepares_the_process_before_anything_reads_the_variables() -> None:
    script = "import json, os, sys\nfrom videobert_demo.ui.process import prepare_process\nprepare_process()\n"
    script += "print(json.dumps([dict(os.environ), sorted(sys.modules)]))"
    variables, modules = printed_by(script)
    assert SERVER_ENVIRONMENT.items() <= variables.items()
    assert variables["OMP_WAIT_POLICY"] == "PASSIVE"
    assert int(variables["OMP_NUM_THREADS"]) == max(1, (os.cpu_count() or 1) // 2)
    assert not {"torch", "gradio", "onnxruntime"} & set(modules)
    chosen, _ = printed_by(script, OMP_WAIT_POLICY="ACTIVE")
    assert chosen["OMP_WAIT_POLICY"] == "ACTIVE"


def test_only_the_settings_read_the_environment() -> None:
    reads = re.compile(r"\b(os\.environ|os\.getenv|getenv\(|from os import)")
    package = ROOT / "videobert_demo"
    found = {str(path.relative_to(package)) for path in package.rglob("*.py") if reads.search(path.read_text())}
    assert found == {"settings.py", "ui/process.py", "engine/cluster.py"}
    for name in ("ui/process.py", "engine/cluster.py"):  # these only set variables
        assert not re.search(r"environ\.get|getenv|environ\[[^\]]*\](?! =)", (package / name).read_text())


def test_public_names_are_listed() -> None:
    assert sorted(videobert_demo.__all__) == ["__version__", "load"]
    assert all(hasattr(videobert_demo, name) for name in videobert_demo.__all__)


def test_no_import_cycle_passes_through_a_package() -> None:
    """The contract compares siblings, so it does not see a file and its own folder's __init__ import each other."""
    graph = grimp.build_graph("videobert_demo")
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    graphlib.TopologicalSorter(imports).prepare()  # raises CycleError
