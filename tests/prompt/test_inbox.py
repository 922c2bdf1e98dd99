"""Code that comes from elsewhere while a set is played: by its socket, or put in by a thread."""

from __future__ import annotations

import asyncio
import io
import json
import os
import select
import signal
import socket
import threading
import time
from argparse import Namespace
from contextlib import ExitStack, nullcontext
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from helpers.waiting import until

from latentcode.cli import main, pipe
from latentcode.errors import EngineError
from latentcode.prompt import prompt
from latentcode.prompt.link import Link
from latentcode.prompt.options import Options
from latentcode.prompt.plain import called_aside
from latentcode.prompt.prompt import Notices
from latentcode.prompt.remote import serving
from latentcode.prompt.session import Desk
from latentcode.protocol.messages import State
from latentcode.protocol.state import VoiceState
from latentcode.remote import address, feeds
from latentcode.remote.address import Listening, call
from latentcode.remote.client import Client
from latentcode.remote.feeds import QUIET, apart, blocks, listen
from latentcode.remote.incoming import Incoming, Outcome
from latentcode.remote.protocol import LONGEST
from latentcode.remote.server import WAITING, Server
from latentcode.remote.server import Client as Served
from latentcode.testing.engine import ENGINE, heard


@pytest.fixture
def engine(playing):
    """The set's engine, a scripted one."""
    playing.desk.link.start()
    yield playing.desk.link
    playing.desk.link.leave()


@pytest.fixture
def playing(home):
    """A set that editors play, still without an engine; its blocks run on a thread of the test."""
    said: list[str] = []
    link = Link(Options(journal=str(home / "set.py"), seed=5).settled(), said.append, ENGINE)
    desk = Desk(link, said.append)
    notices = SimpleNamespace(listeners=[], tell=said.append, ring=lambda: None)
    with ExitStack() as stack:
        path = stack.enter_context(serving(desk, notices))
        desk.inbox.ring = lambda: None
        thread = threading.Thread(target=desk.inbox.serve)
        thread.start()
        yield SimpleNamespace(
            desk=desk, path=path, said=said, journal=home / "set.py", notices=notices, hang_up=stack.close
        )
        desk.inbox.leave()
        thread.join()


