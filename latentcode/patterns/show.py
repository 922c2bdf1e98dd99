"""How a pattern is printed: the events of its first cycle in one line, a signal as it is typed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from latentcode.errors import LatentcodeError

if TYPE_CHECKING:
    from latentcode.patterns.event import Event
    from latentcode.patterns.pattern import Pattern

MOST = 12  # events in a line


def show(pattern: Pattern) -> str:
    """Return one line: `0–1/2 a | 1/2–1 b`; `~` for a drone, `…` where an event goes on.

    Signals are shown as they are typed, `sine.slow(4) * 2`, unless a function of the musician's is
    in them.
    """
    from latentcode.patterns.spoken import signal

    if text := signal(pattern):
        return text
    try:
        events = sorted(pattern.query(0, 1), key=lambda event: event.part)
    except LatentcodeError as error:
        return f"<pattern that cannot be queried: {error}>"
    shown = [_event(event) for event in events[:MOST]]
    if len(events) > MOST:
        shown.append(f"… {len(events) - MOST} more")
    return " | ".join(shown) or "silence"


def _event(event: Event) -> str:
    if event.whole is None:
        return f"~ {value(event.value)}"
    before = "" if event.has_onset else "…"
    after = "" if event.whole[1] == event.part[1] else "…"
    return f"{before}{event.part[0]}–{event.part[1]}{after} {value(event.value)}"


def value(item: Any) -> str:
    """Return a value as a musician would write it."""
    if isinstance(item, Fraction):
        return str(item)
    if isinstance(item, float):
        return f"{item:.4g}"
    return item if isinstance(item, str) else repr(item)
