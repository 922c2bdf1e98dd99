"""The deaths of a set's engines: when the next one is tried, and without what.

A set is never given up: an engine that is killed as it begins, again and again, may live the next
time, and on a stage silence for good is the worst that can happen. So the pauses grow, to a length
in which whoever enters a line has not gone home.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

SOON = 10.0  # seconds: an engine that dies within them has not really begun
PAUSES = (0.0, 0.0, 1.0, 2.0, 4.0, 8.0)  # seconds after the first death, the second, …; then as the last
PATIENCE = 2  # engines that die over a block before it is left out


class Deaths:
    """Counts those that follow one another soon, and the engines that died over each block."""

    def __init__(self) -> None:
        self._row = 0
        self._over: Counter[int] = Counter()

    def died(self, age: float, waiting: Iterable[int], given: bool) -> None:
        """One has died, `age` seconds old; `waiting` are the blocks that no engine has answered,
        which it was `given` all, or none.
        """
        self._row = self._row + 1 if age < SOON else 1
        self._over = Counter({number: self._over[number] + given for number in waiting})

    def forget(self) -> None:
        """What they died of is gone: however many patterns hang, that comes to an end."""
        self._row = 0

    @property
    def row(self) -> int:
        """How many have followed one another soon."""
        return self._row

    @property
    def pause(self) -> float:
        """Seconds until the next one."""
        return PAUSES[min(max(self._row, 1), len(PAUSES)) - 1]

    @property
    def deadly(self) -> tuple[int, ...]:
        """The blocks that no other engine is to be given."""
        return tuple(number for number, engines in self._over.items() if engines >= PATIENCE)
