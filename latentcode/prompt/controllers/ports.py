"""What comes from other instruments and goes to them: `midi_in("nano")` and `osc_in(9000)` say what
the set listens to; `midi_out("synth").note(n("0 3 7"))` and `osc_out("127.0.0.1:57120")` send
patterns.
"""

from __future__ import annotations

import re
from typing import Any

from latentcode.checks import is_number, number, received, text, truth, whole
from latentcode.errors import ControlError, LatentcodeError, PatternError
from latentcode.files.texts import say
from latentcode.inputs.keys import port_name
from latentcode.midi_osc.midi import FORMATS
from latentcode.midi_osc.osc import EVERYWHERE, place
from latentcode.patterns import Pattern, Steady
from latentcode.patterns.arguments import reify
from latentcode.patterns.pitch import note as notes
from latentcode.prompt.controllers.lamps import message
from latentcode.prompt.set_api import SetApi, Told, Words
from latentcode.protocol.messages import MidiIn, Outlet, Sysex, Timing
from latentcode.set.commands import SET
from latentcode.set.event_encoder import ALL, Destination
from latentcode.set.outgoing import rehearse
from latentcode.words import prompt_word, typed_as

LONGEST_NAME = 64
MOST_NUDGE = 1000.0  # ms
DEFAULT = 9000
_ADDRESS = re.compile(r"/[^\s#*,?\[\]{}]{0,126}")
EXAMPLE = 'midi_in("nano", "launch"), midi_in("*") for all, midi_in(None) for none'


class MidiIns(Words):
    """The word of a set that chooses its MIDI inputs."""

    @prompt_word('midi_in("nano")')
    def midi_in(self, *names: str | None, virtual: bool = False) -> list[str] | None:
        """Listen to the MIDI inputs with one of these in their names; without any,
        the names that are listened to.

        "*" stands for all, as when the set begins; None for none.
        virtual   make inputs of these names, for other programs to connect to

        Raises ControlError for a name that is no text of 1 to 64 characters.
        """
        if not names:
            return list(self._stage.state().midi)
        if names == (None,) and not virtual:
            self._stage.ask(MidiIn((), False))
            return None
        for name in names:
            part = text(name, "midi_in", "parts of ports' names", EXAMPLE, ControlError, LONGEST_NAME)
            if virtual and "*" in part:
                raise ControlError(
                    'a virtual input needs a name of its own; as in midi_in("in", virtual=True)'
                )
        self._stage.ask(MidiIn(tuple(map(str, names)), bool(virtual)))
        if self._stage.live and not virtual and "*" not in names:
            meant = " or ".join(map(repr, names))
            say(f'only inputs with {meant} in their names are heard now; midi_in("*") hears all')
        return None


class MidiOuts(Words):
    """The word of a set that sends MIDI."""

    @prompt_word('midi_out("synth")')
    def midi_out(self, port: str | None = None, ch: int = 1, nudge: float = 0, virtual: bool = False) -> Any:
        """A MIDI output, by a part of its name; without one the names of all that are there.

        ch        the channel, 1 to 16
        nudge     ms by which all comes later, or below 0 earlier
        virtual   make a port of this name, for others to connect to

        Raises EngineError for a name, a channel or a nudge (up to 1000 ms) that is none.
        """
        if port is None:
            return list(self._stage.question("outlets") or ())
        text(port, "midi_out", "a part of a port's name", 'midi_out("synth")', longest=LONGEST_NAME)
        channel = whole(ch, "ch", 1, 16, 'midi_out("synth", ch=2)')
        later = number(nudge, "nudge", -MOST_NUDGE, MOST_NUDGE, 'midi_out("synth", nudge=-10)')
        name = port.strip() if virtual else port_name(port)
        self._stage.ask(Outlet(name, bool(virtual)))
        return MidiOut(self._stage, Destination("midi", name, ALL, channel), (later, bool(virtual)))


class Outgoing:
    """A place that patterns are sent to.

    What is sent takes over as a voice's pattern does (see `quant`).
    """

    def __init__(self, stage: SetApi, where: Destination, options: tuple[float, bool]) -> None:
        self._stage, self._where, self._options = stage, where, options

    def stop(self) -> None:
        """Send nothing more there from the next boundary on; keys that are held are let go."""
        self._send(ALL, None, "stop")

    def _send(self, what: str, pattern: Pattern | None, called: str) -> None:
        """Send a pattern, which is tried; None: nothing more."""
        where = self._where._replace(what=what)
        try:
            if pattern is not None:
                rehearse(where, pattern)
        except LatentcodeError as error:
            raise type(error)(f"{self}.{called}: {error}") from error
        self._stage.issue("send", SET, tuple(where), pattern, self._stage.quant_of(...), self._options)

    def _patterned(self, value: Any, example: str, steady: bool = False) -> Pattern | None:
        """What is to be sent; `steady`: a number is a signal that never moves."""
        if value is None:
            return None
        try:
            return Steady(float(value)) if steady and is_number(value) else reify(value, "a pattern")
        except (PatternError, OverflowError) as error:
            typed = f"type {self}.{example}"
            raise PatternError(f"{self} sends patterns, not {received(value)[:80]}; {typed}") from error

    def __repr__(self) -> str:
        return f"<{self}>"


