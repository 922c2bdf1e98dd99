"""`midi_in("nano")`: which MIDI inputs the set listens to."""

from __future__ import annotations

from latentcode.checks import text
from latentcode.errors import ControlError
from latentcode.files.texts import say
from latentcode.prompt.set_api import Words
from latentcode.protocol.messages import MidiIn
from latentcode.words import prompt_word

LONGEST_NAME = 64
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
