"""The reference pages, looked up by word: the examples and the rows of tables that are about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path

PAGES = ("patterns", "latents", "set", "effects", "control", "seeing", "models", "prompt", "python")
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (`[^|]*?) \| (.*) \|$", re.MULTILINE)
COMMENT = re.compile(r"\s+# .*$")
NAME = re.compile(r"(?<![\w\"'])[^\W\d]\w*")
MOST = 3  # examples for a word


@dataclass(frozen=True)
class Example:
    """One example of a page: what is typed, without its remark,
    and all of it as it stands there.
    """

    page: str
    code: str
    text: str

    def about(self, word: str) -> tuple[int, ...]:
        """How much it is about a word: the less, the more."""
        first = re.match(rf"(\w+ (>>|=) )?{word}(?!\w)", self.code)
        subject = first or re.search(rf"\.{word}\([^()]*\)$", self.code)
        return subject is None, self.code.count("("), self.code == self.text, len(self.code)


def guide() -> Path | None:
    """The page that begins at the beginning."""
    return _page("guide")


def examples(word: str, voices: bool | None = None) -> list[Example]:
    """The examples that are most about a word, in the order of the pages.

    `voices`: whether only as a method of voices, or only as anything else; None for both.
    """
    shape = re.compile(rf"(?<![\w\"']){re.escape(word)}(?![\w\"'])")
    method = re.compile(rf"\b(d\d+|d\[[^]]*\]|master)\.{re.escape(word)}\b")
    found: dict[str, Example] = {}
    for each in _examples():
        if shape.search(each.code):
            found.setdefault(each.code, each)  # the page that explains a word comes before those that use it
    meant = [each for each in found.values() if voices in (None, bool(method.search(each.code)))]
    best = sorted(meant, key=lambda example: example.about(re.escape(word)))[:MOST]
    return [each for each in meant if each in best]


def beginnings(start: str, page: str = "set") -> list[Example]:
    """The first examples of a page that begin so."""
    return [each for each in _examples() if each.page == page and each.code.startswith(start)][:MOST]


def words(page: str) -> list[str]:
    """The names that the examples of a page speak of, in their order."""
    found = (name for example in _examples() if example.page == page for name in NAME.findall(example.code))
    return [*dict.fromkeys(found)]


@lru_cache(1)
def spoken_of() -> frozenset[str]:
    """All names that the examples of the reference speak of."""
    return frozenset(name for page in PAGES for name in words(page))


def rows(word: str) -> list[str]:
    """What the tables of the reference say of a word."""
    return [_plain(told) for named, told in _rows() if f"`{word}`" in named]


def _plain(text: str) -> str:
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).replace("`", "")


@lru_cache(1)
def _examples() -> tuple[Example, ...]:
    return tuple(
        example for page in PAGES for block in BLOCK.findall(_text(page)) for example in _parted(page, block)
    )


@lru_cache(1)
def _rows() -> tuple[tuple[str, str], ...]:
    return tuple(row for page in PAGES for row in ROW.findall(_text(page)))


def _parted(page: str, block: str) -> Iterator[Example]:
    """The examples of a block: with `>>>` each has its outcome,
    otherwise each is what begins at the margin.
    """
    starts = r"^(?=>>> )" if block.lstrip().startswith(">>>") else r"^(?=[^\s#)\]}])"
    for part in re.split(starts, block, flags=re.MULTILINE):
        lines = [line.rstrip() for line in part.splitlines() if line.strip()]
        typed = [line[4:] if line[:4] in (">>> ", "... ") else line for line in lines]
        shown = [line for line in lines if line[:4] in (">>> ", "... ")] or lines
        if code := "\n".join(COMMENT.sub("", line) for line in typed[: len(shown)]).strip():
            yield Example(page, code, "\n".join(typed).strip())


def _text(page: str) -> str:
    file = _page(page)
    return "" if file is None else file.read_text(encoding="utf-8")


@lru_cache(32)
def _page(page: str) -> Path | None:
    """A page beside the package's source, or where it was installed."""
    beside = Path(__file__).parents[2] / "docs" / f"{page}.md"
    if beside.is_file():
        return beside
    try:
        files = metadata.files("latentcode") or []
    except metadata.PackageNotFoundError:
        return None
    found = (Path(str(file.locate())) for file in files if file.parts[-2:] == ("docs", f"{page}.md"))
    return next((file for file in found if file.is_file()), None)
