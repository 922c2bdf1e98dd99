"""Every example in README and docs runs."""

from __future__ import annotations

import doctest
import gc
import re
from contextlib import suppress
from pathlib import Path

import pytest
from helpers.exports import export
from helpers.unencoded import FirstEvening

import latentcode as lc
from latentcode.errors import LatentError
from latentcode.prompt.evaluate import run_block
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Collector
from latentcode.prompt.set_api import SetApi
from latentcode.session.header import HABITS
from latentcode.session.journal import read_session
from latentcode.set.commands import Command
from latentcode.set.grabs import NotGrabbedError

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def prompt(tmp_path, monkeypatch):
    """The names of the prompt, without an engine; examples write into a folder of their own."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("LATENTCODE_MODELS", str(tmp_path))
    _sounds(tmp_path)
    export(tmp_path, name="rave")
    sink = Hearing()
    gc.freeze()  # as an engine does: to collect what thousands of tests have made takes longer than a trial may
    yield Names(SetApi(sink), 0).space, sink
    gc.unfreeze()


class Hearing(Collector):
    """A sink for which a hand moves something whenever that is waited for: another key each time."""

    keys = 0

    def question(self, *question, patience=0.0):
        self.keys += question[0] == "learn"
        return {
            "learn": f"note:{36 + self.keys}@nano/1",
            "fader": 0.5,
            "played": {"first": 0, "notes": ((0.0, 0.5, 60, 1.0),)},
        }.get(question[0])

    def noted(self, make):
        return make()


def _sounds(folder: Path) -> None:
    """The files that examples speak of."""
    import numpy as np
    import soundfile

    tone = np.sin(np.arange(22050) / 20).astype(np.float32) * 0.5
    (folder / "takes").mkdir()
    for name in ("rain.wav", "choir.wav", "takes/voice.wav"):
        soundfile.write(folder / name, tone, 44100)
    (folder / "wave.toml").write_text('cycles = "4"\npoints = [[0.0, 0.5], [2.5, 1.0]]')
    (folder / "tour.toml").write_text("master = 0.8")
    (folder / "prep.py").write_text('d1 >> "choir"')
    (folder / "nano.toml").write_text('brightness = {cc = 21, port = "nano"}')


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_run_one_after_the_other(page, prompt):
    space, sink = prompt
    evening = FirstEvening(**dict.fromkeys(HABITS, True))
    for number, code in enumerate(BLOCK.findall(page.read_text()), 1):
        if code.lstrip().startswith(">>>"):
            _session_of_examples(code, space, f"{page.name}, block {number}")
        else:
            error = run_block(code, space, sink)
            assert error is None, f"{page.name}, block {number}: {error!r}"
            _tried(sink.commands, evening)


def _tried(commands: list[Command], evening: FirstEvening) -> None:
    """Try what they play as an engine does that has encoded none of its sounds.

    Refused is what no model here has, what was not grabbed, and what does not come in.
    """
    for command in commands:
        if command.kind in ("play", "once", "keys"):
            with suppress(LatentError, NotGrabbedError):
                evening.rehearse(command)


def _session_of_examples(code: str, space: dict, name: str) -> None:
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(code, {}, name, None, 0)
    test.globs = space
    doctest.DocTestRunner(optionflags=options).run(test, out=pytest.fail, clear_globs=False)


def test_the_piece_of_the_guide_is_a_session():
    guide = BLOCK.findall((ROOT / "docs" / "guide.md").read_text())
    piece = read_session(ROOT / "sessions" / "05_evening.py").blocks
    assert [block.code.strip() for block in piece if block.code.strip() + "\n" not in guide] == []


def test_the_tour_of_the_package_runs():
    found = doctest.testmod(lc, verbose=False)
    assert found.attempted > 3
    assert found.failed == 0
