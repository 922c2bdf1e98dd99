"""Blocks that are planned ahead of their sound are those that come of one at a time."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.toy_sounds import First, Sounds

import latentcode as lc
from latentcode.offline.blocks import AHEAD, SessionBlocks
from latentcode.session.journal import read_session
from latentcode.set.commands import Command

BLOCK = 512
END = (6 * AHEAD + 3) * BLOCK + 100
SESSION = f"# latentcode session 1\n# @ seed 1  rate 44100  buffer 256  block {BLOCK}\n# @ end {END}\n"


class Failing(First):
    """A decoder that cannot decode a frame of `value`; `most` rows came at a time."""

    def __init__(self, value: float) -> None:
        self.value, self.most = value, 0

    def decode(self, latents):
        self.most = max(self.most, len(latents))
        if (latents[:, 0] == self.value).any():
            raise ValueError("cannot be decoded")
        return super().decode(latents)


def begun(perform, decoder):
    """A performance of two voices, one of which is stopped, and of a grab; and what it grabs."""
    performance, grabbed = perform(decoder, Sounds(40)), []
    performance.grabbed = lambda taken: grabbed.append(taken.samples)
    performance.schedule(Command("play", 0, (lc.s("kick*16").gain(lc.sine), "1")), 0)
    performance.schedule(Command("play", 1, (lc.s("half*3"), "1")), 700)
    performance.schedule(Command("grab", 1, ("taken", "1/8")), END // 3)
    performance.schedule(Command("stop", 1, (None,)), END // 2)
    return performance, grabbed


@pytest.mark.parametrize("fails", [-1.0, 30.0])
def test_blocks_are_the_same_however_many_are_planned_ahead(perform, troubles, tmp_path, fails):
    (path := tmp_path / "set.py").write_text(SESSION)
    alone, grabbed = begun(perform, Failing(fails))
    one_by_one = [alone.render(min(BLOCK, END - first)) for first in range(0, END, BLOCK)]
    told, again = len(troubles), []
    troubles.clear()

    def begin():
        performance, taken = begun(perform, decoder := Failing(fails))
        again.append((decoder, taken))
        return performance

    blocks = [block.T for block in SessionBlocks(read_session(path), begin)]
    assert np.concatenate(one_by_one, axis=1).any()
    np.testing.assert_array_equal(np.concatenate(blocks, axis=1), np.concatenate(one_by_one, axis=1))
    np.testing.assert_array_equal(again[-1][1], grabbed)
    assert again[0][0].most > BLOCK // 64 * AHEAD
    assert (len(again), len(troubles)) == ((1, 0) if fails < 0 else (2, told))
    assert (told > 0) == (fails > 0)
