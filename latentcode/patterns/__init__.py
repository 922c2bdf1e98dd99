"""Patterns: what happens when, as values.

A pattern is a frozen tree that answers two questions: which events are there between two moments
(`query`), and which values has it at many moments (`sample`). Time is counted in cycles, exactly.
"""

from latentcode.patterns import (  # noqa: F401  (they add methods, and what nodes mean)
    algebra,
    pitch,
    queries,
    samples,
    setters,
    show,
    slicing,
    structure,
    time,
)
from latentcode.patterns.chance import choose, choose_cycles, irand, run, wchoose
from latentcode.patterns.combine import cat, polymeter, seq, stack, timecat
from latentcode.patterns.compile import Compiled, compile_pattern
from latentcode.patterns.controls import Controls
from latentcode.patterns.digest import digest
from latentcode.patterns.event import Context, Event, Timed
from latentcode.patterns.inputs import bend, cc, live, nrpn, osc, pressed, pressure, program, slider, touch
from latentcode.patterns.mini import mini
from latentcode.patterns.nodes import Live, Pure, Rand, Seeded, Signal, Silence, Steady
from latentcode.patterns.pattern import Pattern
from latentcode.patterns.pitch import note, plain
from latentcode.patterns.setters import n, s
from latentcode.words import public_values

sine, cosine = Signal("sine"), Signal("cosine")
saw, isaw, tri, square = Signal("saw"), Signal("isaw"), Signal("tri"), Signal("square")
rand, perlin = Rand("rand"), Rand("perlin")
silence = Silence()
pure = Pure
slowcat, fastcat = cat, seq
public_values(
    __name__,
    *(
        "sine",
        "cosine",
        "saw",
        "isaw",
        "tri",
        "square",
        "rand",
        "perlin",
        "silence",
        "pure",
        "slowcat",
        "fastcat",
    ),
)

__all__ = [
    "Compiled",
    "Context",
    "Controls",
    "Event",
    "Live",
    "Pattern",
    "Pure",
    "Seeded",
    "Steady",
    "Timed",
    "bend",
    "cat",
    "cc",
    "choose",
    "choose_cycles",
    "compile_pattern",
    "cosine",
    "digest",
    "fastcat",
    "irand",
    "isaw",
    "live",
    "mini",
    "n",
    "note",
    "nrpn",
    "osc",
    "perlin",
    "plain",
    "polymeter",
    "pressed",
    "pressure",
    "program",
    "pure",
    "rand",
    "run",
    "s",
    "saw",
    "seq",
    "silence",
    "sine",
    "slider",
    "slowcat",
    "square",
    "stack",
    "timecat",
    "touch",
    "tri",
    "wchoose",
]
