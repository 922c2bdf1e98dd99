"""What pads, keys and transport keys do: handed stamped inputs, pure in them and in the commands before them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from latentcode.inputs.history import Input
from latentcode.inputs.keys import EXACTLY, Key, key, port_meant
from latentcode.patterns.digest import digest
from latentcode.set.commands import Command
from latentcode.set.keyboard_player import KeyboardPlayer
from latentcode.set.pads import MESSAGES, Pads, PadTable
from latentcode.synth.keyboard import ANY, Keyboard
from latentcode.synth.keyed import KeyVoice

if TYPE_CHECKING:
    from latentcode.set.performance import Performance


from latentcode.set.controller_assignments import ControllerAssignments

KINDS = frozenset({"pads", "keys"})  # commands about hands
TABLES = ("pads", "transport")


class ControllerRouter:
    """Hears what hands do, and lets it sound at its sample."""

    def __init__(self, performance: Performance) -> None:
        self._performance = performance
        self._tables = {name: PadTable() for name in TABLES}
        self._pads, self._fingers = Pads(performance), dict[int, KeyboardPlayer]()
        self._levels: dict[Key, float] = {}  # where inputs stand that are pressed by rising above 0
        performance.on_input.append(self.heard)

    # commands

    def apply(self, command: Command, sample: int) -> None:
        """Do what a command of KINDS says."""
        if command.kind == "keys":
            self._keys(command.voice, command.arguments[0], sample)
        else:
            table, pairs, port, channel, meant = command.arguments
            self._tables[table].change(pairs, port, channel)
            self._performance.history.only_meant(meant, command.block)
        self._tell_shared()

    def grip(self) -> ControllerAssignments:
        """What the hands are on."""
        pads, transport = (tuple(self._tables[name].bound.items()) for name in TABLES)
        boards = ((index, fingers.voice.keyboard) for index, fingers in sorted(self._fingers.items()))
        return ControllerAssignments(
            pads, transport, tuple((index, board) for index, board in boards if board is not None)
        )

    def restore(self, grip: ControllerAssignments, sample: int) -> None:
        """Let the hands be on what they were on."""
        self._tables = {"pads": PadTable(dict(grip.pads)), "transport": PadTable(dict(grip.transport))}
        boards = dict(grip.keys)
        for index in {*boards, *self._fingers}:
            self._keys(index, boards.get(index), sample)

    def meant(self, name: str, block: int) -> bool:
        """Whether a block of code names a scene only for a pad to go to."""
        return any(
            command.kind == "pads" and command.block == block and name in command.arguments[4]
            for command in self._performance.awaited()
        )

    def fade(self, over: Fraction, sample: int) -> None:
        """What keys hold fades away within so many cycles."""
        tempo = self._performance.renderer.tempo
        seconds = (tempo.sample_of(tempo.cycle_at(sample) + over) - sample) / tempo.sample_rate
        for fingers in self._fingers.values():
            fingers.voice.silence(sample, seconds)

    def shown(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """What is pressed, and what it does, as it was typed."""
        grip = self.grip()
        keys = ((f"d{index + 1}", board.text) for index, board in grip.keys)
        tables = zip(TABLES, (grip.pads, grip.transport), strict=True)
        pressed = {name: tuple((str(key), action.text) for key, action in bound) for name, bound in tables}
        return {**pressed, "keys": tuple(keys)}

    @property
    def played(self) -> frozenset[int]:
        """The voices that keys play."""
        return frozenset(index for index, fingers in self._fingers.items() if fingers.voice.keyboard)

    def _keys(self, voice: int, keyboard: Keyboard | None, sample: int) -> None:
        fingers = self._fingers.get(voice)
        if fingers is None:
            if keyboard is None:
                return
            fingers = self._fingers[voice] = KeyboardPlayer(
                KeyVoice(self._performance.renderer.beside(voice))
            )
        before = fingers.voice.keyboard
        if keyboard is None or before is None or _elsewhere(before, keyboard):
            fingers.end(sample)
        if before is None or keyboard is None or digest(before) != digest(keyboard):
            fingers.voice.set(keyboard)
        self._performance.renderer.manual(fingers.voice)

    def _tell_shared(self) -> None:
        """Say which pads are keys of a keyboard, too."""
        pads = [name for name in self._tables["pads"].bound if name.kind == "note"]
        for index, fingers in self._fingers.items():
            board = fingers.voice.keyboard
            shared = [name.what for name in pads if board is not None and _shared(name, board)]
            if shared:
                numbers = ", ".join(shared[:4])
                self._performance.notice(
                    f"pads and keys(d{index + 1}, …) share {numbers}: there the pads play; "
                    f"give one of them a port or a channel, as in keys(d{index + 1}, …, ch=1)"
                )

    # inputs

    def heard(self, given: Input, sample: int) -> None:
        """A hand has done something that counts from `sample` on."""
        exact = key(given.key)
        for table in self._tables.values():
            found = table.action(exact)
            if found is not None:
                if self._pressed(exact, given.value):
                    self._pads.press(*found, given.value, sample)
                return
        for fingers in self._fingers.values():
            if fingers.means(exact):
                fingers.hear(exact, given.value, sample)

    def _pressed(self, exact: Key, value: float) -> bool:
        if exact.kind in MESSAGES:
            return True
        before = self._levels.get(exact, 0.0)
        self._levels[exact] = value
        return value > 0 and (exact.kind == "note" or before <= 0)


def _elsewhere(one: Keyboard, other: Keyboard) -> bool:
    """Whether keys that are down on one keyboard may never be let go on the other."""
    return (one.port, one.channel, one.low, one.high, one.mono) != (
        other.port, other.channel, other.low, other.high, other.mono,
    )  # fmt: skip


def _shared(name: Key, board: Keyboard) -> bool:
    one, other = name.port.removeprefix(EXACTLY), board.port.removeprefix(EXACTLY)
    ports = ANY in (one, other) or port_meant(name.port, other) or port_meant(board.port, one)
    channels = ANY in (name.channel, board.channel) or name.channel == board.channel
    return ports and channels and board.low <= int(name.what) <= board.high
