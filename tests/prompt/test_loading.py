"""Prepared code: files that are run block by block."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from latentcode.prompt.names import Names
from latentcode.prompt.replay import Replay
from latentcode.prompt.session import Desk
from latentcode.prompt.set_api import SetApi
from latentcode.prompt.watching import Watcher
from latentcode.protocol.messages import State
from latentcode.remote.incoming import Outcome
from latentcode.session.journal import read_session

PREP = '''"""What the evening needs."""
# sounds

low = "cello(3,8)"
def strings(x):

    return s(x)

d1 >> s("celo")
d5 >> s("lost")

bpm(90 ~ 2)

d2 >> strings(low)  # and
print("there")
'''


@pytest.fixture
def desk(said, tmp_path, monkeypatch):
    lines = []
    link = SimpleNamespace(
        send=said.send, memory=SimpleNamespace(sent=lambda *_: None), state=State(), ask=None
    )
    desk = Desk(link, lines.append)
    desk._names = Names(SetApi(desk.blocks), 0)
    desk.lines = lines
    desk.codes = lambda: [message[2] for message in said.messages if message[0] == "block"]
    monkeypatch.chdir(tmp_path)
    return desk


def test_what_is_wrong_in_a_block_is_told_with_its_line_and_the_others_run(desk, tmp_path, capsys):
    (tmp_path / "prep.py").write_text(PREP)
    assert not desk.run('load("prep.py"); d3 >> strings("choir")')
    assert capsys.readouterr().out == "there\n"
    assert desk.codes() == [
        'load("prep.py")',
        '"""What the evening needs."""\n# sounds',
        'low = "cello(3,8)"\ndef strings(x):\n\n    return s(x)',
        'd1 >> s("celo")\nd5 >> s("lost")',
        "bpm(90 ~ 2)",
        'd2 >> strings(low)  # and\nprint("there")',
        'd3 >> strings("choir")',
    ]
    assert [line.partition("  ")[2] for line in desk.lines[:2]] == [
        '(prep.py, line 9: d1 >> s("celo")); what follows has not run',
        "(prep.py, line 12: bpm(▸90 ~ 2))",
    ]
    assert desk.lines[2:] == ["prep.py: 2 of 5 blocks failed (lines 9, 12); the others have run"]
    desk.why()
    assert "prep.py" in desk.lines[-1]
    assert "line 12" in desk.lines[-1]


def test_files_that_load_others_and_themselves(desk, tmp_path):
    (tmp_path / "prep.py").write_text("load('more.py')\nd1 >> kit\n")
    (tmp_path / "more.py").write_text("kit = s('cello')\n\nload('prep.py')\n")
    assert not desk.run("load('prep.py')")
    assert desk.codes()[1:] == ["load('more.py')", "kit = s('cello')", "load('prep.py')", "d1 >> kit"]
    assert "prep.py loads itself" in desk.lines[0]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("gone.py", None, "gone.py is not there; {} has there.py"),
        ("bytes.py", b"d1 >> \xff\xfa\n", "bytes.py is no text"),
        ("zeros.py", b"d1\n\0\n", "zeros.py is no text"),
        ("empty.py", b"\n# nothing\n", "empty.py: nothing to run in it"),
    ],
)
def test_what_is_no_prepared_code_is_told(desk, tmp_path, name, content, told):
    (tmp_path / "there.py").write_text("")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    desk.run(f"load({name!r})")
    assert told.format(tmp_path) in desk.lines[0]


def test_a_replay_has_the_blocks_and_needs_no_file(desk, tmp_path):
    journal = tmp_path / "set.py"
    blocks = ["load('gone.py')", "kit = s('cello')", "d1 >> kit"]
    texts = [f"# @ {number} 0\n{code}\n" for number, code in enumerate(blocks, 1)]
    journal.write_text("# latentcode session 1\n# @ seed 1\n" + "\n".join(texts))
    reports = []
    assert [command.target for _, command in Replay(read_session(journal), reports.append)] == ["d1"]
    assert reports == []


def test_what_has_changed_in_a_watched_file_is_run_when_it_is_saved(tmp_path):
    file, put = tmp_path / "prep.py", []
    file.write_text("a = 1\n\nb = 2\n\nc = (\n")
    watcher = Watcher(lambda incoming, done: put.append((incoming, done)))
    watcher._thread = True  # it is looked by hand
    watcher.watch(file, ["a = 1", "b = 2"])

    def saved(text):
        put.clear()
        spare = tmp_path / "spare"
        spare.write_text(text)
        spare.replace(file)
        watcher.look()
        assert not put  # it may still be written
        watcher.look()
        return [(one.code, one.line, one.by) for one, _ in put]

    assert saved("# moved\n\na = 1\n\nb = 3\n\nc = (\n") == [("b = 3", 5, "prep.py"), ("c = (", 7, "prep.py")]
    for (_, done), error in zip(put, ("", "SyntaxError"), strict=True):
        done(Outcome(error=error))
    assert saved("") == []
    assert saved("a = 1\n\nb = 3\n\nc = (\n") == [("c = (", 5, "prep.py")]
    file.unlink()
    watcher.look()
    assert saved("b = 3\n\na = 1\n\na = 1\n") == [("a = 1", 5, "prep.py")]
    watcher.end(file)
    put.clear()
    file.write_text("d = 1\n")
    watcher.look()
    watcher.look()
    assert put == []
