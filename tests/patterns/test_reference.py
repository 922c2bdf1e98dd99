"""Mini-notation and transformations give the events that Strudel gives."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from latentcode.patterns import Pattern, mini

HERE = Path(__file__).parent
MINI = json.loads((HERE / "reference_mini.json").read_text())
CHAINS = json.loads((HERE / "reference_chains.json").read_text())


def _text(value: Any) -> str:
    return ":".join(map(_text, value)) if isinstance(value, tuple) else str(value)


def events(pattern: Pattern, cycles: int) -> list[list[str]]:
    found = [event for cycle in range(cycles) for event in pattern.query(cycle, cycle + 1)]
    return sorted(
        [str(e.whole[0]), str(e.whole[1]), str(e.part[0]), str(e.part[1]), _text(e.value)]
        for e in found
        if e.whole is not None
    )


def chained(pattern: Pattern, chain: list[list[Any]]) -> Pattern:
    for name, *arguments in chain:
        method = getattr(pattern, re.sub("[A-Z]", lambda m: "_" + m[0].lower(), name))
        pattern = method(*(_argument(a) for a in arguments))
    return pattern


def _argument(value: Any) -> Any:
    return (lambda p: chained(p, value)) if isinstance(value, list) else value


@pytest.mark.parametrize("case", MINI, ids=lambda case: case["mini"])
def test_mini_notation(case: dict[str, Any]) -> None:
    assert events(mini(case["mini"]), case["cycles"]) == case["events"]


@pytest.mark.parametrize("case", CHAINS, ids=lambda case: f"{case['mini']} {case['chain']}")
def test_chains(case: dict[str, Any]) -> None:
    assert events(chained(mini(case["mini"]), case["chain"]), case["cycles"]) == case["events"]
