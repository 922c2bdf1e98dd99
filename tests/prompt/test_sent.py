"""What an editor sends to the prompt: pastes, with brackets and without, and what hands type beside it."""

from __future__ import annotations

import os
import re
import select
import sys
import threading
import time
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.history import FileHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import DummyOutput

from latentcode.prompt import sent
from latentcode.prompt.error_format import Origin
from latentcode.prompt.input import LineInput, _keys_everywhere
from latentcode.prompt.names import Names
from latentcode.prompt.sent import QUIET, STILL, after, around, keyboard, pieces
from latentcode.prompt.session import Desk
from latentcode.prompt.set_api import SetApi
from latentcode.prompt.sounding import Sounding
from latentcode.protocol.messages import State
from latentcode.remote.incoming import Incoming, Outcome

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="prompt_toolkit finds pastes there")

FUNCTION = '''@echoed

def f(x):
    """one

    two"""
    if x:
\tx = [1,

2]

    else:
        x = 3
    return x  # so

f(0)
# the end'''.replace("\t", "        ")
LINK = SimpleNamespace(state=State(), hello=None, heard=0.0, encoding=None, down="", pausing="", ready=False)


def paste(text):
    return f"\x1b[200~{text}\x1b[201~\r"


def by_hand(text):
    return [*text]


class Hands:
    """Write to a terminal, each text when what was read of those before has been taken. A pause is
    where a text ends, and not where a busy machine keeps one of the two from going on.
    """

    def __init__(self, out, into, texts):
        self._out, self._into, self._texts = out, into, texts
        self._whole = self._reading = False

    def write(self):
        for text in self._texts:
            self._whole = False
            for start in range(0, len(text), 3000):
                os.write(self._into, text[start : start + 3000].encode())
            self._whole = True
            while self._unread() or self._reading:
                time.sleep(0.001)
        os.close(self._into)

    def reader(self, read_keys):
        def read():
            self._reading = True  # before anything is read
            try:
                return read_keys()
            finally:
                self._reading = False

        return read

    def select(self, files, _, __, seconds):
        assert seconds in (QUIET, STILL)
        while not self._whole and not self._unread():
            time.sleep(0.001)
        return select.select(files, [], [], 0)

    def _unread(self):
        import fcntl
        import termios

        return any(fcntl.ioctl(self._out, termios.FIONREAD, bytes(4)))


@pytest.fixture
def entered(monkeypatch):
    """Writes to a terminal, piece by piece, and gives the blocks that the prompt has read."""
    monkeypatch.setattr(sent, "LONGEST", 60)

    def enter(*writes, vi=False):
        out, into = os.pipe()
        stdin = os.fdopen(out, encoding="utf-8")
        found, hands = [], Hands(out, into, writes)
        monkeypatch.setattr(sent, "select", hands)
        desk = SimpleNamespace(
            known={}, link=LINK, say=found.append, sounding=Sounding(), prepare=lambda: None
        )
        with create_app_session(output=DummyOutput()), stdin:
            keys = keyboard(lambda: vi, stdin)
            keys.read_keys = hands.reader(keys.read_keys)
            box = LineInput(desk, None, vi, "", "hint", keys, DummyOutput())
            threading.Thread(target=hands.write, daemon=True).start()
            try:
                while True:
                    found.append(box.read_line())
            except EOFError:
                return [entry if isinstance(entry, str) else entry.code for entry in found]

    return enter


BLOCKS = ['d1 >> s("cello")\nd2 >> s("choir")', FUNCTION, "# only this", "if 1:\n\td1.stop()"]
UNFINISHED = ['d1 >> s("cello"', 'd1 >> s("a")\nd2 >> s("b"', 'x = """', "for v in d:", "d1 >> )"]


def test_several_lines_are_one_block_at_their_enter(entered):
    plain = [code.replace("\n", end) + end for code in BLOCKS for end in ("\r", "\n", "\r\n")]
    codes = entered(*plain, *map(paste, BLOCKS), "6 * 7", "\r", "    d1.stop()\r    d2.stop()\r")
    expected = [code for code in BLOCKS for _ in range(3)] + BLOCKS + ["6 * 7", "d1.stop()\nd2.stop()"]
    assert [code for code in codes if code] == expected


def test_what_is_not_whole_is_over_at_its_enter(entered):
    codes = entered(*[text for code in UNFINISHED for text in (paste(code), paste("hush()"))])
    assert codes == [text for code in UNFINISHED for text in (code, "hush()")]


