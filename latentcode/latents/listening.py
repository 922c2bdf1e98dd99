"""What comes in at the device, as a trajectory: always now, encoded as it comes.

Who keeps what came in is found under `HEARD` among the live inputs of whoever reads (see
`sounds/hearing.py`); where there is nobody, nothing can be heard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from latentcode.arrays import Float64
from latentcode.checks import is_number, is_whole, wrong
from latentcode.errors import LatentError
from latentcode.latents.compile import BUILDERS, Latents, ReadContext, Reader
from latentcode.latents.moments import Moments
from latentcode.latents.show import WORDS
from latentcode.latents.trajectory import Trajectory
from latentcode.patterns.nodes import Live
from latentcode.words import word

HEARD = "heard"
INPUTS = 8  # of a device that can be heard
GATE, LIMIT = -60.0, -6.0  # dB
QUIETEST = -200.0


@dataclass(frozen=True, repr=False)
class LiveIn(Trajectory):
    """What comes in at the mean of some inputs, counted from 1.

    gate   dB of a frame's mean square below which it is silence, by degrees over 6 dB
    limit  dB of a frame's peak that it is turned down to where it is louder
    ears   the same inputs as live inputs are known that patterns ask for
    """

    channels: tuple[int, ...]
    gate: float
    limit: float
    ears: tuple[Live, ...]

    @property
    def timed(self) -> bool:
        return False  # it is always now, although it holds live inputs

    def reseeded(self, index: int) -> Trajectory:
        return self


class Heard(Protocol):
    """Who keeps what came in."""

    def latents(self, what: LiveIn, model: str, seen: Float64 | None, trial: bool) -> Latents:
        """What is heard at session samples (N,), in the latents of a model by its name ("": the
        set's).
        """
        ...


@word("live_in(1)")
def live_in(*inputs: int, gate: float = GATE, limit: float = LIMIT) -> LiveIn:
    """What comes in at the device, encoded as it comes: a trajectory, always now.

    inputs  the number of an input, from 1 (which is meant where none is given); of several the mean
    gate    dB below which what comes in is silence; −200 for none
    limit   dB that its peaks are held to

    A set opens inputs when the first line needs them, or from the start with `--inputs`. What came
    in is recorded beside its journal. Raises LatentError for what is no input, gate or limit.
    """
    channels = inputs or (1,)
    for channel in channels:
        if not is_whole(channel, 1, INPUTS):
            raise wrong("live_in", f"inputs from 1 to {INPUTS}", channel, "live_in(1)", LatentError)
    return LiveIn(channels, _decibels(gate, "gate"), _decibels(limit, "limit"), _ears(channels))


def _decibels(value: Any, what: str) -> float:
    if not is_number(value) or not QUIETEST <= value <= 0:
        allowed = f"dB from {QUIETEST:g} to 0"
        raise wrong(f"{what} of live_in", allowed, value, f"live_in(1, {what}=-50)", LatentError)
    return float(value)


def _ears(channels: Iterable[int]) -> tuple[Live, ...]:
    return tuple(Live(f"audio:{channel}") for channel in channels)


def heard_by(moments: Moments, what: str) -> Any:
    """Who keeps what came in. Raises LatentError where nobody does."""
    found = None if moments.live is None else moments.live.known(HEARD)
    if found is None:
        raise LatentError(
            f"{what} is heard in a set, and in the render of one that was recorded; nothing comes in here"
        )
    return found


def _live_in(node: LiveIn, scene: ReadContext) -> Reader:
    def read(moments: Moments) -> Latents:
        heard: Heard = heard_by(moments, repr(node))
        live = moments.live
        assert live is not None
        return heard.latents(node, scene.model, live.seen, live.foreseen)

    return read


def _shown(node: LiveIn) -> str:
    changed = [f"{name}={value:g}" for name, value, usual in _levels(node) if value != usual]
    return f"live_in({', '.join([*map(str, node.channels), *changed])})"


def _levels(node: LiveIn) -> tuple[tuple[str, float, float], ...]:
    return (("gate", node.gate, GATE), ("limit", node.limit, LIMIT))


BUILDERS[LiveIn] = _live_in
WORDS[LiveIn] = _shown