def test_two_editors_evaluate_and_are_told_what_came_of_it(playing, engine, tmp_path, capsys):
    vim, other = Client("vim"), Client("vim")
    assert (vim.name, other.name) == ("vim", "vim-2")
    assert vim.evaluate('\ufeffprint("hi")\r\n6 * 7')["value"] == "42"  # as a file from Windows begins
    answer = other.evaluate("x = 1\nd1 >> s('celo')\nx = 2", "/mine/set.py", 33)
    assert (answer["ok"], answer["line"], answer["unrun"]) == (False, 34, 35)
    assert "did you mean cello" in answer["error"]
    refused = vim.evaluate('d1 >> "cello" #refuse no such thing', wait=9.0)
    assert (refused["ok"], refused["error"]) == (False, "d1: no such thing")
    assert "is left where it stands" in vim.evaluate("exit()")["error"]
    assert vim.ask("hush")["ok"]
    assert vim.evaluate(" \n")["block"] == 0  # nothing has run
    assert engine.wait_ready(10)
    assert vim.ask("state")["journal"] == str(playing.journal)
    assert not vim.ask("interrupt")["interrupted"]
    file = tmp_path / "some.py"
    file.write_text("a = 2\n\n1 / 0\n\nprint(a, flush=True)\n")
    assert main(["send", str(file)]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "2"
    assert "(some.py, line 3: 1 / 0)" in err
    assert err.splitlines()[-1] == "some.py: 1 of 3 blocks failed (line 3); the others have run"
    assert main(["send", "--name", "sh", "-c", "6 * 8"]) == 0
    names = [message[2] for message in heard(playing.journal) if message[0] == "sent_by"]
    assert names == ["vim", "vim-2", "vim", "vim", "vim", "send", "send", "send", "sh"]
    assert 'vim› print("hi")\n     6 * 7' in playing.said


def test_hush_counts_at_once_though_a_block_hangs(playing, engine, monkeypatch, capsys):
    ends, hangs = threading.Event(), threading.Event()
    playing.desk.names.space["hang"] = lambda: (hangs.set(), ends.wait(60))
    vim, other = Client("vim"), Client("other")
    number = vim.post("eval", code="hang()\nd1 >> 'cello'")
    assert hangs.wait(30)
    assert other.evaluate("hush()  # all of it")["block"] == 2
    assert main(["send", "-c", "hush()"]) == 0
    assert other.ask("panic")["ok"]
    ends.set()
    answer = next(answer for answer in vim.messages() if answer["id"] == number)
    assert (answer["ok"], answer["block"]) == (True, 1)
    begun = ["hang()\nd1 >> 'cello'", "hush()", "hush()", "panic()"]  # in this order
    codes = lambda: [message[2] for message in heard(playing.journal) if message[0] == "block"]  # noqa: E731
    until(lambda: codes() == begun, told=codes)


def test_nothing_that_is_sent_disturbs_the_others(playing):
    lines = [call() for _ in range(6)]
    garbage, endless, half, wrong, deaf, many = lines
    garbage.sendall(b"\xff\0" * 500 + b'\n{"op": "nope", "id": "a"}\n' + b"[" * 9999 + b"\n")
    with pytest.raises(OSError, match=r"[Pp]ipe|reset"):
        endless.sendall(b"x" * 4_000_000)
    half.sendall(b'{"op": "ev')
    wrong.sendall(
        b'{"op": "listen", "id": 3, "events": ["all"]}\n{"op": "eval", "id": 4, "code": "1", "line": -1}\n'
    )
    deaf.sendall(b'{"op": "listen", "events": ["message"]}\n')
    busy = threading.Event()  # a block runs until all has been said
    playing.desk.inbox.put(Incoming("1", "busy"), lambda outcome: busy.wait(60))
    many.sendall(b'{"op": "eval", "id": 5, "code": "1"}\n' * 300)
    answers = map(json.loads, many.makefile())
    assert not any(answer["ok"] for answer in islice(answers, 300 - WAITING))
    busy.set()
    assert all(answer["ok"] for answer in islice(answers, WAITING))
    told = wrong.makefile()
    assert "there is no event 'all'" in json.loads(told.readline())["error"]
    assert json.loads(told.readline())["id"] == 4
    told = garbage.makefile()
    found = [json.loads(told.readline()) for _ in range(2)]
    assert not any(answer["ok"] for answer in found)
    for number in range(400):
        for listener in playing.notices.listeners:
            listener(f"{number} " * 2000)
    fast = Client("fast")
    assert fast.evaluate("'\\ud800' * 3")["ok"]
    assert len(fast.evaluate("print('x' * 10**6)")["printed"]) < 300_000
    for line in lines:
        line.close()
    assert Client("last").name == "last"


def test_what_comes_of_a_block_is_no_longer_than_a_line_may_be(playing):
    client = Client("vim", str(playing.path))
    for code in ("'x' * 3_000_000", "print(chr(1) * 300_000)", "['☃'] * 200_000"):
        number = client.post("eval", code=code)
        line = client._file.readline()
        assert len(line) <= LONGEST
        assert json.loads(line)["ok"]
        assert json.loads(line)["id"] == number
    client.close()


def test_what_is_no_text_or_no_line_is_refused_where_it_is_sent(playing, monkeypatch, capsys):
    def sent(data: bytes, *words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        status = main(["send", "--name", "sh", *(words or "-")])
        out, err = capsys.readouterr()
        return status, out + err

    monkeypatch.setattr("latentcode.cli.send.WAIT", 0.0)
    assert sent(b"x = 1\r\nx + 41\r\n") == (0, "42\n")
    assert playing.said[-2] == "sh› x = 1\n    x + 41"
    assert "standard input is no text" in sent(b"\xff\x80")[1]
    assert f"{LONGEST} bytes at the most" in sent(b"'%b'" % (b"x" * LONGEST))[1]
    assert sent(b"", "-c", "'\udcc3\udca9'") == (0, "'é'\n")  # as bytes of the command line may come


def test_who_says_much_at_once_lets_others_have_their_turn():
    turns: list[str] = []

    async def others():
        for _ in range(3):
            turns.append("theirs")
            await asyncio.sleep(0)

    async def talk():
        reader = asyncio.StreamReader()
        reader.feed_data(b'{"op": "state", "id": 1}\n' * 3)
        reader.feed_eof()
        writer = Mock(is_closing=lambda: False)
        writer.transport.get_write_buffer_size.return_value = 0
        served = Mock()
        served.playing.state.side_effect = lambda: turns.append("its") or {}
        await asyncio.gather(Served(served, reader, writer).serve(), others())

    asyncio.run(talk())
    assert turns == ["theirs", "its"] * 3


def test_a_set_that_is_busy_is_not_taken_for_gone(playing, monkeypatch):
    for error, there in ((BlockingIOError, True), (ConnectionRefusedError, False)):
        monkeypatch.setattr(address, "_called", Mock(side_effect=error))
        with pytest.raises(EngineError, match="no set is playing here"):
            call()
        assert playing.path.exists() is there


def test_who_finds_music_without_a_prompt_is_led_back_to_it(home, monkeypatch, capsys):
    doors: list[Path] = []
    monkeypatch.setattr("latentcode.prompt.link.open_doors", lambda replays: doors)
    assert main(["send", "--where"]) == 1
    assert "--resume" not in capsys.readouterr().err
    doors.append(home / "7.door")
    assert main(["send", "-c", "hush()"]) == 1
    assert "without its prompt: latentcode --resume" in capsys.readouterr().err


def test_who_listens_is_told_of_blocks_messages_and_the_state(playing):
    told = []
    playing.desk.link.state = State(bpm=120, voices=(VoiceState(1, playing=True, text='s("kick*4")'),))
    reader = Client("reader", told=told.append)
    reader.ask("listen", events=["block", "state", "message"])
    Client("vim").evaluate("x = 5", "/a.py", 7)
    playing.notices.listeners[0]("the machine stood still")
    until(lambda: reader.ask("state") and {"block", "state", "message"} <= {one["event"] for one in told})
    block = next(one for one in told if one["event"] == "block")
    assert (block["by"], block["code"], block["file"], block["line"]) == ("vim", "x = 5", "/a.py", 7)
    state = next(one for one in told if one["event"] == "state")
    assert [voice["name"] for voice in state["voices"]] == ["d2"]


def test_the_socket_is_the_users_alone_and_without_sockets_there_is_a_secret(playing, tmp_path):
    assert playing.path.stat().st_mode & 0o777 == 0o600
    path = tmp_path / "loop.edit"
    server = Server(SimpleNamespace(state=lambda: {"bpm": 120}), path, unix=False)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Client("win", str(path)).ask("state")["bpm"] == 120
    stranger = socket.create_connection(("127.0.0.1", json.loads(path.read_text())["port"]))
    stranger.sendall(b'{"op": "state", "id": 1}\n{"op": "state", "id": 2}\n')
    assert "secret" in stranger.makefile().readline()
    server.close()
    assert not path.exists()
    Listening(path).close()


def test_what_flok_writes_is_cut_where_it_pauses(monkeypatch):
    monkeypatch.setattr(feeds, "PATIENT", 60)
    reads, writes = os.pipe()
    found = blocks(reads)
    for late in (0, 1):
        os.write(writes, b"def f():\n    return 1\n\n\nf()\n")
        if late:  # it was written long after the one before, however late it is asked for
            until(lambda: not select.select([reads], [], [], 0)[0])
            time.sleep(5 * QUIET)
        else:
            assert next(found) == "def f():\n    return 1\n\n\nf()"
    os.write(writes, 'd1 >> "é'.encode())
    os.write(writes, b'"\n')
    os.close(writes)
    assert list(found) == ["def f():\n    return 1\n\n\nf()", 'd1 >> "é"']


def test_a_pipe_goes_on_with_the_next_set_and_tells_what_does_not_end(playing, monkeypatch):
    monkeypatch.setattr(pipe, "LONG", 0.1)
    monkeypatch.setattr(pipe, "WAIT", 0.0)
    reads, writes = os.pipe()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(os.fdopen(reads, "rb")))
    monkeypatch.setattr("sys.stdout", out := io.StringIO())
    monkeypatch.setattr("sys.stderr", err := io.StringIO())
    playing.desk.inbox.out = lambda: out  # where the pipe writes, too, while a block of this process runs
    statuses: list[int] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    how = Namespace(name="flok", socket=None, osc=port)  # ends all the same with who writes to it
    piping = threading.Thread(target=lambda: statuses.append(pipe.run(how)))
    piping.start()
    sent = b"print('one')\n'two'\n\n1 / 0\n\nd1 >> (\n'three'\n\nif 1:\n\n    print('four')\n\n"
    os.write(writes, sent)  # read at once: of several

    def said(*words: str) -> bool:
        return all(word in out.getvalue() + err.getvalue() for word in words)

    until(lambda: said("one\n", "'two'\n", "'three'\n", "four\n") and err.getvalue().count("✗") == 2)
    ended = threading.Event()  # a block of another runs until all has been said
    playing.desk.inbox.put(Incoming("1", "busy"), lambda outcome: ended.wait(60))
    os.write(writes, b"7 * 6.5\n")
    until(lambda: said("interrupt() ends it"))
    ended.set()
    until(lambda: said("45.5"))
    playing.hang_up()
    until(lambda: said("for the next set"))
    with serving(playing.desk, playing.notices):
        playing.desk.inbox.ring = lambda: None
        os.write(writes, b"'the next'\n")
        until(lambda: said("'the next'"))
    os.close(writes)
    piping.join(20)
    assert statuses == [1]


def test_a_port_takes_messages_of_flok_and_no_others():
    got: list[str] = []
    line = listen(0, got.append)
    nested = b""
    for _ in range(1500):  # bundles in bundles
        nested = b"#bundle\0" + bytes(8) + len(nested).to_bytes(4, "big") + nested
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for packet in (b"/flok", nested, b"/flok\0\0\0,s\0\0hush()\0\0", b"\xff"):
            sender.sendto(packet, line.getsockname())
        until(lambda: got == ["hush()"])
    line.close()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (["d1 >> x\n", "bpm(\n", "bpm(99)\n"], ["d1 >> x\n", "bpm(\n", "bpm(99)\n"]),
        (["hush()\n", "def f():\n    return 1\n\nf()\n"], ["hush()\n", "def f():\n    return 1\n\nf()\n"]),
        (["s(\n", "  'x')\n", "1\n", ""], ["s(\n  'x')\n", "1\n", ""]),  # by a program that writes lines
        (["if x:\n", "    y()\n", "\n", "    z()\n", "else:\n", "    w()\n"], None),
    ],
)
def test_what_several_write_to_flok_at_once_is_a_block_for_each(written, found):
    assert list(apart(written)) == (found or ["".join(written)])


