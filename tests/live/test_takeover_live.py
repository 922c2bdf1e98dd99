"""Grabs of a live set, and an engine that takes over."""

from __future__ import annotations

import io

import pytest
from helpers.live_set import DeskSet, assert_heard_again
from helpers.waiting import until

from latentcode.prompt.opening import Past
from latentcode.prompt.options import Options
from latentcode.prompt.prompt import run
from latentcode.protocol import wire
from latentcode.protocol.messages import ToDesk
from latentcode.session.journal import read_session
from latentcode.session.records import Reached
from latentcode.set.grabs import folder_of

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def live(tmp_path, model_file):
    made = DeskSet(tmp_path, model_file, driver="timer")
    yield made
    made.child.close(3.0)


def test_what_was_silent_is_refused_and_who_goes_on_has_what_was_grabbed(
    live, tmp_path, model_file, monkeypatch
):
    live.block("x = grab(d7, 2); d1 >> x")
    assert "d7 has not sounded" in live.wait("refused")[3]
    live.block('d1 >> s("cello(3,8)")')
    until(lambda: any(voice.layers for voice in live.state.voices), 30, lambda: live.messages)
    live.play_on(0.5)
    live.block("x = grab(d1)")
    until(lambda: list(grabs_of(live).glob("*.npy")), 30, lambda: live.messages)
    until(lambda: read_session(live.journal).of(Reached)[0].sample > 0, 30, lambda: live.messages)
    sample = live.state.sample
    live.child.process.kill()
    live.child.process.wait()
    live.messages.clear()
    more = ("--journal", str(live.journal), "--driver", "timer", "--start", str(sample), "--continue")
    live.child = wire.start(
        "latentcode.engine", "--model", model_file, *more, hears=ToDesk, log=tmp_path / "second.log"
    )
    live.listen(live.child.wire)
    live.wait("hello", 60)
    live.say("restore", ())
    live.block("d2 >> x")
    until(lambda: any(voice.index == 1 for voice in live.state.voices), 30, lambda: live.messages)
    assert not [message for message in live.messages if message[0] in ("refused", "failed")]
    assert live.finish() == 0
    take = tmp_path / "take.wav"
    lines = f"import time; d3.play(x, quant='now'); record('{take}'); time.sleep(2)\nrecord(None)\ntime.sleep(.2)\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    again = Options(driver="timer", lead=200, journal=str(tmp_path / "again.py"))
    assert run(again, past=Past(live.journal, silent=True)) == 0
    assert_heard_again(tmp_path / "again.py", take, least=0)


def grabs_of(live):
    found = folder_of(live.journal)
    assert found is not None
    return found
