"""What Python's own complaints mean to a musician: words called with the wrong arguments,
the wrong operators.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from latentcode.patterns.words import METHODS
from latentcode.prompt import habits
from latentcode.words import EXAMPLES

CALL = re.compile(
    r"^(?P<owner>(?:\w+\.)*?)(?P<name><lambda>|\w+)\(\) (?P<fault>missing|takes|got an unexpected|got multiple)"
)
OPERATOR = re.compile(r"(?:operand type\(s\) for (?P<op>\S+?):|^'(?P<than>\S+)' not supported between instances of) "
                      r"'(?P<left>\w+)' and '(?P<right>\w+)'")  # fmt: skip
NO_OBJECT = re.compile(r"^'(?P<kind>\w+)' object is not (?P<what>callable|subscriptable|iterable)")
SPOKEN = {
    "NoneType": "nothing (None)", "int": "a number", "float": "a number", "Fraction": "a number", "str": "a text",
    "list": "a list", "tuple": "a tuple", "dict": "a dict", "function": "a function", "Controls": "a note",
    "Voice": "a voice", "Voices": "d", "Transformation": "a transformation", "Path": "a path",
    "Effect": "an effect", "Master": "the mix", "method": "a word",
}  # fmt: skip


UNARY = re.compile(r"bad operand type for unary (?P<sign>\S+?): '(?P<kind>\w+)'")


def explained(error: TypeError, line: str) -> str | None:
    """What a TypeError means, with an example; None where it is about the musician's own things.

    line    the part of the code that raised
    """
    text = " ".join(str(error).split())
    if call := CALL.match(text):
        return _called(call, text, line)
    if operator := OPERATOR.search(text):
        return _operated(operator, line)
    if (unary := UNARY.search(text)) and _spoken(unary["kind"]):
        return f"there is no {unary['sign']} before {_spoken(unary['kind'])}; type {habits.signs(line) or RESTED}"
    if no_object := NO_OBJECT.match(text):
        return _no_object(no_object["kind"], no_object["what"])
    return None


def example(word: str, owner: str = "") -> str | None:
    """How a word is typed; `owner` is the class that it was found in, if any."""
    voiced = EXAMPLES.get(f"Voice.{word}")  # some words are of patterns as well
    if typed := EXAMPLES.get(owner + word) or (voiced if owner in ("", "Voice.") else None):
        return typed
    return EXAMPLES.get(word) or (f".{METHODS[word]}" if word in METHODS else voiced)


def _called(call: re.Match[str], text: str, line: str) -> str | None:
    if call["name"] == "<lambda>":
        return f"a lambda that is given {_count(text)} must take as many: type lambda p: p.rev()"
    word = next((name for name in _words(call["name"]) if re.search(rf"\b{name}\s*\(", line)), call["name"])
    of_voice = call["owner"] == "Voice." and f"Voice.{word}" not in EXAMPLES
    typed = (None if of_voice else example(word, call["owner"])) or _bare(call["owner"], word)
    if typed is None:
        return None
    names = re.findall(r"'(\w+)'", text)
    said = {
        "missing": f"{word} still needs {' and '.join(names)}",
        "takes": f"{word} was given too many values",
        "got an unexpected": f"{word} does not know {'=, '.join(names)}=",
        "got multiple": f"{word} was given {' and '.join(names)} twice",
    }[call["fault"]]
    if call["fault"] == "got an unexpected" and (hint := habits.keyword(names[0], line)):
        return f"{said}; {hint}"
    return f"{said}; type {typed}"


def _bare(owner: str, word: str) -> str | None:
    """A method of one of our objects, whose class nobody has typed; None for the musician's own."""
    if owner == "Voice.":
        return f"d1.{word}()"
    homes = [home for name, home in sys.modules.copy().items() if name.startswith("latentcode.")]
    ours = owner and any(isinstance(getattr(home, owner.rstrip("."), None), type) for home in homes)
    return f"{word}()" if ours else None


def _count(text: str) -> str:
    given = re.search(r"but (\d+) (?:was|were) given", text)
    if given is None:
        return "one value"
    return "one value" if given[1] == "1" else f"{given[1]} values"


def _words(name: str) -> list[str]:
    """The words that a function goes by."""
    return [*_aliases().get(name, ()), name.strip("_"), name]


@lru_cache(maxsize=1)
def _aliases() -> Mapping[str, tuple[str, ...]]:
    from latentcode.patterns import Pattern

    known: dict[str, tuple[str, ...]] = {}
    for word, method in vars(Pattern).items():
        name = getattr(method, "__name__", word)
        if not word.startswith("_") and name != word:
            known[name] = (*known.get(name, ()), word)
    return known


