"""What patterns will need later than their trial has looked is encoded ahead, while they play.

A trial reads eight cycles. Here the cycles that come after are read, one at a time and long before
they are due, with silence in the place of what is missing, which is asked of the encoder. Patterns
that call functions of the musician's are left out: those run where they are heard, and nowhere else
without need.
"""

from __future__ import annotations

import threading
import time
from fractions import Fraction
from functools import partial

from latentcode.engine.preparing import TRIAL_CYCLES
from latentcode.errors import LatentcodeError
from latentcode.patterns.tree import foreign
from latentcode.set.grabs import Grabs, WithGrabs
from latentcode.sounds.live import EncoderProcess, LiveStore
from latentcode.synth.compiled import CompiledPattern
from latentcode.synth.renderer import Renderer
from latentcode.synth.trial import try_out

LOOK = 0.25  # seconds between two looks at what plays
SHARE = 0.02  # of a core
LEAST = 12.0  # seconds that are looked ahead, where cycles are short


class Foresight:
    """Reads ahead on a thread of its own, until `close`."""

    def __init__(self, renderer: Renderer, store: LiveStore, grabs: Grabs, encoder: EncoderProcess) -> None:
        self._renderer, self._store, self._grabs, self._encoder = renderer, store, grabs, encoder
        self._read: dict[tuple[int, str], int] = {}  # up to which cycle each voice's pattern has been read
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="foresight", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Look no further."""
        self._end.set()

    def _run(self) -> None:
        while not self._end.wait(LOOK):
            playing = [(voice.index, part) for voice in self._renderer.voices if (part := voice.playing)]
            self._read = {
                (at, p.pattern.digest): self._from(at, p) for at, p in playing if not foreign(p.pattern)
            }
            for index, part in playing:
                self._look(index, part)

    def _from(self, index: int, part: CompiledPattern) -> int:
        """The first cycle that has not been read, by a trial or here."""
        soon = int(self._renderer.cycle) + TRIAL_CYCLES - 2  # it may have taken over a little after its trial
        return max(self._read.get((index, part.pattern.digest), soon), int(self._renderer.cycle) + 1)

    def _look(self, index: int, part: CompiledPattern) -> None:
        """Read what is still to be read of a pattern."""
        renderer, key = self._renderer, (index, part.pattern.digest)
        ahead = max(TRIAL_CYCLES, round(LEAST * float(renderer.tempo.cps_at(renderer.position))))
        while key in self._read and self._read[key] < renderer.cycle + ahead and not self._end.is_set():
            begun = time.thread_time()
            self._ask(index, part, self._read[key])
            self._read[key] += 1
            self._end.wait((time.thread_time() - begun) / SHARE)

    def _ask(self, index: int, part: CompiledPattern, cycle: int) -> None:
        """Ask for what one cycle of a pattern needs.

        What is wrong with it is told when it is due.
        """
        gatherer = self._store.gatherer()
        store = WithGrabs(gatherer, self._grabs)
        try:
            look = partial(try_out, self._renderer, part.pattern, index, store.frames, 1, store.samples)
            look(first=Fraction(cycle), ring=store.ring, model=gatherer.model)
            if gatherer.read():
                look(first=Fraction(cycle), ring=store.ring, model=gatherer.model)
        except (LatentcodeError, ArithmeticError, LookupError, TypeError, ValueError):
            return
        for job in gatherer.missing.values():
            self._encoder.request(job, ahead=True)
