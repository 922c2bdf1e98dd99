"""The examples of the reference are what happens."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import latentcode.patterns
from latentcode.patterns import Pattern

DOCS = Path(__file__).parents[2] / "docs" / "patterns.md"


def test_examples() -> None:
    assert doctest.testfile(str(DOCS), module_relative=False, encoding="utf-8").failed == 0


def test_every_method_is_in_the_reference() -> None:
    text = DOCS.read_text(encoding="utf-8")
    methods = [name for name in vars(Pattern) if not name.startswith("_")]
    assert [name for name in methods if not re.search(rf"\b{name}\b", text)] == []


def test_the_public_names_are_sorted_and_there() -> None:
    names = latentcode.patterns.__all__
    assert names == sorted(names)
    assert all(hasattr(latentcode.patterns, name) for name in names)
