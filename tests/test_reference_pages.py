"""The reference pages show every public name in an example (and `test_docs.py` runs the examples)."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest

import latentcode as lc
from latentcode.parameters import PARAMETERS
from latentcode.patterns import Pattern
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Collector
from latentcode.prompt.set_api import SetApi
from latentcode.prompt.voices import Voice, Voices

DOCS = Path(__file__).parents[1] / "docs"
REFERENCE = (
    "patterns",
    "latents",
    "set",
    "effects",
    "control",
    "seeing",
    "python",
    "models",
    "prompt",
    "live-input",
)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s# .*$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
PAGES = [DOCS.parent / "README.md", *sorted(DOCS.glob("*.md"))]
# what the tree calls itself, and calls of its own machinery
INNER = {"live_inputs", "random_nodes", "reseeded", "retimed", "timed", "at", "combined"}
# fields, and what only the engine asks of a path
FIELDS = {"samples", "model", "by", "frame_hop", "encoder", "detune", "wanted"}


def examples() -> str:
    blocks = (BLOCK.findall((DOCS / f"{page}.md").read_text()) for page in REFERENCE)
    return COMMENT.sub("", "\n".join(chain.from_iterable(blocks)))


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")} - INNER - FIELDS


def at_the_prompt() -> set[str]:
    return set(Names(SetApi(Collector()), 0).own)


@pytest.mark.parametrize(
    ("names", "shape"),
    [
        (set(lc.__all__), r"(?<!\w){}(?!\w)"),
        (at_the_prompt() - {f"d{number}" for number in range(4, 17)} - {"exit", "quit"}, r"(?<!\w){}(?!\w)"),
        (set(PARAMETERS), r"(?<!\w){}\("),
        (public(Pattern), r"\.{}(?!\w)"),
        (public(lc.Trajectory), r"\.{}(?!\w)"),
        (public(lc.Path), r"\.{}(?!\w)"),
        (public(lc.Model), r"\.{}(?!\w)"),
        (public(Voice) | public(Voices) - {"all"}, r"\.{}(?!\w)"),
    ],
    ids=("package", "prompt", "effects", "patterns", "trajectories", "paths", "models", "voices"),
)
def test_every_word_has_an_example(names: set[str], shape: str) -> None:
    text = examples()
    assert [name for name in sorted(names) if not re.search(shape.format(name), text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    assert [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()] == []


def test_the_index_knows_every_page() -> None:
    index = (DOCS / "README.md").read_text()
    assert [
        page.name for page in DOCS.glob("*.md") if f"({page.name})" not in index and page.stem != "README"
    ] == []


# what a page may call missing without a word of ours for it in backquotes, and the word that would make it a lie
PROSE = {
    "MIDI": "midi_in",
    "OSC": "osc_in",
    "Link": "link",
    "controllers": "cc",
    "effects on the mix": "master",
    "scenes": "scene",
}
MISSING = re.compile(r"^## What is not there\n\n(.*?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", sorted(DOCS.glob("from-*.md")), ids=lambda page: page.stem)
def test_what_a_page_calls_missing_is_missing(page: Path) -> None:
    """Its first paragraph names what is missing; code with brackets says what to write instead."""
    found = MISSING.search(page.read_text())
    assert found is not None
    known = (
        at_the_prompt()
        | public(Pattern)
        | public(lc.Trajectory)
        | public(lc.Path)
        | public(Voice)
        | set(PARAMETERS)
    )
    named = [name for code in re.findall(r"`([^`()=]*)`", found[1]) for name in re.findall(r"\w+", code)]
    assert [name for name in named if name in known] == []
    assert [
        word for word, ours in PROSE.items() if ours in known and re.search(rf"\b{word}\b", found[1])
    ] == []
