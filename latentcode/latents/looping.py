"""Loops of what came in, as trajectories: by a name, under which the engine fills them (see
`set/loops.py`). What is heard at a sample depends on what was asked before it, and what came in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float64
from latentcode.errors import LatentError
from latentcode.latents.compile import BUILDERS, Latents, ReadContext, Reader
from latentcode.latents.listening import LiveIn, heard_by
from latentcode.latents.moments import Moments
from latentcode.latents.show import WORDS
from latentcode.latents.trajectory import Trajectory

LOOPS = "loop:"  # what comes before the name of a loop where the engine's things are looked up by name


class LoopKeeper(Protocol):
    """Who tells the engine what a loop is to do."""

    def tell(self, loop: InputLoop, what: str, quant: Any) -> None: ...


class Round(Protocol):
    """A loop as it stands."""

    def latents(self, model: str, samples: Float64, place: Float64 | None, backwards: bool) -> Latents:
        """What is heard of it at session samples (N,), or at places from 0 to 1 in it."""
        ...


@dataclass(frozen=True, repr=False)
class InputLoop(Trajectory):
    """A loop of some cycles of what comes in, recorded in latent frames, and played round.

    All that it is asked is done at the next boundary (`quant` as in quant(…)).
    """

    name: str
    cycles: Fraction
    source: LiveIn
    keeper: LoopKeeper | None = field(default=None, compare=False)

    @property
    def timed(self) -> bool:
        return False

    def reseeded(self, index: int) -> Trajectory:
        return self

    def record(self, quant: Any = ...) -> InputLoop:
        """Record it: heard from when it is complete; what was in it before is left until then.

        Raises LatentError outside of the prompt.
        """
        return self._told("record", quant)

    def overdub(self, quant: Any = ...) -> InputLoop:
        """Record what comes in, once round, on top of what is there.

        Raises LatentError outside of the prompt.
        """
        return self._told("overdub", quant)

    def replace(self, quant: Any = ...) -> InputLoop:
        """Record what comes in, once round, in the place of what is there.

        Raises LatentError outside of the prompt.
        """
        return self._told("record", quant)

    def half(self, quant: Any = ...) -> InputLoop:
        """Go round at half speed, at the same pitch; once more, at full speed again.

        Raises LatentError outside of the prompt.
        """
        return self._told("half", quant)

    def turn(self, quant: Any = ...) -> InputLoop:
        """Go round the other way from where it is; once more, as it came in again.

        Raises LatentError outside of the prompt.
        """
        return self._told("turn", quant)

    def undo(self, quant: Any = ...) -> InputLoop:
        """Leave out what was recorded last, or is being recorded.

        Raises LatentError outside of the prompt.
        """
        return self._told("undo", quant)

    def clear(self, quant: Any = ...) -> InputLoop:
        """Be empty; undo brings it back.

        Raises LatentError outside of the prompt.
        """
        return self._told("clear", quant)

    def _told(self, what: str, quant: Any) -> InputLoop:
        if self.keeper is None:
            raise LatentError("a loop is told what to do at the prompt, where looper(4) made it")
        self.keeper.tell(self, what, quant)
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "keeper": None}


class Silent(Protocol):
    """Who knows the latents of silence."""

    def silent(self, model: str, count: int) -> Latents: ...


def _input_loop(node: InputLoop, scene: ReadContext) -> Reader:
    def read(moments: Moments) -> Latents:
        heard: Silent = heard_by(moments, repr(node))
        live = moments.live
        assert live is not None
        loop: Round | None = live.known(LOOPS + node.name)
        if loop is None or live.samples is None or live.foreseen:
            return heard.silent(scene.model, len(moments.cycle))
        return loop.latents(scene.model, live.samples, moments.place, scene.reverse)

    return read


def index_of(phase: Float64, count: int) -> NDArray[np.int64]:
    """The frames at places (N,) of a loop, from 0 to 1, of so many frames."""
    return np.floor(phase * count + 1e-6).astype(np.int64) % count


BUILDERS[InputLoop] = _input_loop
WORDS[InputLoop] = lambda node: f"looper({float(node.cycles):g})"
