"""The set in time with others: whom it follows, who follows it, and how late it is heard.

Nothing of it is opened before it is asked for. What is asked is noted (`timing TOPIC VALUES`), so
that an engine that takes over joins again; what is decided is noted too (see `decided`), so that a
replay needs nobody. Whoever leads is followed in small changes of tempo, worked out for the next
sample to be rendered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from latentcode.engine.ableton_link import Peers
from latentcode.engine.lamps import Lamps
from latentcode.engine.live_set import LiveSet
from latentcode.engine.midi_clock import STARTED, Followed, Pulses
from latentcode.engine.sound import PlayerLink
from latentcode.errors import LatentcodeError
from latentcode.midi_osc.midi_in_client import Arrive
from latentcode.midi_osc.midi_out_client import Posting
from latentcode.protocol.state import FollowState, LinkState, OscState, TimingState
from latentcode.session import records
from latentcode.session.journal import Session
from latentcode.session.marks import text_of, value_of
from latentcode.session.records import LeaderTempo, LeaderTransport
from latentcode.set.recorded import command_of

if TYPE_CHECKING:
    from latentcode.clock.conductor import Conductor
    from latentcode.midi_osc.osc import Server
    from latentcode.set.scenes import History

EACH = 0.1  # seconds between two looks
SETTLE = 0.5  # seconds in which an error in phase goes down to a third
MOST = Fraction(1, 10)  # of the tempo by which it is bent
WORTH = 2e-4  # of the tempo: smaller corrections are left out
FINEST = 10**6  # steps to a cycle per second, so that fractions stay short over hours
JUMPED = 0.02  # seconds of error from which a set in which nothing sounds jumps


class Leader(Protocol):
    """Another's time; `beats_at` gives None while it is not known."""

    def beats_at(self, moment: float) -> tuple[float, float] | None:
        """The beat at a moment (time.monotonic()), and beats per second."""
        ...


class Correction(NamedTuple):
    """From the sample on for which it was asked: cycles per second,
    and cycles to leave out there.
    """

    cps: Fraction
    jump: Fraction


@dataclass
class Steering:
    """Keeps a tempo map in phase with a leader: beat 0, `beats`, 2 × `beats`,
    … of the leader begin a cycle.

    `error` is by how many seconds the set was late (below 0: early) when it was last looked at.
    """

    beats: int
    error: float = 0.0

    def correct(
        self, leader: Leader, moment: float, cycle: Fraction, cps: Fraction, silent: bool
    ) -> Correction | None:
        """What is to hold from a sample on that is heard at `moment` and would be `cycle`; None:
        what holds.

        `silent`: nothing sounds, so that cycles may be left out.
        """
        known = leader.beats_at(moment)
        if known is None:
            return None
        theirs, pace = known[0] / self.beats, known[1] / self.beats
        behind = theirs % 1 - float(cycle % 1)
        near = behind - round(behind)
        self.error = near / pace
        if silent and abs(self.error) > JUMPED:
            self.error = 0.0
            return Correction(_fine(pace), _fine(behind % 1))
        wanted = pace * (1 + min(max(self.error / SETTLE, -float(MOST)), float(MOST)))
        if abs(wanted - float(cps)) < WORTH * pace:
            return None
        return Correction(_fine(wanted), Fraction(0))


def _fine(number: float) -> Fraction:
    return Fraction(round(number * FINEST), FINEST)


@dataclass
class StartStop:
    """Starting and stopping with others: `playing` is what was last known of them."""

    playing: bool = False

    def look(self, playing: bool, sounding: bool, turned: bool) -> tuple[str | None, bool | None]:
        """What they have done, "start" or "stop", and whether they are to be told that they play.

        They are told of what begins or ends here (`turned`). A set that was silent when they
        started has ended nothing: it stops nobody.
        """
        if playing != self.playing:
            self.playing = playing
            return "start" if playing else "stop", None
        if turned and sounding != playing:
            self.playing = sounding
            return None, sounding
        return None, None


SLOWEST, FASTEST = 20.0, 999.0  # beats per minute that Link knows
ASIDE = 0.001  # seconds by which Link's beat may lie beside ours while we are alone


