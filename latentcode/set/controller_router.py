"""What pads, keys and transport keys do: handed stamped inputs,
pure in them and in the commands before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from latentcode.inputs.history import Input
from latentcode.inputs.keys import DOWN, EXACTLY, Key, key, port_meant
from latentcode.patterns.digest import digest
from latentcode.set.actions import ControllerAssignments
from latentcode.set.keyboard_player import KeyboardPlayer
from latentcode.set.pads import MESSAGES, PadHost, Pads, PadTable, Pairs
from latentcode.synth.keyboard import ANY, Keyboard
from latentcode.synth.keyed import KeyVoice

TABLES = ("pads", "transport")
BENT = 0.5  # how far a wheel goes until it counts as pressed
SWITCHED = frozenset({"program", "bend", "start", "stop", "continue"})  # what has no velocity


class ControllerRouter:
    """Hears what hands do, and lets it sound at its sample."""

    def __init__(self, host: PadHost) -> None:
        self._host = host
        self._tables = {name: PadTable() for name in TABLES}
        self._pads, self._fingers = Pads(host), dict[int, KeyboardPlayer]()
        self._told_shared: dict[int, frozenset[str]] = {}  # keys that are pads, too, by their voice
        self._levels: dict[Key, float] = {}  # where inputs stand that are pressed by rising above 0

    # commands

    def change(self, table: str, pairs: Pairs | None, port: str, channel: str) -> None:
        """Let inputs do something else, of a table of TABLES; see `PadTable.change`."""
        self._tables[table].change(pairs, port, channel)
        self._tell_shared()

    def play(self, voice: int, keyboard: Keyboard | None, sample: int) -> None:
        """Let keys play a voice, or (None) no longer."""
        self._keys(voice, keyboard, sample)
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

    def fade(self, over: Fraction, sample: int) -> None:
        """What keys hold fades away within so many cycles."""
        tempo = self._host.renderer.tempo
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

    def is_pad(self, exact: Key) -> bool:
        """Whether an input is one of the pads."""
        return self._tables["pads"].action(exact) is not None

    def waits(self, name: Key) -> bool:
        """Whether what a pad was given, by the name that it is bound by,
        begins at a boundary to come.
        """
        return self._pads.waits(name)

    @property
    def played(self) -> frozenset[int]:
        """The voices that keys play."""
        return frozenset(index for index, fingers in self._fingers.items() if fingers.voice.keyboard)

    def _keys(self, voice: int, keyboard: Keyboard | None, sample: int) -> None:
        fingers = self._fingers.get(voice)
        if fingers is None:
            if keyboard is None:
                return
            renderer = self._host.renderer
            fingers = KeyboardPlayer(KeyVoice(renderer.beside(voice)), renderer.settings.zones)
            self._fingers[voice] = fingers
        before = fingers.voice.keyboard
        if keyboard is None or before is None or _elsewhere(before, keyboard):
            fingers.end(sample)
        if before is None or keyboard is None or digest(before) != digest(keyboard):
            fingers.voice.set(keyboard)
        self._host.renderer.manual(fingers.voice)

    def _tell_shared(self) -> None:
        """Say which pads are keys of a keyboard, too."""
        pads = [name for name in self._tables["pads"].bound if name.kind == "note"]
        for index, fingers in self._fingers.items():
            board = fingers.voice.keyboard
            shared = [name.what for name in pads if board is not None and _shared(name, board)]
            new = set(shared) - self._told_shared.get(index, frozenset())
            self._told_shared[index] = frozenset(shared)
            if new:
                numbers = ", ".join([one for one in shared if one in new][:4])
                self._host.notice(
                    f"pads and keys(d{index + 1}, …) share {numbers}: there the pads play; "
                    f"give one of them a port or a channel, as in keys(d{index + 1}, …, ch=1)"
                )

    # inputs

    def heard(self, given: Input, sample: int) -> None:
        """A hand has done something that counts from `sample` on."""
        exact = key(given.key)
        for pressed, value in _meanings(exact, given.value):
            for table in self._tables.values():
                found = table.action(pressed)
                if found is not None:
                    if self._pressed(pressed, value):
                        self._pads.press(*found, 1.0 if exact.kind in SWITCHED else value, sample)
                    return
        for fingers in self._fingers.values():
            if fingers.means(exact):
                fingers.hear(exact, given.value, sample)

    def _pressed(self, exact: Key, value: float) -> bool:
        if exact.kind in MESSAGES:
            return True
        before = self._levels.get(exact, 0.0)
        self._levels[exact] = value
        rest = BENT if exact.kind == "bend" else 0.0
        return value > rest and (exact.kind == "note" or before <= rest)


def _meanings(exact: Key, value: float) -> Iterator[tuple[Key, float]]:
    """What an input means to pads, with its value: a program also by its number, a wheel also
    downwards.
    """
    if exact.kind == "program":
        yield exact._replace(what=str(round(value * 127))), value
    elif exact.kind == "bend" and value < 0:
        yield exact._replace(what=DOWN), -value
    yield exact, value


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
