"""How many events a second queries give, on distinct cycles: events/s and the ratio to the goal."""

from __future__ import annotations

import time

from latentcode.patterns import Pattern, compile_pattern, mini

GOAL = 40_000  # events a second
SECONDS = 0.5

PATTERNS: dict[str, Pattern] = {
    "a b c d": mini("a b c d"),
    "a [b c] <d e> [f*4]": mini("a [b c] <d e> [f*4]"),
    "a(3,8) b(5,16)": mini("a(3,8) b(5,16)"),
    "a*32": mini("a*32"),
    "fast.every.rev": mini("a b c d").fast(2).every(3, lambda p: p.rev()).rev(),
}


def events_per_second(pattern: Pattern) -> float:
    """Return how many events a second a pattern gives, queried cycle by cycle."""
    query = compile_pattern(pattern).query
    cycle, events, start = 0, 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        for _ in range(20):
            events += len(query(cycle, cycle + 1))
            cycle += 1
    return events / (time.perf_counter() - start)


def main() -> None:
    """Print one line per pattern."""
    for name, pattern in PATTERNS.items():
        rate = max(events_per_second(pattern) for _ in range(3))
        print(f"{name:22} {rate:10,.0f} events/s   {rate / GOAL:5.1f} × goal")


if __name__ == "__main__":
    main()