def _operated(found: re.Match[str], line: str) -> str | None:
    sign = found["op"] or found["than"]
    left, right = _spoken(found["left"]), _spoken(found["right"])
    if left is None or right is None:
        return None
    hint = 'patterns go together with + - * /, or stack(s("cello"), s("kick"))'
    if word := _uncalled(line) if "method" in (found["left"], found["right"]) else "":
        hint = f"words are called: type {word}"
    elif "Effect" in (found["left"], found["right"]):
        hint = "effects are a voice's, or the mix's: type d1.fx(lowpass(800), reverb(.4))"
    elif "Master" in (found["left"], found["right"]):
        hint = 'its fader is master(.8), and voices play: type d1 >> s("cello")'
    elif "Voice" in (found["left"], found["right"]):
        hint = 'to let a voice play, type d1 >> s("cello")'
    elif found["left"] == "NoneType":
        hint = 'type one line for each voice, as in d1 >> s("cello")'
    elif "Controls" in (found["left"], found["right"]):
        hint = "the numbers of a note change with methods, as in .add(7), .gain(.5)"
    return f"there is no {sign} between {left} and {right}; {hint}" if _ours(found) else None


def _uncalled(line: str) -> str:
    """How the first word of a line is typed that stands there without its brackets."""
    for word in re.finditer(r"(?P<voice>\bd\d+\.)?\b(?P<name>[a-z]\w*)\b(?!\s*[(.\w])", line):
        if typed := example(word["name"], "Voice." if word["voice"] else ""):
            return typed
    return ""


def _ours(found: re.Match[str]) -> bool:
    plain = {"int", "float", "Fraction", "str", "list", "tuple", "dict", "function"}
    return not {found["left"], found["right"]} <= plain


def _no_object(kind: str, what: str) -> str | None:
    spoken = _spoken(kind)
    if spoken is None or kind in ("int", "float", "str", "list", "tuple", "dict", "function", "NoneType"):
        return None
    if what == "callable":
        kept = {
            "Voice": 'd1 >> s("cello")',
            "Voices": 'd["bass"] >> s("cello")',
            "Effect": "d1.fx(reverb(.4))",
        }.get(kind, "its name without brackets, or a method of it: sine.slow(4)")
        return f"{spoken} is not called; type {kept}"
    kept = (
        'd["bass"] >> …, or d1 >> s("cello")'
        if kind == "Voice"
        else "its events with .query(0, 1), or a part with .zoom(0, 1/2)"
    )
    return f"{spoken} has no places to be taken by [ ]; type {kept}"


def _spoken(kind: str) -> str | None:
    return SPOKEN.get(kind) or _kinds().get(kind)


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, str]:
    """The classes of our trees by name."""
    from latentcode.latents.trajectory import Trajectory
    from latentcode.patterns import Pattern

    return {kind.__name__: "a trajectory" for kind in _below(Trajectory)} | {
        kind.__name__: "a pattern" for kind in _below(Pattern)
    }


def _below(kind: type) -> list[type]:
    children: list[type] = type.__subclasses__(kind)
    return [kind, *(deeper for child in children for deeper in _below(child))]


def bare_word(value: object) -> str:
    """What is shown for a word that was typed without its brackets; empty for other values."""
    name, home = getattr(value, "__name__", ""), getattr(value, "__module__", None) or ""
    if not callable(value) or isinstance(value, type) or not home.startswith("latentcode."):
        return ""
    owner = "Voice." if type(getattr(value, "__self__", None)).__name__ == "Voice" else ""
    return f"{name} is a word: type {example(name, owner) or f'{name}(…)'}" if name else ""


RESTED = 's("cello ~")'
QUOTES = str.maketrans("“”„«»‘’‚", '""""' + '"' + "'''")
PASTED = re.compile(r"^\s*(>>>|\.\.\.|\$)\s+")


def slip(text: str) -> str:
    """What to type instead of a line that Python cannot read; empty where nothing is known."""
    if (plain := text.translate(QUOTES)) != text:
        return f"plain quotes: {plain.strip()}"
    if PASTED.match(text) and not text.lstrip().startswith("$:"):
        return f"the line without its prompt: {PASTED.sub('', text).strip()}"
    if "=>" in text:
        return "a function as lambda p: p.rev(), or just rev"
    if typed := habits.signs(text):
        return typed
    if text.rstrip().endswith(">>"):
        return f'{text.strip()} s("cello")'
    return ""


def meant(name: str, namespace: Mapping[str, Any], error: BaseException | None = None) -> str:
    """What an unknown name probably stands for, as it is typed; empty where nothing is known."""
    from latentcode.sounds import library as sounds

    if name in sounds.all_names():
        return f'the sound is typed in quotes: "{name}"'
    if hint := habits.told(name, error):
        return hint
    return f"did you mean {name.lower()!r}?" if name.lower() in namespace else ""
