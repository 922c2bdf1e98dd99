"""Controls are learnt, bound and taken over in a live set; what was heard is what the journal gives."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from helpers.jack_server import private_jack
from helpers.live_set import assert_heard_again
from helpers.touched_engine import Arrive
from helpers.waiting import until

from latentcode.prompt.link import Link
from latentcode.prompt.options import Options
from latentcode.prompt.session import Desk

pytestmark = pytest.mark.timeout(240)
KNOB, OTHER = "cc:21@nano/1", "cc:22@nano/1"


class Set:
    """A desk and its engine, which is told what hands do by the desk's wire."""

    def __init__(self, folder: Path, model: str, **options):
        self.folder, self.said = folder, []
        self.link = Link(
            Options(model=model, journal=str(folder / "set.py"), seed=3, midi="none", **options),
            self.said.append,
            "helpers.touched_engine",
        )
        self.link.start()
        assert self.link.wait_ready(60), self.said
        self.desk = Desk(self.link, self.said.append)

    def run(self, code: str) -> None:
        assert self.desk.run(code), self.said[-1]
        number = self.desk.blocks.number
        until(lambda: number not in self.link._unanswered, 60)

    def turn(self, key: str, *values: float) -> None:
        for value in values:
            self.link.send(Arrive(key, float(value)))
            time.sleep(0.01)

    def while_turning(self, code: str, key: str, *values: float) -> None:
        """Run a line while a hand moves."""
        hand = threading.Timer(0.5, self.turn, (key, *values))
        hand.start()
        self.run(code)
        hand.join()

    @property
    def complaints(self) -> list[str]:
        """What was refused or has failed; not what only a loaded machine found too slow: that is in the journal."""
        return [line for line in self.said if line.startswith("✗") and "too slow" not in line]

    def play_on(self, seconds: float) -> None:
        """Wait until so many seconds of the set have been heard, however long that takes."""
        begun = self.link.state.playhead
        until(lambda: self.link.state.playhead >= begun + seconds * 44100, 30 + 4 * seconds)

    def told(self, what: str):
        return self.link.ask("controls", patience=5.0)[what]


@pytest.fixture
def begin(tmp_path, monkeypatch, model_file):
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
        until(lambda: live.told("waiting"), 20)
        live.turn(KNOB, *sweep(0.2, 0.6))
        assert live.told("values")[KNOB] == pytest.approx(0.9)
        live.turn(KNOB, *sweep(0.6, 1.0))
        until(lambda: KNOB not in live.told("waiting"), 20)
        live.run('mapping.save("mine.toml"); unlearn("bright"); takeover("scale"); mapping("mine.toml")')
        Path("mine.toml").unlink()
        live.turn(KNOB, *sweep(1.0, 0.5))
        live.play_on(0.5)
        live.run("record(None)")
        until(lambda: any("recorded" in line for line in live.said), 30)
        live.link.leave()
        assert_heard_again(tmp_path / "set.py", tmp_path / "heard.wav", least=1.0)
    assert live.complaints == []
