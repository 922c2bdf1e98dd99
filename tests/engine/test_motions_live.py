"""Motions, portions and places of the prior in a set: what was heard is what the journal gives."""

from __future__ import annotations

import time

import numpy as np
import pytest
from audio import private_jack
from live_set import LiveSet, rendered, until

pytestmark = pytest.mark.timeout(240)


def test_motions_and_portions_replay_to_the_sample(tmp_path, model_file, monkeypatch):
    with private_jack(48000, 256) as server:
        for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
            monkeypatch.setenv(key, server.environment[key])
        performance = LiveSet(tmp_path, model_file)
        try:
            _played(performance, tmp_path / "heard.wav")
        finally:
            performance.child.close(3.0)


def _played(performance, recording):
    performance.say("record", str(recording))
    performance.block('d1 >> walk("cello(3,8)", saw, 2).gain(.3); d2 >> orbit(path("choir"), .5).gain(.2)')
    performance.block(
        'd3 >> spline(*map(prior, range(4)), position=tri).gain(.2); d4 >> s("prior:<1 2>*8").gain(.2)'
    )
    performance.block(
        'd5 >> s("flute").loop_at("<1 2>").chop(4).gain(.3); d6 >> path("harp").slice(8, "0 5 2").fit().gain(.2)'
    )
    performance.block(
        'd7 >> plane("vibes*2", "prior:3", path("flute"), "harp", sine, tri).speed("1 -2").gain(.2)'
    )
    time.sleep(1.5)
    performance.block("bpm(87)")
    performance.block('d2 >> slerp("choir*2", path("cello").freeze(.3), sine).gain(.2)')
    time.sleep(1.5)
    performance.block("hush()")
    time.sleep(0.7)
    performance.say("record", None)
    until(lambda: any("recorded" in str(m) for m in performance.messages), 10, performance)
    assert performance.finish() == 0
    assert not [m for m in performance.messages if m[0] in ("refused", "failed")]
    first, heard = performance.recorded(recording)
    replay = rendered(performance.journal)[first:]
    count = min(len(heard), len(replay))
    assert np.abs(heard).max() > 0.05
    assert np.array_equal(heard[:count], replay[:count])
