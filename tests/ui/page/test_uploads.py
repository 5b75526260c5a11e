"""A file belongs to who uploaded it, or was given it; nobody else may hand it in or fetch it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.routes import App
from gradio.utils import get_upload_folder

from tests.fuzz.values import example_arguments, is_file
from tests.ui.page.small_page import browser, call, upload
from videobert_demo.ui.page.uploads import COOKIE, Owners, owner_of, paths_in
from videobert_demo.ui.texts.english import ENGLISH

META = {"_type": "gradio.FileData"}
FILES = ("video", "file", "uploadbutton", "image", "audio")


def scope(address: str = "10.0.0.1", cookie: str = "") -> dict[str, Any]:
    return {"type": "http", "client": (address, 1), "headers": [(b"cookie", cookie.encode())]}


def test_browsers_are_known_by_their_cookie_and_others_by_their_address() -> None:
    token = "0123456789abcdef" * 2
    known = owner_of(scope(cookie=f"theme=dark; {COOKIE}={token}"))
    assert known == owner_of(scope("10.0.0.2", f"{COOKIE}={token}"))
    assert known != owner_of(scope(cookie=f"{COOKIE}={token[::-1]}"))
    assert owner_of(scope()) != owner_of(scope("10.0.0.2"))
    for nonsense in (f"{COOKIE}=", f"{COOKIE}=address 10.0.0.2", "=;=,\x00", f"{COOKIE}={token}0"):
        assert owner_of(scope(cookie=nonsense)) == owner_of(scope())


def test_a_file_may_have_several_owners_until_it_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "clip.mp4"
    path.parent.mkdir()
    path.write_bytes(b"clip")
    owners = Owners(tmp_path)
    owners.give([str(path), "/etc/passwd", str(tmp_path)], "ann")
    owners.give([str(tmp_path / "a" / ".." / "a" / "clip.mp4")], "bob")
    assert [owners.may_use(str(path), who) for who in ("ann", "bob", "eve")] == [True, True, False]
    assert owners.is_anothers(str(path), "eve")
    assert not owners.may_use("/etc/passwd", "ann")
    assert not owners.may_use(str(tmp_path), "ann")
    for nonsense in ("", "\0", "a" * 5000):
        assert not owners.may_use(nonsense, "ann")
    path.unlink()
    owners.forget_gone()
    assert not owners.may_use(str(path), "ann")


def test_links_count_as_what_they_lead_to(tmp_path: Path) -> None:
    cache, outside = tmp_path / "cache", tmp_path / "secret"
    cache.mkdir()
    outside.write_text("secret")
    (cache / "link").symlink_to(outside)
    (cache / "circle").symlink_to(cache / "circle")
    (cache / "hers").write_text("hers")
    (tmp_path / "to_hers").symlink_to(cache / "hers")
    owners = Owners(cache)
    owners.give([str(cache / "link"), str(cache / "circle")], "ann")
    owners.give([str(cache / "hers")], "bea")
    assert not owners.may_use(str(cache / "link"), "ann")
    assert not owners.may_use(str(tmp_path / "to_hers"), "ann")
    assert owners.may_use(str(tmp_path / "to_hers"), "bea")


def test_paths_are_found_wherever_they_are() -> None:
    deep: Any = {"path": "deep"}
    for _ in range(5000):
        deep = [deep]
    assert set(paths_in([{"video": {"path": "a"}, "x": [({"path": "b"},)]}, {"path": 5}, "path", deep])) == {
        "a", "b", "deep",
    }  # fmt: skip


@pytest.mark.parametrize("has_cookie", [True, False])
def test_another_visitor_can_neither_use_nor_fetch_an_upload(small_app: App, has_cookie: bool) -> None:
    ann = browser(small_app, has_cookie=has_cookie)
    eve, program = browser(small_app), browser(small_app, "10.0.0.2", has_cookie=False)
    file = upload(ann, "diary.mp4", b"secret")
    address = f"/gradio_api/file={file['path']}"
    assert call(ann, "echo", file, "", 3)[0] == 200
    assert ann.get(address).content == b"secret"
    for other in (eve, program):
        assert call(other, "echo", file, "", 3) == (400, ENGLISH.api_not_yours)
        assert other.get(address).status_code == 403
        assert other.get(address.replace("diary", "d%69ary")).status_code == 403
    upload(eve, "diary.mp4", b"secret")
    assert call(eve, "echo", file, "", 3)[0] == 200, "who has the same file may use it"
    assert call(program, "echo", file, "", 3) == (400, ENGLISH.api_not_yours)


@pytest.fixture
def visitors(app_url: str) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Two browsers that have opened the page, at the same address."""
    with httpx.Client(base_url=app_url, timeout=300) as ann, httpx.Client(base_url=app_url, timeout=300) as eve:
        for visitor in (ann, eve):
            assert visitor.get("/").status_code == 200
        assert ann.cookies[COOKIE] != eve.cookies[COOKIE]
        yield ann, eve


