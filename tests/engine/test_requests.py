"""What the player reports and the journal keeps of it."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace

from latentcode.engine.requests import REPORTS


class Engine:
    """The part of an engine that notes."""

    def __init__(self, position: int, start: int = 0) -> None:
        self.renderer, self.options = SimpleNamespace(position=position), SimpleNamespace(start=start)
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


def test_what_was_dry_before_an_engine_took_over_was_heard_from_another():
    engine = Engine(60000, start=48000)
    REPORTS["dry"](engine, 9000, 47999)
    REPORTS["dry"](engine, 9000, 50000)
    assert engine.noted == [("dry", 48000, 50000)]
