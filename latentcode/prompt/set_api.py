"""The set as the musician's code sees it: it makes commands, and whoever runs the code takes them.

The same objects serve a live set (`blocks.py`) and a replay (`replay.py`).
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from latentcode.checks import as_fraction, is_whole, number, truth, wrong
from latentcode.errors import EngineError
from latentcode.files.texts import say
from latentcode.latents.morph import Morph
from latentcode.parameters import FADERS, VOICES
from latentcode.patterns import Pattern, digest
from latentcode.prompt.fading import fader, standing
from latentcode.prompt.labels import typed_for, what_was_typed
from latentcode.prompt.questions import PATIENCE
from latentcode.prompt.remarks import strayed
from latentcode.prompt.sound_names import sound_variables
from latentcode.prompt.trial import Trial, as_played
from latentcode.protocol.messages import Lead, Message, Record, State
from latentcode.protocol.state import VoiceState
from latentcode.set.commands import SET, Command
from latentcode.set.effects import Effect
from latentcode.set.kinds import kind_of
from latentcode.words import prompt_word, prompt_words

QUANTS: dict[str, str | None] = {"cycle": "1", "beat": "1/4", "now": None}
MOST_TYPED = 1024  # settings of which it is known how they were typed
RECORDED = (".wav", ".flac")  # what a recording can be written to


class Sink(Protocol):
    """What the commands of the musician's code go to; `live` unless it only collects them."""

    live: bool

    def take(self, command: Command) -> None:
        """One command of the running block."""
        ...

    def ask(self, message: Message) -> None:
        """Something that is not stamped, as `Lead` and `Record`."""
        ...

    def question(self, *question: Any, patience: float = PATIENCE) -> Any:
        """What the engine answers (see `engine/queries.py`) within `patience` seconds, or None."""
        ...

    def noted(self, make: Callable[[], Any]) -> Any:
        """What `make` gives, as plain values; a replay gives what it was then, or None."""
        ...

    def name(self) -> str:
        """A name for something that the running block asks for, the same in a replay:
        "12.1" in block 12.
        """
        ...

    def state(self) -> State:
        """The engine's latest state."""
        ...


