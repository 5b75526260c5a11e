"""Runs work through two stages of Ray Data, in order: reading on CPUs, then the model, each with processes of its own.

    items --> read: tasks, BLOCK items each --> work: actors, one model each --> results, in the order of the items

A killed process is started again and its items are done again. Items whose processes die again and again end the round:
they are tried together, then each alone, and what fails then too is reported as lost; a round with the rest follows.
Knows neither clips nor models.
"""

from __future__ import annotations

import contextlib
import logging
import pickle
import uuid
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

import pyarrow as pa
import ray
from ray.data import ActorPoolStrategy, DataContext, Dataset
from ray.exceptions import RayActorError, RayError, RayTaskError
from ray.util.annotations import RayDeprecationWarning

from videobert_demo.engine.cluster import Cluster

Item = TypeVar("Item")
BLOCK = 8
"""How many items one task reads, and how many the model gets at once."""
ROUND = 32_768
"""How many items one run of Ray Data takes: what it knows of them stays in the memory of the first process."""
RETRIES = 2
_BLOCK_BYTES = 64 * 2**20
_COLUMNS = pa.schema([("number", pa.int64()), ("value", pa.binary())])


class LostError(Exception):
    """Every process that had this item died."""


def run(
    cluster: Cluster,
    items: Iterable[Item],
    read: Callable[[Item], Any],
    make_work: Callable[[], Callable[[Any], Any]],
    *,
    block: int = BLOCK,
) -> Iterator[tuple[Item, Any]]:
    """Each item with `work(read(item))`, in order.

    Args:
        items: any number of them; they, and all values, are pickled.
        read: runs on a CPU. What it raises ends everything.
        make_work: makes `work` in each process that has a model; it is called by several threads at once.
        block: how many items are read and worked on together.

    Yields:
        The item and its result; a LostError in place of the result if every process that had it died.

    Raises:
        RayError: what `read`, `make_work` or `work` raised.
    """
    rest = iter(items)
    while left := list(islice(rest, ROUND)):
        while left:
            done = 0
            with contextlib.closing(_run_round(cluster, left, read, make_work, block)) as results:
                for number, result in results:
                    if number > done:  # those between were lost
                        break
                    yield left[number], result
                    done = number + 1
                else:
                    number = len(left)
            # Only now, when the round has given its processors back: what was lost may need them.
            yield from _run_again(cluster, left[done:number], read, make_work)
            left = left[number:]


def _run_again(
    cluster: Cluster, items: Sequence[Item], read: Callable[[Item], Any], make_work: Callable[[], Callable[[Any], Any]]
) -> Iterator[tuple[Item, Any]]:
    """Items that were lost, with their results: first together, for a machine may have gone; then each alone."""
    found: dict[int, Any] = {}
    if len(items) > 1:
        with contextlib.closing(_run_round(cluster, items, read, make_work, 1)) as results:
            found.update(results)
    for number, item in enumerate(items):
        yield item, found[number] if number in found else _run_alone(cluster, item, read, make_work)


def _run_alone(
    cluster: Cluster, item: Item, read: Callable[[Item], Any], make_work: Callable[[], Callable[[Any], Any]]
) -> Any:
    """The result of one item that was lost among others, or a LostError."""
    try:
        ((_, result),) = _run_round(cluster, [item], read, make_work, 1, alone=True)
        return result
    except RayError as error:
        cause = error.__cause__ or error
        died = not isinstance(error, RayTaskError) and not isinstance(cause, RayTaskError)
        if died and not (isinstance(error, RayActorError) and error.actor_init_failed):
            return LostError(str(error).splitlines()[0])
        raise


def _run_round(
    cluster: Cluster,
    items: Sequence[Item],
    read: Callable[[Item], Any],
    make_work: Callable[[], Callable[[Any], Any]],
    block: int,
    *,
    alone: bool = False,
) -> Generator[tuple[int, Any], None, None]:
    """Positions and results of items, in order; those whose processes died are missing, or raise if alone."""
    context = DataContext.get_current().copy()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.target_max_block_size = _BLOCK_BYTES
    context.max_errored_blocks = 0 if alone else -1
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    actors: list[str] = []
    try:
        with DataContext.current(context):
            results = _dataset(cluster, items, read, make_work, block, actors)
            table: Any
            for table in results.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
                yield from zip(
                    table.column("number").to_pylist(),
                    map(pickle.loads, table.column("value").to_pylist()),
                    strict=True,
                )
    finally:
        _end(actors)


def _end(actors: Sequence[str]) -> None:
    """Ends the processes with a model of a round.

    Ray Data leaves them to Python's garbage collection, which may come minutes later; the next round would wait as long
    for their GPUs.
    """
    for name in actors if ray.is_initialized() else ():  # asking Ray for one would start it
        with contextlib.suppress(ValueError, RayError):  # it has ended, or its cluster has
            ray.kill(ray.get_actor(name))


def _dataset(
    cluster: Cluster,
    items: Sequence[Item],
    read: Callable[[Item], Any],
    make_work: Callable[[], Callable[[Any], Any]],
    block: int,
    actors: list[str],
) -> Dataset:
    """What a round computes; `actors` gets the names of its processes with a model as they are started."""

    def named() -> dict[str, Any]:
        actors.append(f"videobert-{uuid.uuid4().hex}")
        return {"name": actors[-1], "max_restarts": -1, "max_task_retries": RETRIES}

    blocks = [
        _table(range(start, start + len(part)), part)
        for start in range(0, len(items), block)
        for part in [items[start : start + block]]
    ]
    models = cluster.models(len(blocks))
    warnings.filterwarnings("ignore", category=RayDeprecationWarning)  # of what the pinned Ray has no other way for
    return (
        ray.data.from_arrow(blocks)
        .map_batches(
            _Read(read),
            batch_size=None,
            batch_format="pyarrow",
            num_cpus=1,
            ray_remote_args_fn=_retried_tasks,
        )
        .map_batches(
            _Work,
            fn_constructor_args=(make_work, block),
            batch_size=block,
            batch_format="pyarrow",
            compute=ActorPoolStrategy(size=models),
            ray_remote_args_fn=named,
            num_cpus=0,  # if it were started again after machines were lost, reading might find no core left
            num_gpus=1 if cluster.gpus else 0,
        )
    )


def _retried_tasks() -> dict[str, Any]:
    return {"max_retries": RETRIES}


def _table(numbers: Sequence[int], values: Iterable[Any]) -> pa.Table:
    packed = [pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL) for value in values]
    return pa.table({"number": list(numbers), "value": packed}, schema=_COLUMNS)


class _Read:
    """Reads the items of a block, one after the other."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        self._read = read

    def __call__(self, block: pa.Table) -> pa.Table:
        values = (self._read(pickle.loads(value)) for value in block.column("value").to_pylist())
        return _table(block.column("number").to_pylist(), values)


class _Work:
    """Holds a model and works on a block with a thread for each item: the model makes batches of what waits."""

    def __init__(self, make_work: Callable[[], Callable[[Any], Any]], threads: int) -> None:
        self._work, self._threads = make_work(), ThreadPoolExecutor(threads)

    def __call__(self, block: pa.Table) -> pa.Table:
        values = self._threads.map(self._work, map(pickle.loads, block.column("value").to_pylist()))
        return _table(block.column("number").to_pylist(), values)
