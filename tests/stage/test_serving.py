"""The stage served for real, of an engine that the test plays: what pages are told, and who is held off."""

from __future__ import annotations

import json
import socket
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress

import numpy as np
import pytest
from helpers.waiting import until

from latentcode.protocol.messages import Hello, Observe, State
from latentcode.protocol.observing import FromCaller, Look, Sliders, SliderState, Touched
from latentcode.protocol.state import VoiceState
from latentcode.protocol.wire import Door

connect = pytest.importorskip("websockets.sync.client").connect
closed = pytest.importorskip("websockets.exceptions").ConnectionClosed
RATE = 44100
NOTES = ((7, 1, 88200, -1, None, "kick"),)


class Engine:
    """A door at which the stage observes, and what it says there."""

    def __init__(self, folder) -> None:
        self.journal = folder / "set.py"
        self.journal.write_text(
            "# latentcode session 1\n# @ seed 7\n\n# @ 1 0\nd2 >> s('kick*4')\n# @ 1 d2 abc 0\n"
        )
        self.door = Door(folder / "x.door", FromCaller)
        self.said: list[Observe | Touched] = []
        self.line = None
        threading.Thread(target=self._welcome, daemon=True).start()

    def _welcome(self) -> None:
        with suppress(EOFError):
            while True:
                self.line = line = self.door.accept()
                line.send(Hello(str(self.journal), "house", RATE, 256, "timer", 7, 26.0, "0"))
                threading.Thread(target=self._hear, args=(line,), daemon=True).start()

    def _hear(self, line) -> None:
        with suppress(EOFError):
            while True:
                self.said.append(line.receive())

    @property
    def touched(self) -> list[tuple[str, float]]:
        return [value for one in self.said if isinstance(one, Touched) for value in one.values]

    @property
    def looked_at(self) -> bool:
        return self.said[-1:] == [Observe(True)]

    def play(self, sample: int, text: str = "s('kick*4')", pending: str = "stop") -> None:
        tone = np.sin(np.arange(1470) * 2 * np.pi * 441 / RATE).astype(np.float32)
        voice = VoiceState(1, playing=True, text=text, muted=True, pending=pending, pending_cycle=2.5)
        waits = (((1, "d2"),), "sounds that are being read")
        self.line.send(State(bpm=120.0, cycle=2.0, playhead=2 * RATE, voices=(voice,), preparing=waits))
        levels = (0.0, 1.0, *[0.0] * 14)
        self.line.send(Look(sample, (0.5, 0.5), levels, np.stack([tone, tone], 1).tobytes(), notes=NOTES))


@pytest.fixture
def engine(tmp_path):
    found = Engine(tmp_path)
    yield found
    found.door.close()


@pytest.fixture
def stage(engine, serving):
    return serving


def url(stage) -> str:
    return stage.told[0].split()[-1].partition("/#")[0]


@contextmanager
def page(stage, touches=False):
    with connect(url(stage).replace("http", "ws") + "/set") as found:
        found.send(json.dumps({"token": stage.told[touches].partition("#")[2]}))
        yield found


def hung_up(socket) -> bool:
    """Whether a page is told no more, after what is on its way."""
    with suppress(closed):
        for _ in range(200):
            socket.recv(5)
        return False
    return True


def told(socket, kind, **values):
    """The next that a page is told of a kind, with these values."""
    for _ in range(200):
        found = json.loads(socket.recv(10))
        if found["is"] == kind and all(found.get(name) == value for name, value in values.items()):
            return found
    raise AssertionError(kind)


