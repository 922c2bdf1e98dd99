"""Jupyter and IPython: `%load_ext latentcode`, then cells that play."""

from __future__ import annotations

import argparse
import io
import math
import os
import shlex
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NoReturn

from latentcode.cli import prompt
from latentcode.cli.options import options
from latentcode.errors import EngineError, LatentcodeError
from latentcode.offline.pattern import render
from latentcode.patterns.nodes import Dial
from latentcode.pictures.look import draw
from latentcode.prompt.script import ScriptedSet, between_cells
from latentcode.protocol.messages import Message
from latentcode.protocol.observing import Sliders, SliderState
from latentcode.stage.observer import Observer

RATE = 44100  # Hz, of what is heard in a page
STEPS = 500  # of a slider
SAME = 0.6 / STEPS  # of its way, below which two places are the same
MINE = 0.5  # seconds after which others may move what was moved here
TOLD = (
    "latentcode: %%play runs a cell in the set, %play a line; %set --bpm 104 starts it with options, %endset ends "
    "it; {}"
)
LEAVE = "the set of a notebook is left with %endset; hush() lets all fade"
NONE = "no set plays here; %%play begins one"
KEPT = "_latentcode_notebook"  # where a shell holds its notebook, whatever is loaded again
IN_PAGE = {  # what a page has and a terminal has not, and what does it there
    "audio": "is heard in the page of a notebook; here %play once(…) plays it in the set",
    "slider": "is moved in the page of a notebook; here `latentcode stage` shows one that %play plays",
}


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext latentcode` does; nothing is started yet. `%reload_ext` keeps the set that
    plays.
    """
    notebook = getattr(shell, KEPT, None) or Notebook(shell)
    setattr(shell, KEPT, notebook)
    for name, kind in (("play", "line_cell"), ("set", "line"), ("endset", "line")):
        shell.register_magic_function(getattr(notebook, name), kind, name)
    for name in ("hush", "panic"):
        shell.register_magic_function(notebook.word(name), "line", name)
    shell.push({name: getattr(notebook, name) for name in ("audio", "picture", "slider")})
    print(TOLD.format("audio(…), picture(…), slider(…)" if notebook.page else "picture(…)"))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise EngineError(f"{message}; as in %set --bpm 104 --driver timer")


class Notebook:
    """The set of a notebook, and its magics."""

    def __init__(self, shell: Any) -> None:
        self.page = shell is None or hasattr(shell, "kernel")  # else a terminal
        self._ring = between_cells(shell)
        self._playing: ScriptedSet | None = None
        self._hands: _Hands | None = None  # of sliders, when there are any

    @property
    def playing(self) -> ScriptedSet:
        """The set, which is started where there is none. Raises EngineError where that fails."""
        return self._playing or self._started("")

    def _started(self, line: str) -> ScriptedSet:
        parser = _Parser(prog="%set", add_help=False)
        prompt.add_arguments(parser)
        try:
            words = shlex.split(line)
        except ValueError as error:  # quotes
            parser.error(str(error))
        wanted = options(parser.parse_args(words))
        if self._playing is not None:
            self.endset("")
        self._playing = ScriptedSet(wanted, print, leave=LEAVE, ring=self._ring)
        return self._playing

    def set(self, line: str) -> None:
        """`%set --bpm 104 --driver timer`: start a set with options of the prompt;
        one that plays is ended.
        """
        try:
            self._started(line)
        except LatentcodeError as error:
            print(f"✗ {error}")

    def endset(self, line: str) -> None:
        """`%endset`: fade out, and end. Sliders are heard again where another set begins."""
        if self._playing is None:
            print(NONE)
            return
        self._playing.close()
        print(f"the set is in {self._playing.journal}")
        self._playing = None

    def play(self, line: str, cell: str | None = None) -> Any:
        """`%%play` runs the cell in the set, as a block of the prompt; `%play hush()` a line."""
        try:
            return self.playing.tried(line if cell is None else cell)
        except LatentcodeError as error:  # of no block: there is no set
            print(f"✗ {error}")
            return None

    def word(self, name: str) -> Any:
        """A magic that is a word of the set: `%hush`, `%hush 4`."""

        def run(line: str) -> None:
            if self._playing is None:
                print(NONE)
            elif line.strip():
                self.play(f"{name}({line.strip()})")
            else:
                self._playing.desk.press(name)

        return run

    # beside a cell

    def audio(self, pattern: Any, seconds: float | None = None, **how: Any) -> Any:
        """What `render` makes of a pattern, to be heard in the page.

        Raises what `render` raises, and EngineError where there is no page.
        """
        self._in_page("audio")
        from IPython.display import Audio

        how.setdefault("sample_rate", RATE)
        samples = render(pattern, seconds, **how)
        return Audio(samples.T, rate=how["sample_rate"], normalize=False)

    def picture(self, music: Any, cycles: int = 2) -> Any:
        """What `draw` shows, as a picture in the page; in a terminal it is drawn there.

        Raises LatentcodeError.
        """
        if not self.page:
            return self._draw(music, cycles)
        from IPython.display import Image

        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "picture.png")
            with redirect_stdout(io.StringIO()):  # where it lies is nobody's business
                self._draw(music, cycles, file)
            with open(file, "rb") as made:
                return Image(made.read())

    def slider(
        self, name: str, low: float = 0.0, high: float = 1.0, value: float | None = None, exp: bool = False
    ) -> Any:
        """A slider in the page that moves those of that name in what the set plays.

        It takes what the word `slider` takes, and begins at `value`, or at `low`. Raises what the
        word raises, and EngineError where there is no set that could hear it, or no page.
        """
        self._in_page("slider")
        from latentcode.patterns import slider

        slider(name, low, high, value, exp)  # says what is wrong
        if self.playing.door is None:
            raise EngineError("the set of this notebook has no door for sliders; latentcode doctor says why")
        dial = Dial(float(low), float(high), exp)
        made = _widget(dial, dial.low if value is None else float(value), name)
        if self._hands is None:
            self._hands = _Hands(lambda: None if self._playing is None else self._playing.door)
        self._hands.take(name, made, dial)
        return made

    def _draw(self, *what: Any) -> None:
        (draw if self._playing is None else self._playing["draw"])(*what)

    def _in_page(self, name: str) -> None:
        if not self.page:
            raise EngineError(f"{name}(…) {IN_PAGE[name]}")


def _widget(dial: Dial, begin: float, name: str) -> Any:
    try:
        import ipywidgets
    except ImportError as error:
        raise EngineError(
            "sliders of a notebook need ipywidgets, which is not installed; "
            "type pip install 'latentcode[notebook]'"
        ) from error

    least, most = sorted((dial.low, dial.high))
    if dial.exp and least > 0:
        ends = {"min": math.log10(least), "max": math.log10(most), "step": math.log10(most / least) / STEPS}
        return ipywidgets.FloatLogSlider(begin, description=name, **ends)
    return ipywidgets.FloatSlider(begin, min=least, max=most, step=(most - least) / STEPS, description=name)


class _Hands:
    """What moves the sliders of a set, at the door of its engine and of the one that follows it."""

    def __init__(self, door: Callable[[], Path | None]) -> None:
        self._places: dict[str, float] = {}
        self._moved: dict[str, float] = {}  # when a slider of the page was moved last
        self._widgets: dict[str, tuple[Any, Dial]] = {}
        self._away = True
        self._observer = Observer(lambda: [there for there in [door()] if there], self._told, sliders=True)

    def take(self, name: str, widget: Any, dial: Dial) -> None:
        """Have a slider heard, and follow where others move it."""
        self._widgets[name] = widget, dial
        widget.observe(lambda change: self._move(name, dial.place(change["new"])), "value")
        self._move(name, dial.place(widget.value))

    def _move(self, name: str, place: float) -> None:
        """Have a slider at a place from 0 to 1, now and when an engine comes."""
        key, place = f"slider:{name}", min(max(place, 0.0), 1.0)
        if abs(self._places.get(key, -1.0) - place) < SAME:  # it follows
            return
        self._places[key], self._moved[name] = place, time.monotonic()
        if not self._away:
            self._observer.touch(((key, place),))

    def _follow(self, told: SliderState) -> None:
        """Have the page show where others have moved a slider; not while it is moved here."""
        widget, dial = self._widgets.get(told.name, (None, None))
        if widget is None or dial is None or time.monotonic() - self._moved[told.name] < MINE:
            return
        if abs(self._places[f"slider:{told.name}"] - told.place) >= SAME:
            self._places[f"slider:{told.name}"] = told.place
            widget.value = dial.shows(told.place)

    def _told(self, message: Message | None) -> None:
        for told in message.sliders if isinstance(message, Sliders) else ():
            self._follow(told)
        came, self._away = self._away and message is not None, message is None
        if came:
            self._observer.touch(tuple(self._places.items()))
