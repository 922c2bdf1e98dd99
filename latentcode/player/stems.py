"""What each voice adds to the mix: taken from the graph where it is copied, faded where there is
time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.parameters import VOICES
from latentcode.player.mixer import Mixer

FADER_SECONDS = float(np.float32(0.01))  # as pyo has it


class Heard(Protocol):
    """What stems need of a graph, which has computed a buffer."""

    headroom: np.float32
    block: Float32

    def to_faders(self) -> tuple[Float32, Float32]: ...


@dataclass
class Stems:
    """The voices of a set, (voices, n, 2) each time: what each of them adds to the mix, so that
    their
    sum is what the set's own effects and the limiter are given.

    `tap` is for the transport and copies; `take` gives what came since, with its first session
    sample, and works the faders. `dry`: without the voices' effects. `mixer`: where the faders
    stand
    before the first buffer.
    """

    rate: int
    dry: bool = False
    mixer: Mixer = field(default_factory=Mixer)
    begun: int | None = None  # the first sample of the first buffer
    _came: deque[tuple[int, Float32, Float64, Float32]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._faders = _Faders(max(1, int(FADER_SECONDS * self.rate)), _sides(self.mixer))

    def tap(self, position: int, graph: Heard, mixer: Mixer) -> None:
        """A buffer that begins at a session sample has been computed; in the audio thread."""
        rows, master = graph.to_faders()
        rows = graph.block if self.dry else rows
        self.begun = position if self.begun is None else self.begun
        self._came.append((position, rows.copy(), _sides(mixer), master * graph.headroom))

    def take(self) -> Iterator[tuple[int, Float32]]:
        """The voices, buffer by buffer; to be asked again."""
        while self._came:
            first, rows, sides, master = self._came.popleft()
            ramps = self._faders.over(sides, rows.shape[1])
            heard = rows * ramps.astype(np.float32) * master
            yield first, heard.reshape(VOICES, 2, -1).transpose(0, 2, 1)


def _sides(mixer: Mixer) -> Float64:
    """The gains of each voice's left and right, wherever it goes: (32,)."""
    sides = [mixer.sides(voice, mixer.outs[voice]) for voice in range(VOICES)]
    return np.array(sides, np.float64).reshape(-1)


class _Faders:
    """Where faders are, sample by sample: straight to where they are set, within `steps`."""

    def __init__(self, steps: int, target: Float64) -> None:
        self._steps, self._start, self._target = steps, target, target
        self._since = np.full(len(target), float(steps))

    def over(self, target: Float64, count: int) -> Float64:
        """The next samples of all faders, (faders, count)."""
        if (moved := target != self._target).any():
            self._start = np.where(moved, self._at(self._since[:, None])[:, 0], self._start)
            self._since, self._target = np.where(moved, 0.0, self._since), target
        if (self._since >= self._steps).all():
            return np.repeat(target[:, None], count, axis=1)
        steps = self._since[:, None] + np.arange(1.0, count + 1.0)
        self._since = steps[:, -1]
        return self._at(np.asarray(steps))

    def _at(self, since: Float64) -> Float64:
        """(faders, n) → where they are so many samples after they were set."""
        start, way = self._start[:, None], (self._target - self._start)[:, None]
        return np.asarray(start + way * np.minimum(since / self._steps, 1.0))
