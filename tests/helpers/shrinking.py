"""Delta debugging: what happened to a set whose replay differs, cut down to the least that differs still.

Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input (2002); what happens last goes first.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from helpers.scripted_set import Happening, Played, played


def shrunk(found: Played, folder: Path) -> Played:
    """The fewest happenings of a set in which the same kind of thing is wrong; when it is interrupted, the
    fewest that were found.
    """
    best = found

    def differs(happenings: list[Happening]) -> bool:
        nonlocal best
        here = played(happenings, found.begun_with, folder)
        if differs := bool(here.wrong) and here.kind == found.kind:
            best = here
        return differs

    if not differs(found.happened):  # what was chosen is no function of its script
        return found
    with suppress(KeyboardInterrupt):
        _shortest(best.happened, differs)
        before = -1
        while len(best.happened) != before:
            before = len(best.happened)
            fewest(best.happened, lambda one: one[0] != "step", differs)
            fewest(best.happened, lambda one: True, differs)
    return best


def _shortest(happenings: list[Happening], differs: Callable) -> None:
    """Leave out the end, by halves."""
    fewest, enough = 0, len(happenings)
    while enough - fewest > 1:
        half = (fewest + enough) // 2
        fewest, enough = (fewest, half) if differs(happenings[:half]) else (half, enough)


def fewest(all_of_it: list, counts: Callable, differs: Callable) -> None:
    """Leave out pieces of those that count, ever smaller ones."""
    kept = list(enumerate(all_of_it))  # numbered, as one can be there twice
    size = max(sum(counts(one) for _, one in kept) // 2, 1)
    while True:
        left = [number for number, one in kept if counts(one)]
        for first in range(0, len(left), size)[::-1]:
            without = set(left[first : first + size])
            fewer = [pair for pair in kept if pair[0] not in without]
            if differs([one for _, one in fewer]):
                kept = fewer
        if size == 1:
            return
        size //= 2
