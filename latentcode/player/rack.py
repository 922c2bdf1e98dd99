"""The place of a chain of effects in a voice or on the mix:
chains come and go in it without a click.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.player.chain import Chain
from latentcode.player.mixer import moved
from latentcode.protocol.player_messages import Spec

FADE_SECONDS = 0.02
END_SECONDS = 0.5
REST_SECONDS = 0.25
CEILING = 32.0
"""What a chain gives is clipped here (30 dB over full scale); one that stays there has gone bad."""
STUCK_SECONDS = 0.25
MOST_LEAVING = 3
"""Chains that ring on at a time; one more ends the oldest."""


class RackPath:
    """A chain, or the way around it (None), and how much of the input it gets.

    `life`: buffers that it still sounds; None for the one that stays.
    """

    def __init__(self, chain: Chain | None, level: float, target: float) -> None:
        self.chain, self.start, self.target = chain, level, target
        self.life: int | None = None

    def level(self, ramp: Float32) -> Float32:
        """The part's weights while the fade goes from 0 to 1."""
        return np.asarray(self.start + (self.target - self.start) * ramp, np.float32)


class Rack:
    """`process` gives what the present chain makes of a pair (2, buffer);
    the pair itself where there is none.

    `switch` lets another chain take over: the inputs cross-fade, and the one before rings on for a
    bounded time. A chain that gives what is no number, or is stuck at the ceiling, is left out and
    built anew; `bad` is called when that happens, once for each chain that was asked for.
    """

    def __init__(self, rate: int, buffer: int, bad: Callable[[], None]) -> None:
        self._rate, self._buffer, self._bad = rate, buffer, bad
        self._fade = max(1, round(FADE_SECONDS * rate))
        self._end = self._buffers(END_SECONDS)
        self._parts: list[RackPath] = [RackPath(None, 1.0, 1.0)]
        self._faded = self._fade
        self._resting = self._stuck = 0
        self._told = False
        self._prepared: dict[Spec, deque[Chain]] = {}
        self.spec: Spec = ()
        self.rubbish: deque[Chain] = deque()

    def begin(self, spec: Spec) -> None:
        """Start with a chain, without a fade."""
        self.spec = spec
        self._parts = [RackPath(self._chain(spec), 1.0, 1.0)]

    def prepare(self, spec: Spec) -> None:
        """Build a chain beside the audio thread, for a `switch` that is to come."""
        if spec:
            self._prepared.setdefault(spec, deque()).append(Chain(spec, self._rate, self._buffer))

    def switch(self, spec: Spec) -> None:
        """Let another chain take over from the next buffer on."""
        self.spec, self._told, self._resting = spec, False, 0
        self._take_over(self._chain(spec))

    def turn(self, place: int, parameter: int, value: float) -> None:
        """Move a parameter of the present chain."""
        self.spec = moved(self.spec, place, parameter, value)
        if (chain := self._parts[-1].chain) is not None:
            chain.turn(place, parameter, value)

    def process(self, pair: Float32) -> Float32:
        """One buffer, (2, buffer) → (2, buffer)."""
        if len(self._parts) == 1 and self._parts[0].chain is None and not self._resting:
            return pair
        if self._faded >= self._fade and len(self._parts) == 1:
            out = self._heard(self._parts[0], pair)
        else:
            out = self._sum(pair)
        self._parts = [part for part in self._parts if not self._over(part)]
        if self._resting:
            self._resting -= 1
            if not self._resting:
                self._take_over(self._chain(self.spec))
        return out

    def tidy(self) -> None:
        """Beside the audio thread: free what has ended,
        and build what will be needed after a rest.
        """
        while self.rubbish:
            self.rubbish.popleft().close()
        spec = self.spec
        if self._resting and spec and not self._prepared.get(spec):
            self.prepare(spec)

    def close(self) -> None:
        """Let go of all chains."""
        chains = [part.chain for part in self._parts] + [c for kept in self._prepared.values() for c in kept]
        self._parts, self._prepared = [RackPath(None, 1.0, 1.0)], {}
        self.rubbish.extend(chain for chain in chains if chain is not None)
        self.tidy()

    def _buffers(self, seconds: float) -> int:
        return int(seconds * self._rate / self._buffer) + 1

    def _chain(self, spec: Spec) -> Chain | None:
        if not spec:
            return None
        kept = self._prepared.get(spec)
        if kept:
            chain = kept.popleft()
            if not kept:
                del self._prepared[spec]
            return chain
        return Chain(spec, self._rate, self._buffer)

    def _take_over(self, chain: Chain | None) -> None:
        self._restart_fade()
        for part in self._parts:
            part.target = 0.0
            if part.life is None:
                tail = part.chain.tail if part.chain else 0.0
                part.life = self._buffers(FADE_SECONDS + tail) + self._end
        leaving = [part for part in self._parts if part.chain is not None and part.life is not None]
        for part in leaving[:-MOST_LEAVING]:
            part.life = min(part.life or 0, self._end)
        self._parts.append(RackPath(chain, 0.0, 1.0))

    def _restart_fade(self) -> None:
        ramp = _smooth(np.float32(self._faded / self._fade))
        for part in self._parts:
            part.start = float(part.level(ramp))
        self._faded = 0

    def _sum(self, pair: Float32) -> Float32:
        steps = np.arange(self._faded + 1, self._faded + 1 + self._buffer, dtype=np.float32)
        ramp = _smooth(np.clip(steps / np.float32(self._fade), np.float32(0.0), np.float32(1.0)))
        fading = self._faded < self._fade
        out = np.zeros_like(pair)
        for part in tuple(self._parts):
            out += self._heard(part, pair * (part.level(ramp) if fading else np.float32(part.target)))
        self._faded = min(self._faded + self._buffer, self._fade)
        return out

    def _heard(self, part: RackPath, pair: Float32) -> Float32:
        if part.chain is None:
            return pair
        made = self._checked(part, part.chain.process(pair))
        if part.life is not None and part.life <= self._end:
            edges = np.linspace(part.life, part.life - 1, self._buffer, dtype=np.float32)
            made = made * (edges / np.float32(self._end))
        return made

    def _checked(self, part: RackPath, made: Float32) -> Float32:
        flat = made.reshape(-1)
        energy = flat.dot(flat)
        if energy <= CEILING**2:
            if part.life is None:
                self._stuck = 0
            return made
        if not np.isfinite(energy):
            return self._leave_out(part, np.zeros_like(made))
        clipped = np.clip(made, -CEILING, CEILING)
        if part.life is None and np.abs(made).max() >= CEILING:
            self._stuck += 1
            if self._stuck > self._buffers(STUCK_SECONDS):
                return self._leave_out(part, clipped)
        return clipped

    def _leave_out(self, part: RackPath, last: Float32) -> Float32:
        """A chain has gone bad: what it gave last, and the way around it until a new one is
        there.
        """
        self._stuck = 0
        if part.chain is not None:
            self.rubbish.append(part.chain)
        part.chain = None
        if part.life is None:
            self._restart_fade()
            part.start = part.target = part.life = 0
            self._parts.append(RackPath(None, 0.0, 1.0))
            self._faded, self._resting = -self._buffer, self._buffers(REST_SECONDS)
            if not self._told:
                self._told = True
                self._bad()
        return last

    def _over(self, part: RackPath) -> bool:
        """Whether a part has had its time; counts it down."""
        if part.life is None:
            return False
        part.life -= 1
        if part.chain is None:
            return self._faded >= self._fade
        if part.life > 0:
            return False
        self.rubbish.append(part.chain)
        return True


def _smooth(ramp: Any) -> Any:
    """A ramp from 0 to 1 that begins and ends level."""
    return ramp * ramp * (3 - 2 * ramp)
