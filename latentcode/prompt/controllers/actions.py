"""What a hand is given to do: a pattern to strike, a scene to go to, a word to say,
a voice to mute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from latentcode.checks import received
from latentcode.errors import ControlError, LatentcodeError
from latentcode.latents.note import note_of
from latentcode.latents.trajectory import Trajectory
from latentcode.patterns import Pattern
from latentcode.patterns.arguments import Transformation
from latentcode.prompt.labels import typed_for
from latentcode.prompt.scenes import SceneKept
from latentcode.prompt.set_api import SetApi, quant_spoken
from latentcode.prompt.voices import Voice
from latentcode.protocol.messages import Message, State, name_of
from latentcode.set.actions import Action, Do, Strike, Toggle
from latentcode.set.commands import SET, Command
from latentcode.set.kinds import packed
from latentcode.sounds.folders import Folder

TRIED = 8  # cycles in which the groups are looked for that a pattern cuts
SHOWN = 48  # characters


class CommandSink:
    """A sink that keeps what a word asks for, to be done later."""

    live = False

    def __init__(self) -> None:
        self.commands: list[Command] = []

    def take(self, command: Command) -> None:
        packed(command)  # what cannot travel says so here
        self.commands.append(command)

    def ask(self, message: Message) -> None:
        """Raises ControlError always."""
        raise _not_left(name_of(message))

    def question(self, *question: Any, patience: float = 0.0) -> Any:
        """Nobody answers."""

    def noted(self, make: Callable[[], Any]) -> Any:
        raise _not_left("what asks the engine")

    def name(self) -> str:
        raise _not_left("what asks the engine")

    def state(self) -> State:
        return State()


def _not_left(what: str) -> ControlError:
    return ControlError(f"a hand cannot be left {what}, which is done at the prompt alone")


def action_of(stage: SetApi, thing: Any, place: str, quant: Any = None, voice: int = SET) -> Action:
    """What `thing` means to a hand at `place` ("pads 36").

    Raises ControlError for what means nothing to it.

    quant   when a pattern begins, and a scene comes (None: at once, and at the usual boundary)
    voice   through whose fader and effects a pattern sounds; SET: a free one
    """
    when = None if quant is None else stage.quant_of(quant)
    source = typed_for(thing)
    if isinstance(thing, SceneKept):
        bound = stage.quant_of(...) if quant is None else when
        return Do(
            (Command("go", SET, (thing.name, bound)),),
            repr(thing) + _when(quant, bound),
            f"scene({thing.name!r})",
        )
    if isinstance(thing, Voice):
        return Toggle(thing.index, f"mute {thing}", str(thing))
    if isinstance(thing, (Pattern, Trajectory, str, Transformation, Folder)):
        pattern = stage.tried(thing, place)
        through = "" if voice == SET else f", voice=d{voice + 1}"
        text = spoken(thing) + _when(quant, when) + through
        return Strike(pattern, when, voice, cuts(pattern), text, source)
    if callable(thing):
        return Do(said(stage, thing, place), spoken(thing), source or _named(thing))
    meant = "what has brackets is done at once: write hush, not hush()" if thing is None else received(thing)
    raise ControlError(
        f'{place}: a hand is given a pattern, scene("drop"), a word such as hush, a voice to mute (d1), or '
        f'a function, lambda: go("drop"); not {thing!r} ({meant})'
    )


def spoken(thing: Any) -> str:
    """How a thing that a hand is given is shown: as it was typed; where that cannot be told as it
    prints itself, and a word by its name.
    """
    source = "" if isinstance(thing, str) else typed_for(thing)
    music = isinstance(thing, (Pattern, Trajectory, str, Transformation, Folder))
    return _short(" ".join(source.split()) or (repr(thing) if music else _named(thing)))


def done(thing: Any) -> str:
    """What a hand does that is given a thing, in a few words."""
    if isinstance(thing, Voice):
        return f"mute {thing}"
    return repr(thing) if isinstance(thing, SceneKept) else spoken(thing)


def said(stage: SetApi, word: Callable[[], Any], place: str) -> tuple[Command, ...]:
    """The commands of a word or function without arguments, which is run once, now, to hear them.

    Raises ControlError for one that needs arguments or does nothing, and what it raises itself,
    with the place ahead.
    """
    asked = CommandSink()
    before = set(stage.touched), dict(stage.asked_last)
    try:
        with stage.given_to(asked):
            word()
    except TypeError as error:
        raise ControlError(
            f"{place}: {_named(word)} needs arguments; write lambda: {_named(word)}(…)"
        ) from error
    except LatentcodeError as error:
        raise type(error)(f"{place}: {error}") from error
    finally:
        stage.touched, stage.asked_last = before
    if not asked.commands:
        raise ControlError(
            f"{place}: {_named(word)} asks for nothing that could be done by a hand; as in hush"
        )
    return tuple(
        replace(command, label=place) if command.kind == "play" else command for command in asked.commands
    )


def cuts(pattern: Pattern) -> tuple[Any, ...]:
    """The groups that a pattern's events end (`cut`)."""
    notes = (note_of(event.value) for event in pattern.query(0, TRIED))
    found = {repr(note.cut): note.cut for note in notes if note is not None and note.cut is not None}
    return tuple(found[key] for key in sorted(found))


def _when(quant: Any, when: str | None) -> str:
    """A quant as it is typed, where one was given."""
    if quant is None:
        return ""
    spoken = quant_spoken(when)
    return f", quant={spoken!r}" if spoken.isalpha() else f", quant={spoken}"


def _named(thing: Any) -> str:
    owner = getattr(thing, "__self__", None)
    name = getattr(thing, "__name__", None) or repr(thing)
    name = "a function" if name == "<lambda>" else name
    return f"{owner}.{name}" if isinstance(owner, Voice) else str(name)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