@pytest.fixture
def hers(visitors: tuple[httpx.Client, httpx.Client], examples: Path) -> str:
    """The path of what the first of them has uploaded, and nobody else."""
    content = (examples / "dog.mp4").read_bytes() + b"\0\0\0\x08free"
    (path,) = visitors[0].post("/gradio_api/upload", files={"files": ("dog.mp4", content)}).json()
    return str(path)


def outcome(web: httpx.Client, endpoint: str, data: list[Any]) -> str:
    """Everything that an endpoint answers."""
    accepted = web.post(f"/gradio_api/call/{endpoint}", json={"data": data})
    if accepted.status_code != 200:
        return accepted.text
    return web.get(f"/gradio_api/call/{endpoint}/{accepted.json()['event_id']}").text


def forbidden_files(cache: Path, hers: str) -> list[str]:
    """Another visitor's upload by all its names, files outside, and addresses."""
    link = cache / "link.mp4"
    link.unlink(missing_ok=True)
    link.symlink_to(hers)
    out = cache / "out.mp4"
    out.unlink(missing_ok=True)
    out.symlink_to("/etc/passwd")
    return [
        hers,
        str(Path(hers).parent / ".." / Path(hers).parent.name / Path(hers).name),
        str(link),
        str(out),
        "/etc/passwd",
        f"{cache}/../../../../etc/passwd",
        str(cache),
        str(Path(__file__).resolve()),
        f"file://{hers}",
        "http://127.0.0.1:1/a.mp4",
        "https://example.com/a.mp4",
    ]


def with_one_file(arguments: dict[str, Any], path: str) -> Iterator[dict[str, Any]]:
    """The arguments of a call with one file more that is to be refused, at each place that can hold one."""
    file = {"path": path, "meta": META}
    for name, value in arguments.items():
        if isinstance(value, dict) and "path" in value:
            yield arguments | {name: file}
        elif isinstance(value, list):  # of files, or JSON that may hold anything
            yield arguments | {name: [*value, file]}


def test_no_endpoint_takes_a_file_that_is_not_the_callers(
    visitors: tuple[httpx.Client, httpx.Client], hers: str, examples: Path
) -> None:
    ann, eve = visitors
    (own,) = eve.post("/gradio_api/upload", files={"files": ("cat.mp4", (examples / "cat.mp4").read_bytes())}).json()
    sentences = (ENGLISH.api_not_yours, ENGLISH.no_addresses)
    endpoints = eve.get("/gradio_api/info").json()["named_endpoints"]
    tried: Counter[str] = Counter()
    for name, endpoint in endpoints.items():
        sound = example_arguments(endpoint["parameters"], [own])
        others = forbidden_files(Path(get_upload_folder()), hers) if name in ("/captions", "/cloze") else []
        for path in (hers, *others):
            for arguments in with_one_file(sound, path):
                tried[name] += 1
                answer = eve.post(f"/gradio_api/run{name}", json={"data": list(arguments.values())})
                assert (answer.status_code, answer.json()["error"] in sentences) == (400, True), (
                    name,
                    path,
                    answer.text,
                )
    takes_files = {name: sum(map(is_file, one["parameters"])) for name, one in endpoints.items()}
    assert all(tried[name] >= count for name, count in takes_files.items())
    assert sum(takes_files.values()) > 20
    assert eve.get(f"/gradio_api/file={hers}").status_code == 403
    assert '"caption"' in outcome(ann, "caption", [{"path": hers, "meta": META}]), "she herself is answered"


def test_no_event_of_the_page_takes_a_file_that_is_not_the_callers(
    visitors: tuple[httpx.Client, httpx.Client], hers: str
) -> None:
    _, eve = visitors
    config = eve.get("/config").json()
    types = {component["id"]: component["type"] for component in config["components"]}
    tried = 0
    for event in config["dependencies"]:
        kinds = [str(types.get(one)) for one in event["inputs"]]
        if not set(FILES) & set(kinds):
            continue
        tried += 1
        file = {"path": hers, "meta": META}
        data = [{"video": file} if kind == "video" else file if kind in FILES else None for kind in kinds]
        body = {"data": data, "fn_index": event["id"], "session_hash": "eve"}
        answer = eve.post("/gradio_api/run/predict", json=body)
        assert (answer.status_code, answer.json()["error"]) == (400, ENGLISH.api_not_yours), event["id"]
    assert tried > 20


def test_no_tool_takes_a_file_that_is_not_the_callers(visitors: tuple[httpx.Client, httpx.Client], hers: str) -> None:
    _, eve = visitors
    accepted = {"Accept": "application/json, text/event-stream"}

    def ask(method: str, **params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return eve.post("/gradio_api/mcp/", json=body, headers=accepted).json()["result"]

    tried = 0
    for tool in ask("tools/list")["tools"]:
        properties = tool["inputSchema"]["properties"]
        sound = {name: one["examples"][0] for name, one in properties.items()}
        for name, value in sound.items():
            if name not in ("clip", "other", "clips"):
                continue
            tried += 1
            answer = ask(
                "tools/call",
                name=tool["name"],
                arguments=sound | {name: [*value[1:], hers] if isinstance(value, list) else hers},
            )
            assert answer["isError"], tool["name"]
            assert ENGLISH.api_not_yours in answer["content"][0]["text"], tool["name"]
    assert tried > 20
