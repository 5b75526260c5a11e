"""Finds out before the model is loaded whether a port can be listened on. Knows sockets, and nothing about the app."""

from __future__ import annotations

import socket

from videobert_demo.errors import SettingsError

MAX_PORT = 65535


def usable_port(port: int, host: str | None = None) -> int:
    """The port to listen on.

    Args:
        port: in [0, 65535]; 0 asks for any free one.
        host: the address to listen on; None is this machine only.

    Raises:
        SettingsError: there is no such port, it is in use, or it may not be used.
    """
    if not 0 <= port <= MAX_PORT:
        raise SettingsError(f"--port is {port}; it must be from 1 to {MAX_PORT}, or 0 for any free one.")
    family = socket.AF_INET6 if host and ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that was just closed counts as free
        try:
            probe.bind((host or "127.0.0.1", port))
            probe.listen()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise SettingsError(
                f"The app cannot listen on port {port} ({reason}); choose another --port, or 0 for any free one."
            ) from error
        return int(probe.getsockname()[1])
