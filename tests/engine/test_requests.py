"""What the player reports and the journal keeps of it."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace

from latentcode.engine.requests import REPORTS


class Engine:
    """The part of an engine that notes."""

    def __init__(self, position: int) -> None:
        self.renderer = SimpleNamespace(position=position)
        self.leave, self.noted = Event(), list[tuple]()

    def note(self, *words):
        self.noted.append(words)


def test_a_dry_span_that_is_open_at_the_end_is_noted_as_far_as_the_set_goes():
    engine = Engine(5000)
    REPORTS["dry"](engine, -700, -1)
    REPORTS["dry"](engine, 1000, 1255)
    engine.leave.set()
    REPORTS["dry"](engine, 4096, 48000)
    REPORTS["dry"](engine, 5120, 48000)
    assert engine.noted == [("dry", 1000, 1255), ("dry", 4096, 4999)]
