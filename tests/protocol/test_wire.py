from __future__ import annotations

import os
import socket
import sys
import threading
import time
from fractions import Fraction
from multiprocessing import connection as pipes

import numpy as np
import pytest

from latentcode.errors import LatentcodeError
from latentcode.protocol import wire

CHILD = """
import os, signal, sys, time
from latentcode.protocol import wire
line = wire.connect(sys.argv[1])
print("hello from the child", flush=True)
os.system("echo hello from C")
while True:
    try:
        message = line.receive()
    except EOFError:
        sys.exit(7)
    if message == ("stubborn",):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        line.send(("ready",))
        time.sleep(60)
    line.send(("you said", *message, os.getsid(0) == os.getpid(), sys.argv[2:]))
"""


@pytest.fixture
def echo(tmp_path, monkeypatch):
    (tmp_path / "echo_child.py").write_text(CHILD)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    child = wire.start("echo_child", "one", "two", log=tmp_path / "log")
    yield child
    child.close(0.1)


def test_a_child_answers_in_a_session_of_its_own(echo):
    echo.wire.send(("a", 1, 2.5, None, b"x", ("t", [1, {"k": 2}])))
    expected = ("you said", "a", 1, 2.5, None, b"x", ["t", [1, {"k": 2}]], True, ["one", "two"])
    assert echo.wire.receive() == expected


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 has no -P")
def test_files_in_the_working_folder_are_not_taken_for_libraries(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "random.py").write_text("raise SystemExit(3)")
    (tmp_path / "draws.py").write_text("import random, sys\nsys.exit(random.Random(1).randint(9, 9))")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.chdir(tmp_path / "elsewhere")
    child = wire.start("draws")
    assert child.process.wait(60) == 9
    child.close()


def test_what_a_child_prints_goes_to_its_log(echo, tmp_path, capfd):
    echo.wire.send(("x",))
    echo.wire.receive()
    assert (tmp_path / "log").read_text() == "hello from the child\nhello from C\n"
    assert capfd.readouterr() == ("", "")


def test_a_child_reads_end_of_file_when_the_parent_hangs_up(echo):
    assert echo.close() == 7
    assert not echo.alive


def test_threads_that_hang_up_at_once_close_the_line_once():
    closed, failed = [], []
    meeting = threading.Barrier(4)

    class Slow(pipes.Connection):
        def _close(self):
            closed.append(self._handle)
            time.sleep(0.1)  # the others come meanwhile
            super()._close()

    def hang_up():
        meeting.wait(10)
        try:
            line.close()
        except OSError as error:
            failed.append(error)

    ours, theirs = socket.socketpair()
    line = wire.Wire(Slow(ours.detach()))
    threads = [threading.Thread(target=hang_up) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)
    assert (len(closed), failed, theirs.recv(1)) == (1, [], b"")
    theirs.close()
    with pytest.raises(EOFError):
        line.send(("late",))


def test_a_stubborn_child_is_killed(echo):
    echo.wire.send(("stubborn",))
    assert echo.wire.receive() == ("ready",)
    assert echo.close(0.1) == -9


def test_the_parent_reads_end_of_file_when_the_child_dies(echo):
    echo.wire.send(("x",))
    echo.wire.receive()
    echo.process.kill()
    with pytest.raises(EOFError):
        echo.wire.receive()
    with pytest.raises(EOFError):
        echo.wire.send(("is somebody there?",))


@pytest.mark.parametrize("value", [Fraction(1, 2), np.float32(1), np.zeros(2), print, object()])
def test_only_plain_values_can_be_sent(echo, value):
    with pytest.raises(TypeError):
        echo.wire.send(("x", value))


def test_reading_a_message_runs_no_code(tmp_path):
    door, told = wire.Door(tmp_path / "door"), list[str]()
    import pickle

    def caller() -> None:
        line = wire.call(tmp_path / "door")
        line._connection.send_bytes(pickle.dumps((print,)))
        line.close()

    thread = threading.Thread(target=caller)
    thread.start()
    line = door.accept()
    line.unknown = told.append
    with pytest.raises(EOFError):
        line.receive()
    assert len(told) == 1
    thread.join()
    door.close()


def test_a_door_takes_callers_and_leaves_no_file(tmp_path):
    path = tmp_path / "door"
    door = wire.Door(path)
    assert path.stat().st_mode & 0o077 == 0
    caller: list[wire.Wire] = []
    thread = threading.Thread(target=lambda: caller.append(wire.call(path)))
    thread.start()
    inside = door.accept()
    thread.join()
    caller[0].send(("knock", 1))
    assert inside.poll(2)
    assert inside.receive() == ("knock", 1)
    with pytest.raises(LatentcodeError, match="already listens"):
        wire.Door(path)
    door.close()
    assert not path.exists()
    with pytest.raises(OSError, match=r".*"):
        wire.call(path)


def test_a_file_that_a_killed_process_left_is_replaced(tmp_path):
    path = tmp_path / "door"
    import socket

    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(path))
    dead.close()
    door = wire.Door(path)
    door.close()
    assert not path.exists()


def test_closing_a_door_ends_a_wait_at_it(tmp_path):
    door = wire.Door(tmp_path / "door")
    ended = threading.Event()

    def wait() -> None:
        try:
            while True:
                door.accept()
        except EOFError:
            ended.set()

    threading.Thread(target=wait, daemon=True).start()
    time.sleep(0.05)
    door.close()
    assert ended.wait(30)