def test_so_is_a_line_without_brackets_around_it(entered):
    lines = ['d1 >> s("cello"', "x = [1,", "d1 >> ("]
    apart = [text for code in lines for text in (code, "\r", "hush()", "\r")]
    together = [text for code in lines for text in (code + "\r", "hush()\r")]
    assert entered(*apart, *together) == [text for code in lines for text in (code, "hush()")] * 2


def test_two_hundred_lines_are_quick(entered):
    code = "\n".join(f'd1 >> s("cello*{n}").fast({n})  # {"x" * 40}' for n in range(200))
    begun = time.process_time()
    assert entered(code.replace("\n", "\r") + "\r", paste(code)) == [code, code]
    assert time.process_time() - begun < 4


def test_an_editor_may_send_line_by_line(entered):
    lines = ["def f():", "    x = 1", "    return x", ""]
    assert entered(*[text for line in lines for text in (line, "\r") if text]) == ["\n".join(lines).rstrip()]


def test_hands_have_an_indent_made_for_them(entered):
    codes = entered(
        *by_hand("def f():\rreturn 3\r\rf()\r"), *by_hand("def f():\r"), paste("    return 3"), *by_hand("\r")
    )
    assert codes == ["def f():\n    return 3", "f()", "def f():\n    return 3"]


def test_hush_goes_through_whatever_is_being_typed(entered):
    begun = ["d1 >> s(\r", 'd1 >> s("ce', "# a note", "for v in d:\r", "foo"]
    writes = [[*by_hand(typed), "hush()", "\r", "\x03"] for typed in begun]
    codes = entered(
        *[text for some in writes for text in some], *by_hand("d1 >> s(\rhush()\r"), *by_hand(")\r")
    )
    assert codes == ["hush()"] * 6 + ["d1 >> s()"]  # what was typed was there again


def test_what_else_a_terminal_may_bring(entered):
    word = paste("choir")[:-1]
    writes = {
        "d1 >> 'cello choir'": [*by_hand("d1 >> 'cello "), word, *by_hand("'\r")],
        "x = [\nchoir]": [*by_hand("x = [\r"), word, *by_hand("]\r\r")],
        "hint": ["\x03"],
        "hush()": ['d1 >> s("', "\x03", "hush()", "\r"],  # Ctrl-C
        "d1.stop()": ["\x04", "d1.stop()", "\r"],  # Leave?
        "d2.stop()": [*by_hand("\x04n"), "d2.stop()\r"],
        "d3.stop()": ["\x12", "d3.stop()\r"],  # Ctrl-R
        "d4.stop()": ["\x12", "x", paste("d4.stop()")],
        "d5.stop()\nd6.stop()": ["\x12", paste("d5.stop()\nd6.stop()")],
        "d7.stop()": ["\x1bOQ", paste("d7.stop()")],  # F2
    }
    assert entered(*[text for some in writes.values() for text in some]) == [*writes]


def test_vis_own_letters_are_no_text(entered):
    assert entered(*by_hand("abcd"), "\x1b", "0xxxxiz", "\r", vi=True) == ["z"]


@pytest.mark.parametrize(
    ("code", "cut"),
    [
        ("a\nb", ["a\nb"]),
        ("a(\nhush()", ["a(", "hush()"]),
        ("a)\nb\nc", ["a)", "b\nc"]),
        ("a\n@b\ndef c():\n    pass\n\nd(\ne", ["a\n@b\ndef c():\n    pass\n", "d(", "e"]),
        (
            "if a:\n    b\nelse:\n    c\n'''x\ny'''\nfor\nhush()",
            ["if a:\n    b\nelse:\n    c\n'''x\ny'''", "for", "hush()"],
        ),
        ('x = """\nhush()', ['x = """', "hush()"]),
        ("", [""]),
    ],
)
def test_what_is_wrong_in_one_send_holds_up_no_other(code, cut):
    assert [piece for _, piece in pieces(code)] == cut
    assert all(code.split("\n")[line - 1 :][:1] == [piece.split("\n")[0]] for line, piece in pieces(code))


@pytest.mark.parametrize(
    ("code", "line", "rest"),
    [
        ("a\nb\n@c\ndef d(): pass", 1, (2, "b\n@c\ndef d(): pass")),
        ("a\n@c\ndef d(): pass", 1, (2, "@c\ndef d(): pass")),
        ("f(\n1\n)\nb", 2, (4, "b")),
        ("a", 1, (0, "")),
        ("a(", 0, (0, "")),
    ],
)
def test_what_follows_a_statement(code, line, rest):
    assert after(code, line) == rest


