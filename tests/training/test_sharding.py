"""FSDP by accelerate's config: two processes that share out a model learn what two whole copies learn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from accelerate import FullyShardedDataParallelPlugin
from accelerate.commands.config.config_args import load_config_from_file
from accelerate.utils import DistributedType
from safetensors.torch import load_file

from tests.tiny import tiny_model
from tests.training.runs import make_config
from videobert_demo.errors import DataError
from videobert_demo.settings import bundled_folder
from videobert_demo.training.sharding import gather, name_layers, prepare_sharding, whole

ROOT = Path(__file__).parents[2]
CONFIG = bundled_folder("configs") / "fsdp.yaml"

# accelerate shares weights out on GPUs only; here it takes two processes on the CPU for GPUs, and the rest is as there
TWO_PROCESSES = """
import json, sys
from pathlib import Path
import torch
from accelerate import PartialState
from accelerate.utils import DistributedType
from torch.distributed.tensor import DTensor
from tests.tiny import tiny_tokenizer
from tests.training.runs import make_batches, make_config, make_model
from videobert_demo.training.loop import train

folder, shares_out = Path(sys.argv[1]), sys.argv[2] == "shared"
torch.set_num_threads(1)
rank = PartialState(cpu=True).process_index
if shares_out:
    PartialState._shared_state["distributed_type"] = DistributedType.MULTI_GPU
weights = {"contrast": 0.5, "masked_words": 0.3, "masked_visual_words": 0.2, "alignment": 0.2, "infilling": 0.3}
sizes = {"steps": 4, "videos_per_step": 2, "stills_per_step": 2, "sentences_per_step": 2, "log_every": 1}
config = make_config(weights, accumulation_steps=2, **sizes)
batches = make_batches(folder / str(rank), config)
for stop in (2, None) if shares_out else (None,):  # interrupted, and gone on with from the state on disk
    model = make_model(0)
    train(model, tiny_tokenizer(), batches, config, folder / "out", cpu=True, resume=True, stop_after=stop)
shared = sum(isinstance(value, DTensor) for value in model.parameters())
(folder / f"rank{rank}.json").write_text(json.dumps({"shared": shared}))
"""


def launch(folder: Path, kind: str, *options: str) -> Path:
    folder.mkdir()
    (folder / "two.py").write_text(TWO_PROCESSES, encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "accelerate.commands.launch", *options, "--main_process_port", "0"]
    command += [str(folder / "two.py"), str(folder), kind]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.mark.slow
@pytest.mark.exhaustive
def test_a_model_that_is_shared_out_learns_the_same_and_goes_on_after_an_interruption(tmp_path: Path) -> None:
    shared = launch(tmp_path / "shared", "shared", "--config_file", str(CONFIG))
    copies = launch(tmp_path / "copies", "copies", "--multi_gpu", "--num_processes", "2")
    counts = [json.loads((folder / "rank1.json").read_text())["shared"] for folder in (shared, copies)]
    assert counts[0] > 100
    assert counts[1] == 0
    found, expected = (load_file(folder / "out" / "model" / "model.safetensors") for folder in (shared, copies))
    assert {name: value.shape for name, value in found.items()} == {name: one.shape for name, one in expected.items()}
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, atol=2e-5, rtol=1e-3, msg=name)


def shares_out(**plugin: Any) -> Any:
    state = SimpleNamespace(fsdp_plugin=SimpleNamespace(**{"fsdp_version": 2, "ignored_modules": None, **plugin}))
    return SimpleNamespace(distributed_type=DistributedType.FSDP, state=state)


def test_a_frozen_encoder_stays_whole_and_numbers_get_a_row() -> None:
    model, accelerator = tiny_model(), shares_out()
    prepare_sharding(accelerator, model, make_config())
    assert accelerator.state.fsdp_plugin.ignored_modules == [model.encoder.frame_tower]
    assert model.logit_scale.shape == (1,)
    learns, accelerator = tiny_model(), shares_out()
    prepare_sharding(accelerator, learns, make_config(tower_blocks=1))
    assert accelerator.state.fsdp_plugin.ignored_modules is None
    alone = tiny_model()
    prepare_sharding(SimpleNamespace(distributed_type=DistributedType.NO), alone, make_config(layer_dropout=0.2))
    assert alone.logit_scale.ndim == 0


def test_what_cannot_be_shared_out_is_refused() -> None:
    with pytest.raises(DataError, match="fsdp_version to 2"):
        prepare_sharding(shares_out(fsdp_version=1), tiny_model(), make_config())
    for wrong in (make_config(layer_dropout=0.1), make_config({"self_critical": 1.0})):
        with pytest.raises(DataError, match="layer_dropout and self_critical to 0"):
            prepare_sharding(shares_out(), tiny_model(), wrong)


def test_the_config_is_one_of_accelerate() -> None:
    config = load_config_from_file(str(CONFIG))
    assert config.distributed_type == DistributedType.FSDP
    named = {name.removeprefix("fsdp_"): value for name, value in config.fsdp_config.items()}
    plugin = FullyShardedDataParallelPlugin(fsdp_version=named.pop("version"), **named)
    assert (plugin.fsdp_version, plugin.reshard_after_forward) == (2, True)
    assert CONFIG.read_text(encoding="utf-8").startswith("# accelerate launch --config_file configs/fsdp.yaml -m vid")


def test_layers_are_found_by_what_stacks_are_made_of() -> None:
    model = tiny_model()
    assert {type(model.encoder.layers.layer[0]).__name__, "BartDecoderLayer"} <= set(name_layers(model))


def test_a_model_that_is_not_shared_out_is_whole() -> None:
    model = tiny_model()
    with whole(model) as found:
        assert found is model
    state = gather({"moments": [model.logit_scale.detach(), 3]})
    assert state == {"moments": [model.logit_scale.detach(), 3]}
