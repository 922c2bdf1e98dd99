"""The short way: what is in hand goes to the player at once, past all that is rendered already.

An input is read on the thread on which it arrives, and what it moves is sent before anything else
is done with it. The player applies it at its next border and says which that was; the journal keeps
that, and a replay evaluates nothing. Of what moves faster than the player's buffers the last value
of each counts.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Protocol

import numpy as np

from latentcode.arrays import Float64
from latentcode.clock.tempo import TempoMap
from latentcode.engine.underway import HandLog, Unlogged
from latentcode.inputs.history import Input, InputHistory
from latentcode.inputs.keys import Key, key
from latentcode.inputs.mapping import Binding
from latentcode.set.echoes import PLACES
from latentcode.set.knobs import GRID, Around, Place, Say
from latentcode.set.live_ownership import HeldKnob, Ownership

SETTLED = 16  # time constants after which smoothing has come to its end
LEAST_REST = 0.004  # seconds between two readings of what follows a hand smoothly
LEAST_WAIT = 0.0005
PACES = 512  # blocks whose tempo is known
BEFORE_ALL = -(1 << 40)  # the sample of what hands did before the set began
ECHOES = {place: f"live:{name}" for name, place in PLACES.items()}  # what other faders read of one
DIGITS = 9  # of a value: as many as single precision knows

Item = tuple[Place, int, float]


class ParameterSink(Protocol):
    """What the short way needs of `Sound`."""

    rate: int

    @property
    def playhead(self) -> int: ...
    def border(self, sample: int) -> int: ...
    def border_after(self, moment: float) -> float: ...
    @property
    def period(self) -> float: ...
    def hand(self, items: tuple[Item, ...]) -> None: ...


class Paces:
    """Cycles by samples near the playhead, from what the render thread said at each block."""

    def __init__(self, rate: int) -> None:
        self.sample_rate = rate
        self._known: deque[tuple[int, float, float]] = deque([(BEFORE_ALL, 0.0, 0.5)], maxlen=PACES)

    def put(self, sample: int, cycle: float, cps: float) -> None:
        """From `sample`, which is `cycle`, on there are so many cycles per second."""
        self._known.append((sample, cycle, cps))

    def cycles(self, samples: Float64) -> Float64:
        begin, cycle, cps = self._at(float(samples[0]))
        return np.asarray(cycle + (samples - begin) * cps / self.sample_rate)

    def cps_at(self, sample: int) -> float:
        return self._at(sample)[2]

    def _at(self, sample: float) -> tuple[int, float, float]:
        known = list(self._known)
        return next((one for one in reversed(known) if one[0] <= sample), known[0])


def rounded(value: float) -> float:
    """A value as the player and the journal are told of it."""
    return float(f"{value:.{DIGITS}g}")


class ParameterFollower:
    """On one knob: what it would be at the playhead, and what the player was told last."""

    def __init__(self, held: HeldKnob, around: Around) -> None:
        self.held, self._twin = held, held.knob.twin(around)
        self.told: float | None = rounded(held.value)
        self.keys, self.restless = self._twin.keys, self._twin.restless
        self.tail = SETTLED * self._twin.settling / 1000  # seconds for which it moves on after a hand has
        self.until = held.since

    @property
    def shown(self) -> float:
        """Where it stands, in the musician's unit."""
        return self._twin.shown

    def moved(self, sample: int) -> float | None:
        """Its value at a sample; None where the player knows it."""
        value = rounded(self._twin.read(sample))
        self.held.knob.seen = self.shown
        if value == self.told:
            return None
        self.told = value
        return value


