"""Tells another program of an alarm: one POST of JSON, only to a host that the owner has named.

Nothing is sent unless `Settings.webhook_hosts` names the host. There is no redirect, no proxy, no second try, and no
wait of more than a few seconds. Knows addresses and JSON; knows nothing about what is sent.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from videobert_demo.errors import WatchListError

TIMEOUT_SECONDS = 5.0


class Webhook:
    """An address that alarms are sent to.

    Args:
        address: http:// or https://, a host, and a path.
        hosts: Those that the owner named; a host with a port in it, such as "localhost:9000", allows only that one.

    Raises:
        WatchListError: The owner has not named the host, or it is no such address.
    """

    def __init__(self, address: str, hosts: Sequence[str]) -> None:
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            parts, host, port = SplitResult("", "", "", "", ""), "", None
        is_plain = not (parts.username or parts.password) and address.isascii() and address.isprintable()
        if parts.scheme not in ("http", "https") or not host or not is_plain or " " in address:
            raise WatchListError("A webhook is an address that starts with http:// or https://, without a password.")
        self._port = port or (443 if parts.scheme == "https" else 80)
        if host not in hosts and f"{host}:{self._port}" not in hosts:
            raise WatchListError(
                "Alarms are sent only to hosts that VIDEOBERT_WEBHOOK_HOSTS names; {host} is not among them.", host=host
            )
        self._host, self._is_secure = host, parts.scheme == "https"
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def send(self, values: Mapping[str, Any]) -> None:
        """Sends one object.

        Raises:
            WatchListError: It did not arrive: no answer in `TIMEOUT_SECONDS`, or one that is not 2xx.
        """
        connect = http.client.HTTPSConnection if self._is_secure else http.client.HTTPConnection
        connection = connect(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            headers = {"Content-Type": "application/json", "User-Agent": "videobert-demo"}
            connection.request("POST", self._path, json.dumps(values).encode("utf-8"), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise WatchListError("The alarm did not reach {host}: {reason}.", host=self._host, reason=error) from error
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise WatchListError("{host} answered an alarm with {status}.", host=self._host, status=status)
