"""A set as a line of time, as values: voices as lanes, what plays on them, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from latentcode.pictures.canvas import colours

WHOLE = ""  # the lane of what concerns no voice by itself
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)  # seconds between two times that are named
MOST_TIMES = 12


class Bar(NamedTuple):
    """What plays from one second to another, as it was typed."""

    begin: float
    end: float
    text: str


class Mark(NamedTuple):
    """Something of a kind of `plotting.MARKS`, at a second, in a lane."""

    at: float
    kind: str
    lane: str = WHOLE
    text: str = ""


@dataclass(frozen=True)
class SetLanes:
    """A set of so many `seconds`.

    lanes   what plays of each voice, in the order of the voices
    scenes  which scene was gone to, and how long it held
    tempo   (second, beats per minute) where it changes; empty where nobody knows it
    cycle   the cycle at a second; None where nobody knows it
    clock   how a second is named
    """

    title: str
    seconds: float
    lanes: Mapping[str, tuple[Bar, ...]]
    scenes: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    tempo: tuple[tuple[float, float], ...] = ()
    cycle: Callable[[float], float] | None = None
    clock: Callable[[float], str] = "{:.0f}".format

    @property
    def styles(self) -> dict[str, str]:
        """The colour of each voice."""
        return colours(list(self.lanes))

    @property
    def times(self) -> list[float]:
        """The seconds that are named."""
        step = next((one for one in STEPS if self.seconds / one <= MOST_TIMES), STEPS[-1])
        while self.seconds / step > MOST_TIMES:
            step *= 2
        return [float(step * place) for place in range(int(self.seconds // step) + 1)]


def fitting(bar: Bar, seconds: float, room: int) -> str:
    """The first words of a bar that have room where `room` characters take `seconds`; whole words
    where one is whole.
    """
    most = int((bar.end - bar.begin) / seconds * room) - 1
    text = " ".join(bar.text.split())
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rstrip()}…" if most > 3 else ""
