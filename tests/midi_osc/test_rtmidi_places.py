"""rtmidi counts ports: while others come and go, the port that is meant is opened, or none."""

from __future__ import annotations

import pytest

_opened = pytest.importorskip("latentcode.midi_osc.through_rtmidi")._opened


class Counting:
    """An rtmidi whose ports are others each time it looks: the last of them stay."""

    def __init__(self, *looks: list[str]) -> None:
        self._looks, self.connected = list(looks), None

    def get_ports(self) -> list[str]:
        return self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]

    def open_port(self, place: int, name: str) -> None:
        self.connected = self.get_ports()[place]

    def close_port(self) -> None:
        self.connected = None

    def delete(self) -> None:
        self.connected = None


def test_the_port_that_is_meant_is_opened_where_another_has_come_before_it():
    midi = Counting(["nano", "launch"], ["new", "nano", "launch"])
    assert _opened(midi, "launch", 0, "to launch").connected == "launch"


def test_a_port_behind_it_makes_no_difference():
    midi = Counting(["nano", "launch"], ["nano", "launch", "new"])
    assert _opened(midi, "nano", 0, "to nano").connected == "nano"


def test_none_is_open_where_it_has_gone():
    midi = Counting(["nano", "launch"], ["nano", "other"])
    with pytest.raises(OSError, match="launch has gone"):
        _opened(midi, "launch", 0, "to launch")
    assert midi.connected is None
