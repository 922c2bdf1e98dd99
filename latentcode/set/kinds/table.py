"""What a kind of command is: all that the prompt, the engine and the set know of it,
in one entry.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from latentcode.errors import EngineError
from latentcode.set.commands import SET, Command

if TYPE_CHECKING:
    from latentcode.latents.morph import Morph
    from latentcode.latents.spaces import Mark
    from latentcode.patterns import Pattern
    from latentcode.protocol.player_messages import PlayerCommand
    from latentcode.set.scenes import SetParts, Snapshot
    from latentcode.synth.keyboard import Keyboard

Apply = Callable[["SetParts", Command, int], "list[PlayerCommand] | None"]
"""Does what a command says, at a sample of the session; gives what the player must be told."""

Kept = Callable[["SetParts", Command, "Snapshot", int], "Snapshot"]
"""A snapshot that waits for its boundary, but for what a command has said: the last word counts.

The number tells of the recall before the command (see `Bindings.recalled`).
"""


class Rehearsal(Protocol):
    """Tries what a command asks for before it is stamped.

    All raise EngineError for what cannot be had, and whatever the musician's functions raise.
    """

    def unled(self, wanted: object, *over: object) -> None: ...  # a tempo, while others give it
    def learn(self, name: str, mark: Mark) -> None: ...
    def settings(self, settings: Iterable[Any]) -> None: ...  # of faders and effects
    def tempo(self, pattern: Pattern) -> None: ...
    def play(self, voice: int, pattern: Pattern, morph: Morph | None = None) -> None: ...
    def once(self, voice: int, pattern: Pattern) -> None: ...
    def keys(self, voice: int, keyboard: Keyboard) -> None: ...
    def listen(self, inputs: tuple[int, ...]) -> None: ...  # that are to be heard
    def send(self, place: tuple[Any, ...], pattern: Pattern) -> None: ...


@dataclass(frozen=True)
class Kind:
    """A kind of command; where its entry is silent the defaults hold.

    doc        its arguments, and what it does
    voice      does it where it is about a voice; None: it never is
    whole      does it where it is about the whole set; None: it never is
    undoable   whether undo() comes back to before it
    lasting    whether the prompt keeps all of them for an engine that takes over, and not only the
               last
    overtakes  whether older lines are forgotten that still wait for their sounds, on its voices
    lane       what it overtakes, and is overtaken by: only what has the same
    rank       −1: other machines have led to it, and it comes before all else at its sample;
               1: it was found out as that was rendered, and comes behind all else there, and behind
               what hands did
    music      what it is to the prompt: music "begins" on its voice, "ends" on all of them, or
               "returns"
    fader      the name of the fader that it moves (d{}.gain), which no hand moves any more
    prepare    what is done for it before it is tried, and may take its time
    rehearse   calls what is the musician's in it: in a time that is watched, and perhaps twice
    sounding   the commands in it that let something sound, now or when a hand asks for it
    sent_to    where it sends a pattern: the fields of a Destination, and options
    kept       see `Kept`
    """

    name: str
    doc: str
    voice: Apply | None = None
    whole: Apply | None = None
    undoable: bool = True
    lasting: bool = False
    overtakes: bool = False
    lane: str = ""
    rank: int = 0
    music: Literal["", "begins", "ends", "returns"] = ""
    fader: str = ""
    prepare: Callable[[Rehearsal, Command], None] = lambda trial, command: None
    rehearse: Callable[[Rehearsal, Command], None] = lambda trial, command: None
    sounding: Callable[[Command], Iterable[Command]] = lambda command: ()
    sent_to: Callable[[Command], tuple[tuple[Any, ...], tuple[Any, ...]]] | None = None
    kept: Kept = lambda parts, command, snapshot, turn: snapshot

    def doing(self, command: Command) -> Apply:
        """What does a command of this kind.

        Raises EngineError where it is about what the kind is never about.
        """
        found = self.whole if command.voice == SET else self.voice
        if found is None:
            raise EngineError(
                f"{self.name} is about {'a voice' if self.voice else 'the whole set'}: {command!r}"
            )
        return found


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Let kinds be known."""
    for kind in kinds:
        assert kind.name not in KINDS, f"{kind.name} is registered twice"
        KINDS[kind.name] = kind


def kind_of(command: Command) -> Kind:
    """The entry of a command. Raises EngineError for one that has none."""
    found = KINDS.get(command.kind) if isinstance(command, Command) else None
    if found is None:
        raise EngineError(f"{command!r} is no command; they are {', '.join(sorted(KINDS))}")
    return found


def packed(command: Command) -> bytes:
    """A command for a wire; functions inside its pattern travel by value.

    Raises EngineError for what is none.
    """
    kind_of(command).doing(command)
    try:
        return pickle.dumps(command)
    except (pickle.PicklingError, AttributeError, TypeError):
        import cloudpickle

        return bytes(cloudpickle.dumps(command))


def unpacked(data: bytes) -> Command:
    """The command in bytes that the desk of the same user packed.

    Raises EngineError for anything else.
    """
    command: Command = pickle.loads(data)
    kind_of(command).doing(command)
    return command
