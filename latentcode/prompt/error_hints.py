"""What errors mean to a musician, and what to type: words called with the wrong arguments,
the wrong operators, and words put together otherwise, as `master.gain(.5)`, `d1.fast(2)`,
`hush.over(2)`.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from latentcode.parameters import PARAMETERS
from latentcode.patterns.words import METHODS
from latentcode.prompt import habits
from latentcode.prompt.mended import mended
from latentcode.prompt.mixing import Master
from latentcode.prompt.voices import Voice, Voices
from latentcode.set.effects import Effect
from latentcode.words import ENDED, EXAMPLES

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
BESIDE = 'stack(s("cello"), s("flute"))'
RESTED = 's("cello ~")'
QUOTES = str.maketrans("“”„«»‘’‚", '""""' + '"' + "'''")
PASTED = re.compile(r"^\s*(>>>|\.\.\.|\$)\s+")
NAMING = "scene|go|bookmark"  # words that take a name
LEVELS = frozenset({"gain", "volume", "vol", "amp", "level", "fader", "set", "postgain"})
ENDS = frozenset({"stop", "off", "end", "leave", "none", "disable", "auto"})
SOURCES = frozenset({"s", "plain", "n", "note"})
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
        return _no_object(no_object["kind"], no_object["what"], line)
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
    if (taken := re.match(r"\s*(d\d+)\s*>>", line)) and found["left"] != "Voice":
        if not sign.startswith(">>"):
            return f"there is no {sign} behind what a voice plays; type {taken[1]} >> {BESIDE}"
        if found["left"] == "NoneType" and line.count(">>") > 1:
            return _behind(found["right"], line)
        return (
            f'{taken[1]} is {left} now, and no voice: type restore_names("{taken[1]}"), then the line again'
        )
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


def _behind(right: str, line: str) -> str:
    """What to type where a second `>>` follows what a voice plays."""
    voice, what, other = (part.strip() for part in line.split(">>", 2))
    if right == "Effect":
        return f"effects are a voice's: type {voice} >> {what}; {voice}.fx({other})"
    if right in ("Voice", "NoneType"):
        return (
            f"one line for each voice: type {voice} >> {what}; {other.partition('>>')[0].strip()} >> {what}"
        )
    return f"a voice plays one pattern: type {voice} >> {BESIDE}"


def _uncalled(line: str) -> str:
    """How the first word of a line is typed that stands there without its brackets."""
    for word in re.finditer(r"(?P<voice>\bd\d+\.)?\b(?P<name>[a-z]\w*)\b(?!\s*[(.\w])", line):
        if typed := example(word["name"], "Voice." if word["voice"] else ""):
            return typed
    return ""


def _ours(found: re.Match[str]) -> bool:
    plain = {"int", "float", "Fraction", "str", "list", "tuple", "dict", "function"}
    return not {found["left"], found["right"]} <= plain


def _no_object(kind: str, what: str, line: str) -> str | None:
    spoken = _spoken(kind)
    if (kind, what) == ("module", "callable") and re.search(r"\brandom\(", line):
        return "random is Python's module, and rand is a signal: type random.random()"
    if (kind, what) == ("function", "iterable") and re.match(r"\s*all\(", line):
        return "all is Python's own; of the whole mix it is: type master.fx(reverb(.3))"
    if spoken is None or kind in ("int", "float", "str", "list", "tuple", "dict", "function", "NoneType"):
        return None
    if what == "callable":
        if stopped := re.match(r"\s*silence\((?P<voice>d\d+)?", line):
            return (
                f"silence is a pattern: type {stopped['voice']}.stop()"
                if stopped["voice"]
                else ("silence is a pattern, and what ends all that sounds is hush: type hush()")
            )
        kept = {
            "Voice": 'd1 >> s("cello")',
            "Voices": 'd["bass"] >> s("cello")',
            "Effect": "d1.fx(reverb(.4))",
        }.get(kind, "its name without brackets, or a method of it: sine.slow(4)")
        return f"{spoken} is not called; type {kept}"
    if kind == "Effect":
        return "an effect is one, and no list; of the whole mix it is: type master.fx(reverb(.3))"
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
    return f"{name} is a word: type {example(name, owner) or _called_bare(name, value)}" if name else ""


def _called_bare(name: str, word: Callable[..., object]) -> str:
    needs = [
        p
        for p in inspect.signature(word).parameters.values()
        if p.default is p.empty and p.kind < p.VAR_POSITIONAL
    ]
    return f"{name}(…)" if needs else f"{name}()"


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
    return mended(text)


def meant(name: str, namespace: Mapping[str, Any], error: BaseException | None = None) -> str:
    """What an unknown name probably stands for, as it is typed; empty where nothing is known."""
    from latentcode.sounds import library as sounds

    if name in sounds.all_names():
        return f'the sound is typed in quotes: "{name}"'
    code, _ = habits.called(name, error)
    if named := re.search(rf"\b({NAMING})\(\s*{name}\s*\)", code):
        return f'a name of yours is typed in quotes: type {named[1]}("{name}")'
    if hint := habits.told(name, error):
        return hint
    return f"did you mean {name.lower()!r}?" if name.lower() in namespace else ""


def near_miss(error: AttributeError, namespace: Mapping[str, Any]) -> str:
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
        typed = example(name, "Voice.") or f"d1.{name}({miss.given})"
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
        usual = EXAMPLES[name].partition("(")[2].partition(")")[0]
        return f"what a voice plays is sent to it: type {voice} >> {name}({miss.arguments(usual)})"
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
    if not bare_word(word):
        return ""
    typed = f"{miss.name}({miss.given})" if miss.given else example(miss.name) or f"{miss.name}()"
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
    if not bare_word(miss.thing):
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
    typed = example(word, "Voice." if held else "") or f"{spoken}()"
    if held:
        typed = re.sub(r"^(d\d+|master)\b", held[1], typed) if "." in typed else f"{spoken}()"
    if bare_word(space.get(name)) and name not in METHODS:
        return f"{spoken} and {name} are words of their own: type {example(name) or f'{name}()'}"
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
