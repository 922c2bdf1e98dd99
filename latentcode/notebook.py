"""Jupyter and IPython: `%load_ext latentcode`, then cells that play."""

from __future__ import annotations

import argparse
import io
import os
import shlex
import socket
import tempfile
from contextlib import redirect_stdout
from typing import Any, NoReturn

from latentcode.cli import prompt
from latentcode.cli.options import options
from latentcode.errors import EngineError, LatentcodeError
from latentcode.offline.pattern import render
from latentcode.pictures.look import draw
from latentcode.prompt.script import ScriptedSet

RATE = 44100  # Hz, of what is heard in a page
PORT, HOST = 57190, "127.0.0.1"  # where sliders are heard
TOLD = (
    "latentcode: %%play runs a cell in the set, %play a line; %set --bpm 104 starts it with options, %endset ends "
    "it; audio(…), picture(…), slider(…)"
)


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext latentcode` does; nothing is started yet."""
    notebook = Notebook(shell)
    for name, kind in (("play", "line_cell"), ("set", "line"), ("endset", "line")):
        shell.register_magic_function(getattr(notebook, name), kind, name)
    for name in ("hush", "panic"):
        shell.register_magic_function(notebook.word(name), "line", name)
    shell.push({name: getattr(notebook, name) for name in ("audio", "picture", "slider")})
    print(TOLD)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise EngineError(f"{message}; as in %set --bpm 104 --driver timer")


class Notebook:
    """The set of a notebook, and its magics."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._playing: ScriptedSet | None = None
        self._port = 0  # where sliders are heard, when there are any

    @property
    def playing(self) -> ScriptedSet:
        """The set, which is started where there is none. Raises EngineError where that fails."""
        return self._playing or self._started("")

    def _started(self, line: str) -> ScriptedSet:
        parser = _Parser(prog="%set", add_help=False)
        prompt.add_arguments(parser)
        wanted = options(parser.parse_args(shlex.split(line)))
        self.endset("")
        self._playing = ScriptedSet(wanted, print)
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
        """`%endset`: fade out, and end."""
        if self._playing is not None:
            self._playing.close()
            print(f"the set is in {self._playing.journal}")
        self._playing, self._port = None, 0

    def play(self, line: str, cell: str | None = None) -> Any:
        """`%%play` runs the cell in the set, as a block of the prompt; `%play hush()` a line."""
        try:
            playing = self.playing
        except LatentcodeError as error:
            print(f"✗ {error}")
            return None
        return playing.tried(line if cell is None else cell)

    def word(self, name: str) -> Any:
        """A magic that is a word of the set: `%hush`."""

        def run(line: str) -> None:
            if self._playing is not None:
                self._playing.desk.press(name)

        return run

    # beside a cell

    def audio(self, pattern: Any, seconds: float | None = None, **how: Any) -> Any:
        """What `render` makes of a pattern, to be heard in the page.

        Raises what `render` raises.
        """
        from IPython.display import Audio

        how.setdefault("sample_rate", RATE)
        samples = render(pattern, seconds, **how)
        return Audio(samples.T, rate=how["sample_rate"], normalize=False)

    def picture(self, music: Any, cycles: int = 2) -> Any:
        """What `draw` shows, as a picture in the page. Raises LatentcodeError."""
        from IPython.display import Image

        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "picture.png")
            with redirect_stdout(io.StringIO()):  # where it lies is nobody's business
                (draw if self._playing is None else self._playing["draw"])(music, cycles, file)
            with open(file, "rb") as made:
                return Image(made.read())

    def slider(self, name: str, low: float = 0.0, high: float = 1.0, value: float | None = None) -> Any:
        """A slider that moves the input `osc("/NAME")`, from 0 to 1: osc("/cutoff").range(200,
        4000).

        It shows numbers from `low` to `high`, and begins at `value`. Raises EngineError where there
        is no set that could hear it.
        """
        import ipywidgets

        self._hear_sliders()
        begin = low if value is None else value
        made = ipywidgets.FloatSlider(begin, min=low, max=high, step=(high - low) / 200, description=name)

        def moved(value: float) -> None:
            self._send(f"/{name}", (value - low) / (high - low))

        made.observe(lambda change: moved(change["new"]), "value")
        moved(begin)
        return made

    def _hear_sliders(self) -> None:
        if not self._port:
            self.playing.run(f'osc_in({PORT}, host="{HOST}")')
            self._port = PORT

    def _send(self, address: str, value: float) -> None:
        from pythonosc.osc_message_builder import OscMessageBuilder

        message = OscMessageBuilder(address)
        message.add_arg(float(value))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.sendto(message.build().dgram, (HOST, self._port))