class SetApi:
    """The set; its methods that are marked are the words of the prompt that are about the whole
    set.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._quant: str | None = "1"
        self._trial = Trial()
        self.space: dict[str, Any] = {}  # the names of the prompt
        self.own: dict[str, Any] = {}  # what its names mean when the musician has not changed them
        self.touched: set[int] = set()
        self._ever: set[int] = set()  # voices that have played
        self.prepared: list[Any] = []  # files that the running line has loaded (`loading.Prepared`)
        self.loads: list[Any] = []  # files whose blocks are being run
        self.typed: dict[str, str] = {}  # by their digests what was typed for settings, see `said`
        self.asked_last: dict[int, Pattern] = {}  # for each voice the pattern that it was last told to play

    @contextmanager
    def given_to(self, sink: Sink) -> Iterator[None]:
        """While this lasts the commands go to another."""
        before, self._sink = self._sink, sink
        try:
            yield
        finally:
            self._sink = before

    def taken(self) -> list[Any]:
        """The files that were loaded, to be run now."""
        found, self.prepared = self.prepared, []
        return found

    @contextmanager
    def loading(self, file: Any) -> Iterator[None]:
        """While this lasts the blocks of a file are run."""
        self.loads.append(file)
        try:
            yield
        finally:
            self.loads.remove(file)

    @property
    def sink(self) -> Sink:
        """What commands go to."""
        return self._sink

    def hand(self, command: Command) -> None:
        """Hand on a command that was issued before, and kept."""
        self._sink.take(command)

    # for the voices

    def play(self, voice: int, music: Any, quant: Any = ..., morph: Morph | None = None) -> None:
        """Let `music` take over a voice, when it has been tried and found playable."""
        pattern = self.tried(music, f"d{voice + 1}")
        morphed = [] if morph is None else [morph]
        self.issue(
            "play", voice, pattern, self.quant_of(quant), *morphed, label=what_was_typed(music, pattern)
        )

    def once(self, voice: int, music: Any, quant: Any = ...) -> None:
        """Play one cycle of `music` beside what a voice plays, or (SET) on a free one."""
        pattern = self.tried(music, "once" if voice == SET else f"d{voice + 1}")
        self.issue("once", voice, pattern, self.quant_of(quant), label=what_was_typed(music, pattern))

    def quant_of(self, quant: Any) -> str | None:
        """A quant as commands carry it; `...` stands for the one that holds."""
        return self._quant if quant is ... else quant_text(quant)

    def tried(self, music: Any, name: str) -> Pattern:
        """Music as a pattern that can be played.

        Raises what it raises when it is tried, for the voice `name`.
        """
        pattern = as_played(music, name, self.space)
        self._trial.run(pattern, name, partial(sound_variables, self.space), self._sink.live)
        return pattern

    def issue(self, kind: str, voice: int = SET, *arguments: Any, label: str = "") -> None:
        """Hand one command to whoever runs the code; `label`: what was typed for what it plays."""
        command = Command(kind, voice, arguments, label)
        self.reckon(command)
        self._sink.take(command)

    def reckon(self, command: Command) -> None:
        """Know what a command lets which voices do."""
        voice, arguments = command.voice, command.arguments
        music = kind_of(command).music
        if music == "begins":
            self.touched.add(voice)
            self._ever.add(voice)
            self.asked_last[voice] = arguments[0]
        elif music == "ends":
            self.touched.clear()
        elif music == "returns" and voice == SET:
            self.touched |= self._ever

    def fader(self, name: str, voice: int, setting: Any) -> float | None:
        """Move a fader, "gain", "pan" or "master", or (None) tell where it stands."""
        what = name if voice == SET else f"d{voice + 1}.{name}"
        if setting is None:
            return standing(self._sink.state(), what)
        made = fader(setting, what)
        self.issue(name, voice, self.said(made, setting))
        for remark in strayed(what, FADERS[name], made) if self.live else ():
            say(remark)
        return None

    def said(self, setting: Any, given: Any) -> Any:
        """A setting, of which it is remembered how it was typed: `typed` is for a rig."""
        if isinstance(setting, (Pattern, Effect)) and (text := typed_for(given)):
            self.typed[digest(setting)] = text
            while len(self.typed) > MOST_TYPED:
                self.typed.pop(next(iter(self.typed)))
        return setting

    def at_boundary(self, kind: str, voice: int) -> None:
        """Hand over a command that takes effect at the next boundary."""
        self.issue(kind, voice, self._quant)

    def voice_state(self, voice: int) -> VoiceState:
        """What the engine last said of a voice."""
        voices = self._sink.state().voices
        return next((found for found in voices if found.index == voice), VoiceState(voice))

    @property
    def live(self) -> bool:
        """Whether somebody looks and listens, as in a set; a replay only collects commands."""
        return self._sink.live

    def name(self) -> str:
        """A name for something that the running block asks for, the same in a replay."""
        return self._sink.name()

    def ask(self, message: Message) -> None:
        """Tell the engine something that is not stamped."""
        self._sink.ask(message)

    def question(self, *question: Any) -> Any:
        """What the engine answers, or None when it does not."""
        return self._sink.question(*question)

    def asked(self, *question: Any, patience: float = PATIENCE) -> Any:
        """What the engine answers to (kind, …), as plain values, lists as tuples;
        None without an answer.

        The journal notes it, and a replay and --resume give the same: for answers that shape what
        is played. Raises EngineError on another thread than that of the line.
        """
        return self.noted(lambda: self._sink.question(*question, patience=patience))

    def noted(self, make: Callable[[], Any]) -> Any:
        """What `make` finds outside, as plain values, lists as tuples; the journal keeps it,
        as with `asked`.

        In a replay `make` is not called; None where it has not come back then.
        """
        return self._sink.noted(make)

    def state(self) -> State:
        """What the engine said last."""
        return self._sink.state()

    # words of the prompt

    @prompt_word('quant("beat")')
    def quant(self, when: Any = ...) -> str | None:
        """When patterns take over: "cycle", "beat", "now", or a number of cycles."""
        if when is ...:
            return quant_spoken(self._quant)
        self._quant = quant_text(when)
        return None

    @prompt_word("solo(d1)")
    def solo(self, *voices: Any) -> None:
        """Only these voices (and others that are solo) are heard.

        Raises EngineError for what is no voice, d1 to d16.
        """
        self._flag("solo", voices, True)

    @prompt_word()
    def unsolo(self, *voices: Any) -> None:
        """These voices are no longer solo; without arguments, none is.

        Raises EngineError for what is no voice, d1 to d16.
        """
        self._flag("solo", voices or range(1, VOICES + 1), False)

    @prompt_word("mute(d1)")
    def mute(self, *voices: Any) -> None:
        """These voices are not heard; they play on.

        Raises EngineError for what is no voice, d1 to d16.
        """
        self._flag("mute", voices, True)

    @prompt_word()
    def unmute(self, *voices: Any) -> None:
        """These voices are heard again; without arguments, all.

        Raises EngineError for what is no voice, d1 to d16.
        """
        self._flag("mute", voices or range(1, VOICES + 1), False)

    def master(self, gain: Any = None) -> float | None:
        """The fader of the whole set, 1 is unity, or what moves it;
        without an argument where it stands.
        """
        return self.fader("master", SET, gain)

    @prompt_word("lead(30)", ended='lead("auto")')
    def lead(self, milliseconds: float | str | None = None) -> float | None:
        """How far the engine renders ahead, in ms, or "auto": as little as stays clean.

        Without one it tells.

        Raises EngineError for milliseconds beyond 1 to 1000.
        """
        if milliseconds is None:
            return self._sink.state().lead
        if milliseconds == "auto":
            self._sink.ask(Lead(None))
            return None
        self._sink.ask(Lead(number(milliseconds, "lead", 1, 1000, "lead(30)")))
        return None

    @prompt_word('record("set.wav")', ended="record(None)")
    def record(
        self, path: str | os.PathLike[str] | bool | None, stems: bool = False, outputs: bool = False
    ) -> None:
        """Record what is heard to a .wav or .flac file; `record(None)` or `record(False)` ends it.

        stems    each voice that sounds gets a file of its own beside it: set-d1.wav
        outputs  the file has all outputs of the device, and not the first two alone

        Raises EngineError for what is no such file.
        """
        if path is None or path is False:
            self._sink.ask(Record(None))
            return
        if not isinstance(path, (str, os.PathLike)):
            raise wrong("record", "a file or None", path, 'record("set.wav")')
        file = os.path.abspath(os.path.expanduser(path))
        if os.path.splitext(file)[1].lower() not in RECORDED:
            raise EngineError(
                f"a set is recorded to a {' or '.join(RECORDED)} file, not {os.fspath(path)!r}; "
                'as in record("set.wav"). latentcode render makes others of a session'
            )
        for name, value in (("stems", stems), ("outputs", outputs)):
            truth(value, name, f'record("set.wav", {name}=True)')
        if self.live and not os.path.isdir(folder := os.path.dirname(file)):
            raise EngineError(
                f"there is no folder {folder!r} for the recording; make it first, or name another"
            )
        self._sink.ask(Record(file, stems, outputs))

    def _flag(self, kind: str, voices: Any, value: bool) -> None:
        if not voices:
            raise EngineError(f"{kind} needs to know which voices; as in {kind}(d1, d2)")
        for index in [voice_index(voice, kind) for voice in voices]:
            self.issue(kind, index, value)


class Words:
    """Words of the prompt about one thing: the methods, and what the properties hold,
    that `prompt_word` marks.
    """

    def __init__(self, stage: SetApi) -> None:
        self._stage = stage

    def words(self) -> dict[str, Any]:
        """What the prompt knows them by."""
        return prompt_words(self)


def voice_index(voice: Any, what: str) -> int:
    """The place of a voice that is meant by a Voice or by its number from 1.

    Raises EngineError for anything else.
    """
    index = getattr(voice, "index", None)
    if isinstance(index, int):
        return index
    if is_whole(voice, 1, VOICES):
        return voice - 1
    raise wrong(what, f"voices, d1 to d{VOICES}", voice, f"{what}(d1)")


class Told(str):
    """A line that is shown at the prompt as it is."""

    def __repr__(self) -> str:
        return str(self)


def quant_text(when: Any) -> str | None:
    """A quant as commands carry it: the text of a fraction of a cycle, or None for now.

    Raises EngineError for anything else.
    """
    if when is None:
        return None
    if isinstance(when, str) and when in QUANTS:
        return QUANTS[when]
    cycles = as_fraction(when)
    if cycles is None or not 0 < cycles <= 1024:
        near = difflib.get_close_matches(str(when), QUANTS, 1)
        hint = f"; did you mean {near[0]!r}?" if near else '; as in quant("beat")'
        raise EngineError(f'quant takes "cycle", "beat", "now" or a number of cycles, not {when!r}{hint}')
    return str(cycles)


def quant_spoken(text: str | None) -> str:
    """A quant as a musician says it."""
    return next((name for name, quant in QUANTS.items() if quant == text), str(text))
