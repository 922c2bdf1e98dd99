"""The reference of words, read from the pages of the docs, and `help`: what it says of one, in the
terminal.
"""

from __future__ import annotations

import difflib
import inspect
import pathlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from types import ModuleType
from typing import Any

from latentcode.latents.path import Path
from latentcode.latents.trajectory import Trajectory
from latentcode.patterns import Pattern
from latentcode.patterns.mini import lettered
from latentcode.prompt.set_api import SetApi
from latentcode.prompt.voices import Voice, Voices
from latentcode.sounds.library import all_names

PAGES = (
    "patterns",
    "latents",
    "set",
    "effects",
    "control",
    "live-input",
    "seeing",
    "models",
    "prompt",
    "python",
)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (`[^|]*?) \| (.*) \|$", re.MULTILINE)
COMMENT = re.compile(r"\s+# .*$")
NAME = re.compile(r"(?<![\w\"'])[^\W\d]\w*")
SHOWN = 3  # examples for a word
HELD = (Pattern, Trajectory, Path, Voice)  # whose methods are words
ASKED = re.compile(
    r"\?{0,2}\s*(?:.*[)\]\"']\.)?([^\W\d][\w.]*)\s*\?{0,2}"
)  # fast?, d1.gain?, s("cello").fast?
WIDTH, MOST = 100, 20  # characters in a line, lines of a description
NOTHING = object()


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


def guide() -> pathlib.Path | None:
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
    best = sorted(meant, key=lambda example: example.about(re.escape(word)))[:SHOWN]
    return [each for each in meant if each in best]


@lru_cache(256)
def in_short(name: str, doc: str) -> tuple[str, str]:
    """The first sentence about a word, and the example of one line that is most about it;
    either may be empty.

    name   as `help` is asked of it
    doc    its docstring
    """
    word = name.rpartition(".")[2]
    found = [each for each in examples(word, _of_voices(name, word)) if "\n" not in each.code]
    call, bare = f"{word}(", f"{word}()"  # without arguments it asks, where another sets
    best = min(
        found,
        key=lambda each: (call not in each.code, bare in each.code, each.about(re.escape(word))),
        default=None,
    )
    first = " ".join(doc.split("\n\n")[0].split())
    return first, best.code if best else ""


def beginnings(start: str) -> list[Example]:
    """The first examples of the page on sets that begin so."""
    return [each for each in _examples() if each.page == "set" and each.code.startswith(start)][:SHOWN]


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
def _page(page: str) -> pathlib.Path | None:
    """A page beside the package's source, or where it was installed."""
    beside = pathlib.Path(__file__).parents[2] / "docs" / f"{page}.md"
    if beside.is_file():
        return beside
    try:
        files = metadata.files("latentcode") or []
    except metadata.PackageNotFoundError:
        return None
    found = (pathlib.Path(str(file.locate())) for file in files if file.parts[-2:] == ("docs", f"{page}.md"))
    return next((file for file in found if file.is_file()), None)


def asked(code: str) -> str:
    """A line as Python reads it: `fast?` and `?fast` ask for help, as elsewhere."""
    line = code.strip()
    found = ASKED.fullmatch(lettered(line)) if line.startswith("?") or line.endswith("?") else None
    return f'help("{line[slice(*found.span(1))]}")' if found else code


class Help:
    """What the reference says of a word, `help(fast)` or `fast?`; without one,
    which words there are.
    """

    __name__ = "help"
    __signature__ = inspect.Signature(
        [inspect.Parameter("word", inspect.Parameter.POSITIONAL_ONLY, default="")]
    )

    def __init__(self, stage: SetApi) -> None:
        self._stage = stage

    def __call__(self, word: Any = NOTHING) -> None:
        if self._stage.live:  # a replay asks nobody
            print("\n".join(self._overview() if word is NOTHING or word == "" else self._entry(word)))

    def __repr__(self) -> str:
        return "type help() for all words, help(fast) or fast? for one"

    def _overview(self) -> Iterator[str]:
        yield 'd1 >> s("cello(3,8)") plays, hush() ends; help(fast) or fast? tells of a word, Tab completes it'
        known = {name for name in self._stage.own if not re.fullmatch(r"d([4-9]|1\d)", name)}
        for page in PAGES:
            found = [word for word in words(page) if word in known]
            known -= {*found}
            if found:
                yield from _wrapped(f"{page:<9} ", " ".join(found))
        if (first := guide()) is not None:
            yield f"the guide: {first}; beside it the reference, a page to each row"

    def _entry(self, asked: Any) -> Iterator[str]:
        name, thing = self._named(asked)
        if asked is None:  # what a line gave that does something, as help(hush())
            yield "help takes a word without its brackets; type help(fast) or help(d1.gain)"
            return
        if isinstance(thing, Voice) or name == "d":
            yield from _voice(name)
            return
        word = name.rpartition(".")[2]
        told = [f"  {row}" for row in rows(word)]
        of_ours = isinstance(getattr(thing, "__self__", None), HELD) or "." in name
        ours = of_ours or self._stage.own.get(word, thing) is thing
        shown = examples(word, _of_voices(name, word)) if ours and word.isidentifier() else []
        if thing is NOTHING and not told:
            yield f'{name} is a sound: d1 >> s("{name}")' if name in all_names() else self._unknown(name)
            return
        yield from _described(name, thing)
        yield from told
        for example in shown:
            yield from (f"    {line}" for line in example.text.split("\n"))
        if shown:
            yield f"more: docs/{shown[0].page}.md"

    def _named(self, thing: Any) -> tuple[str, Any]:
        """The name by which the reference knows something, and the thing itself,
        if there is any.
        """
        if isinstance(thing, str):
            return thing.strip(), self._found(thing.strip())
        if isinstance(thing, Voice):
            return str(thing), thing
        for names in (self._stage.own, self._stage.space):
            for name, value in names.items():
                if value is thing:
                    return name, thing
        owner = getattr(thing, "__self__", None)
        name = str(getattr(thing, "__name__", None) or _short(thing))
        return (f"{owner}.{name}" if isinstance(owner, Voice) else name), thing

    def _found(self, name: str) -> Any:
        first, *rest = name.split(".")
        value = self._stage.space.get(first, NOTHING)
        for each in rest:
            value = inspect.getattr_static(type(value), each, NOTHING)
        if value is NOTHING and not rest:
            held = (inspect.getattr_static(kind, name, NOTHING) for kind in HELD)
            value = next((found for found in held if found is not NOTHING), NOTHING)
        return value

    def _unknown(self, name: str) -> str:
        known = [*self._stage.own, *(word for kind in HELD for word in dir(kind) if word[0] != "_")]
        near = [f'help("{word}")' for word in difflib.get_close_matches(name, {*known}, 2, 0.6)]
        return f"nothing is called {name!r}; type {' or '.join(near) or 'help() for all words'}"


def _of_voices(name: str, word: str) -> bool | None:
    """Whether a method of voices is meant, where patterns have one of the same name."""
    if re.match(r"(d\d+|d|master)\.", name):
        return True
    return False if hasattr(Pattern, word) and hasattr(Voice, word) else None


def _described(name: str, thing: Any) -> Iterator[str]:
    """How it is called, and what it does."""
    known = callable(thing) or isinstance(thing, ModuleType)
    yield f"{name}{_signature(thing) if callable(thing) else ''}"
    if known:
        lines = (inspect.getdoc(thing) or "").split("\n")
        yield from (f"  {line}".rstrip() for line in lines[:MOST])
    elif thing is not NOTHING and name != _short(thing):
        yield f"  {_short(thing)}"


def _short(thing: Any) -> str:
    text = repr(thing)
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _signature(thing: Any) -> str:
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return "(…)"
    plain = [each.replace(annotation=each.empty) for each in found.parameters.values() if each.name != "self"]
    return str(found.replace(parameters=plain, return_annotation=found.empty)).replace(", /", "")


def _voice(name: str) -> Iterator[str]:
    """A voice: how it is played, and its words."""
    kind = Voices if name == "d" else Voice
    yield f"{name}: {inspect.getdoc(kind)}"
    for example in beginnings("d[" if name == "d" else "d1 >>"):
        yield from (f"    {line}" for line in example.text.split("\n"))
    for word, value in vars(Voice).items():
        if word[0] != "_" and callable(value):
            first = (inspect.getdoc(value) or "").split("\n")[0]
            yield f"  {'d1' if name == 'd' else name}.{word:<9} {first}"
    yield "more: docs/set.md"


def _wrapped(head: str, text: str) -> Iterator[str]:
    import textwrap

    yield from textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
