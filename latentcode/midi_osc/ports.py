"""Which MIDI inputs are there, and what they say: found when they are plugged in,
let go of when they are gone.

What is heard goes to `tell`, on the thread that runs `Ports.run`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from latentcode.inputs.encoders import both_steps
from latentcode.inputs.keys import ANY, Input, port_name, thinned
from latentcode.midi_osc.interface import Interface, OpenInput
from latentcode.midi_osc.midi import MidiDecoder
from latentcode.midi_osc.packages import ours, working
from latentcode.protocol.helper_messages import FromMidiIn, InputNames, Inputs, Realtime
from latentcode.protocol.messages import Notice

CREEP = 1e-4  # by which an interface's clock may be slower than ours
LATEST = 1.0  # seconds that a packet may wait for us; where it seems more, some before it were lost
GRID = 1000  # parts of a second in which the last value of a controller counts

Tell = Callable[[FromMidiIn], None]
Arrived = tuple[Input, float]


@dataclass
class Arrivals:
    """When packets arrived: the interface knows the seconds between them,
    and none is there before it arrives.
    """

    _base: float = float("inf")
    _sum: float = 0.0

    def moment(self, since: float, now: float) -> float:
        """The moment of a packet that came `since` seconds after the one before and is there at
        `now`.
        """
        self._sum += since
        here = now - self._sum
        self._base = min(self._base + CREEP * since, here)
        if here - self._base > LATEST:
            self._base = here
        return self._base + self._sum


@dataclass
class InputSource:
    """An input that is listened to, under the name that keys have."""

    name: str
    line: OpenInput
    decoder: MidiDecoder
    arrivals: Arrivals = field(default_factory=Arrivals)

    def read(self, tell: Tell) -> list[Arrived]:
        """What has arrived, each with its moment; clocks are told at once."""
        found: list[Arrived] = []
        for packet, since in self.line.read():
            moment = self.arrivals.moment(since, time.monotonic())
            heard, clocks = self.decoder.decode(packet)
            found += [(given, moment) for given in heard]
            for clock in clocks:
                tell(Realtime(self.name, clock, moment))
        return thinned(found, lambda moment: int(moment * GRID), both=both_steps) if len(found) > 1 else found


def told(found: list[Arrived]) -> Inputs:
    """The same as it travels."""
    return Inputs(tuple((name, value, moment) for (name, value), moment in found))


POLL_SECONDS = 0.001  # between two looks into the queues: 2 % of a core
REST_SECONDS = 0.003  # the same when nothing was heard for QUIET_SECONDS: 0.6 %
QUIET_SECONDS = 5.0
LOOK_SECONDS = 0.15  # between two looks at what is plugged in
RENEW_SECONDS = 3.0  # between two tries where nothing is there: the server may have been started again

NO_MIDI = (
    "no MIDI here: no interface of the system answers (ALSA's sequencer, JACK); sets play without controllers, "
    "and latentcode doctor says what to type"
)

Place = tuple[str, int]  # a port's name as the interface has it, and which of that name


def places(ports: Iterable[str]) -> list[Place]:
    """Ports in their order, each with how many of its name come before it."""
    found: list[Place] = []
    for port in ports:
        found.append((port, sum(port == other for other, _ in found)))
    return found


class PortNames:
    """Names for ports that stay theirs, and of which no two that are there are equal: nano,
    nano_2.
    """

    def __init__(self) -> None:
        self._had: dict[Place, str] = {}
        self._present: dict[Place, str] = {}

    def of(self, places: Iterable[tuple[Place, str]]) -> dict[Place, str]:
        """The names of the ports that are there now, each given with its plain name."""
        there = dict(places)
        self._present = {place: name for place, name in self._present.items() if place in there}
        for place, plain in there.items():
            if place not in self._present:
                self._present[place] = self._had[place] = self._free(place, plain)
        return {place: self._present[place] for place in there}

    def _free(self, place: Place, plain: str) -> str:
        taken = set(self._present.values())
        had = self._had.get(place)
        if had is not None and had not in taken:
            return had
        number, name = 1, plain
        while name in taken:
            number += 1
            name = f"{plain}_{number}"
        return name


class Ports:
    """Listens to the inputs that are chosen.

    `interface` finds the system's; others tell us from any thread.
    """

    def __init__(
        self,
        tell: Tell,
        interface: Callable[[], Interface | None] = working,
        going: Callable[[], None] = lambda: None,
    ) -> None:
        self._tell, self._find, self._going = tell, interface, going
        self._interface: Interface | None = None
        self._names = PortNames()
        self._sources: dict[Place, InputSource] = {}
        self._virtual: dict[str, InputSource | None] = {}
        self._there: dict[Place, str] = {}
        self._cut: set[Place] = set()  # what others have disconnected
        self._chosen: tuple[str, ...] = (ANY,)
        self._asked: list[Callable[[], None]] = []
        self._wake, self._end = threading.Event(), threading.Event()
        self._silent_since, self._started, self._told = 0.0, False, False
        self._heard_at = 0.0

    # from any thread

    def choose(self, fragments: Iterable[str]) -> None:
        """Listen to the inputs with one of these in their names, ANY for all; nothing: to none,
        not even virtual.
        """
        chosen = tuple(port_name(text) if text != ANY else ANY for text in fragments)
        self._ask(lambda: self._on_choice(chosen))

    def make(self, name: str) -> None:
        """Make an input of our own, which others connect to."""
        self._ask(lambda: self._on_virtual(name))

    def close(self) -> None:
        """Let `run` end."""
        self._end.set()
        self._wake.set()

    def _ask(self, what: Callable[[], None]) -> None:
        self._asked.append(what)
        self._wake.set()

    # the thread that listens

    def run(self) -> None:
        """Listen until `close`."""
        next_look = 0.0
        while not self._end.is_set():
            self._wake.clear()
            while self._asked:
                self._asked.pop(0)()
                next_look = 0.0
            if time.monotonic() >= next_look:
                self._going()
                self.look()
                next_look = time.monotonic() + LOOK_SECONDS
            self._wake.wait(self._pause(self.read()))
        self._going()
        self._let_go()

    def _pause(self, listening: bool) -> float:
        quiet = time.monotonic() - self._heard_at > QUIET_SECONDS
        return LOOK_SECONDS if not listening else REST_SECONDS if quiet else POLL_SECONDS

    def read(self) -> bool:
        """Tell what has arrived; whether anything is listened to."""
        found: list[Arrived] = []
        sources = [*self._sources.values(), *filter(None, self._virtual.values())]
        for source in sources:
            found += source.read(self._tell)
        if found:
            self._heard_at = time.monotonic()
            self._tell(told(found))
        return bool(sources)

    def look(self) -> None:
        """Find what was plugged in, and what is gone."""
        if self._interface is None and not self._renew():
            return
        before = self._heard(), self._there
        ports = self._listed()
        self._hang_up(ports)
        self._leave_cut()
        self._there = self._names.of((place, self._plain(place)) for place in ports)
        for place, name in self._there.items():
            if place not in self._sources and self._wanted(name):
                self._listen(place, name)
        self._open_virtual()
        self._started = True
        if (self._heard(), self._there) != before:
            self._tell(InputNames(self._heard(), tuple(self._there.values())))

    # what is there

    def _listed(self) -> list[Place]:
        assert self._interface is not None
        found = places(port for port in self._interface.inputs() if not ours(port))
        now = time.monotonic()
        if found:
            self._silent_since = now
        elif self._interface.gone() or now - self._silent_since > RENEW_SECONDS:
            self._renew()
        return found

    def _plain(self, place: Place) -> str:
        assert self._interface is not None
        return self._interface.plain(place[0])

    def _renew(self) -> bool:
        """Look for an interface anew; whether there is one."""
        now = time.monotonic()
        if self._interface is None and self._told and now - self._silent_since <= RENEW_SECONDS:
            return False
        self._silent_since = now
        if self._interface is not None:
            self._interface.close()
        self._interface = self._find()
        if self._interface is None and not self._told:
            self._tell(Notice(NO_MIDI))
        self._told = True
        self._check_virtual()
        return self._interface is not None

    def _wanted(self, name: str) -> bool:
        return any(part == ANY or part in name for part in self._chosen)

    def _heard(self) -> tuple[str, ...]:
        sources = [*self._sources.values(), *filter(None, self._virtual.values())]
        return tuple(source.name for source in sources)

    # coming and going

    def _listen(self, place: Place, name: str) -> None:
        assert self._interface is not None
        try:
            line = self._interface.listen(*place)
        except OSError:
            return  # it is tried again at the next look
        self._sources[place] = InputSource(name, line, MidiDecoder(name))
        if self._started:
            self._tell(Notice(f"{name} is plugged in"))

    def _hang_up(self, ports: list[Place]) -> None:
        """Let go of what is gone.

        Of several of one name nobody knows which is: all are opened anew.
        """
        away = self._interface.returned() if self._interface else set()
        gone = {place for place in self._sources if place not in ports or place[0] in away}
        unsure = {port for port, _ in gone}
        for place in [place for place in self._sources if place[0] in unsure]:
            source = self._sources.pop(place)
            self._drop(source)
            if place in gone:
                self._tell(Notice(f"{source.name} is gone; what is bound to it waits until it is back"))

    def _leave_cut(self) -> None:
        """Whoever takes a cable out at a patchbay means it: it is left out, and told."""
        self._cut &= self._sources.keys()
        cut = self._interface.cut() if self._interface else set()
        for place in [place for place in self._sources if place[0] in cut]:
            self._cut.add(place)
            self._rest(self._sources[place])
            asked = ", ".join(f'"{part}"' for part in self._chosen)
            self._tell(
                Notice(
                    f"{self._sources[place].name} was disconnected by another program; midi_in({asked}) connects it"
                )
            )

    def _drop(self, source: InputSource) -> None:
        """What it has still said, then its keys are let go of."""
        self._rest(source)
        source.line.close()

    def _rest(self, source: InputSource) -> None:
        found, now = source.read(self._tell), time.monotonic()
        found += [(given, now) for given in source.decoder.release()]
        if found:
            self._tell(told(found))

    # what is asked

    def _on_choice(self, chosen: tuple[str, ...]) -> None:
        self._chosen, self._started = chosen, False
        for place, source in list(self._sources.items()):
            if place in self._cut or not self._wanted(source.name):
                self._drop(self._sources.pop(place))
        if not chosen:
            for source in filter(None, self._virtual.values()):
                self._drop(source)
            self._virtual = {}
        self.look()
        self._tell(InputNames(self._heard(), tuple(self._there.values())))
        for part in chosen:
            if part != ANY and not any(part in name for name in self._heard()):
                there = ", ".join(self._there.values()) or "none"
                text = f"no MIDI input has {part!r} in its name (there: {there}); it is heard when it comes"
                self._tell(Notice(text))

    def _on_virtual(self, name: str) -> None:
        self._virtual.setdefault(name, None)
        if self._interface is None:
            self._tell(Notice(f"✗ midi_in({name!r}, virtual=True) waits for MIDI: {NO_MIDI}"))

    def _open_virtual(self) -> None:
        if self._interface is None:
            return
        for name in [name for name, source in self._virtual.items() if source is None]:
            own = port_name(name)
            try:
                self._virtual[name] = InputSource(own, self._interface.virtual(own), MidiDecoder(own))
            except (OSError, NotImplementedError):
                del self._virtual[name]
                text = (
                    f"✗ {self._interface.name} has no virtual inputs; a loopback driver (loopMIDI) makes one"
                )
                self._tell(Notice(text))

    def _check_virtual(self) -> None:
        """Virtual inputs of a server that was started again are made again."""
        for name, source in self._virtual.items():
            if source is not None and not (self._interface and self._interface.shows(source.name)):
                self._drop(source)
                self._virtual[name] = None

    def _let_go(self) -> None:
        for source in [*self._sources.values(), *filter(None, self._virtual.values())]:
            self._drop(source)
        if self._interface is not None:
            self._interface.close()
