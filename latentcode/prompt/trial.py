"""Patterns are tried at the desk first, where Ctrl-C reaches them,
before they are sent to the engine.
"""

from __future__ import annotations

import difflib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from latentcode.checks import received
from latentcode.errors import LatentcodeError, ModelError, PatternError, SoundError
from latentcode.files.texts import say
from latentcode.latents.drones import PRIOR, children
from latentcode.latents.note import Note, Plain, note_of
from latentcode.latents.strategies import as_sounds
from latentcode.latents.trajectory import Named, Trajectory
from latentcode.models.family import card_of
from latentcode.models.trust import allow
from latentcode.patterns import Event, Pattern, compile_pattern
from latentcode.patterns.arguments import Transformation
from latentcode.patterns.tree import field_names
from latentcode.patterns.words import METHODS
from latentcode.prompt.remarks import CYCLES, Remarks
from latentcode.prompt.sound_names import bound
from latentcode.set.effects import Effect
from latentcode.sounds import library as sounds
from latentcode.sounds.folders import Folder
from latentcode.synth.reading import models_of

STEP = Fraction(1, 4)
GLANCE = Fraction(1, 64)  # a first look, so that a million events are noticed before they are made
MOST = 256  # events in STEP cycles
READ = 32  # notes whose signals are read
NOW = np.zeros(1)  # cycle 0
REMEMBERED = 256  # patterns that need not be tried again
CYCLE = np.linspace(0, 1, 16)
STILL = frozenset({type(None), bool, int, float, str, Fraction})  # what most of a note is: no signals


def as_played(music: Any, voice: str, space: Mapping[str, Any] | None = None) -> Pattern:
    """What a musician lets a voice play, as a pattern.

    Raises PatternError for what cannot be played.

    `space`: the names of the prompt; strings may name the sounds among them.
    """
    if isinstance(music, (Pattern, Trajectory, str)):
        return bound(as_sounds(music), space or {})
    hint = f'{voice} >> s("cello choir*2")'
    if "…" in voice:  # keys(d5, …)
        hint = voice.replace("…", '"cello"')
    elif isinstance(music, Folder):
        hint = f'kit = folder(…), then {voice} >> s("kit*2"), or {voice} >> kit[0]'
    elif music is None:
        hint = f"{voice}.stop()"
    elif isinstance(music, Effect):
        hint = f"{voice}.fx({music!r})"
    elif isinstance(music, Transformation):
        hint = _with_pattern(music, voice)
    elif callable(music) and hasattr(music, "__name__"):
        hint = f"the brackets of a call, {voice} >> {music.__name__}(…)"
    raise PatternError(
        f"{voice} plays a pattern, a path or mini-notation, not {received(music)}; type {hint}"
    )


def _with_pattern(waiting: Transformation, voice: str) -> str:
    """How to let a voice play what still waits for its pattern: `scrub("cello")` was given the
    sound in the place of its argument.
    """
    (name, given, _), *further = waiting.steps
    if not further and len(given) == 1 and isinstance(given[0], str) and given[0] in sounds.all_names():
        return f'{voice} >> s("{given[0]}").{METHODS[name]}'
    return f'a pattern before it, {voice} >> s("cello").{waiting!r}'


class Trial:
    """Tries patterns; those that were found playable lately are not tried again."""

    def __init__(self) -> None:
        self._passed: OrderedDict[str, None] = OrderedDict()

    def run(
        self,
        pattern: Pattern,
        voice: str,
        variables: Callable[[], Sequence[str]] = tuple,
        live: bool = False,
    ) -> None:
        """Query some cycles; raises for a pattern that fails, crowds, or holds what is no sound.

        `variables`: gives the musician's own names for sounds, for a name that is nearly one of
        them.
        `live`: there may be somebody to ask whether models that are programs may run.

        Errors of latentcode name the voice; those of the musician's own functions come as they are.

        Raises PatternError, LatentError, SoundError, or ModelError for one that may not.
        """
        if pattern.digest in self._passed:
            self._passed.move_to_end(pattern.digest)
            return
        remarks = Remarks()
        try:
            heard = _tried(pattern, remarks if live else None)
        except SoundError as error:
            raise SoundError(f"{voice}: {_with_own(str(error), variables())}") from error
        except LatentcodeError as error:
            raise type(error)(f"{voice}: {error}") from error
        except OverflowError as error:
            raise PatternError(
                f"{voice}: a number in it is too large to be played ({error}); type a smaller one"
            ) from error
        for remark in remarks.of(pattern, heard) if live else ():
            say(f"{voice}: {remark}")
        self._passed[pattern.digest] = None
        if len(self._passed) > REMEMBERED:
            self._passed.popitem(last=False)


def _tried(pattern: Pattern, remarks: Remarks | None) -> bool:
    """Raise for a pattern that cannot be played; whether something of one that can is heard.

    `remarks`: where there is somebody to read them and to be asked.
    """
    compiled, known = compile_pattern(pattern), set[str]()
    heard = silent = 0
    _checked(compiled.query(0, GLANCE), GLANCE)
    for step in range(int(CYCLES / STEP)):
        for event in _checked(compiled.query(step * STEP, (step + 1) * STEP), STEP):
            note = note_of(event.value)
            if note is None:
                silent += 1
                if remarks is not None:
                    remarks.soundless(event.value)
            else:
                heard += 1
                _resolve(note, known)
                if remarks is not None:
                    _allow(note, known)
                if heard <= READ:
                    _read(note)
                    _read_along(note)
                if remarks is not None and heard <= READ:
                    remarks.look(note)
    if silent and not heard:
        raise PatternError(f'the pattern holds no sounds: {pattern!r}; type n("0 3").s("cello")')
    return heard > 0


def _checked(events: list[Event], span: Fraction) -> list[Event]:
    if len(events) > MOST:
        raise PatternError(
            f"{len(events)} events in {span} of a cycle; at most {MOST} can be played: slow it down"
        )
    return events


def _read(value: Any) -> None:
    """Read the signals inside a note once. Raises PatternError for what is none."""
    if type(value) in STILL:
        return
    if isinstance(value, Pattern):
        value.sample(NOW)
    elif isinstance(value, tuple):
        for item in value:
            _read(item)
    elif isinstance(value, (Note, Trajectory, Plain)):
        for name in field_names(value):
            _read(getattr(value, name))


def _read_along(note: Note) -> None:
    """Read over a cycle what is a fader's, too. Raises PatternError for what is no number there."""
    for curve in (note.gain, note.pan):
        if isinstance(curve, Pattern):
            curve.sample(CYCLE)


def _resolve(note: Note, known: set[str]) -> None:
    """Raise SoundError for a name that stands for no sound."""
    for name in _names(note.trajectory):
        if name not in known and name != PRIOR:
            sounds.find(name)
            known.add(name)


def _allow(note: Note, known: set[str]) -> None:
    """Raise ModelError for a model that may not run; of one that is not there the engine tells."""
    for name in models_of(note) - known:
        known.add(name)
        try:
            card = card_of(name)
        except (ModelError, OSError):
            continue
        allow(card)


def _names(node: Trajectory) -> Iterator[str]:
    if isinstance(node, Named):
        yield node.name
    for child in children(node):
        yield from _names(child)


def _with_own(text: str, variables: Sequence[str]) -> str:
    """What is said of a name that was not found, and the musician's own sounds with a name
    like it.
    """
    wanted = text.partition("'")[2].partition("'")[0].partition(":")[0]
    near = difflib.get_close_matches(wanted, variables, n=2, cutoff=0.5)
    return f"{text.rstrip('?')}; or is it your own {' or '.join(near)}?" if near else text
