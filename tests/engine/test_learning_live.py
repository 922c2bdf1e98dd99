"""Controls are learnt, bound and taken over in a live set; what was heard is what the journal gives."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from audio import private_jack
from live_set import rendered, until

from latentcode.desk.link import Link
from latentcode.desk.options import Options
from latentcode.desk.session import Desk
from latentcode.engine.journal import read_session

pytestmark = pytest.mark.timeout(240)
KNOB, OTHER = "cc:21@nano/1", "cc:22@nano/1"


class Set:
    """A desk and its engine, which is told what hands do by the desk's wire."""

    def __init__(self, folder: Path, model: str, **options):
        self.folder, self.said = folder, []
        self.link = Link(
            Options(model=model, journal=str(folder / "set.py"), seed=3, midi="none", **options),
            self.said.append,
            "touched_engine",
        )
        self.link.start()
        assert self.link.wait_ready(60), self.said
        self.desk = Desk(self.link, self.said.append)

    def run(self, code: str) -> None:
        assert self.desk.run(code), self.said[-1]
        number = self.desk.blocks.number
        until(lambda: number not in self.link._unanswered, 20)

    def turn(self, key: str, *values: float) -> None:
        for value in values:
            self.link.send("arrive", key, float(value))
            time.sleep(0.01)

    def while_turning(self, code: str, key: str, *values: float) -> None:
        """Run a line while a hand moves."""
        hand = threading.Timer(0.5, self.turn, (key, *values))
        hand.start()
        self.run(code)
        hand.join()

    def told(self, what: str):
        return self.link.ask("controls", patience=5.0)[what]


@pytest.fixture
def begin(tmp_path, monkeypatch, model_file):
    monkeypatch.setenv("PYTHONPATH", f"{Path(__file__).parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    sets = []

    def made(**options):
        sets.append(Set(tmp_path, model_file, **options))
        return sets[-1]

    yield made
    for one in sets:
        one.link.leave()


def sweep(begin, end, count=12):
    return [float(value) for value in np.linspace(begin, end, count)]


def test_what_was_learnt_and_taken_over_renders_to_the_samples_that_were_heard(begin, tmp_path, monkeypatch):
    with private_jack(44100, 256) as server:
        for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
            monkeypatch.setenv(key, server.environment[key])
        live = begin(driver="jack")
        live.run(f"record({str(tmp_path / 'heard.wav')!r}); bpm(200)")
        live.run(
            'd1 >> s("kick*8").gain(live("bright", .3)); d2 >> meso(path("cello"), path("choir"), live("bright"))'
        )
        live.while_turning('learn("bright", 0, .8)', KNOB, *sweep(0.5, 0.9))
        live.while_turning("d2.gain(learn().range(.2, 1))", OTHER, *sweep(0.5, 0.9))
        live.run('scene("loud")')
        live.turn(KNOB, *sweep(0.8, 0.2))
        live.run('go("loud", quant="now")')
        until(lambda: live.told("waiting"), 5)
        live.turn(KNOB, *sweep(0.2, 0.6))
        assert live.told("values")[KNOB] == pytest.approx(0.9)
        live.turn(KNOB, *sweep(0.6, 1.0))
        until(lambda: KNOB not in live.told("waiting"), 5)
        live.run('mapping.save("mine.toml"); unlearn("bright"); takeover("scale"); mapping("mine.toml")')
        Path("mine.toml").unlink()
        live.turn(KNOB, *sweep(1.0, 0.5))
        time.sleep(0.5)
        live.run("record(None)")
        until(lambda: any("recorded" in line for line in live.said), 10)
        live.link.leave()
        assert [line for line in live.said if line.startswith("✗")] == []
        first = next(int(note[0]) for note in read_session(tmp_path / "set.py").notes["recording"])
        heard, _ = soundfile.read(tmp_path / "heard.wav", dtype="float32", always_2d=True)
        heard = heard[max(-first, 0) :]
        replay = rendered(tmp_path / "set.py")[max(first, 0) :]
        count = min(len(heard), len(replay))
        assert count > 2 * server.rate
        assert np.abs(heard).max() > 0.05
        assert np.array_equal(heard[:count], replay[:count])


def test_bindings_and_held_values_come_back_after_the_engine_has_died(begin):
    live = begin(driver="timer")
    live.while_turning('learn("bright", 0, 2); x = learn', KNOB, *sweep(0.5, 0.9))
    live.run('scene("a"); takeover("pickup")')
    live.turn(KNOB, *sweep(0.9, 0.4))
    live.run('go("a", quant="now")')
    until(lambda: live.told("waiting"), 5)
    live.link._child.process.kill()
    until(lambda: "the engine is back" in live.said, 60)
    assert live.told("bound") == {"bright": (KNOB, 0.0, 2.0, 0.0)}
    assert live.told("values")[KNOB] == pytest.approx(0.9)
    assert live.told("waiting")[KNOB] == (pytest.approx(0.9), None)
    live.turn(KNOB, *sweep(0.2, 1.0))
    until(lambda: live.told("values")[KNOB] == 1.0, 5)


def test_a_desk_that_comes_back_knows_what_was_learnt(begin):
    live = begin(driver="timer")
    live.while_turning("x = learn(); learn(d1.gain) if False else None", KNOB, *sweep(0.5, 0.9))
    live.run("y = x.range(0, 2)")
    live.link.leave(keep=True)
    said = []
    again = Desk(Link(Options(resume=True), said.append), said.append)
    again.link.resume()
    again.resumed()
    assert again.run("assert repr(x) == \"cc(21, ch=1, port='nano')\""), said
    again.link.leave()
