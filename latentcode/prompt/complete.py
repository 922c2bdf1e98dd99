"""Completion and signatures from the names that are there: quick, and no code is run for them.

What a text that is still being typed ends in says what can follow: the brackets of a call, a string
that is open, and where few texts are meant (`go("`, `quant="`, `scale_of("` …) those.
"""

from __future__ import annotations

import codeop
import inspect
import io
import keyword
import re
import tokenize
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from types import ModuleType
from typing import Any

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from latentcode.errors import LatentcodeError
from latentcode.inputs.takeover import RULES
from latentcode.latents.morph import EASINGS
from latentcode.latents.path import Path
from latentcode.models.card import BUILT_IN, model_file, model_names, models_here
from latentcode.models.family import card_of
from latentcode.parameters import PARAMETERS
from latentcode.patterns.inputs import TOUCHED
from latentcode.patterns.mini import lettered
from latentcode.patterns.scales import NOTE, SCALES
from latentcode.prompt.helping import spoken_of
from latentcode.prompt.set_api import QUANTS, SetApi
from latentcode.prompt.sound_names import sound_variables
from latentcode.sounds.model import Model

Names = dict[str, Any]
RATE = 44100  # of a model that does not say it, for what does not depend on it
KEYWORD = re.compile(r"\b(\w+)\s*=\s*$")
VOICE_NAMED = re.compile(r"\bd\[\s*$")
WORD = re.compile(r"([^\W\d]\w*)$")
NAME = re.compile(r"[^\W\d]\w*")
BEGINS = re.compile(r"(^|[\s\[<{(,|])$")  # in mini-notation, where a word can begin
CHAIN = re.compile(r"([^\W\d][\w.]*)\.(\w*)$")  # a.b.c
AFTER_CALL = re.compile(r"[)\]\"']\.(\w*)$")  # s("cello").
OPENING = re.compile(r"([^\W\d]\w*)\s*\(\s*$")  # the call whose first argument begins
VOICE = re.compile(r"d\d+")
OWNED = re.compile(r"\b(?:d\d+|master)\.$")  # what follows is a word of a voice
FILES: dict[str, tuple[str, ...]] = {  # what their texts name is a file, of these kinds
    **dict.fromkeys(("load_model", "record", "open", "gesture", "folder", "mapping"), ()),
    "load": (".py",),
    "rig": (".toml",),
}
SLIDER = re.compile(r"\bslider\(\s*[\"']([^\"'\s]+)")
STRING = re.compile(r"(?:[rRbBfFuU]{0,2})('''|\"\"\"|'|\")")


def open_string(text: str) -> tuple[int, str] | None:
    """Where the text literal begins in which `text` ends, and what of it is there;
    None outside of one.
    """
    place = 0
    while place < len(text):
        if text[place] == "#":
            end = text.find("\n", place)
            if end < 0:
                return None
            place = end
            continue
        found = STRING.match(text, place)
        if found is None:
            place += 1
            continue
        after = _closing(text, found.end(), found[1])
        if after is None:
            return place, text[found.end() :]
        place = after
    return None


def _closing(text: str, place: int, quote: str) -> int | None:
    while place < len(text):
        if text[place] == "\\":
            place += 2
        elif text.startswith(quote, place):
            return place + len(quote)
        elif text[place] == "\n" and len(quote) == 1:
            return place
        else:
            place += 1
    return None


def never_closed(text: str) -> bool:
    """Whether `text` ends in a string of one line, which nothing on the next line can close."""
    inside = open_string(text)
    found = inside and STRING.match(text, inside[0])
    return bool(found) and len(found[1]) == 1 and not text.endswith("\\")  # type: ignore[index]


def never_right(text: str) -> bool:
    """Whether a line is wrong whatever comes after it: running it says more than refusing it."""
    if "\n" in text:
        return False
    try:
        codeop.compile_command(text.strip())
    except (SyntaxError, ValueError, OverflowError):
        return True
    return False


def open_call(text: str) -> tuple[str, int, tuple[int, int]] | None:
    """The call in whose brackets `text` ends: its name, the argument's number,
    and (row, column) of the bracket.
    """
    calls: list[list[Any]] = []
    before = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.string in ("(", "[", "{"):
                name = before if token.string == "(" and before.isidentifier() else ""
                calls.append([name, 0, token.start])
            elif token.string in (")", "]", "}") and calls:
                calls.pop()
            elif token.string == "," and calls:
                calls[-1][1] += 1
            before = token.string
    except (tokenize.TokenError, SyntaxError):
        pass
    if not calls or not calls[-1][0] or keyword.iskeyword(calls[-1][0]):
        return None
    name, argument, place = calls[-1]
    return name, argument, place


def asked_for(document: Document) -> str:
    """The word that a musician asks of: the one at the cursor, else the call that is being typed;
    "" where there is neither.
    """
    line, column = document.current_line, document.cursor_position_col
    for name in NAME.finditer(line):
        if name.start() <= column <= name.end():
            return _owner(line[: name.start()]) + name[0]
    return called(document.text_before_cursor)


def called(text: str) -> str:
    """The call in whose brackets `text` ends, as `help` is asked of it: "fast", or "d1.gain" of a
    voice; "" for none.
    """
    call = open_call(text)
    if call is None:
        return ""
    name, _, (row, column) = call
    before = text.split("\n")[row - 1][:column].rstrip()
    return _owner(before.removesuffix(name)) + name


def _owner(before: str) -> str:
    found = OWNED.search(before)
    return found[0] if found else ""


