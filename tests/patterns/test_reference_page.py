"""The reference page knows every method."""

from __future__ import annotations

import re
from pathlib import Path

from latentcode.patterns import Pattern

PAGE = Path(__file__).parents[2] / "docs" / "patterns.md"


def test_every_method_is_in_the_reference() -> None:
    text = PAGE.read_text(encoding="utf-8")
    methods = [name for name in vars(Pattern) if not name.startswith("_")]
    assert [name for name in methods if not re.search(rf"\b{name}\b", text)] == []