def test_what_is_said_while_a_block_of_an_editor_runs_is_shown_at_once(monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr("sys.__stdout__", shown)
    monkeypatch.setattr(prompt, "kept_typing", nullcontext)
    notices = Notices()
    app = SimpleNamespace(loop=Mock(), pre_run_callables=[])

    def block() -> None:  # on the thread of the prompt, which is put aside meanwhile
        thread = threading.Thread(target=notices.tell, args=["it is still running"])
        thread.start()
        thread.join()
        assert shown.getvalue() == "it is still running\n"

    notices.errand = block
    with notices.shown_by(app):
        notices._errand_aside()
        notices.tell("above the prompt")
        assert app.loop.call_soon_threadsafe.called
        assert "above" not in shown.getvalue()


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="there is no signal to call with")
def test_a_plain_prompt_runs_what_is_sent_while_it_waits_for_a_line(home):
    said: list[str] = []
    desk = Desk(Link(Options(journal=str(home / "set.py"), seed=5).settled(), said.append), said.append)
    done: list[Outcome] = []
    before = desk.inbox.ring
    with called_aside(desk):
        putting = threading.Thread(target=desk.inbox.put, args=(Incoming("6 * 7", "vim"), done.append))
        putting.start()
        until(lambda: done, 20)  # this thread waits for a line
        putting.join()
    assert (done[0].value, said) == ("42", ["vim› 6 * 7", "42"])
    assert desk.inbox.ring == before
