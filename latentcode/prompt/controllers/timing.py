"""Words about being in time with others: `link`, `follow`, `clock_out`, `latency`."""

from __future__ import annotations

import time
from importlib.util import find_spec
from typing import Any

from latentcode.checks import number, text, truth
from latentcode.engine.ableton_link import INSTALL
from latentcode.errors import ControlError
from latentcode.inputs.keys import port_name
from latentcode.prompt.set_api import SetApi, Told, Words
from latentcode.protocol.messages import Timing
from latentcode.protocol.state import TimingState
from latentcode.words import prompt_word

LATEST = 1000.0  # ms
SOON, GLANCE = 1.0, 0.02  # seconds that the engine may take to join, and between two looks
LONGEST_NAME = 64


class Together(Words):
    """The words of a set that plays with others."""

    @prompt_word("link()", ended="link(False)")
    def link(self, on: bool | None = None, start_stop: bool = False) -> Told | None:
        """Join Ableton Link: one tempo and one beat with all who are in it; `link(False)` leaves.

        When joined already it tells how many others there are, the tempo and the beat.
        `start_stop`: what others start and stop starts and stops here, and the other way round.

        Raises ControlError for what is no truth value, and where aalink is not installed.
        """
        truth(start_stop, "start_stop", "link(start_stop=True)", ControlError)
        if on is not None:
            truth(on, "link", "link(), link(False)", ControlError)
        known = self._state().link
        if on is None and known and bool(start_stop) in (False, known[5]):
            return Told(linked(*known))
        if on is not False and self._stage.live and find_spec("aalink") is None:
            raise ControlError(f"Ableton Link needs aalink; {INSTALL} installs it")
        self._stage.ask(Timing("link", (on is not False, start_stop)))
        return None if on is False else self._joined(start_stop)

    @prompt_word('follow("nano")', ended="follow(False)")
    def follow(
        self, port: str | bool | None = None, transport: bool = True, jump: bool = False
    ) -> Told | None:
        """Follow the MIDI clock that comes from a port, meant by a part of its name;
        `follow(False)` ends it.

        Without an argument it tells what is followed. With `transport` a stop silences the set, and
        a start or continue brings back what played; without it only tempo and beat are followed.
        With `jump` a start is jumped to, whatever sounds; else what sounds is brought there by
        degrees.

        Raises ControlError for a port that is no text, or another value that is no truth value.
        """
        truth(jump, "jump", 'follow("nano", jump=True)', ControlError)
        truth(transport, "transport", 'follow("nano", transport=False)', ControlError)
        line = None
        if port is None:
            known = self._state().follow
            return Told(followed(*known) if known else 'no clock is followed; as in follow("nano")')
        if port is False:
            self._stage.ask(Timing("follow", (None,)))
        else:
            name = _port(port, 'follow("nano")')
            self._stage.ask(Timing("follow", (name, transport, *([True] if jump else []))))
            line = self._begun(name)
        return line

    @prompt_word('clock_out("synth")', ended="clock_out(False)")
    def clock_out(self, port: str | bool | None = None, nudge: float = 0) -> Any:
        """Send MIDI clock to an output, meant by a part of its name: 24 pulses a beat,
        each with its sample.

        It starts at the next cycle; what it returns has `start()`, `stop()` and `resume()`.
        `nudge`: ms by which it comes later (below 0 earlier). `clock_out(False)` ends all of it;
        without an argument it is told.

        Raises ControlError for a port that is no text, EngineError for a nudge beyond its range.
        """
        if port is None:
            known = self._state().clocks
            lines = [f"{name}: {'running' if runs else 'stopped'}" for name, runs in known]
            return Told(", ".join(lines) or 'no clock is sent; as in clock_out("synth")')
        if port is False:
            self._stage.ask(Timing("clock_out", (None, False)))
            return None
        name = _port(port, 'clock_out("synth")')
        later = number(nudge, "nudge", -LATEST, LATEST, 'clock_out("synth", nudge=-5)')
        self._stage.ask(Timing("clock_out", (name, True, later)))
        return ClockOut(self._stage, name)

    @prompt_word("latency(12)")
    def latency(self, milliseconds: float | None = None) -> float | None:
        """How much later than the player gives it the sound is heard, in ms: by the device,
        by the way to the ear.

        We play so much earlier against Link and MIDI clock; what goes out over MIDI, OSC and as a
        clock comes so much later. Without an argument the present figure.

        Raises EngineError for a number beyond its range.
        """
        if milliseconds is None:
            return self._state().latency
        made = number(milliseconds, "latency", -LATEST, LATEST, "latency(12)")
        self._stage.ask(Timing("latency", (made,)))
        return None

    def _joined(self, start_stop: bool) -> Told:
        """What Link has become, as soon as the engine tells."""
        end = time.monotonic() + SOON
        while self._stage.live and self._stage.state().bpm is not None and time.monotonic() < end:
            known = self._state().link
            if known and known[5] == start_stop:
                return Told(linked(*known))
            time.sleep(GLANCE)
        return Told("joining Link; link() tells who is there")

    def _begun(self, port: str) -> Told:
        """What a clock that is to be followed waits for."""
        there = self._stage.state().midi
        found = any(port in port_name(name) for name in there)
        stands = "follow() tells how it stands" if found else "no input of that name is there yet"
        return Told(f"following {port!r} when its clock comes; {stands}")

    def _state(self) -> TimingState:
        return self._stage.state().timing


class ClockOut:
    """The clock that one output is sent."""

    def __init__(self, stage: SetApi, port: str) -> None:
        self._stage, self.port = stage, port

    def start(self) -> None:
        """Start the others at the next cycle, from their beginning."""
        self._stage.ask(Timing("clock_does", (self.port, "start")))

    def stop(self) -> None:
        """Stop the others; pulses go on, so that they know the tempo."""
        self._stage.ask(Timing("clock_does", (self.port, "stop")))

    def resume(self) -> None:
        """Let the others go on, at the place in the song that we are at."""
        self._stage.ask(Timing("clock_does", (self.port, "continue")))

    def __repr__(self) -> str:
        return f'<clock_out("{self.port}")>'


def linked(count: int, bpm: float, beat: float, beats: int, playing: bool, start_stop: bool) -> str:
    """A Link session in a line."""
    runs = f", {'playing' if playing else 'stopped'}" if start_stop else ""
    others = f"{count} other{'s' * (count != 1)}" if count else "alone"
    return f"in Link, {others}, {bpm:.6g} bpm, beat {int(beat % beats) + 1} of {beats}{runs}"


def followed(port: str, bpm: float | None, gone: bool, running: bool | None, transport: bool) -> str:
    """A clock that is followed in a line."""
    if gone or bpm is None:
        return f"{port!r}: no clock comes"
    stands = {None: "", True: ", playing", False: ", stopped"}[running]
    return f"{port!r}: {bpm:.5g} bpm{stands}{'' if transport else ', start and stop are left alone'}"


def _port(port: Any, example: str) -> str:
    word = example.partition("(")[0]
    return port_name(text(port, word, "a part of a port's name", example, ControlError, LONGEST_NAME))
