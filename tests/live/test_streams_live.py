"""An exported model in a set: decoded ahead in a process of its own, and heard again to the sample."""

import pytest
import torch
from helpers.exports import Partials
from helpers.live_set import DeskSet, heard_again

pytestmark = pytest.mark.timeout(600)
LINES = [  # and how many seconds are heard before the next
    'd1 >> s("cello(3,8)").model(noisy).gain(.4); d2 >> s("hat*4").gain(.2); bpm(150)',
    2.0,
    'd1 >> s("choir*3").model(noisy).note("60 64").gain(.3); bpm(170); d2.morph(1) >> s("kick*2").model(noisy)',
    1.0,
    "d3 >> path('cello', model=noisy).gain(.2); d4.once(s('choir*2').model(noisy))",
    1.5,
    "d1.stop(); d3 >> s('cello*4').model(noisy); hush(over=1)",
    1.0,
]


def test_streams_are_heard_again(tmp_path, model_file, jack, monkeypatch):
    monkeypatch.setenv("LATENTCODE_TRUST", "1")
    noisy = tmp_path / "noisy.ts"
    torch.jit.script(Partials(noise=0.1, rate=22050).eval()).save(str(noisy))
    live = DeskSet(tmp_path, model_file, "--ahead", "300")
    try:
        with heard_again(live, tmp_path / "heard.wav", least=3.0):
            live.block(f"noisy = load_model({str(noisy)!r})")
            for step in LINES:
                live.block(step) if isinstance(step, str) else live.play_on(step)
        assert not [message for message in live.messages if message[0] == "failed"]
    finally:
        live.child.close(3.0)
