"""`live("d1.gain")`: where faders and the tempo stand, as inputs that patterns can read;
pure in commands and inputs.

Only those that a command has asked for are read, at multiples of GRID samples and where a command
moves them.
"""

from __future__ import annotations

from collections.abc import Callable

from latentcode.inputs.history import Input
from latentcode.inputs.keys import key
from latentcode.parameters import VOICES
from latentcode.patterns.tree import live_inputs
from latentcode.set.commands import Command
from latentcode.set.faders import Faders
from latentcode.set.knobs import Around, Knob, Place, grid
from latentcode.synth.renderer import Renderer

TEMPO = "bpm"
PLACES: dict[str, Place] = {
    **{f"d{n + 1}.{what}": (what, n) for n in range(VOICES) for what in ("gain", "pan")},
    "master": ("master",),
}
ECHOED = frozenset({*(f"live:{name}" for name in PLACES), f"live:{TEMPO}"})  # names of inputs


class Echoes:
    """Puts what is asked for into the inputs of a set; `told` hears of it, with its sample."""

    def __init__(self, renderer: Renderer, faders: Faders, around: Around) -> None:
        self._renderer, self._faders, self._around = renderer, faders, around
        self.told: Callable[[Input, int], None] = lambda given, sample: None
        self._latest: dict[str, float | None] = {}  # by name what was put last
        self._twins: dict[str, tuple[Knob, Knob]] = {}  # by name the fader's knob, and one like it to read

    @property
    def wanted(self) -> bool:
        """Whether any command has asked for one."""
        return bool(self._latest)

    def asked(self, command: Command) -> None:
        """Remember what a command's patterns want to read."""
        for live in live_inputs(command.arguments):
            if live.name in ECHOED:
                self._latest.setdefault(key(live.name).what, None)

    def follow(self, sample: int) -> None:
        """Put what stands elsewhere at a sample."""
        for name, told in self._latest.items():
            value = self._stands(name, sample)
            if value != told:
                self._latest[name] = value
                self._renderer.inputs.put(Input(f"live:{name}", value), sample)
                self.told(Input(f"live:{name}", value), sample)

    def advance(self, begin: int, end: int) -> None:
        """What moves at the grid positions from sample `begin` up to `end`."""
        for sample in grid(begin, end) if self.wanted else ():
            self.follow(sample)

    def _stands(self, name: str, sample: int) -> float:
        renderer = self._renderer
        if name == TEMPO:
            return float(renderer.tempo.cps_at(sample) * 60 * renderer.settings.beats)
        knob = self._faders.at(*PLACES[name])
        if knob.fixed:
            return knob.parameter.clamped(knob.shown)
        known, twin = self._twins.get(name, (None, None))
        if twin is None or known is not knob:
            twin = knob.twin(self._around)
            self._twins[name] = knob, twin
        twin.move(sample)
        return twin.shown
