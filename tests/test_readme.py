"""README.md: short enough, every link and every entry of its tree exists. The links of the other pages too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_WORDS = 900
DOCS = tuple(f"docs/{path.name}" for path in sorted(ROOT.glob("docs/*.md")))
FOLDERS = ("*", "*/*", "assets/*/*", "tests/**/*", "videobert_demo/**/*")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "assets/checkpoint/README.md", *DOCS)


def body(page: str) -> str:
    """The page without its YAML header."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)


def links(page: str) -> list[str]:
    """The targets of a page's Markdown links and pictures that lie in the repository."""
    targets = re.findall(r"\]\(([^)\s]+)\)", body(page))
    return [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]


def tree_entries(text: str) -> list[str]:
    """The paths of an indented tree such as the one under "What is where".

    a/         text        ->  a/, a/b.py, c/
      b.py     text
    c/
    """
    folders: list[tuple[int, str]] = []
    found = []
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        folders = [(depth, name) for depth, name in folders if depth < indent]
        path = "".join(name for _, name in folders) + line.split()[0]
        found.append(path)
        if path.endswith("/"):
            folders.append((indent, line.split()[0]))
    return found


@pytest.mark.parametrize("page", ["README.md", "assets/checkpoint/README.md"])
def test_a_page_for_strangers_has_at_most_900_words(page: str) -> None:
    count = len(body(page).split())
    assert 100 < count <= MAX_WORDS, f"{count} words"


def test_the_readme_says_how_to_run_and_to_test() -> None:
    text = body("README.md")
    assert "## Run it\n\n    pip install -r requirements.txt && python app.py\n" in text
    assert "## Test it\n\n    pip install -r requirements-dev.txt && pytest\n" in text


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page: str) -> None:
    missing = [target for target in links(page) if not (ROOT / page).parent.joinpath(target).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    named = re.findall(r"`([\w./-]+\.(?:py|yaml|toml))`", body(page))
    known = [path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in ROOT.glob(folder)]
    assert [name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in known)] == []


def test_the_readme_links_to_every_page_of_docs() -> None:
    assert DOCS
    assert set(DOCS) <= set(links("README.md"))


def test_every_entry_of_the_tree_exists_and_no_room_is_left_out() -> None:
    tree = body("README.md").split("## What is where\n\n", 1)[1].split("\n\n", 1)[0]
    entries = tree_entries(tree)
    assert "videobert_demo/ui/" in entries
    assert [entry for entry in entries if not (ROOT / entry).exists()] == []
    rooms = {f"videobert_demo/{path.parent.name}/" for path in ROOT.glob("videobert_demo/*/__init__.py")}
    assert rooms <= set(entries)


def test_the_header_names_the_version_of_gradio_that_is_installed() -> None:
    header = (ROOT / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    pinned = re.search(
        r"^gradio(?:\[mcp\])?==(\S+)$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert pinned
    assert f"sdk_version: {pinned[1]}\n" in header
