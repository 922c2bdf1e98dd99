"""What a text can be where few are meant: `go("`, `quant="`, `scale_of("` … , for completion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from latentcode.inputs.takeover import RULES
from latentcode.latents.morph import EASINGS
from latentcode.patterns.scales import NOTE, SCALES
from latentcode.prompt.reference import spoken_of
from latentcode.prompt.set_api import QUANTS
from latentcode.prompt.unfinished import open_call

Names = dict[str, Any]
KEYWORD = re.compile(r"\b(\w+)\s*=\s*$")
VOICE_NAMED = re.compile(r"\bd\[\s*$")


def choices(before: str, text: str, names: Names) -> Iterable[str] | None:
    """The texts that can stand there: `before` ends where the text begins,
    `text` is what of it is typed.

    None where any text can, as in mini-notation.
    """
    if VOICE_NAMED.search(before):
        return sorted(names.get("d", ()))
    call = open_call(before)
    keyword = KEYWORD.search(before)
    found = None
    if keyword and call:
        found = KEYWORDS.get(keyword[1])
    elif call:
        found = CALLS.get((call[0], call[1]))
    return None if found is None else found(text, names)


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


def words(_: str, names: Names) -> list[str]:
    """The musician's words: what stands in the reference, methods too."""
    return sorted(spoken_of() | {name for name in names if not name.startswith("_")})


def _quants(_: str, __: Names) -> list[str]:
    return [*QUANTS]


def _curves(_: str, __: Names) -> list[str]:
    return [*EASINGS]


def _rules(_: str, __: Names) -> list[str]:
    return [*RULES]


KEYWORDS: dict[str, Callable[[str, Names], list[str]]] = {"quant": _quants, "curve": _curves}
CALLS: dict[tuple[str, int], Callable[[str, Names], list[str]]] = {
    ("go", 0): scenes,
    ("go", 1): _quants,
    ("scene", 0): scenes,
    ("quant", 0): _quants,
    ("back", 0): _quants,
    ("redo", 0): _quants,
    ("undo", 1): _quants,
    ("once", 1): _quants,
    ("play", 1): _quants,
    ("morph", 1): _curves,
    ("scale_of", 0): scales,
    ("takeover", 0): _rules,
    ("help", 0): words,
}
