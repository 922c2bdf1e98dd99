"""The names that a musician finds at the prompt."""

from __future__ import annotations

import builtins
import random
from typing import Any

import latentcode
from latentcode.errors import EngineError
from latentcode.prompt.controllers.assignments import Keys, PadWords
from latentcode.prompt.controllers.capturing import Capturing
from latentcode.prompt.controllers.lamps import LampWords
from latentcode.prompt.controllers.learning import Learning
from latentcode.prompt.controllers.looking import Looking
from latentcode.prompt.controllers.ports import MidiIns, MidiOuts, Osc
from latentcode.prompt.controllers.spaces import SpaceWords
from latentcode.prompt.controllers.timing import Together
from latentcode.prompt.evaluate import Exit
from latentcode.prompt.helping import Help
from latentcode.prompt.loading import Loading
from latentcode.prompt.mixing import Mixing
from latentcode.prompt.rig.word import RigWords
from latentcode.prompt.scenes import Scenes
from latentcode.prompt.seeing import Seeing
from latentcode.prompt.set_api import SetApi, Words
from latentcode.prompt.sound_folders import FolderWords
from latentcode.prompt.voices import Voices
from latentcode.words import prompt_word, prompt_words

WORDS: tuple[type[Words], ...] = (  # what is marked in them is a word of the prompt
    Mixing,
    Learning,
    Looking,
    MidiOuts,
    MidiIns,
    Together,
    Osc,
    Scenes,
    Capturing,
    SpaceWords,
    PadWords,
    Keys,
    LampWords,
    Loading,
    FolderWords,
    RigWords,
    Seeing,
)


def offline_names() -> dict[str, Any]:
    """The names that need no set: patterns, strategies, sources."""
    return {
        name: getattr(latentcode, name) for name in latentcode.__all__ if name.islower() and name[0] != "_"
    }


def things(stage: SetApi) -> dict[str, Any]:
    """What is no word of the set: d1 to d16, d, and what Python and its prompt have."""
    voices = Voices(stage)
    held = {str(voice): voice for voice in voices.all} | {"d": voices}
    return held | {"random": random, "exit": Exit(), "quit": Exit(), "help": Help(stage), "why": lambda: None}


class Names:
    """The namespace of a set, and what its names mean when the musician has not changed them."""

    def __init__(self, stage: SetApi, seed: int) -> None:
        self.own = offline_names() | things(stage) | prompt_words(stage) | prompt_words(self)
        for kind in WORDS:
            self.own |= kind(stage).words()
        self.space: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins, **self.own}
        self.stage = stage
        stage.space, stage.own = self.space, self.own
        self._guarded = tuple(name for name in self.own if name not in ("random", "restore_names"))
        self._warned: set[str] = set()
        random.seed(seed)

    @prompt_word()
    def restore_names(self, *names: str) -> None:
        """Give names their first meaning again; without arguments, all.

        Raises EngineError for a name that is none of latentcode.
        """
        for name in names or tuple(self.own):
            if name not in self.own:
                raise EngineError(f"{name!r} is no name of latentcode; as in restore_names('d1')")
            self.space[name] = self.own[name]
        self._warned -= set(names or self.own)

    def lost(self) -> list[str]:
        """Names of ours that have come to mean something else since this was last asked."""
        self.space["restore_names"] = self.own["restore_names"]
        self.space["__builtins__"] = builtins
        changed = {name for name in self._guarded if self.space.get(name) is not self.own[name]}
        new = sorted(changed - self._warned)
        self._warned = changed
        return new
