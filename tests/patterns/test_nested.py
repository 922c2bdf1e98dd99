"""Expressions of several words, nested in one another, give the events that Strudel gives.

`reference_nested.json` holds random expressions, and the events of Strudel 1.2.6 for the same ones.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from latentcode import patterns
from latentcode.patterns import Pattern, functions
from latentcode.patterns.controls import Controls

CASES = json.loads((Path(__file__).parent / "reference_nested.json").read_text())
WORDS = vars(functions) | vars(patterns)


def _number(value: Any) -> str:
    try:
        return str(round(float(Fraction(value)), 9))
    except (TypeError, ValueError):
        return str(value)


def _text(value: Any) -> str:
    if isinstance(value, Controls):
        return " ".join(sorted(f"{name}={_number(held)}" for name, held in value.pairs))
    return ":".join(_number(item) for item in (value if isinstance(value, tuple) else (value,)))


def events(pattern: Pattern, begin: int, end: int) -> list[str]:
    found = [event for cycle in range(begin, end) for event in pattern.query(cycle, cycle + 1)]
    return [" ".join(map(str, (*e.whole, *e.part, _text(e.value)))) for e in found if e.whole]


def merged(lines: list[str]) -> list[str]:
    """The events sorted, with the parts of one event that touch each other in one."""
    spans: dict[tuple[str, str, str], list[list[Fraction]]] = {}
    for line in lines:
        begin, end, first, last, value = line.split(" ", 4)
        spans.setdefault((begin, end, value), []).append([Fraction(first), Fraction(last)])
    done = []
    for (begin, end, value), parts in spans.items():
        kept: list[list[Fraction]] = []
        for part in sorted(parts):
            before = next((other for other in kept if other[1] == part[0]), None)
            if before is None:
                kept.append(part)
            else:
                before[1] = part[1]
        done += [f"{begin} {end} {first} {last} {value}" for first, last in kept]
    return sorted(done)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["pattern"])
def test_nested_expressions(case: dict[str, Any]) -> None:
    pattern = eval(case["pattern"], dict(WORDS))
    assert merged(events(pattern, case["begin"], case["end"])) == sorted(case["events"])
