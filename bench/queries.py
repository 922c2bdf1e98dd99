"""Events a second from compiled patterns, on distinct cycles, and what the queries of sixteen voices cost.

python -m bench.queries [--full]
"""

from __future__ import annotations

import time
from fractions import Fraction

from bench.common import patterns, run, show
from latentcode.patterns import Pattern, compile_pattern, mini

GOAL = 40_000  # events a second
CHUNK = Fraction(1, 4)  # cycles that a voice asks for at a time
CYCLE = 2.0  # seconds, at 120 beats a minute

PATTERNS: dict[str, Pattern] = {
    "a b c d": mini("a b c d"),
    "a [b c] <d e> [f*4]": mini("a [b c] <d e> [f*4]"),
    "a(3,8) b(5,16)": mini("a(3,8) b(5,16)"),
    "a*32": mini("a*32"),
    "fast.every.rev": mini("a b c d").fast(2).every(3, lambda p: p.rev()).rev(),
}


def measure(full: bool) -> None:
    """Print a line for each pattern, and one for the sixteen voices."""
    seconds = 1.0 if full else 0.3
    for name, pattern in PATTERNS.items():
        rate = max(events_per_second(pattern, seconds) for _ in range(3))
        show(f"{name:20} {rate:10,.0f} events/s", rate / GOAL, least=1.0)
    share, events = sixteen_voices(400 if full else 100)
    text = f"sixteen voices: {events:.0f} events/s of music take {100 * share:.2f} % of a core; of the live limit"
    show(text, share / 0.25)


def events_per_second(pattern: Pattern, seconds: float) -> float:
    """How many events a second a pattern gives, queried cycle by cycle."""
    query = compile_pattern(pattern).query
    cycle, events, start = 0, 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for _ in range(20):
            events += len(query(cycle, cycle + 1))
            cycle += 1
    return events / (time.perf_counter() - start)


def sixteen_voices(cycles: int) -> tuple[float, float]:
    """The share of a core that their queries take in real time, and the events a second that they give."""
    queries = [compile_pattern(pattern).query for _, pattern in patterns()]
    events, start = 0, time.perf_counter()
    for step in range(cycles * CHUNK.denominator):
        for query in queries:
            events += len(query(step * CHUNK, (step + 1) * CHUNK))
    length = cycles * CYCLE
    return (time.perf_counter() - start) / length, events / length


if __name__ == "__main__":
    run(measure)
