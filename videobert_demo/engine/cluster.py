"""Connects to Ray: a cluster at an address, or one of its own on this machine. Knows no clip and no model."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from videobert_demo.errors import SettingsError

OBJECT_STORE_BYTES = 300 * 2**20
"""The memory of a cluster of our own: room for the frames of about a hundred clips between the two stages."""
CONNECT_SECONDS = 5.0
OF_RAY = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is told to anybody
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # processes without a GPU keep the machine's own variables
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # its warnings are for those who know its inside
    # Ray's own 15 starves them on a busy machine: a model that loads in a second took most of a minute.
    "RAY_worker_niceness": "0",
}
"""What Ray is told by variables, unless they are set."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a cluster has.

    Attributes:
        cpus, gpus: of all its machines together.
    """

    cpus: float
    gpus: float

    def models(self, pieces: int) -> int:
        """How many models run at once: one on each GPU, or else on half of the cores; no more than have work.

        Args:
            pieces: into how many batches the work falls.
        """
        most = int(self.gpus) or int(self.cpus) // 2
        return max(1, min(most, pieces))


Connect = Callable[[], Cluster]
"""Gives the cluster; connects to it when it is asked for the first time."""


def check_address(address: str | None) -> None:
    """Refuses an address that is none, or where nobody listens: Ray itself would try for minutes.

    Args:
        address: as for `connected`.

    Raises:
        SettingsError: it is not written as one, or nothing answers there within seconds.
    """
    if address is None or address == "auto":
        return
    if address.startswith("ray://"):
        raise SettingsError(
            f"Ray Data does not work through {address}: run this command on a machine of the cluster, with "
            "--ray-address auto, or send it there with ray job submit."
        )
    try:
        parts = urlsplit(f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError:  # the port is no number, or too large
        host, port = None, None
    if not host or port is None or parts.path:
        raise SettingsError(f"{address!r} is no address of a Ray cluster; write auto, or such as head:6379.")
    try:
        socket.create_connection((host, port), timeout=CONNECT_SECONDS).close()
    except OSError as error:
        raise SettingsError(
            f"There is no Ray cluster to work on at {address} ({error.strerror or 'no answer'}); start one there with "
            "ray start --head, or leave --ray-address out to use this machine."
        ) from error


@contextlib.contextmanager
def connected(address: str | None = None, *, cpus: int | None = None) -> Iterator[Cluster]:
    """The cluster, for as long as the block runs. One of our own is gone afterwards; another one goes on.

    Args:
        address: of a cluster that this machine belongs to, "auto" or such as "head:6379"; None starts one here.
        cpus: of a cluster of our own; by default the cores of this machine, at least 2.

    Raises:
        SettingsError: Ray is not installed, or there is no cluster at that address.
    """
    for name, value in OF_RAY.items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError as error:
        raise SettingsError("--engine ray needs Ray; install it with pip install 'videobert-demo[ray]'.") from error
    ours = not ray.is_initialized()
    if ours:
        check_address(address)
        try:
            if address is None:
                ray.init(
                    "local",  # without it Ray would join whatever cluster is on this machine
                    num_cpus=cpus or max(2, len(os.sched_getaffinity(0))),
                    object_store_memory=OBJECT_STORE_BYTES,
                    include_dashboard=False,
                    log_to_driver=False,
                    logging_level=logging.ERROR,
                )
            else:
                ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except Exception as error:
            reason = " ".join(str(error).split())[:200]
            raise SettingsError(
                f"There is no Ray cluster to work on at {address or 'this machine'} ({reason})."
            ) from error
    try:
        found = ray.cluster_resources()
        with contextlib.redirect_stdout(sys.stderr):  # where Ray tells of processes that died
            yield Cluster(float(found.get("CPU", 0.0)), float(found.get("GPU", 0.0)))
    finally:
        if ours:
            ray.shutdown()


@contextlib.contextmanager
def connecting(address: str | None = None, *, cpus: int | None = None) -> Iterator[Connect]:
    """As `connected`, but only once the cluster is asked for: to start Ray for nothing takes up to a minute.

    Args:
        address, cpus: as `connected` takes them, and its errors come when the cluster is asked for.
    """
    with contextlib.ExitStack() as stack:
        yield functools.cache(lambda: stack.enter_context(connected(address, cpus=cpus)))
