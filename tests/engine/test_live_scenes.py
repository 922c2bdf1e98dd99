"""A set with ramps, scenes, one-shots, fades and undo, over jackd: what was heard is what the journal gives."""

from __future__ import annotations

import time

import numpy as np
import pytest
from audio import private_jack
from live_set import LiveSet, rendered, until

from latentcode.desk.evaluate import run_block
from latentcode.desk.names import Names
from latentcode.desk.replay import Collector
from latentcode.desk.stage import Stage

pytestmark = pytest.mark.timeout(240)


class DeskSet(LiveSet):
    """A live set whose lines are run with the desk's own names."""

    def _desk_names(self) -> dict:
        self.sink = Collector()
        return Names(Stage(self.sink), 3).space

    def block(self, code: str) -> None:
        self._number += 1
        error = run_block(code, self._names, self.sink)
        assert error is None, error
        number, packed = self._number, tuple(command.packed() for command in self.sink.commands)
        self.child.wire.send("block", number, code, False, packed)
        until(lambda: any(m[:2] == ("accepted", number) for m in self.messages), 30, self)


@pytest.fixture
def jack(monkeypatch):
    with private_jack(44100, 256) as server:
        for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
            monkeypatch.setenv(key, server.environment[key])
        yield server


SET = [
    'd1 >> s("kick*4").gain(.4); d2 >> meso(path("cello"), path("choir"), sine.slow(2)).gain(.3); bpm(200)',
    'scene("verse")',
    "bpm(260, over=3)",
    'd3 >> s("flute(3,8)").gain(tri.range(.1, .3)); d2.gain(.5); swing(1/3); mute(d1)',
    'once("snare*3"); d3.once("kick*5", quant="beat")',
    "bpm(sine.slow(3).range(150, 250))",
    'scene("chorus"); go("verse")',
    "undo()",
    'go("verse", quant="beat", morph=2)',
    "hush(over=1)",
    "back()",
    'go("chorus", quant="now")',
    "undo(2); redo()",
    "d3.stop(over=1)",
    "hush()",
]


def test_scenes_ramps_and_undo_render_to_the_samples_that_were_heard(tmp_path, model_file, jack):
    live = DeskSet(tmp_path, model_file)
    try:
        recording = tmp_path / "heard.wav"
        live.say("record", str(recording))
        for line in SET:
            live.block(line)
            time.sleep(0.7)
        until(lambda: set(live.state.get("scenes", ())) == {"verse", "chorus"}, 5, live)
        live.say("record", None)
        until(lambda: any("recorded" in str(m) for m in live.messages), 10, live)
        assert live.finish() == 0
        assert [m for m in live.messages if m[0] in ("refused", "failed")] == []
        first, heard = live.recorded(recording)
        replay = rendered(live.journal)[first:]
        count = min(len(heard), len(replay))
        assert count > 9 * jack.rate
        assert np.abs(heard).max() > 0.05
        assert np.array_equal(heard[:count], replay[:count])
    finally:
        live.child.close(3.0)
