"""What the player reports and the journal keeps of it."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace

from latentcode.engine.handlers import REPORTS
from latentcode.session.records import Device, Dry, Record


class Engine:
    """The part of an engine that notes."""

    def __init__(self, position: int, start: int = 0) -> None:
        self.renderer, self.options = SimpleNamespace(position=position), SimpleNamespace(start=start)
        self.leave, self.noted = Event(), list[Record]()

    def note(self, record):
        self.noted.append(record)


def test_a_dry_span_that_is_open_at_the_end_is_noted_as_far_as_the_set_goes():
    engine = Engine(5000)
    REPORTS["dry"](engine, -700, -1)
    REPORTS["dry"](engine, 1000, 1255)
    engine.leave.set()
    REPORTS["dry"](engine, 4096, 48000)
    REPORTS["dry"](engine, 5120, 48000)
    assert engine.noted == [Dry(1000, 1255), Dry(4096, 4999)]


def test_what_was_dry_before_an_engine_took_over_was_heard_from_another():
    engine = Engine(60000, start=48000)
    REPORTS["dry"](engine, 9000, 47999)
    REPORTS["dry"](engine, 9000, 50000)
    assert engine.noted == [Dry(48000, 50000)]


class Fitted(Engine):
    """One whose lead is looked at."""

    def __init__(self) -> None:
        super().__init__(5000)
        self.fits, self.said = 0, list[tuple]()
        self.sound = SimpleNamespace(buffer=8192)
        self.desks = SimpleNamespace(notice=self.said.append)
        self.departures, self.shortcut = SimpleNamespace(reopen=lambda: None), None

    def fit_lead(self) -> None:
        self.fits += 1


def test_another_device_and_another_player_have_the_lead_that_their_buffers_need():
    engine = Fitted()
    REPORTS["device"](engine, "back", "jack", 4096, 2)
    REPORTS["started"](engine, 9000)
    assert engine.fits == 2
    assert engine.noted == [Device(4096, 8192), Device(9000, 8192)]
