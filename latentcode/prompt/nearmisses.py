"""What is meant by `master.gain(.5)`, `d1.fast(2)`, `hush.over(2)`: words of the prompt,
put together otherwise.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from latentcode.parameters import PARAMETERS
from latentcode.patterns.words import METHODS
from latentcode.prompt import error_hints as misuse
from latentcode.prompt import habits
from latentcode.prompt.mixing import Master
from latentcode.prompt.voices import Voice, Voices
from latentcode.set.effects import Effect
from latentcode.words import ENDED


class Miss(NamedTuple):
    """`thing.name(given)` in a line, where a thing has no such name."""

    thing: Any
    name: str
    line: str
    given: str
    namespace: Mapping[str, Any]
    error: AttributeError

    def arguments(self, usual: str) -> str:
        """What was given, or what is usual."""
        return self.given or usual


LEVELS = frozenset({"gain", "volume", "vol", "amp", "level", "fader", "set", "postgain"})
ENDS = frozenset({"stop", "off", "end", "leave", "none", "disable", "auto"})
SOURCES = {"s": '"cello"', "plain": '"kick*4"', "n": '"0 3 7"', "note": '"c4 eb4"'}
OF_A_VOICE = {
    "level": "gain(.8)",
    "fader": "gain(.8)",
    "effects": "fx(reverb(.4))",
    "effect": "fx(reverb(.4))",
    "unfx": "fx()",
    "nofx": "fx()",
    "fade": "stop(over=2)",
    "fadeout": "stop(over=2)",
    **dict.fromkeys(("hush", "silence", "off", "panic", "clear"), "stop()"),
}


def said(error: AttributeError, namespace: Mapping[str, Any]) -> str:
    """What is missing and what to type instead; empty where nothing is known of it."""
    told = re.search(r"attribute '(\w+)'", str(error))  # where it was assigned, Python keeps no name
    name = error.name or (told[1] if told else "")
    line, parts = habits.called(name, error)
    given = ", ".join(parts)
    thing = error.obj if error.obj is not None else _before(name, line, namespace)
    for kind, answer in ANSWERS:
        if isinstance(thing, kind):
            return answer(Miss(thing, name, line, given, namespace, error))
    return ""


def _before(name: str, line: str, namespace: Mapping[str, Any]) -> Any:
    """What stands before a name in a line, where Python does not tell."""
    found = re.search(rf"\b(\w+)\.{name}\b", line)
    return namespace.get(found[1]) if found else None


def _of_the_mix(miss: Miss) -> str:
    name = miss.name
    if name in LEVELS:
        return f"master is the fader itself: type master({miss.arguments('.8')})"
    if habit := habits.told(name, miss.error):
        _, effect, typed = (
            re.split(r"(type d\d+\.fx)", habit, maxsplit=1) if ".fx(" in habit else ("", "", "")
        )
        return f"effects of the mix: type master.fx{typed}" if effect else f"the mix has no {name!r}; {habit}"
    if hasattr(Voice, name):
        typed = misuse.example(name, "Voice.") or f"d1.{name}({miss.given})"
        return f"the mix has no {name!r}, each voice has: type {typed}"
    return (
        _of_the_set(miss, "the mix") or f"the mix has no {name!r}: type master(.8), or master.fx(reverb(.4))"
    )


def _of_a_voice(miss: Miss) -> str:
    voice, name = miss.thing, miss.name
    if name in OF_A_VOICE:
        return f"a voice has no {name!r}: type {voice}.{OF_A_VOICE[name]}"
    if habit := habits.told(name, miss.error):
        method = re.search(r"type \.(\w+)", habit)
        owner = f"{voice}." if method and hasattr(Voice, method[1]) else f'{voice} >> s("cello").'
        return f"a voice has no {name!r}; " + (habit.replace("type .", f"type {owner}") if method else habit)
    if name in SOURCES:
        return f"what a voice plays is sent to it: type {voice} >> {name}({miss.arguments(SOURCES[name])})"
    if name in METHODS:
        usual = METHODS[name].partition("(")[2][:-1]
        return f'{name} is of a pattern: type {voice} >> s("cello").{name}({miss.arguments(usual)})'
    return _of_the_set(miss, "a voice")


def _of_the_voices(miss: Miss) -> str:
    if isinstance(miss.namespace.get(miss.name), Voice):
        return f"a voice is a word of its own: type {miss.name}"
    if hasattr(Voice, miss.name):
        return f"{miss.name} is of one voice: type d1.{miss.name}({miss.given})"
    return f'a voice of that name is d["{miss.name}"]: type d["{miss.name}"] >> s("cello")'


def _of_the_set(miss: Miss, whose: str) -> str:
    """Where the name is a word of the prompt's own."""
    word = miss.namespace.get(miss.name)
    if not misuse.bare_word(word):
        return ""
    typed = f"{miss.name}({miss.given})" if miss.given else misuse.example(miss.name) or f"{miss.name}()"
    return f"{whose} has no {miss.name!r}, it is a word of its own: type {typed}"


