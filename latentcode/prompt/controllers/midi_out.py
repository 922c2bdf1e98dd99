"""`midi_out("synth").note(n("0 3 7"))`: patterns that are sent to other instruments."""

from __future__ import annotations

from typing import Any

from latentcode.checks import is_number, number, received, text, whole
from latentcode.errors import LatentcodeError, PatternError
from latentcode.inputs.keys import port_name
from latentcode.midi_osc.midi import FORMATS
from latentcode.patterns import Pattern, Steady
from latentcode.patterns.arguments import reify
from latentcode.patterns.pitch import note as notes
from latentcode.prompt.set_api import SetApi, Words
from latentcode.protocol.messages import Outlet
from latentcode.set.commands import SET
from latentcode.set.outgoing import ALL, Destination, rehearse
from latentcode.words import prompt_word, typed_as

MOST_NUDGE = 1000.0  # ms
LONGEST_NAME = 64


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
        return MidiOut(self._stage, name, channel, (later, bool(virtual)))


class MidiOut:
    """One channel of a MIDI output.

    What is sent takes over as a voice's pattern does (see `quant`).
    """

    def __init__(self, stage: SetApi, port: str, channel: int, options: tuple[float, bool]) -> None:
        self._stage, self.port, self.channel, self._options = stage, port, channel, options

    @typed_as('midi_out("synth").note(n("0 3 7"))')
    def note(self, pattern: Any) -> MidiOut:
        """Send notes: `n` counts semitones from middle C (60), `note` is a name or a MIDI number.

        How hard: `.velocity`, times `.gain`; without either 0.8. How long: the event, times
        `.legato`.

        Raises PatternError for what is no pattern.
        """
        if isinstance(pattern, str):
            pattern = notes(pattern)
        return self._send("note", self._patterned(pattern, 'note(n("0 3 7"))'))

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

    def stop(self) -> None:
        """Send nothing more on this channel from the next boundary on;
        keys that are held are let go.
        """
        self._issue(ALL, None)

    def _numbers(self, what: str, value: Any, example: str) -> MidiOut:
        if is_number(value):
            made = FORMATS[what.partition(":")[0]]
            value = Steady(number(value, what, made.least, made.most, f"{self}.{example}"))
        return self._send(what, self._patterned(value, example))

    def _patterned(self, value: Any, example: str) -> Pattern | None:
        if value is None:
            return None
        try:
            return reify(value, "a pattern")
        except PatternError as error:
            raise PatternError(
                f"{self} sends patterns, not {received(value)}; type {self}.{example}"
            ) from error

    def _send(self, what: str, pattern: Pattern | None) -> MidiOut:
        if pattern is not None:
            try:
                rehearse(self._where(what), pattern)
            except LatentcodeError as error:
                raise type(error)(f"{self}.{what.partition(':')[0]}: {error}") from error
        self._issue(what, pattern)
        return self

    def _issue(self, what: str, pattern: Pattern | None) -> None:
        where = tuple(self._where(what))
        self._stage.issue("send", SET, where, pattern, self._stage.quant_of(...), self._options)

    def _where(self, what: str) -> Destination:
        return Destination("midi", self.port, what, self.channel)

    def __str__(self) -> str:
        channel = f", ch={self.channel}" if self.channel > 1 else ""
        return f'midi_out("{self.port}"{channel})'

    def __repr__(self) -> str:
        return f"<{self}>"