class Sync:
    """All of it for one engine.

    `tick` and `rendered` are called by the render thread, under the engine's lock.
    """

    def __init__(self, live: LiveSet, sound: PlayerLink, sender: Posting, arrive: Arrive) -> None:
        """`sender` has the MIDI outputs; `arrive` is told what is heard over OSC."""
        self._lock, self._performance, self._renderer = live.lock, live.performance, live.performance.renderer
        self._note, self._tell = live.journal.note, live.desks.notice
        self._sound, self._sender, self._arrive = sound, sender, arrive
        self.latency = 0.0
        self.peers: Peers | None = None
        self.followed: Followed | None = None
        self.clocks: dict[str, Pulses] = {}
        self.server: Server | None = None
        self.lamps = Lamps(live.performance, sender)
        self._steering = Steering(self._renderer.settings.beats)
        self._next = self._renderer.position
        self._pace = Fraction(0)
        self._aside = 0
        self._shared, self._sounding = StartStop(), False
        self._counted, self._told = 0, ""

    # what is heard when

    def moment_of(self, sample: float) -> float:
        """When (time.monotonic()) a session sample is heard."""
        return self._sound.moment_of(sample) + self.latency

    # what is asked

    def do(self, topic: str, values: tuple[Any, ...]) -> None:
        """What the desk asks, by a name of TOPICS. Raises LatentcodeError."""
        TOPICS[topic](self, *values)
        self._note(records.Timing(topic, text_of(values)))

    def restore(self, session: Session) -> None:
        """What was asked last, in the set that this engine takes up."""
        last: dict[str, str] = {}
        for topic, text in _asked(session):
            last.pop(topic, None)  # so that they keep the order in which they were asked last
            last[topic] = text
        for topic, text in last.items():
            try:
                TOPICS[topic.partition(":")[0]](self, *value_of(text))
            except (LatentcodeError, TypeError, ValueError) as error:  # somebody may have changed the file
                self._tell(f"✗ {topic}: {error}")

    def state(self) -> TimingState:
        """What the desk shows."""
        return TimingState(
            1000 * self.latency,
            self._steering.error,
            tuple((out.port, out.running) for out in self.clocks.values()),
            None if self.peers is None else self._linked(self.peers),
            None if self.followed is None else self._follows(self.followed),
            None if self.server is None else self._hears(self.server),
            self.lamps.boards,
        )

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked, by the words for it, each with its options by name; None: nothing."""
        followed, peers, server = self.followed, self.peers, self.server
        return {
            "latency": 1000 * self.latency,
            "link": None if peers is None else {"start_stop": peers.start_stop},
            "follow": followed
            and {"port": followed.port, "transport": followed.transport, "jump": followed.jump},
            "osc": server and {"port": server.port, "host": server.host},
            "clock": {out.port: 1000 * out.nudge for out in self.clocks.values()},
        }

    def _linked(self, peers: Peers) -> LinkState:
        beat, _ = peers.beats_at(self.moment_of(self._sound.playhead)) or (0.0, 0.0)
        beats = self._steering.beats
        return peers.count, peers.bpm, beat % beats, beats, peers.playing, peers.start_stop

    def _follows(self, followed: Followed) -> FollowState:
        return followed.port, followed.bpm, followed.gone, followed.clock.running, followed.transport

    def _hears(self, server: Server) -> OscState:
        return server.host, server.port, server.heard, server.bad

    def realtime(self, port: str, data: bytes, moment: float) -> None:
        """A message of a clock has arrived; on the port's thread."""
        if self.followed is not None:
            self.followed.hear(port, data, moment)

    def close(self) -> None:
        """Leave all of it."""
        self._link(False)
        self._osc_in(None)
        self._clock_out(None, False, 0.0)

    # by the render thread

    def tick(self) -> None:
        """Before a block is rendered: look ten times a second where the others are."""
        self.lamps.tick()
        position = self._renderer.position
        if position < self._next:
            return
        self._next = position + int(EACH * self._sound.rate)
        before, self._sounding = self._sounding, not self._silent
        turned = self._sounding != before
        if turned and self._sounding and self._history.stopped is not None:
            self._transport("begun", position)
        if self.peers is not None:
            self._with_peers(self.peers, position)
            if self.peers.start_stop:
                self._start_stop(self.peers, turned, position)
        elif self.followed is not None:
            self._with_clock(self.followed, position)
        elif self._conductor.led:
            self._leave(position)

    def rendered(self, begin: int, end: int) -> None:
        """A block was rendered: send the pulses that fall on it."""
        for out in self.clocks.values():
            out.advance(self._renderer.tempo, begin, end, self.moment_of)

    # Link

    def _with_peers(self, peers: Peers, position: int) -> None:
        count = peers.count
        if count != self._counted:
            self._counted = count
            self._tell(f"Link: {count} other{'s' * (count != 1)}, {peers.bpm:.6g} bpm")
        if count:
            self._aside = 0
            for wish in self._wishes():
                peers.bpm = _within(float(wish) * 60 * self._steering.beats)
            self._correct(peers, position)
        else:
            self._alone(peers, position)

    def _alone(self, peers: Peers, position: int) -> None:
        """Nobody else is there: Link's tempo and beat are ours, for those who come."""
        if self._conductor.led:
            self._leave(position)
        renderer, beats = self._renderer, self._steering.beats
        bpm = _within(float(renderer.tempo.cps_at(position)) * 60 * beats)
        moment = self.moment_of(position)
        ours = float(renderer.tempo.cycle_at(position) % 1024) * beats
        beat, pace = peers.beats_at(moment) or (ours, 1.0)
        off = (beat - ours) / beats
        beside = abs(off - round(off)) * beats / pace > ASIDE
        self._aside = self._aside + 1 if beside or abs(peers.bpm - bpm) > 1e-4 else 0
        if self._aside > 1:  # once may be somebody who is just joining
            peers.bpm = bpm
            peers.set_beat(ours, moment)

    def _start_stop(self, peers: Peers, turned: bool, position: int) -> None:
        what, tell = self._shared.look(peers.playing, self._sounding, turned)
        if what is not None:
            self._transport(what, position)
        if tell is not None:
            peers.playing = tell

    # MIDI clock

    def _with_clock(self, followed: Followed, position: int) -> None:
        events = followed.events() if followed.transport else []
        if STARTED in events:
            self._correct(followed, position, begins=True)
        for event in events:
            self._transport(event, position)
        if events:
            return
        if followed.beats_at(self.moment_of(position)) is None:
            if self._conductor.led:
                self._leave(position)
        else:
            self._correct(followed, position)
        self._tell_of(followed)

    def _tell_of(self, followed: Followed) -> None:
        """Say once what has become of the clock."""
        bpm = f"{followed.bpm or 0:.5g} bpm"
        standing = "goes on at" if self._told else "is at"
        ours = f"the set {standing} {float(self._pace) * 60 * self._steering.beats:.5g} bpm"
        if followed.absurd:
            told = f"✗ what comes from {followed.port!r} is no tempo"
        elif followed.bpm is None or followed.gone:
            told = f"✗ no clock comes from {followed.port!r}; {ours}" if self._told else ""
        else:
            told = f"the clock of {followed.port!r} is followed: {bpm}"
        if told and told.partition(":")[0] != self._told.partition(":")[0]:
            self._told = told
            self._tell(told)

    # both

    def _correct(self, leader: Peers | Followed, position: int, begins: bool = False) -> None:
        renderer = self._renderer
        jumps = isinstance(leader, Followed) and leader.jump
        silent = (begins and (jumps or self._history.stopped is not None)) or self._silent
        correction = self._steering.correct(
            leader,
            self.moment_of(position),
            renderer.tempo.cycle_at(position),
            renderer.tempo.cps_at(position) if self._conductor.led else Fraction(0),
            silent,
        )
        known = leader.beats_at(self.moment_of(position))
        if known is not None:
            self._pace = Fraction(round(known[1] / self._steering.beats * FINEST), FINEST)
        if correction is not None:
            self._decide(LeaderTempo(position, correction.cps, correction.jump))

    def _leave(self, position: int) -> None:
        """The tempo is ours again, and stays what it was."""
        if self._pace:
            self._decide(LeaderTempo(position, self._pace, Fraction(0)))
        self._decide(LeaderTempo(position))

    def _transport(self, what: str, position: int) -> None:
        self._decide(LeaderTransport(position, what))

    def _decide(self, record: LeaderTempo | LeaderTransport) -> None:
        self._note(record)
        self._performance.schedule(command_of(record), record.sample)

    def _wishes(self) -> list[Fraction]:
        conductor = self._conductor
        wishes, conductor.wish = conductor.wish, []
        return wishes

    @property
    def _conductor(self) -> Conductor:
        return self._renderer.conductor

    @property
    def _history(self) -> History:
        return self._performance.history

    @property
    def _silent(self) -> bool:
        """Whether nothing sounds or is sent, or is about to."""
        performance = self._performance
        voices = performance.renderer.voices
        return (
            not any(voice.playing or voice.pending or voice.layers for voice in voices)
            and not performance.renderer.extras
            and not performance.outgoing.lines
            and performance.coming is None
        )

    # topics

    def _link(self, on: bool, start_stop: bool = False) -> None:
        peers, self.peers = self.peers, None
        if peers is not None:
            peers.close()
        if not on:
            return
        renderer, beats = self._renderer, self._steering.beats
        bpm = _within(float(renderer.tempo.cps_at(renderer.position)) * 60 * beats)
        peers = Peers(bpm, beats, start_stop)
        moment = self.moment_of(renderer.position)
        peers.set_beat(float(renderer.tempo.cycle_at(renderer.position) % 1024) * beats, moment)
        peers.join()
        self._counted, self._shared = 0, StartStop(peers.playing)
        self._conductor.refusal, self._conductor.takes = (
            "Link's, as all who are in it; link(False) leaves it",
            True,
        )
        self.followed, self.peers = None, peers

    def _follow(self, port: str | None, transport: bool = True, jump: bool = False) -> None:
        self.followed = None
        if port is None:
            return
        self._link(False)
        self._told = ""
        refusal = f"that of the clock of {port!r}; follow(False) lets go of it"
        self._conductor.refusal, self._conductor.takes = refusal, False
        self.followed = Followed(port, transport, jump)

    def _clock_out(self, port: str | None, on: bool, nudge: float = 0.0) -> None:
        if not on:
            for out in [out for out in self.clocks.values() if port in (None, out.port)]:
                out.stop(0.0)
                del self.clocks[out.port]
            return
        assert port is not None
        self._sender.open(port)
        known = self.clocks.get(port)
        if known is not None:
            known.nudge = nudge / 1000
        else:
            made = Pulses(port, self._steering.beats, self._sender.at, nudge / 1000)
            with self._lock:
                self.clocks = {**self.clocks, port: made}

    def _clock_does(self, port: str, what: str) -> None:
        out = self.clocks.get(port)
        if out is not None and what == "stop":
            out.stop(0.0)
        elif out is not None:
            out.waiting = what

    def _latency(self, milliseconds: float) -> None:
        self.latency = milliseconds / 1000

    def _osc_in(self, port: int | None, host: str = "") -> None:
        from latentcode.midi_osc.osc import EVERYWHERE

        before, self.server = self.server, None
        if before is not None:
            before.close()
        if port is None:
            return
        try:
            self.server = self._listener(port, host or EVERYWHERE)
        except LatentcodeError:
            if before is not None:  # a mistake closes nothing
                self.server = self._listener(before.port, before.host)
            raise
        if self.server.host == EVERYWHERE:
            alone = f'osc_in({port}, host="127.0.0.1") hears this machine alone'
            self._tell(f"OSC arrives at port {port} from the whole network; {alone}")

    def _listener(self, port: int, host: str) -> Server:
        from latentcode.midi_osc.osc import Server

        return Server(port, self._arrive, host)


def _within(bpm: float) -> float:
    return min(max(bpm, SLOWEST), FASTEST)


def _asked(session: Session) -> list[tuple[str, str]]:
    """What was asked, in its order: the topic (of clocks with the port), and its values."""
    found = []
    for asked in session.of(records.Timing):
        topic, values = asked.topic, value_of(asked.text)
        if topic in BY_PORT and isinstance(values, tuple) and values:
            topic = f"{topic}:{values[0]}"
        if topic in TOPICS or topic.partition(":")[0] in TOPICS:
            found.append((topic, asked.text))
    return found


BY_PORT = frozenset({"clock_out", "leds"})  # topics of which each port has what was asked last
TOPICS: dict[str, Callable[..., None]] = {
    "link": Sync._link,
    "follow": Sync._follow,
    "clock_out": Sync._clock_out,
    "clock_does": Sync._clock_does,
    "latency": Sync._latency,
    "osc_in": Sync._osc_in,
    "leds": lambda sync, *how: sync.lamps.show(*how),
}
