"""A set that a program or a notebook plays."""

from __future__ import annotations

import queue
import re
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from helpers.waiting import until
from prompt_toolkit import PromptSession
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

import latentcode as lc
from latentcode import notebook
from latentcode.errors import EngineError, PatternError, SoundError
from latentcode.prompt.evaluate import Shield
from latentcode.prompt.link import Link
from latentcode.prompt.options import Options
from latentcode.prompt.script import ScriptedSet, between_cells
from latentcode.protocol.messages import Bye, Replaced, State
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
        with pytest.raises(EngineError, match=r"run takes code, as a text, not 3; as in d.run\("):
            d.run(3)
        with pytest.raises(EngineError, match=r"wait takes a number from 0 to inf, not 'x'; as in d.wait\("):
            d.wait("x")
        editor = Client("vim")
        assert "runs lines from elsewhere while it waits, as in d.wait(8)" in editor.evaluate("1")["error"]
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
        magics["hush"]("")
        magics["endset"]("")
        book.set("--bpm '4")
        said_of_none = capsys.readouterr().out.split("\n")
        assert said_of_none[:2] == ["no set plays here; %%play begins one"] * 2
        assert said_of_none[2].startswith("✗ No closing quotation; as in %set")
        monkeypatch.setattr(notebook, "ScriptedSet", lambda options, say, leave, ring: d)
        assert magics["play"]("", "y = 6\ny * 7") == 42
        assert magics["play"]('d3 >> s("celo")') is None
        assert said[-1].startswith("✗ d3: no sound called 'celo'")
        with pytest.raises(EngineError, match=r"plays a set already \(.*set.py\); leave its `with`"):
            ScriptedSet(Options(), said.append, ENGINE)
        lc.load_ipython_extension(shell)  # again: the set that plays is still there
        magics["hush"]("")
        magics["hush"]("4")
        d._link._on_replaced(Replaced("another prompt holds this set"))
        d._link._line.send(Bye(False))
        until(lambda: d._link.down)
        capsys.readouterr()
        assert magics["play"]("x") is None  # nobody would hear it, and nobody be told
        assert re.match(r"✗ this set has ended \(.*set.py\); .* in a notebook %set", capsys.readouterr().out)
    with pytest.raises(EngineError, match=r"this set has ended \(.*set.py\); `with lc.set\(\) as d:` begins"):
        d.run("1")
    with pytest.raises(EngineError, match="has ended"):
        d.wait()
    codes = [message[2] for message in heard(home / "set.py") if message[0] == "block"]
    assert codes[3:5] == ["hush()", "panic()"]
    assert codes[-4:] == ["y = 6\ny * 7", 'd3 >> s("celo")', "hush()", "hush(4)"]


@pytest.fixture
def playing(home):
    """A set that a program plays, over a scripted engine, and what it says."""
    said: list[str] = []
    with ScriptedSet(Options(journal=str(home / "set.py"), seed=5), said.append, ENGINE) as d:
        d.said = said
        yield d


def test_what_is_sent_to_the_set_of_a_program_runs_while_it_waits_and_one_thread_after_the_other(playing):
    begun, came, calls = threading.Event(), threading.Event(), queue.Queue()
    playing.desk.names.space.update(begun=begun, came=came)
    ada, page, told = Client("ada"), Client("page"), list[dict]()
    page.ask("listen", events=["block"])

    def sent(code: str) -> dict:
        while "while it waits" in (answer := ada.evaluate(code)).get("error", ""):
            time.sleep(0.01)  # it comes between two of its waits
        return answer

    with ThreadPoolExecutor(1) as other:
        ring, playing.desk.inbox.ring = playing.desk.inbox.ring, came.set
        early = other.submit(lambda: begun.wait(60) and ada.evaluate("x = 6"))
        playing.run("begun.set()\ncame.wait(60)")  # sent while a block runs
        assert early.result(60)["ok"]
        playing.desk.inbox.ring = ring
        answers = [other.submit(sent, code) for code in ("print(3)\nx + 1", "x = 9\n1 / 0", "exit()")]
        while not all(one.done() for one in answers):
            playing.wait(0.05)
        fine, failed, left = (one.result() for one in answers)
        playing._ring = calls.put  # of a notebook, which runs no cell
        between = other.submit(ada.evaluate, "x = 7")
        calls.get(timeout=60)()
        assert between.result(60)["ok"]
    assert (fine["printed"], fine["value"], fine["ok"]) == ("3\n", "7", True)
    assert (failed["printed"], failed["ok"], playing["x"]) == ("", False, 7)
    assert "left where it stands" in left["error"]
    assert "ada› print(3)\n     x + 1" in playing.said
    page._told = told.append
    page.ask("state")
    assert {one["by"] for one in told} == {"ada"}
    assert [one["ok"] for one in told] == [True, True, False, False, True]

    def play(voice: int) -> None:
        for count in range(1, 20):
            playing.run(f'd{voice} >> s("cello*{count}")\nlast{voice} = {count}')

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(play, (1, 2, 3)))
    assert [playing[f"last{voice}"] for voice in (1, 2, 3)] == [19] * 3


def test_a_notebook_has_things_called_by_the_loop_of_its_kernel(monkeypatch):
    calls: list = []
    monkeypatch.setattr(notebook, "ScriptedSet", lambda *_, leave, ring: SimpleNamespace(ring=ring))
    shell = SimpleNamespace(kernel=SimpleNamespace(io_loop=SimpleNamespace(add_callback=calls.append)))
    notebook.Notebook(shell).playing.ring(print)
    assert calls == [print]
    assert notebook.Notebook(None).playing.ring is None


def test_what_is_sent_to_a_terminal_runs_above_the_line_that_is_typed():
    ran: list[str] = []
    with create_pipe_input() as typed:
        session = PromptSession(input=typed, output=DummyOutput())
        ring = between_cells(SimpleNamespace(pt_app=session))

        def beside() -> None:
            ran.append("beside")
            with pytest.raises(KeyboardInterrupt), Shield().listening():
                signal.raise_signal(signal.SIGINT)  # of the block, and not of the line
            session.app.loop.call_later(0.1, typed.send_text, "1\r")  # the line had its time to end

        def before() -> None:
            ran.append("before")
            typed.send_text("x + ")
            threading.Thread(target=ring, args=(beside,)).start()

        ring(before)
        with suppress(KeyboardInterrupt):  # it would end all tests
            ran.append(session.prompt())
    assert ran == ["before", "beside", "x + 1"]


def test_a_set_that_is_interrupted_as_it_begins_leaves_no_engine(home, monkeypatch):
    left = []
    monkeypatch.setattr(Link, "start", lambda link, *words: None)
    monkeypatch.setattr(Link, "wait_ready", Mock(side_effect=KeyboardInterrupt))
    monkeypatch.setattr(Link, "leave", lambda link, keep: left.append(keep))
    with pytest.raises(KeyboardInterrupt):
        ScriptedSet(Options(journal=str(home / "set.py")))
    assert left == [False]


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
