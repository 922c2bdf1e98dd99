"""Completion and signatures from the names that are there: quick, and no code is run for them."""

from __future__ import annotations

import inspect
import keyword
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from latentcode.parameters import PARAMETERS
from latentcode.patterns.mini import lettered
from latentcode.prompt.choices import choices
from latentcode.prompt.reference import spoken_of
from latentcode.prompt.sound_names import sound_variables
from latentcode.prompt.unfinished import open_call, open_string

WORD = re.compile(r"([^\W\d]\w*)$")
CHAIN = re.compile(r"([^\W\d][\w.]*)\.(\w*)$")  # a.b.c
AFTER_CALL = re.compile(r"[)\]\"']\.(\w*)$")  # s("cello").
OPENING = re.compile(r"([^\W\d]\w*)\s*\(\s*$")  # the call whose first argument begins
VOICE = re.compile(r"d\d+")
FILES = frozenset({"load_model", "record", "open", "gesture", "folder"})  # what their texts name is a file


class DeskCompleter(Completer):
    """Completes our names and the musician's, methods, sounds in mini-notation, and files.

    names     the namespace, as it is now
    sounds    the names of the sounds
    """

    def __init__(
        self, names: Callable[[], dict[str, Any]], sounds: Callable[[], Iterable[str]] = lambda: _sounds()
    ) -> None:
        self._names, self._sounds = names, sounds
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        before = document.text_before_cursor
        inside = open_string(before)
        if inside is not None:
            yield from self._in_string(before[: inside[0]], inside[1], complete_event)
        elif found := _ending(CHAIN, before):
            yield from _members(_looked_up(self._names(), found[0]), found[1])
        elif found := _ending(AFTER_CALL, before):
            yield from self._methods(found[0])
        else:
            found = _ending(WORD, before)
            yield from self._words(before, found[0] if found else "")

    def _in_string(self, before: str, text: str, event: CompleteEvent) -> Iterator[Completion]:
        meant = choices(before, text, self._names())
        if meant is not None:
            yield from _matching(meant, text)
            return
        call = OPENING.search(before)
        if (call and call[1] in FILES) or "/" in text or "\\" in text or text.startswith(("~", ".")):
            yield from self._paths.get_completions(Document(text), event)
            return
        if found := _ending(WORD, text):
            own = dict.fromkeys(sound_variables(self._names()), "yours")
            for name, meta in sorted((dict.fromkeys(self._sounds(), "sound") | own).items()):
                yield from _matching([name], found[0], meta)

    def _words(self, before: str, start: str) -> Iterator[Completion]:
        """The effects where they are meant; the musician's names, then ours, then Python's."""
        call = open_call(before)
        effects = sorted(PARAMETERS) if call is not None and call[0] == "fx" else []
        yield from _matching(effects, start, "effect")
        if not start:
            return
        names, builtins = self._names(), self._names().get("__builtins__")
        ours = spoken_of()
        theirs = sorted(names, key=lambda name: (name in ours or VOICE.fullmatch(name) is not None, name))
        for name in [*theirs, *keyword.kwlist, *sorted(dir(builtins), key=_capital)]:
            hidden = name.startswith("_") and not start.startswith("_")
            if _begins(name, start) and not hidden and name not in effects:
                yield Completion(name, -len(start))

    def _methods(self, start: str) -> Iterator[Completion]:
        """After a call there is most often a pattern."""
        pattern = getattr(self._names().get("sine"), "__class__", object)
        yield from _members(pattern, start)


def _matching(choices: Iterable[str], start: str, meta: str = "") -> Iterator[Completion]:
    for choice in choices:
        if _begins(choice, start) and not _begins(start, choice):
            yield Completion(choice, -len(start), display_meta=meta)


def _ending(pattern: re.Pattern[str], text: str) -> tuple[str, ...] | None:
    """The groups of a pattern that a text ends with, whatever script its names are in."""
    found = pattern.search(lettered(text))
    if found is None:
        return None
    return tuple(text[slice(*found.span(group))] for group in range(1, pattern.groups + 1))


def _begins(name: str, start: str) -> bool:
    """Whether a name begins so, in whichever normal form either is."""
    if name.isascii() or start.isascii():
        return name.startswith(start)
    return unicodedata.normalize("NFC", name).startswith(unicodedata.normalize("NFC", start))


def _capital(name: str) -> tuple[bool, str]:
    return not name.islower(), name


def _looked_up(names: dict[str, Any], chain: str) -> Any:
    first, *rest = unicodedata.normalize("NFKC", chain).split(".")  # as Python reads names
    value = names.get(first)
    for name in rest:
        # only where looking runs no code of the musician's
        value = getattr(value, name, None) if isinstance(value, (ModuleType, type)) else None
    return value


def _members(value: Any, start: str) -> Iterator[Completion]:
    """The members of a value; what the reference speaks of before what only latentcode asks
    of it.
    """
    if value is None:
        return
    kind = value if isinstance(value, (ModuleType, type)) else type(value)
    own = getattr(value, "__dict__", {}) if not isinstance(value, type) else {}
    told = spoken_of()
    for name in sorted({*dir(kind), *own}, key=lambda name: (name not in told, str(name))):
        if _begins(name, start) and (start.startswith("_") or not name.startswith("_")):
            yield Completion(name, -len(start))


def _sounds() -> Iterable[str]:
    from latentcode.sounds import library as sounds

    return (*sounds.all_names(), "prior")


def signature_of(name: str, names: dict[str, Any]) -> tuple[inspect.Signature, str] | None:
    """The signature and the docstring of a function by name,
    or of a pattern's method of that name.
    """
    found = names.get(name)
    method = found is None
    if method:
        found = getattr(getattr(names.get("sine"), "__class__", None), name, None)
    if not callable(found):
        return None
    try:
        signature = inspect.signature(found)
    except (TypeError, ValueError):
        return None
    parameters = list(signature.parameters.values())[1 if method else 0 :]
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in parameters]
    return signature.replace(parameters=bare, return_annotation=inspect.Signature.empty), inspect.getdoc(
        found
    ) or ""
