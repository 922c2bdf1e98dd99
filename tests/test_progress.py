"""What takes long is said to be under way; what is quick is not."""

from __future__ import annotations

import io
import threading

from latentcode import progress
from latentcode.session import reading


class Said(io.StringIO):
    """An error output that is no terminal, and wakes whoever waits for a line of it."""

    def __init__(self):
        super().__init__()
        self.came = threading.Event()

    def write(self, text):
        written = super().write(text)
        self.came.set()
        return written


def test_what_is_waited_for_is_said_until_it_is_there(monkeypatch):
    said = Said()
    monkeypatch.setattr("sys.stderr", said)
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    with progress.waited("reading evening.py", seconds=0.0):
        assert said.came.wait(60)
    assert said.getvalue().startswith("reading evening.py: ")
    assert not [one for one in threading.enumerate() if one.name == "waited"]  # it is over


def test_nothing_is_said_of_what_is_quick(monkeypatch):
    said = Said()
    monkeypatch.setattr("sys.stderr", said)
    with progress.waited("reading evening.py", seconds=60.0):
        pass
    assert said.getvalue() == ""


def test_a_session_that_takes_long_to_read_is_named(monkeypatch, tmp_path):
    said, slow = Said(), reading.read_session
    monkeypatch.setattr("sys.stderr", said)
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    monkeypatch.setattr(progress.waited.__wrapped__, "__defaults__", (0.0,))
    monkeypatch.setattr(reading, "read_session", lambda path: said.came.wait(60) and slow(path))
    file = tmp_path / "evening.py"
    file.write_text("# latentcode session 1\n# @ seed 1\n# @ 1 0\nx = 1\n# @ end 44100\n")
    assert reading.read_shown(file).blocks[0].code == "x = 1"
    assert said.getvalue().startswith("reading evening.py: ")