def _of_an_effect(miss: Miss) -> str:
    effect, name = miss.thing.name, miss.name
    known = [each.name for each in PARAMETERS[effect]]
    if name in known:
        return f"settings are given by name: type {effect}({name}={miss.arguments(_usual(effect, name))})"
    if name in PARAMETERS:
        typed = f"d1.fx({miss.thing!r}, {name}({miss.given}))"
        return f"effects are put in a row: type {typed}"
    return f"{effect} has no {name!r}, but {', '.join(known)}: type {effect}({known[0]}={_usual(effect, known[0])})"


def _usual(effect: str, name: str) -> str:
    """The default of a setting, or of what is none, something to begin with."""
    return next((f"{each.default:g}" for each in PARAMETERS.get(effect, ()) if each.name == name), ".5")


def _of_a_word(miss: Miss) -> str:
    """A word is not a thing that has more words: `bpm.set(120)`."""
    if not misuse.bare_word(miss.thing):
        return ""
    name, space = miss.name, miss.namespace
    word = next((n for n, v in space.items() if getattr(v, "__func__", v) is miss.thing), miss.thing.__name__)
    held = re.search(rf"\b(d\d+|master)\.{word}\b", miss.line)
    spoken = held[0] if held else word
    if word == "fx" and name in PARAMETERS:
        return f"effects are given to fx: type {spoken}({name}({miss.given}))"
    if word in PARAMETERS or (miss.given and name in inspect.signature(miss.thing).parameters):
        known = [each.name for each in PARAMETERS.get(word, ())] or [name]
        chosen = name if name in known else known[0]
        typed = miss.given if chosen == name and miss.given else _usual(word, chosen)
        return f"{spoken} is a word, {chosen} is given to it: type {spoken}({chosen}={typed})"
    if word in ENDED and name in ENDS:
        return f"{spoken} is a word: type {ENDED[word]}"
    if isinstance(space.get(name), Voice):
        return f"{spoken} is a word: type {spoken}({name})"
    typed = misuse.example(word, "Voice." if held else "") or f"{spoken}()"
    if held:
        typed = re.sub(r"^(d\d+|master)\b", held[1], typed) if "." in typed else f"{spoken}()"
    if misuse.bare_word(space.get(name)) and name not in METHODS:
        return f"{spoken} and {name} are words of their own: type {misuse.example(name) or f'{name}()'}"
    return f"{spoken} is a word, and has no {name!r}: type {typed}"


def _of_a_text(miss: Miss) -> str:
    if miss.name not in METHODS:
        return ""
    usual = METHODS[miss.name].partition("(")[2][:-1]
    return f"a text becomes a pattern in s(…): type s({miss.thing!r}).{miss.name}({miss.arguments(usual)})"


ANSWERS: tuple[tuple[Any, Callable[[Miss], str]], ...] = (
    (Master, _of_the_mix),
    (Voice, _of_a_voice),
    (Voices, _of_the_voices),
    (Effect, _of_an_effect),
    (str, _of_a_text),
    (Callable, _of_a_word),
)