@pytest.fixture
def desk(said):
    """One whose lines are in `lines`."""
    lines = []
    memory = SimpleNamespace(sent=lambda *_: None)
    made = Desk(SimpleNamespace(send=said.send, memory=memory, state=State(), ask=None), lines.append)
    made.lines, made._names = lines, Names(SetApi(made.blocks), 0)
    return made


def test_what_raises_in_a_burst_holds_up_nothing_behind_it(desk, said):
    assert not desk.run_all("d1 >> 'celo'\nd2 >> 'choir'\nx = (\n1 / 0\n)\nd3 >> )\nhush()")
    assert [m[2:4] for m in said.messages] == [
        ("d1 >> 'celo'\nd2 >> 'choir'\nx = (\n1 / 0\n)", True),
        ("d2 >> 'choir'\nx = (\n1 / 0\n)", True),
        ("d3 >> )", True),
        ("hush()", False),
    ]
    assert [line.partition("; what")[2] for line in desk.lines] == [" follows is run all the same"] * 3
    assert [re.search(r"line (\d)", line)[1] for line in desk.lines] == ["1", "4", "6"]  # of what came


BEFORE, BEHIND = "what stands before it has run", "what follows has not"


@pytest.mark.parametrize(
    ("code", "line", "told", "unrun"),
    [
        ("x = 1\n1 / 0\ny = 2\nz = 3", 13, f"{BEFORE}, {BEHIND}", 14),
        ("1 / 0\n\n@str\ndef f(): pass", 12, f"{BEHIND} run", 14),
        ("x = [\n  1 / 0\n]\ny = 2", 13, f"{BEHIND} run", 15),
        ("def f():\n  1 / 0\nf()\n# the end", 13, BEFORE, 0),
        ("for x in [1, 0]:\n  1 / x", 13, "", 0),
        ("x = 1\ny = (", 13, "nothing of it has run", 12),
        ("1 / 0", 12, "", 0),
        ('load("nowhere.py")\nx = 1', 12, f"{BEHIND} run", 13),
        ("class A:\n  def __repr__(self): 1 / 0\nA()", 13, "", 0),
    ],
)
def test_a_block_that_is_wrong_somewhere_says_what_of_it_has_run(desk, code, line, told, unrun):
    outcome = desk.evaluate(code, Origin("/a.py", 12))
    assert (outcome.line, outcome.unrun) == (line, unrun), outcome
    assert desk.lines == [f"✗ {outcome.error}"]
    assert outcome.error.endswith(f"; {told}" if told else (")", ".py")), outcome.error


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python tells no columns")
@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("x = 1; 1 / 0; y = 2", f"{BEFORE}, {BEHIND}"),
        ("1 / 0; y = 2", f"{BEHIND} run"),
        ("x = 1; 1 / 0", BEFORE),
    ],
)
def test_so_do_several_in_a_line(desk, code, told):
    assert desk.evaluate(code).error.endswith(f"; {told}")
    assert around(code, 1, None) == (True, 1)  # where no column is told


@pytest.mark.parametrize(("typed", "asked"), [("1", ("mute", 0)), ("0", ("mute", 9)), ("sx6", ("solo", 15))])
def test_each_voice_has_keys(typed, asked):
    desk = Mock()
    (found,) = _keys_everywhere(Mock(), desk).get_bindings_for_keys((Keys.ControlX, *typed))
    found.handler(Mock())
    desk.toggle.assert_called_with(*asked)


def test_what_an_editor_sent_is_in_the_history(tmp_path):
    desk = SimpleNamespace(known={}, link=LINK, sounding=Sounding(), prepare=lambda: None)
    with create_app_session(output=DummyOutput()), create_pipe_input() as keys:
        box = LineInput(desk, str(tmp_path / "history"), False, "", "hint", keys, DummyOutput())
        for code, error in (('d1 >> s("cello")\n', ""), ('d1 >> s("cello")\n', ""), ("d2 >> (", "no")):
            box.heard(Incoming(code, "vim"), Outcome(error=error))
        box.heard(Incoming("hush()", "vim", key=True), Outcome())
        assert box.history.get_strings() == ['d1 >> s("cello")', "d2 >> ("]
    assert list(FileHistory(str(tmp_path / "history")).load_history_strings())[-1] == 'd1 >> s("cello")'
