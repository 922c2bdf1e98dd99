"""What hands have done: a history by input, in which the value at any sample can be looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import RLock

from latentcode.arrays import Float64
from latentcode.inputs.keys import Input as Input
from latentcode.inputs.keys import Key, key
from latentcode.inputs.line import Asked, Line, together

KEPT = 600  # seconds of the past that can be looked up

Shape = Callable[[float], float]


class InputHistory:
    """All live inputs of a set.

    Inputs are put in the order of their samples; looking up changes nothing.

    One thread puts; any may look up.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.known: dict[str, object] = {}  # what was made of them, by name: gestures, spaces
        self._groups: dict[Asked, list[Line]] = {}
        self._lock, self._turn = RLock(), 0
        self._lines: dict[str, Line] = {}  # by exact key
        self._wanted: dict[str, Line] = {}  # by name as it was asked for
        self._meant: dict[str, Key] = {}
        self._bound: dict[str, Key] = {}  # live:… → what it is bound to
        self._shapes: dict[str, Shape] = {}  # live:… → what it makes of the values
        self._reached: dict[
            str, list[tuple[Line, Shape]]
        ] = {}  # the lines that an exact key is put to, and how

    def put(self, given: Input, sample: int) -> None:
        """An input has this value from `sample` on."""
        with self._lock:
            self._turn += 1
            for line, shape in self._reaching(given.key):
                line.put(sample, shape(given.value), self._turn)
                if line.count % 1024 == 0:
                    line.forget(sample - KEPT * self.rate)

    def bind(self, name: str, to: str | None, sample: int, shape: Shape = float) -> None:
        """Let `live:name` be what `shape` makes of another input from `sample` on; None:
        stay where it is.
        """
        with self._lock:
            self._bound[name], self._shapes[name] = key(to or name), shape
            self._reached = {}
            line = self._wanted.setdefault(name, Line())
            self._meant.setdefault(name, key(name))
            present = self._merged(self._bound[name]).present
            if present is not None:
                line.put(sample, shape(present), self._turn)

    def read(
        self, name: str, samples: Float64, tau: float = 0.0, default: float | None = None
    ) -> Float64 | None:
        """Its values at samples (N,), smoothed with time constant `tau` in samples;
        None while nothing is known.

        Before its first value `default` holds, and where that is None, the first value.
        """
        with self._lock:
            line = self._line(name)
            return line.at(samples, tau, default) if line.count else None

    def read_many(self, asked: Asked, samples: Float64) -> Float64:
        """The values of many inputs at samples (N,), as `read` gives each: (N, inputs)."""
        with self._lock:
            lines = self._groups.get(asked)
            if lines is None:
                lines = self._groups[asked] = [self._line(name) for name, _, _ in asked]
            return together(lines, asked, samples)

    def present(self, name: str) -> float | None:
        """The last value that a name has, as it is read; None while nothing is known."""
        with self._lock:
            return self._line(name).present

    def states(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """How often each of these names was given a value."""
        with self._lock:
            return tuple(self._line(name).puts for name in names)

    def reaches(self, exact: str, name: str) -> bool:
        """Whether an input with an exact key changes what `name` reads."""
        with self._lock:
            self._line(name)
            return self._meaning(name).matches(key(exact))

    def latest(self) -> Mapping[str, float]:
        """The last value of every input, by exact key."""
        with self._lock:
            return {name: line.present for name, line in self._lines.items() if line.present is not None}

    def history(self, name: str) -> list[tuple[int, int, float]]:
        """What an input has said, by its exact key: (sample, turn, value);
        turns count all that was put.
        """
        with self._lock:
            line = self._lines.get(name)
            return [] if line is None else line.known()

    def _line(self, name: str) -> Line:
        if name not in self._wanted:
            self._meant[name] = key(name)
            self._wanted[name] = self._merged(self._meaning(name))
            self._reached = {}
        return self._wanted[name]

    def _reaching(self, exact: str) -> list[tuple[Line, Shape]]:
        if exact not in self._reached:
            own, meant = self._lines.setdefault(exact, Line()), key(exact)
            wanted = [
                (line, self._shapes.get(name, float))
                for name, line in self._wanted.items()
                if self._meaning(name).matches(meant)
            ]
            self._reached[exact] = [(own, float), *wanted]
        return self._reached[exact]

    def _meaning(self, name: str) -> Key:
        return self._bound.get(name) or self._meant[name]

    def _merged(self, meant: Key) -> Line:
        """The history of all inputs that are meant, as one."""
        lines = [line for name, line in self._lines.items() if meant.matches(key(name))]
        merged = Line()
        for sample, turn, value in sorted(one for line in lines for one in line.known()):
            merged.put(sample, value, turn)
        return merged