def choices(before: str, text: str, names: Names) -> Iterable[str] | None:
    """The texts that can stand there: `before` ends where the text begins,
    `text` is what of it is typed.

    None where any text can, as in mini-notation.
    """
    if VOICE_NAMED.search(before):
        return sorted(names.get("d", ()))
    call = open_call(before)
    if call is None:
        return None
    keyword = KEYWORD.search(before)
    argument = keyword[1] if keyword else _argument(call[0], call[1], names)
    found = FEW.get(f"{call[0]}.{argument}") or FEW.get(argument)
    return None if found is None else found(text, names)


def _argument(name: str, place: int, names: Names) -> str:
    """What the argument at a place of a call is called."""
    found = signature_of(name, names)
    known = list(found[0].parameters) if found else []
    return known[place] if place < len(known) else ""


def scales(text: str, _: Names) -> list[str]:
    """Scales of the root that is typed; in a pattern of scales a colon stands for the space."""
    ahead, last = re.fullmatch(r"(.*[<>\[\]*]\s*|)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    if ahead:
        inside = last.rpartition(" ")
        ahead, last = ahead + inside[0] + inside[1], inside[2]
    between = ":" if ahead or ":" in last else " "
    root = last.partition(between)[0]
    rooted = bool(NOTE.fullmatch(root)) and last not in SCALES
    kinds = [name.replace(" ", "_") if ahead else name for name in sorted(SCALES)]
    return [f"{ahead}{root}{between}{kind}" if rooted else f"{ahead}{kind}" for kind in kinds]


def scenes(_: str, names: Names) -> list[str]:
    """The scenes of the set."""
    known = names.get("scenes")
    owner = type(getattr(known, "__self__", None))
    return known() if known is not None and owner.__module__.startswith("latentcode.") else []


def sliders(_: str, names: Names) -> list[str]:
    """The sliders in what the voices play, and in their effects."""
    stage = getattr(names.get("quant"), "__self__", None)  # unless the word means something else
    if not isinstance(stage, SetApi):
        return []
    found = (text for one in stage.state().voices for text in (one.text, one.pending or "", one.fx))
    return [*dict.fromkeys(name for text in found for name in SLIDER.findall(text))]


def words(_: str, names: Names) -> list[str]:
    """The musician's words: what stands in the reference, methods too."""
    return sorted(spoken_of() | {name for name in names if not name.startswith("_")})


def models(text: str, _: Names) -> list[str] | None:
    """The models by name, and the model files here; None where a path is typed."""
    if "/" in text or "\\" in text or text.startswith(("~", ".")):
        return None
    return [*BUILT_IN, *(name for name in model_names() if name not in BUILT_IN), *models_here()]


def models_by_event(text: str, names: Names) -> list[str] | None:
    """The same in a pattern of names, of which the last is typed."""
    ahead = text[: len(text) - len(re.split(r"[\s<>\[\],|]", text)[-1])]
    found = models(text[len(ahead) :], names)
    return None if found is None else [ahead + name for name in found]


def attributes(_: str, names: Names) -> list[str]:
    """What can be set in the exported models that have names at the prompt, or in the musician's
    folder.
    """
    held = [model.card.file for model in names.values() if isinstance(model, Model)]
    files = dict.fromkeys([*held, *(str(model_file(name)) for name in model_names() if name not in BUILT_IN)])
    return list(dict.fromkeys(name for file in files for name in _attributes_of(file)))


@lru_cache(maxsize=64)
def _attributes_of(file: str) -> tuple[str, ...]:
    try:
        return tuple(name for name, _ in card_of(file, RATE).attributes)
    except (LatentcodeError, OSError):
        return ()


FEW: dict[str, Callable[[str, Names], Iterable[str] | None]] = {  # by an argument, of one word or of all
    "quant": lambda text, names: QUANTS,
    "quant.when": lambda text, names: QUANTS,
    "morph.curve": lambda text, names: EASINGS,
    "takeover.rule": lambda text, names: RULES,
    "go.name": scenes,
    "scene.name": scenes,
    "scale_of.name": scales,
    "slider.name": sliders,
    "touch.what": lambda text, names: TOUCHED,
    "help.word": words,
    "model": models,
    "model.value": models_by_event,
    "load_model.name": models,
    "attr.name": attributes,
}


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
        meant, call = choices(before, text, self._names()), OPENING.search(before)
        if meant is not None:
            found = list(_matching(meant, text))
            yield from found
            if found or not call or call[1] not in FILES:
                return
        if (call and call[1] in FILES) or "/" in text or "\\" in text or text.startswith(("~", ".")):
            yield from self._files(text, FILES.get(call[1], ()) if call else (), event)
            return
        word = _ending(WORD, text)
        if word or (event.completion_requested and BEGINS.search(text)):
            own = dict.fromkeys(sound_variables(self._names()), "yours")
            known = dict.fromkeys(self._sounds(), "sound") | own
            for name, meta in sorted(known.items(), key=lambda each: (each[0][:1].isdigit(), each)):
                yield from _matching([name], word[0] if word else "", meta)

    def _files(self, text: str, kinds: tuple[str, ...], event: CompleteEvent) -> Iterator[Completion]:
        """Folders, and files of these kinds, or of all; hidden ones where that is typed."""
        hidden = re.split(r"[/\\]", text)[-1].startswith(".")
        for one in self._paths.get_completions(Document(text), event):
            name = one.display_text
            if (hidden or not name.startswith(".")) and (not kinds or name.endswith(("/", *kinds))):
                yield one

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
    """The signature and the docstring of a function by name, or of a method of patterns, voices or
    paths of that name; of a voice as "d1.gain".
    """
    owner, _, word = name.rpartition(".")
    found = getattr(type(names.get(owner)), word, None) if owner else names.get(name)
    method = bool(owner) or found is None
    if method and not owner:
        held = (getattr(kind, name, None) for kind in (*map(type, map(names.get, ("sine", "d1"))), Path))
        found = next(filter(None, held), None)
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
