"""Random sets in which engines die, stand still and fail: the journal gives the samples that were heard.

`make fuzz SEEDS=0-99` plays more of them.
"""

from __future__ import annotations

import pytest
from helpers.fuzzed_set import played


@pytest.mark.parametrize("seed", [8, 24, 143])
def test_a_random_set_is_played_again_to_the_sample(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = played(seed, tmp_path, 250)
    assert not found.wrong, "\n".join([found.wrong, *found.lines])
    assert found.loud > 0.01
