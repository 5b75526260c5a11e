"""The app's own files by their address."""

from __future__ import annotations

from typing import Any

import pytest

from videobert_demo.service.examples import EXAMPLES_FOLDER
from videobert_demo.ui.page.addresses import address_of, own_path, with_own_paths

HERE = "https://a.org/demo"


def scope(**headers: str) -> dict[str, Any]:
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "scheme": "http", "path": "/x", "query_string": b"", "headers": lines, "root_path": "/demo"}


def test_the_address_is_that_of_the_proxy() -> None:
    assert address_of(scope(host="127.0.0.1:7860")) == "http://127.0.0.1:7860/demo"
    assert address_of(scope(host="x", x_forwarded_host="a.org, b", x_forwarded_proto="https")) == HERE


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        (f"{HERE}/examples/dog.mp4", str(EXAMPLES_FOLDER / "dog.mp4")),
        (f"{HERE}/examples/../../secret", str(EXAMPLES_FOLDER / "secret")),
        (f"{HERE}/gradio_api/file=/tmp/a%20b.mp4", "/tmp/a b.mp4"),
        (f"{HERE}/other/dog.mp4", f"{HERE}/other/dog.mp4"),
        ("https://b.org/demo/examples/dog.mp4", "https://b.org/demo/examples/dog.mp4"),
        ("https://a.org/demonstration/examples/dog.mp4", "https://a.org/demonstration/examples/dog.mp4"),
        ("/tmp/a.mp4", "/tmp/a.mp4"),
    ],
)
def test_only_addresses_of_the_app_name_its_files(sent: str, path: str) -> None:
    assert own_path(sent, HERE) == path
    assert with_own_paths([{"a": [{"path": sent, "url": sent}]}, sent, 3], HERE) == [
        {"a": [{"path": path, "url": sent}]},
        sent,
        3,
    ]
