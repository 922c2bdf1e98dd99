"""`help` says what the reference says, in the terminal, and asks for nothing."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from latentcode.prompt.helping import asked, examples
from latentcode.prompt.names import Names
from latentcode.prompt.replay import Collector, Replay
from latentcode.prompt.session import Desk
from latentcode.prompt.set_api import SetApi
from latentcode.protocol.messages import State
from latentcode.session.journal import read_session


@pytest.fixture
def told(said, capsys, monkeypatch):
    """What the prompt prints for a line."""
    link = SimpleNamespace(
        send=said.send, memory=SimpleNamespace(sent=lambda *_: None), state=State(), ask=None
    )
    desk = Desk(link)
    desk._names = Names(SetApi(desk.blocks), 0)
    monkeypatch.setattr(sys, "stdin", None)

    def tell(line):
        desk.run(line)
        return capsys.readouterr().out

    return tell


@pytest.mark.parametrize("line", ["help(fast)", "help('fast')", "fast?", " ?fast ", "fast??"])
def test_a_word_is_told_with_its_example(told, line):
    text = told(line)
    assert text.startswith("fast(factor, pattern=None)\n  Play `factor` times as fast")
    assert '\n    mini("a b").fast(2)                       # twice as fast\n    0–1/4 a | 1/4–1/2 b' in text
    assert "docs/patterns.md" in text


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ('help("every")', ["every(cycles, function", 'mini("a b").every(3, rev)']),
        ("help(d1)", ["d1: One of sixteen", 'd1 >> s("cello(3,8)")', "d1.morph", "docs/set.md"]),
        ("d3?", ["d3: One of sixteen", "d3.stop"]),
        ("help(d)", ['d["bass"] >>']),
        ("d1.gain?", ["d1.gain(amount=None)", "d1.gain(.8)"]),
        ('d1 >> s("cello(3,8)").fast?', ["fast(factor", "twice as fast"]),
        ("help(d1.gain)", ["d1.gain(amount=None)", "d1.gain(.8)"]),
        ("help('gain')", ["gain(value", 's("a").gain(0.8)']),
        ("help(lowpass)", ["cutoff 20 to 20000 Hz", "d1.fx(lowpass(900, resonance=.4))"]),
        ("help(sine)", ["sine.range(-1, 1)"]),
        ("help('range')", ["range(pattern, low, high)", ".range("]),
        ("help(bpm)", ["bpm(104)"]),
        ("help(hush)", ["hush(over=2)", "more: docs/set.md"]),
        ("help(scene)", ['scene("verse")']),
        ("help('cello')", ['d1 >> s("cello")']),
        ("help(hush())", ["a word without its brackets"]),
        ("help('fsat')", ["nothing is called 'fsat'", 'help("fast")']),
        ("help(s('cello').fast)", ["fast(factor", "twice as fast"]),
        ("help(s('cello'))", ["0–1 s:cello"]),
        ("def mine(x):\n    'My own.'\nhelp(mine)", ["mine(x)\n  My own."]),
        ("fast = 3\nhelp(fast)", ["3\n"]),
        ("help(print)", ["print(*args"]),
        ("help()", ['d1 >> s("cello(3,8)")', "Tab", " fast ", " lowpass ", " bpm ", "guide.md"]),
        ("help", ["help"]),
    ],
)
def test_what_is_told(told, line, parts):
    text = told(line)
    assert [part for part in parts if part not in text] == []
    assert text.count("\n") < 40
    assert "✗" not in text


def test_every_word_of_the_prompt_has_an_example_or_is_a_voice():
    words = (
        set(Names(SetApi(Collector()), 0).own) - {f"d{number}" for number in range(4, 17)} - {"exit", "quit"}
    )
    assert [word for word in sorted(words) if not examples(word)] == []


@pytest.mark.parametrize("line", ["x?y", "'what?'", "f(x)?", "x = 1 # ?"])
def test_other_questions_are_left_to_python(line):
    assert asked(line) == line


def test_a_session_that_asked_for_help_replays(tmp_path, capsys):
    session = tmp_path / "set.py"
    code = "# latentcode session 1\n# @ seed 1\n# @ 1 0\nhelp()\nhelp(fast); help('nix'); help(3)\n"
    session.write_text(code)
    reports = []
    list(Replay(read_session(session), reports.append))
    assert (reports, capsys.readouterr().out) == ([], "")


def test_help_is_asked_in_the_journal_as_python_reads_it(said):
    blocks = Desk(
        SimpleNamespace(send=said.send, memory=SimpleNamespace(sent=lambda *_: None), state=State(), ask=None)
    )
    blocks._names = Names(SetApi(blocks.blocks), 0)
    blocks.run("fast?")
    assert said.messages[0][:4] == ("block", 1, 'help("fast")', False)
