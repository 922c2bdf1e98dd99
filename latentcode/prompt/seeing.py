"""The words of a set that show it: draw, latent_map, models, scope, sessions, sounds, voices."""

from __future__ import annotations

import difflib
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from latentcode.checks import text
from latentcode.errors import EngineError, LatentcodeError, LatentError
from latentcode.files.texts import say
from latentcode.latents.drones import PRIOR, children
from latentcode.latents.note import note_of
from latentcode.latents.path import Path, grabbed
from latentcode.latents.trajectory import Named, Trajectory
from latentcode.patterns import Context, Pattern
from latentcode.pictures import look
from latentcode.pictures.look import Target, To, target
from latentcode.prompt.set_api import Words
from latentcode.prompt.voices import Voice
from latentcode.sounds import library as built_in
from latentcode.sounds.folders import Folder
from latentcode.words import prompt_word

if TYPE_CHECKING:
    from latentcode.arrays import Float32
    from latentcode.pictures.sight import Latents

GLIMPSES, GLIMPSE_SECONDS = 5, 0.06
LOOKED = 4  # cycles of what plays that are searched for sounds
NOBODY = "the engine does not answer; when it has started, type the line again"


class Seeing(Words):
    """The words. In a replay, where nobody looks, they do nothing."""

    @prompt_word()
    def draw(self, music: Any, cycles: int = 2, to: To = None, force: bool = False) -> None:
        """Draw a pattern's events in time, or how a path or trajectory moves through latent space.

        draw(s("cello(3,8)"), 4)    a row for each sound; the height of a bar is its gain
        draw(d1)                    what d1 plays, from the present cycle on
        draw(path("cello"))         its dimensions over time, those that move most first
        draw(…, to="picture.png")   into a .png, .svg or .pdf file (needs matplotlib); `force`
                                    replaces one

        Raises EngineError where the engine does not answer.
        """
        where = self._own(to, force)
        if isinstance(music, Voice):
            self._draw_voice(music, cycles, where)
        elif not isinstance(music, Trajectory):
            look.draw_pattern(music, cycles, where)
        elif self._stage.live:
            look.draw_latents(music, self._latents, where)

    @prompt_word()
    def latent_map(self, *what: Any, to: To = None, force: bool = False) -> None:
        """A map of latent space: what you name, or else the sounds of this set and the paths among
        your variables.

        The voices are marked where they are now. `to`: a .png, .svg or .pdf file (needs
        matplotlib); `force` replaces one that is there already.

        Raises LatentError where there is nothing to show, EngineError where the engine does not
        answer.
        """
        nodes = look.shown_on_map(what, self._stage.space) if what else self._known()
        if not nodes:
            raise LatentError('nothing plays yet; say what to show, as in latent_map("cello", "choir")')
        if self._stage.live:
            look.draw_map(nodes, self._latents, self._where(), self._own(to, force))

    @prompt_word()
    def scope(self, to: To = None, force: bool = False) -> None:
        """What is heard: 50 ms from a rising zero crossing, the spectrum,
        peak (dBFS) and loudness (LUFS).

        Raises EngineError where the engine does not answer.
        """
        if not self._stage.live:
            return
        from latentcode.pictures import canvas, scope

        told = self._asked("scope")
        frames = np.frombuffer(told["frames"], np.float32).reshape(-1, 2)
        heard = scope.MonitoredSound(frames, told["rate"])
        look.shown(
            self._own(to, force),
            lambda: scope.lines(heard, canvas.width()),
            lambda pictures, file: pictures.oscilloscope(heard, file),
        )

    @prompt_word('sounds("bass")')
    def sounds(self, *words: str) -> None:
        """The built-in sounds, each with how many pitches (or takes) it has, and yours: the folders
        in those of LATENTCODE_SOUNDS, and the paths and folders among your variables.

        With words those alone in whose name, or in what other systems call them, all of them are.
        Raises EngineError for what is no text.
        """
        from latentcode.pictures import canvas, tables

        asked = [text(one, "sounds", "words of names", 'sounds("bass")').casefold() for one in words]
        own = dict.fromkeys(built_in.library(), "folder") | {
            name: node.name if name != node.name else ""
            for name, node in self._stage.space.items()
            if isinstance(node, (Path, Folder)) and name[0] != "_"
        }
        counts = {name: has for name, has in built_in.counts().items() if _called(name, asked)}
        own = {name: said for name, said in own.items() if _called(name, asked)}
        if not counts and not own:
            near = difflib.get_close_matches(" ".join(asked), built_in.all_names(), 3)
            hint = f"near are {', '.join(near)}; " if near else ""
            say(f"no sound is called so; {hint}sounds() lists all")
        canvas.printed(tables.sounds(counts, own, canvas.width()))

    @prompt_word()
    def models(self, measure: bool | None = None) -> None:
        """The models that there are, by name: what each is, how late hands are with it, how many
        latent frames a second it makes here, and whether those that are programs are trusted.

        `measure`: measure those that were not yet, as is done when left out, at a terminal, while
        nothing plays; Ctrl-C ends it.
        """
        from latentcode.models.catalogue import entries
        from latentcode.prompt import model_list

        if not self._stage.live:
            return
        found = entries()
        idle = sys.stderr.isatty() and not self._stage.state().voices
        if measure or (measure is None and idle):
            model_list.measure_apart(found)
        model_list.show(found)

    @prompt_word('sessions("cello")')
    def sessions(self, *words: str) -> None:
        """The sets that were played, the latest first: when, how long, by which model, on which
        voices, their first lines; with words those alone in whose code or name all of them are.
        """
        if self._stage.live:
            from latentcode.prompt import session_list

            session_list.show(words)

    @prompt_word()
    def voices(self) -> None:
        """What each voice plays, its gain and pan, whether it is muted or solo, and where it is."""
        from latentcode.pictures import canvas, tables

        if self._stage.live:
            canvas.printed(tables.voices(self._stage.state(), canvas.width()))

    def _draw_voice(self, voice: Voice, cycles: int, to: Target | None) -> None:
        pattern = self._stage.asked_last.get(voice.index)
        if pattern is None:
            raise EngineError(f'{voice} plays nothing; as in {voice} >> s("cello(3,8)")')
        if not self._stage.live:
            return
        from latentcode.latents import noise

        begin = Fraction(int(self._stage.state().cycle))
        told = self._stage.question("model") or {}
        context = Context(seed=noise.key(told.get("seed") or 0, voice.index))
        look.draw_pattern(pattern, cycles, to, begin, context)

    def _own(self, to: To, force: bool) -> Target | None:
        """Where a picture goes; a replay writes none."""
        return target(to, force) if self._stage.live else None

    def _asked(self, *question: Any) -> Any:
        answer = self._stage.question(*question)
        if answer is None:
            raise EngineError(NOBODY)
        return answer

    def _latents(self, nodes: dict[str, Trajectory]) -> list[Latents]:
        from latentcode.pictures.sight import SetSight

        return SetSight.of(self._asked).latents(nodes)

    def _where(self) -> dict[str, Float32]:
        """The latents that each voice read last, by the voice's name;
        one that rests is waited for a little.
        """
        playing = {voice.index for voice in self._stage.state().voices if voice.playing}
        found: dict[int, tuple[int, int, bytes]] = {}
        for _ in range(GLIMPSES):
            found |= self._asked("where")
            if playing <= set(found):
                break
            time.sleep(GLIMPSE_SECONDS)
        return {
            f"d{index + 1}": np.frombuffer(data, np.float32).reshape(count, dimensions)
            for index, (count, dimensions, data) in sorted(found.items())
        }

    def _known(self) -> dict[str, Trajectory]:
        """The sounds of what plays, and the musician's paths."""
        found: dict[str, Trajectory] = {}
        for name, value in self._stage.space.items():
            if isinstance(value, Path) and not grabbed(value) and not name.startswith("_"):
                found[name] = value
        shown = {node.sound for node in found.values() if isinstance(node, Path)}
        for pattern in self._stage.asked_last.values():
            for path in _sources(pattern):
                if path.sound not in shown and not grabbed(path):
                    shown.add(path.sound)
                    found[path.name] = path
        return dict(list(found.items())[: look.MOST_PATHS])


def _sources(pattern: Pattern) -> Iterator[Path]:
    """The paths that a pattern plays in its first cycles."""
    try:
        events = pattern.query(0, LOOKED)
        notes = [note for event in events if (note := note_of(event.value)) is not None]
        for note in notes:
            yield from _leaves(note.trajectory)
    except LatentcodeError:  # it was tried when it was played; a map can do without it
        return


def _leaves(node: Trajectory) -> Iterator[Path]:
    from latentcode.sounds.store import path_of

    if isinstance(node, Path):
        yield node
    elif isinstance(node, Named):
        if node.name != PRIOR:
            yield path_of(node)
    else:
        for child in children(node):
            yield from _leaves(child)


def _called(name: str, words: list[str]) -> bool:
    """Whether all words are in the name of a sound, or in one that other systems have for it."""
    names = [name, *(other for other, meant in built_in.ALIASES.items() if meant.partition(":")[0] == name)]
    return any(all(word in one.casefold() for word in words) for one in names)