def test_a_page_is_told_the_code_the_voices_and_what_is_heard(stage, engine):
    with page(stage) as looking:
        assert told(looking, "set", model="house")["rate"] == RATE
        until(lambda: engine.looked_at)
        engine.play(2 * RATE + RATE // 2)
        found = {}
        while not {"state", "code", "notes", "frame"} <= set(found):
            message = json.loads(looking.recv(10))
            found[message["is"]] = message
        (voice,), frame = found["state"]["voices"], found["frame"]
        assert found["state"]["waits"] == {"blocks": [1], "for": "sounds that are being read"}
        assert (voice["index"], voice["muted"], voice["pending"], voice["left"]) == (1, True, "stop", 0.5)
        assert found["code"]["blocks"] == [
            {"number": 1, "code": "d2 >> s('kick*4')", "failed": False, "by": "", "plays": [1], "once": []}
        ]
        assert found["notes"]["notes"] == [list(NOTES[0])]
        assert frame["cycle"] == 2.25
        assert frame["voices"][:3] == [0, 100, 0]
        bands = frame["bands"]
        assert abs(bands.index(max(bands)) - len(bands) * np.log(441 / 30) / np.log(600)) < 1.5
        ((name, wave),) = frame["wave"]
        assert name == "mid"
        assert max(wave) > 95
        with engine.journal.open("a") as file:
            file.write("\n# @ 2 9\nd2 >> 'choir'\n# @ 2 d2 abc 9\n")
        engine.play(3 * RATE, pending="'choir'")
        assert [block["plays"] for block in told(looking, "code")["blocks"]] == [[1], []]
        engine.play(4 * RATE, text="'choir'")
        assert [block["plays"] for block in told(looking, "code")["blocks"]] == [[], [1]]
        with engine.journal.open("a") as file:
            file.write("# @ in cc:1@nano 10 0.5\n")  # hands move, and no code is new
        engine.play(5 * RATE, text="'choir'")
        while (message := json.loads(looking.recv(10))).get("sample") != 5 * RATE:
            assert message["is"] != "code"
        with page(stage) as late:  # one that comes later is told how all stands
            assert [block["number"] for block in told(late, "code")["blocks"]] == [1, 2]
    until(lambda: engine.said[-1:] == [Observe(False)])  # nobody looks: the engine need not either


def test_the_end_of_a_set_is_told_and_the_next_is_shown(stage, engine):
    with page(stage) as looking:
        told(looking, "set", model="house")
        told(looking, "beat")  # nothing is to be told: so a page knows that the line is not cut
        engine.line.close()
        assert "no set is playing" in told(looking, "set")["waiting"]
        told(looking, "set", model="house")
        until(lambda: engine.looked_at)


CUTOFF = SliderState("cutoff", 200.0, 4000.0, True, 0.25)
NONSENSE = (
    "", "{}", "[]", "x" * 4000, "[" * 4000, b"\xff\0", '{"sliders": 3}', '{"sliders": [["cutoff", NaN]]}',
    '{"sliders": [["cutoff", 1.01]]}', '{"sliders": [["secret", 0.5]]}', '{"fingers": [[1, 0.5]]}',
    '{"code": "hush()"}',
    json.dumps({"sliders": [["cutoff", 0.1]] * 100}),
)  # fmt: skip


def test_hands_on_a_page_that_may_touch_are_heard_and_no_others(stage, engine):
    with page(stage) as looking, page(stage, touches=True) as touching:
        assert not told(looking, "you")["touches"]
        assert told(touching, "you")["touches"]
        until(lambda: engine.looked_at)
        engine.line.send(Sliders((CUTOFF,), (("cello", 0.1, 0.9),)))
        assert told(
            looking,
            "sliders",
            sliders=[{"name": "cutoff", "low": 200, "high": 4000, "exp": True, "place": 0.25}],
        )
        assert told(touching, "sliders", marks=[["cello", 0.1, 0.9]])["sliders"]
        looking.send(json.dumps({"sliders": [["cutoff", 0.9]], "fingers": [[1, 0.5, 0.5]]}))
        for said in NONSENSE:
            touching.send(said)
        touching.send(json.dumps({"fingers": [[7, 0.25, 0.75]], "sliders": [["cutoff", 0.5]]}))
        first = [("touch:x", 0.25), ("touch:y", 0.75), ("touch:down", 1.0), ("slider:cutoff", 0.5)]
        until(lambda: len(engine.touched) >= len(first), 5, lambda: engine.touched)
        with page(stage, touches=True) as other:  # a finger on another page is the next one
            other.send(json.dumps({"fingers": [[7, 1, 0]]}))
            second = [("touch:x#2", 1.0), ("touch:y#2", 0.0), ("touch:down#2", 1.0)]
            until(lambda: engine.touched[4:] == second, 5, lambda: engine.touched)
            engine.play(RATE)
            assert told(looking, "frame")["fingers"] == [[1, 0.25, 0.75], [2, 1, 0]]
        until(lambda: engine.touched[7:] == [("touch:down#2", 0.0)])  # the page is gone, and its finger
        touching.send(json.dumps({"fingers": [[7, 0.5, 0.5]], "lifted": [7, 8]}))
        moved = [("touch:x", 0.5), ("touch:y", 0.5), ("touch:down", 0.0)]
        until(lambda: engine.touched[8:] == moved, 5, lambda: engine.touched)
        assert engine.touched[:4] == first


GARBAGE = (
    "", "[]", "{}", '{"token": 7}', '{"token": "wrong"}', "[" * 4000, '{"token": "\\ud800"}', b"\xff\0"
)  # fmt: skip


def test_who_does_not_say_the_secret_is_told_nothing(stage):
    for said in GARBAGE:
        with connect(url(stage).replace("http", "ws") + "/set") as stranger:
            stranger.send(said)
            with pytest.raises(closed) as refused:
                stranger.recv(5)
            assert refused.value.rcvd.code == 1008


def test_pages_of_others_get_nothing(stage):
    address = stage._socket.getsockname()
    upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example:4747"}):
        request = urllib.request.Request(url(stage), headers=headers)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(request, timeout=5)
        with socket.create_connection(address, 5) as line:
            asked = {"Host": f"127.0.0.1:{address[1]}", **headers}
            lines = [f"{name}: {value}" for name, value in asked.items()]
            lines = [
                "GET /set HTTP/1.1", *lines, *upgrade, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""
            ]  # fmt: skip
            line.sendall("\r\n".join(lines).encode())
            assert b" 403 " in line.recv(4096).split(b"\r\n")[0]


def test_the_page_comes_with_all_its_parts_and_nothing_else_is_there(stage):
    with urllib.request.urlopen(url(stage), timeout=5) as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        text = answer.read().decode()
    for name in ("stage.js", "stage.css"):
        assert name in text
        assert urllib.request.urlopen(f"{url(stage)}/{name}", timeout=5).status == 200
    for path in ("/../server.py", "/%2e%2e/server.py", "/page/stage.js", "/set"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(url(stage) + path, timeout=5)


def test_who_only_holds_a_line_is_hung_up_on(stage, monkeypatch):
    server = pytest.importorskip("latentcode.stage.server")
    monkeypatch.setattr(server, "BRIEF", 1.0)
    address = stage._socket.getsockname()
    with (
        page(stage) as looking,
        socket.create_connection(address, 5) as mute,
        socket.create_connection(address, 5) as slow,
    ):
        slow.sendall(b"GET / HT")
        assert mute.recv(1) == b""
        assert slow.recv(1) == b""
        told(looking, "set")  # a page is no such line


def test_pages_that_take_nothing_or_say_too_much_hold_up_nobody(stage, engine):
    with page(stage) as deaf, page(stage) as loud, page(stage) as looking:
        told(looking, "set", model="house")
        until(lambda: engine.looked_at)
        for place in range(300):
            with suppress(closed):  # it may be hung up already
                loud.send("x" * 100)
            if place % 100 == 0:
                engine.play(RATE * (place + 1))
        engine.play(1000 * RATE)
        told(looking, "frame", sample=1000 * RATE)
        assert hung_up(loud)
        told(deaf, "frame", sample=1000 * RATE)
        looking.send("x" * 100_000)
        assert hung_up(looking)
