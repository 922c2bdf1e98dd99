"""A set that a program or a notebook plays."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

import latentcode as lc
from latentcode import notebook
from latentcode.errors import EngineError, PatternError, SoundError
from latentcode.prompt.options import Options
from latentcode.prompt.script import ScriptedSet
from latentcode.protocol.messages import State
from latentcode.protocol.observing import Sliders, SliderState
from latentcode.remote.client import Client
from latentcode.testing.engine import ENGINE, heard


def test_a_program_plays_a_set_and_a_notebook_too(home, monkeypatch, capsys):
    said: list[str] = []
    options = Options(journal=str(home / "set.py"), seed=5)
    with ScriptedSet(options, said.append, ENGINE) as d:
        assert d.run('x = s("cello*2")\nd1 >> x\nx') == d["x"]
        with pytest.raises(SoundError, match="did you mean cello"):
            d.run('d2 >> s("celo")')
        with pytest.raises(EngineError, match="where its `with` ends"):
            d.run("exit()")
        assert d._link._more == ("--deskless", "5.0")  # nobody could come back to it
        d.wait(0.1)
        assert d.state.voices[0].text == "x"
        assert d.journal == str(home / "set.py")
        assert not any("cello*2" in line for line in said)
        editor = Client("vim")
        assert "a script or a notebook plays this set" in editor.evaluate("1")["error"]
        assert editor.evaluate("hush()")["ok"]
        assert editor.ask("panic")["ok"]

        magics, names = {}, {}
        shell = SimpleNamespace(
            register_magic_function=lambda function, kind, name: magics.update({name: function}),
            push=names.update,
        )
        lc.load_ipython_extension(shell)
        assert capsys.readouterr().out.endswith("ends it; picture(…)\n")  # of a terminal
        names["picture"]("cello*2")
        assert "cello" in capsys.readouterr().out
        for name, instead in (("audio", "once"), ("slider", "stage")):
            with pytest.raises(
                EngineError, match=rf"{name}\(…\) is .* in the page of a notebook; here .*{instead}"
            ):
                names[name]("cut")
        book = magics["play"].__self__
        book.set("--bpm fast")
        assert "✗ argument --bpm" in capsys.readouterr().out
        monkeypatch.setattr(notebook, "ScriptedSet", lambda options, say, leave: d)
        assert magics["play"]("", "y = 6\ny * 7") == 42
        assert magics["play"]('d3 >> s("celo")') is None
        assert said[-1].startswith("✗ d3: no sound called 'celo'")
        with pytest.raises(EngineError, match=r"plays a set already \(.*set.py\); leave its `with`"):
            ScriptedSet(Options(), said.append, ENGINE)
        lc.load_ipython_extension(shell)  # again: the set that plays is still there
        magics["hush"]("")
    codes = [message[2] for message in heard(home / "set.py") if message[0] == "block"]
    assert codes[3:5] == ["hush()", "panic()"]
    assert codes[-3:] == ["y = 6\ny * 7", 'd3 >> s("celo")', "hush()"]


def test_options_of_a_set_are_those_of_the_prompt():
    with pytest.raises(EngineError, match="no option 'tempo'; it has ahead"):
        lc.set(tempo=104)
    assert lc.set is sys.modules["latentcode.set"]


def test_a_notebook_shows_sounds_and_pictures(home):
    pytest.importorskip("IPython")
    book = notebook.Notebook(None)
    assert "audio/wav" in book.audio("cello", seconds=0.1)._repr_html_()
    assert book.picture("cello*2").data.startswith(b"\x89PNG")


class Widget(SimpleNamespace):
    def __init__(self, value, **how):
        super().__init__(value=value, **how)

    def observe(self, changed, what):
        self.slide = lambda value: changed({"new": value})


def test_sliders_of_a_notebook_move_those_of_its_set_now_and_when_an_engine_comes(monkeypatch):
    observer = Mock()
    monkeypatch.setattr(notebook, "Observer", observer)
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    book = notebook.Notebook(None)
    book._playing = SimpleNamespace(door=Path("some.door"))
    with pytest.raises(EngineError, match=r"pip install 'latentcode\[notebook\]'"):
        book.slider("wah")
    monkeypatch.setitem(sys.modules, "ipywidgets", Mock(FloatSlider=Widget, FloatLogSlider=Widget))
    with pytest.raises(PatternError, match="a name of one word"):
        book.slider("cut off")
    wah, down = book.slider("wah", 100, 10000, value=1000, exp=True), book.slider("down", 1, 0)
    assert (wah.min, wah.max, down.min, down.max) == (2.0, 4.0, 0.0, 1.0)
    doors, tell = observer.call_args.args
    assert doors() == [Path("some.door")]
    tell(State())
    wah.slide(10000)
    tell(None)
    down.slide(0.25)
    tell(State())
    touched = [dict(call.args[0]) for call in observer.return_value.touch.call_args_list]
    begin = {"slider:wah": 0.5, "slider:down": 0.0}
    assert touched == [begin, {"slider:wah": 1.0}, {"slider:wah": 1.0, "slider:down": 0.75}]
    others = Sliders((SliderState("wah", 100, 10000, True, 0.0), SliderState("new", 0, 1, False, 0.5)))
    tell(others)
    assert wah.value == 1000  # it is moved here
    monkeypatch.setattr(notebook, "MINE", 0.0)
    tell(others)
    assert wah.value == pytest.approx(100)
    wah.slide(wah.value)  # what follows says nothing itself
    assert len(observer.return_value.touch.call_args_list) == 3
