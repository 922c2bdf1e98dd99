"""What a line waits for: encoded before all else, and told."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from latentcode.engine import waiting
from latentcode.engine.waiting import Waiting
from latentcode.errors import EngineError
from latentcode.latents.path import Path
from latentcode.models.family import card_of
from latentcode.protocol.helper_messages import Encoded
from latentcode.protocol.messages import Encoding
from latentcode.sounds import live
from latentcode.sounds.cache import Job
from latentcode.sounds.live import EncoderProcess


@pytest.fixture
def told(monkeypatch):
    monkeypatch.setattr(waiting, "FIRST", 0.01)
    monkeypatch.setattr(waiting, "AGAIN", 60.0)
    lines = SimpleNamespace(all=[], one=threading.Event())

    def notice(text):
        lines.all.append(text)
        lines.one.set()

    lines.notice = notice
    return lines


def test_who_waits_is_told_how_far_it_is_and_when_all_is_there(told):
    waits = Waiting(lambda: "sounds that are being encoded: choir (40 %), then 2 more")
    waits.notice = told.notice
    assert waits.now == ((), "")
    with waits.of("d1", 7):
        assert told.one.wait(10)
        assert waits.now == (((7, "d1"),), "sounds that are being encoded: choir (40 %), then 2 more")
    assert told.all[0].startswith(
        "d1 waits for sounds that are being encoded: choir (40 %), then 2 more; until"
    )
    assert told.all[1:] == ["d1: its sounds are there"]


def test_what_is_refused_is_not_told_to_be_there(told):
    waits = Waiting(lambda: "sounds that are being read")
    waits.notice = told.notice

    def refused():
        with waits.of("d1"):
            assert told.one.wait(10)
            raise EngineError("no")

    with pytest.raises(EngineError):
        refused()
    assert len(told.all) == 1


class Line:
    """A wire to an encoder that never says anything of itself."""

    def __init__(self):
        self.alive, self.sent, self.wire, self._over = True, [], self, threading.Event()

    def send(self, message):
        self.sent.append(message.name)

    def receive(self):
        self._over.wait()
        raise EOFError

    def close(self):
        self._over.set()


def test_what_a_line_waits_for_is_not_behind_what_is_long_or_needed_later(monkeypatch):
    lines = {}
    monkeypatch.setattr(live, "start", lambda *words, hears: lines.setdefault(int(words[-1]), Line()))
    encoder = EncoderProcess(card_of("default"), 0, lambda message: None)

    def job(name, seconds=0.5):
        return Job(Path(name, name, None, np.zeros(round(seconds * 44100), np.float32)), 512, None)

    encoder.request(job("hour", 60))
    encoder.request(job("later"), ahead=True)
    encoder.request(job("kick"))
    encoder.request(job("kick"), ahead=True)
    assert {nice: line.sent for nice, line in lines.items()} == {10: ["hour", "later"], 3: ["kick"]}
    encoder.request(job("later"))  # a line waits for it now
    assert lines[3].sent == ["kick", "later"]
    encoder._heard(Encoding(1, 4, "kick"))
    assert encoder.underway() == "sounds that are being encoded: kick (25 %), then 2 more"
    for name in ("kick", "later", "hour"):
        encoder._heard(Encoded(job(name, 60 if name == "hour" else 0.5).key(card_of("default").encoding)))
    assert encoder.underway() == "sounds that are being read"
    encoder.close()