class MidiOut(Outgoing):
    """One channel of a MIDI output."""

    @typed_as('midi_out("synth").note(n("0 3 7"))')
    def note(self, pattern: Any) -> MidiOut:
        """Send notes: `n` counts semitones from middle C (60), `note` is a name or a MIDI number.

        How hard: `.velocity`, times `.gain`; without either 0.8. How long: the event, times
        `.legato`.

        Raises PatternError for what is no pattern.
        """
        if isinstance(pattern, str):
            pattern = notes(pattern)
        self._send("note", self._patterned(pattern, 'note(n("0 3 7"))'), "note")
        return self

    __rshift__ = note

    @typed_as('midi_out("synth").cc(74, sine)')
    def cc(self, controller: int, value: Any) -> MidiOut:
        """Send a control change, 0 to 1: a number, a signal (its changes),
        or a pattern (at its onsets).

        Raises PatternError for what is no pattern, EngineError for a number that MIDI has not.
        """
        what = whole(controller, "cc", 0, 127, f"{self}.cc(74, sine)")
        return self._numbers(f"cc:{what}", value, "cc(74, sine)")

    def nrpn(self, parameter: int, value: Any) -> MidiOut:
        """Send a parameter of 14 bits, 0 to 1.

        Raises PatternError for what is no pattern, EngineError for a number that MIDI has not.
        """
        what = whole(parameter, "nrpn", 0, 16383, f"{self}.nrpn(300, sine)")
        return self._numbers(f"nrpn:{what}", value, "nrpn(300, sine)")

    def bend(self, value: Any) -> MidiOut:
        """Send pitch bend, −1 to 1.

        Raises PatternError for what is no pattern, EngineError for a number that MIDI has not.
        """
        return self._numbers("bend", value, "bend(sine.range(-1, 1))")

    def pressure(self, value: Any) -> MidiOut:
        """Send channel pressure, 0 to 1.

        Raises PatternError for what is no pattern, EngineError for a number that MIDI has not.
        """
        return self._numbers("pressure", value, "pressure(sine)")

    def program(self, value: Any) -> MidiOut:
        """Choose a program, 0 to 127.

        Raises PatternError for what is no pattern, EngineError for a number that MIDI has not.
        """
        return self._numbers("program", value, "program(5)")

    def sysex(self, data: str | bytes) -> MidiOut:
        """Send one SysEx message now, in hexadecimal: "F0 7E 7F 06 01 F7".

        Raises ControlError for what is no such message.
        """
        self._stage.ask(Sysex(self._where.port, message(data)))
        return self

    def _numbers(self, what: str, value: Any, example: str) -> MidiOut:
        kind = what.partition(":")[0]
        if is_number(value):
            made = FORMATS[kind]
            value = Steady(number(value, what, made.least, made.most, f"{self}.{example}"))
        self._send(what, self._patterned(value, example), kind)
        return self

    def __str__(self) -> str:
        channel = f", ch={self._where.channel}" if self._where.channel > 1 else ""
        return f'midi_out("{self._where.port}"{channel})'


class Osc(Words):
    """The words of a set that speaks OSC."""

    @prompt_word("osc_in(9000)")
    def osc_in(self, port: int | bool | None = None, host: str = EVERYWHERE) -> Told | None:
        """Let OSC arrive at a UDP port (9000 when left out), for `osc("/address")`;
        `osc_in(False)` ends it.

        It is open to the whole network, as phones need it, and says so;
        `osc_in(9000, host="127.0.0.1")` hears this machine alone. Called again without an argument
        it tells what has arrived.

        Raises ControlError for a port beyond 1 to 65535, and for a host that is no text.
        """
        known = self._stage.state().timing.osc
        if port is None and known:
            at, number_, heard, bad = known
            where = "every address of this machine" if at == EVERYWHERE else at
            return Told(f"OSC at port {number_} of {where}: {heard} numbers, {bad} messages that were no OSC")
        if port is False:
            self._stage.ask(Timing("osc_in", (None,)))
            return None
        port = DEFAULT if port is None else port
        port = whole(port, "osc_in", 1, 65535, "osc_in(9000)", ControlError, "a port")
        text(host, "host", "a name or an address", 'osc_in(9000, "127.0.0.1")', ControlError)
        self._stage.ask(Timing("osc_in", (port, host)))
        return None

    @prompt_word('osc_out("127.0.0.1:57120")')
    def osc_out(self, to: str = "127.0.0.1:57120", nudge: float = 0, tagged: bool = False) -> OscOut:
        """Where OSC is sent: "host:port".

        nudge    ms by which all comes later, or below 0 earlier
        tagged   send ahead, in bundles with the time at which they are to be heard (for
                 SuperCollider)

        Raises ControlError for what is no place, EngineError for a nudge beyond 1000 ms.
        """
        host, port = place(text(to, "osc_out", '"host:port"', 'osc_out("127.0.0.1:57120")', ControlError))
        truth(tagged, "tagged", "osc_out(tagged=True)", ControlError)
        later = number(nudge, "nudge", -MOST_NUDGE, MOST_NUDGE, "osc_out(nudge=-10)")
        return OscOut(self._stage, Destination("osc", f"{host}:{port}", ALL), (later, tagged))


class OscOut(Outgoing):
    """A place that OSC is sent to."""

    @typed_as('osc_out("127.0.0.1:57120").send("/freq", n("0 3 7"))')
    def send(self, address: str, pattern: Any) -> OscOut:
        """Send a pattern to an address: each event with its sample, a signal 86 times a second;
        None: no longer.

        An event of one value is sent as that; of several controls their names and values follow one
        another.

        Raises ControlError for an address that OSC has not, PatternError for what is no pattern.
        """
        if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
            raise ControlError(
                f'an OSC address begins with /, not {address!r}; as in {self}.send("/freq", "0 3 7")'
            )
        example = 'send("/freq", n("0 3 7"))'
        self._send(address, self._patterned(pattern, example, steady=True), f'send("{address}")')
        return self

    def __str__(self) -> str:
        return f'osc_out("{self._where.port}")'
