"""What voices gave of late: kept from when somebody asks on, anew for each engine."""

from __future__ import annotations

import numpy as np

from latentcode.parameters import VOICES
from latentcode.synth.outputs import VoiceOutputs


def test_an_engine_that_takes_over_keeps_nothing_before_it_is_asked():
    straight, taking_over = VoiceOutputs(), VoiceOutputs()
    block = np.ones((2 * VOICES, 512), np.float32)
    straight.samples(0, 0, 512)
    for begin in (512, 1024):
        straight.write(block, begin)
    assert straight.samples(0, 1024, 512).all()
    straight.close()  # an engine died here
    straight.forget(1536)
    for outputs in (straight, taking_over):
        outputs.write(block, 1536)
        assert not outputs.asked
        assert not outputs.samples(0, 1536, 512).any()
        outputs.write(block, 2048)
        assert outputs.samples(0, 2048, 512).all()
