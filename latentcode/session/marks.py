"""The marks of a journal as text: how a word is written so that it stays one, and what each mark must hold."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction

from latentcode.files.texts import shown

MARK = "# @ "
_ESCAPED = re.compile(r"%\{([0-9a-f]{1,6})\}")

KINDS = {  # of words; what is none of these stands for itself
    "SAMPLE": r"[0-9]{1,12}",
    "TIME": r"-?[0-9]{1,12}",  # a sample that may lie before the set begins
    "NUMBER": r"[0-9]{1,9}",
    "WHOLE": r"-?[0-9]{1,20}",
    "BUFFER": r"0*[1-9][0-9]{0,4}",
    "VALUE": r"-?[0-9]{1,20}(\.[0-9]{1,40})?(e[+-]?[0-9]{1,3})?",
    "FRACTION": r"-?[0-9]{1,40}(/0*[1-9][0-9]{0,40}|\.[0-9]{1,40})?",
    "VOICE": r"d([1-9]|1[0-6])",
    "PLACE": r"master|d([1-9]|1[0-6])\.(gain|pan)|(master|d([1-9]|1[0-6]))(\.fx\.[0-9]{1,2}\.[0-9]{1,2})",
    "NAME": r"[0-9]{1,9}\.[0-9]{1,9}",
    "WORD": r"\S+",
    "JSON": r"\S+",
}
FORMS: dict[str, tuple[str, ...]] = {  # the marks that are no command's; in brackets: any number of times
    "failed": ("NUMBER",),
    "unheard": ("NUMBER WORD WORD", "NUMBER"),
    "dry": ("SAMPLE SAMPLE",),
    "jump": ("SAMPLE SAMPLE",),
    "device": ("TIME BUFFER",),
    "restart": ("SAMPLE",),
    "fallback": ("WORD SAMPLE WORD", "WORD SAMPLE"),
    "unwritten": ("SAMPLE SAMPLE NUMBER",),
    "missed": ("VOICE SAMPLE WORD", "VOICE SAMPLE"),
    "unread": ("VOICE SAMPLE",),
    "late": ("WORD TIME TIME",),
    "recording": ("TIME SAMPLE WORD",),
    "end": ("SAMPLE",),
    "in": ("[WORD SAMPLE VALUE]",),
    "hand": ("SAMPLE [PLACE VALUE]",),
    "tempo": ("SAMPLE FRACTION FRACTION", "SAMPLE -"),
    "transport": ("SAMPLE start", "SAMPLE stop"),
    "grab": ("NAME VOICE FRACTION SAMPLE",),
    "answer": ("NAME JSON",),
    "timing": ("WORD JSON",),
    "sound": ("WORD WORD",),
    "midi_in": ("[WORD]",),
    "midi_port": ("WORD",),
}
HEADER = {  # what the header says in numbers: the kind of word, and from where to where
    "seed": ("WHOLE", -(2**63), 2**63),
    "rate": ("NUMBER", 1000, 768_000),
    "buffer": ("NUMBER", 1, 65_536),
    "block": ("NUMBER", 1, 65_536),
    "hop": ("NUMBER", 1, 2**31),
    "bpm": ("FRACTION", 1, 2000),
    "noise": ("VALUE", 0, 1),
    "headroom": ("NUMBER", 0, 60),
    "loops": ("NUMBER", 0, 1),
    "lasting": ("NUMBER", 0, 1),
}
_SAMPLES = frozenset({"SAMPLE", "TIME"})
_KINDS = {name: re.compile(pattern) for name, pattern in KINDS.items()}


def word(value: object) -> str:
    """A value as one word of a mark: what would end the word or the line is written `%{20}`; nothing is `-`."""
    text = str(value).replace("%{", "%{25}{") or "-"
    return "".join(f"%{{{ord(one):x}}}" if one.isspace() or shown(one) != one else one for one in text)


def plain(text: str) -> str:
    """What a word stands for."""
    return _ESCAPED.sub(lambda found: _character(int(found[1], 16)) or found[0], text)


def wrong(name: str, words: Sequence[str]) -> str:
    """What a mark should be that is not; empty where it is as it should be, or nobody knows."""
    forms = FORMS.get(name)
    if forms is None or any(_fits(words, form) for form in forms):
        return ""
    return " or ".join(f"{MARK}{name} {form}" for form in forms)


def samples(name: str, words: Sequence[str]) -> list[int]:
    """The samples that a mark speaks of."""
    form = next((form for form in FORMS.get(name, ()) if _fits(words, form)), "")
    found = [int(one) for kind, one in zip(_kinds(form, words), words, strict=False) if kind in _SAMPLES]
    return [*found, sum(found)] if name == "recording" else found


def wrong_header(name: str, text: str) -> str:
    """What a value of the header should be that is not; empty where it is as it should be."""
    if name == "synthesis":
        return "" if text in ("overlap", "concat") else "overlap or concat"
    if name not in HEADER:
        return ""
    kind, low, high = HEADER[name]
    good = _KINDS[kind].fullmatch(text) and low <= Fraction(text) <= high
    return "" if good else f"a number from {low} to {high}"


def _fits(words: Sequence[str], form: str) -> bool:
    kinds = _kinds(form, words)
    return len(kinds) == len(words) and all(map(_is, kinds, words))


def _kinds(form: str, words: Sequence[str]) -> list[str]:
    """The kinds of words of a form, as often as they are repeated in so many words."""
    head, _, tail = form.partition("[")
    first, again = head.split(), tail.rstrip("]").split()
    return [*first, *again * ((len(words) - len(first)) // max(len(again), 1))]


def _is(kind: str, text: str) -> bool:
    if kind not in _KINDS:
        return text == kind
    return _KINDS[kind].fullmatch(text) is not None and (kind != "JSON" or _is_json(text))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else ""