class DirectParameters:
    """From the threads of ports to the player.

    A thread of its own sees to what moves by itself, and to what waits.

    `counts` says what an input is worth (None: nothing, while another value holds); `say` is told
    of a setting that fails; `log` keeps what is on its way. No more than one message goes to the
    player in each of its buffers.
    """

    def __init__(
        self, player: ParameterSink, counts: Callable[[Input], float | None], say: Say, seed: int = 0
    ) -> None:
        self._player, self._counts = player, counts
        self.log: HandLog = Unlogged()
        self.paces, self.inputs = Paces(player.rate), InputHistory(player.rate)
        self._around = Around(seed, lambda: self.paces, say, self.inputs)
        # The render thread puts into these without the lock: a hand that is being served never keeps it.
        self._turns: deque[Ownership] = deque()
        self._echoes: deque[tuple[int, Input]] = deque()
        self._fingers: dict[Place, ParameterFollower] = {}
        self._bound: dict[str, Binding] = {}
        self._about: dict[str, list[Place]] = {}  # by exact key what it moves
        self._due: dict[Place, None] = {}
        self._here = self._sent = BEFORE_ALL
        self._lock, self._wake, self._begun, self._closed = Lock(), Event(), False, False
        self._thread = Thread(target=self._run, name="short way", daemon=True)

    def begin(self) -> None:
        """The set begins: the playhead counts."""
        self._begun = True
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._wake.set()

    def pace(self, sample: int, tempo: TempoMap) -> None:
        """The tempo at the first sample that is not rendered; told by the render thread."""
        self.paces.put(sample, float(tempo.cycle_at(sample)), float(tempo.cps_at(sample)))

    def turn(self, turn: Ownership) -> None:
        """Something else will be in hand from a sample on; told by the render thread."""
        self._turns.append(turn)
        self._wake.set()

    def echo(self, given: Input, sample: int) -> None:
        """A fader, or the tempo, will stand elsewhere from a sample on;
        told by the render thread.
        """
        self._echoes.append((sample, given))
        self._wake.set()

    def arrive(self, given: Input, moment: float) -> None:
        """A hand has moved; called on the thread on which that arrives."""
        with self._lock:
            here = self._look()
            value = self._counts(given)
            if value is None:
                return
            moved = self._put(Input(given.key, value))
            if not moved:
                return
            # The thread is woken only where something is left for it, as that would cost each input a switch.
            waits = not self._flush(here)
            if waits or any(self._moves(self._fingers[place], here) for place in moved):
                self._wake.set()

    def again(self) -> None:
        """There is another player: tell it all."""
        with self._lock:
            for place, finger in self._fingers.items():
                finger.told = None
                self._due[place] = None
        self._wake.set()

    # under the lock

    def _look(self) -> int:
        """The playhead's sample; what is in hand from there on is taken up."""
        if self._begun:  # never back: what is put into a history comes in order
            self._here = max(self._here, self._player.playhead)
        while self._turns and self._turns[0].sample <= self._here:
            self._take(self._turns.popleft())
        while self._echoes and self._echoes[0][0] <= self._here:
            _, given = self._echoes.popleft()
            if not any(
                ECHOES.get(place) == given.key for place in self._fingers
            ):  # whose hands are known sooner
                self._put(given)
        return self._here

    def _put(self, given: Input) -> list[Place]:
        """Let an input have a value from here on; returns what it moves, which is due."""
        self.inputs.put(given, self._here)
        moved = self._moved_by(given.key)
        for place in moved:
            self._due[place] = None
            finger = self._fingers[place]
            finger.until = self._here + round(finger.tail * self._player.rate)
        return moved

    def _take(self, turn: Ownership) -> None:
        for given in turn.recalled:
            self.inputs.put(given, self._here)
        for name in [name for name in self._bound if name not in turn.bound]:
            self.inputs.bind(f"live:{name}", None, self._here)
        for name, bound in turn.bound.items():
            if self._bound.get(name) != bound:
                self.inputs.bind(f"live:{name}", bound.to, self._here, bound.shaped)
        self._bound, self._about = dict(turn.bound), {}
        before, self._fingers = self._fingers, {}
        for place, held in turn.held.items():
            finger = before.get(place)
            # The same place in the same hand goes on: where it glides to, and what the player knows.
            if finger is None or finger.held != held:
                finger = ParameterFollower(held, self._around)
                finger.until = self._here + round(finger.tail * self._player.rate)
                self._due[place] = None
            self._fingers[place] = finger
        for place in before:
            if self._fingers.get(place) is not before[place]:
                self.log.let_go(place)
        for place, finger in self._fingers.items():
            if finger.held.knob.seen is not None:
                self._echoed(place, finger)

    def _moved_by(self, exact: str) -> list[Place]:
        if exact not in self._about:
            one = key(exact)
            self._about[exact] = [
                place
                for place, finger in self._fingers.items()
                if any(self._meaning(wanted).matches(one) for wanted in finger.keys)
            ]
        return self._about[exact]

    def _meaning(self, wanted: Key) -> Key:
        bound = self._bound.get(wanted.what) if wanted.kind == "live" else None
        return key(bound.to) if bound else wanted

    def _moves(self, finger: ParameterFollower, here: int) -> bool:
        return finger.restless or here < finger.until

    def _flush(self, here: int) -> bool:
        """Send what is due, unless something was sent in this buffer already."""
        # The player applies at the borders of its buffers alone, so a second message would only be read;
        # what comes meanwhile stays due, and the last value of each counts.
        if here == self._sent or not self._begun:
            return not self._due
        items: dict[Place, Item] = {}
        known: set[Place] = set()  # faders may read each other, even in a circle: each is read once
        while fresh := [place for place in self._due if place not in known]:
            known.add(place := fresh[0])
            del self._due[place]
            finger = self._fingers.get(place)
            value = None if finger is None else finger.moved(here)
            if finger is not None and value is not None:
                items[place] = (place, finger.held.since, value)
                self._echoed(place, finger)
        if items:
            self._sent = here
            self.log.sent(self._player.border(here), items.values())
            self._player.hand(tuple(items.values()))
        return not self._due

    def _echoed(self, place: Place, finger: ParameterFollower) -> None:
        """A fader has moved that others may read: they are due, too, each once in a buffer."""
        echo = ECHOES.get(place)
        if echo is not None and self._moved_by(echo):
            self._put(Input(echo, finger.shown))

    # its thread

    def _run(self) -> None:
        rest: float | None = None
        while not self._closed:
            self._wake.wait(rest)
            self._wake.clear()
            with self._lock:
                here = self._look()
                moving = [place for place, finger in self._fingers.items() if self._moves(finger, here)]
                self._due |= dict.fromkeys(moving)
                self._flush(here)
                gliding = any(here < finger.until for finger in self._fingers.values())
                rest = self._rest(bool(moving), gliding)

    def _rest(self, moving: bool, gliding: bool) -> float | None:
        """Seconds until something is to be done; None: until a hand moves."""
        now, player = time.monotonic(), self._player
        if self._due:
            return max(player.border_after(now) - now, LEAST_WAIT)
        waits = [max(player.period, LEAST_REST if gliding else GRID / player.rate)] if moving else []
        coming = [turn.sample for turn in list(self._turns)[:1]] + [one for one, _ in list(self._echoes)[:1]]
        waits += [max((sample - self._here) / player.rate, LEAST_WAIT) for sample in coming]
        return min(waits, default=None)
