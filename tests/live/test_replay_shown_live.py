"""A session that is played again, as the stage page shows it: its code, and the words that sound."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager

import pytest
from helpers.waiting import until

from latentcode.errors import EngineError
from latentcode.files import places
from latentcode.prompt.link import open_doors
from latentcode.prompt.options import Options
from latentcode.prompt.play import Part, play
from latentcode.remote.address import found, listening
from latentcode.remote.client import Client
from latentcode.set.span import place
from latentcode.stage.serving import Serving

pytestmark = pytest.mark.timeout(300)
connect = pytest.importorskip("websockets.sync.client").connect

SESSION = """\
# latentcode session 1
# @ seed 7  rate 44100  buffer 256  bpm 240  synthesis overlap
# @ 1 0
d2 >> s("kick*4")
# @ 1 d2 02c3d8 0
# @ by 2 vim
# @ 2 66150
d1 >> s("snare*8")
# @ 2 d1 6b477e 66150
# @ end 300000
"""


class LeftError(Exception):
    """The musician has typed Ctrl-C."""


@contextmanager
def page(stage):
    thread = threading.Thread(target=stage.run, daemon=True)
    thread.start()
    first = stage.told[0].split()[-1].partition("/#")[0]
    try:
        with connect(first.replace("http", "ws") + "/set") as line:
            line.send(json.dumps({"token": stage.told[0].partition("#")[2]}))
            yield line
    finally:
        stage.end()
        thread.join(5)


def told(line, right):
    """The first message for which something holds."""
    return next(one for one in (json.loads(line.recv(60)) for _ in range(5000)) if right(one))


def test_a_loop_shows_its_code_and_lights_its_words_on_the_stage(own_folders, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    places._found.cache_clear()
    (tmp_path / "s.py").write_text(SESSION)
    left = threading.Event()

    def tell(line: str) -> None:
        if left.is_set():
            raise LeftError

    def replay() -> None:
        with pytest.raises(LeftError):
            play("s.py", Options(driver="timer"), tell, part=Part(place("1"), place("3"), loop=True))

    playing = threading.Thread(target=replay, daemon=True)
    playing.start()
    until(lambda: open_doors(), 120)
    with page(Serving("")) as line:
        before = told(
            line, lambda one: one["is"] == "code" and one["blocks"]
        )  # what was asked before the part
        assert [(block["number"], block["code"]) for block in before["blocks"]][:1] == [
            (1, 'd2 >> s("kick*4")')
        ]
        plays = [("", [1]), ("vim", [0])]
        told(
            line, lambda one: one["is"] == "code" and [(b["by"], b["plays"]) for b in one["blocks"]] == plays
        )
        lit = told(line, lambda one: one["is"] == "words" and len(one["words"]) == 2)["words"]
        snare, kick = [0, 2, 0, 9, 14, False], [1, 1, 0, 9, 13, False]  # in their blocks, and not beside
        assert sorted(lit) == [snare, kick]
        socket = open_doors()[0].with_suffix(".edit")
        assert listening() == []  # nothing is sent to a replay where no set was meant
        with pytest.raises(EngineError, match="no set is playing"):
            found()
        editor = Client("vim", str(socket))
        assert "played again here" in editor.ask("eval", code="hush()")["error"]
    left.set()
    playing.join(60)
    assert not playing.is_alive()
