"""`help`: what the reference says of a word, in the terminal."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from latentcode.latents.path import Path
from latentcode.latents.trajectory import Trajectory
from latentcode.patterns import Pattern
from latentcode.patterns.mini import lettered
from latentcode.prompt.reference import PAGES, beginnings, examples, guide, rows, words
from latentcode.prompt.set_api import SetApi
from latentcode.prompt.voices import Voice, Voices
from latentcode.sounds.library import all_names

HELD = (Pattern, Trajectory, Path, Voice)  # whose methods are words
ASKED = re.compile(
    r"\?{0,2}\s*(?:.*[)\]\"']\.)?([^\W\d][\w.]*)\s*\?{0,2}"
)  # fast?, d1.gain?, s("cello").fast?
WIDTH, MOST = 100, 20  # characters in a line, lines of a description
NOTHING = object()


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
    __signature__ = inspect.Signature([inspect.Parameter("word", inspect.Parameter.POSITIONAL_ONLY)])

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
