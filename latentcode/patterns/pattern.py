"""Pattern: what the modules of the families add their methods to, with `method` (see `words.py`).

For editors and mypy the methods stand in `pattern.pyi`, which `python -m latentcode.stubs` writes.
"""

from __future__ import annotations

from latentcode.patterns.tree import Tree
from latentcode.words import public


@public
class Pattern(Tree):
    """Events or a signal as a function of time in cycles; every method returns a new pattern."""
