"""Pads, keys and mutes that are shown by hand, and not named."""

from __future__ import annotations

import pytest
from helpers.whole_set import AnsweringSet

PADS = ["note:36@launch/10", "note:36@launch/10", "note:40@launch/10", "cc:64@nano/1"]
KEYS = ["note:72@keys/2", "note:48@keys/2"]


@pytest.fixture
def evening():
    return AnsweringSet()


def hands(evening, what):
    return [name for name, _ in evening.performance.touch.shown()[what]]


def test_a_row_of_pads_is_struck_one_after_the_other(evening):
    evening.moved = list(PADS)
    evening.run('pads([s("kick"), d3, hush])')  # the first of them is struck twice: it is one pad
    assert hands(evening, "pads") == ["note:36@=launch/10", "note:40@=launch/10", "cc:64@=nano/1"]
    evening.hand(("note:40@launch/10", 1.0))
    assert evening.performance.faders.muted == {2}


def test_a_keyboard_is_split_by_pressing_the_ends_of_a_range(evening):
    evening.moved = list(KEYS)  # in any order
    evening.run('keys(d5, "cello", learn=True)')
    (_, text), *_ = evening.performance.touch.shown()["keys"]
    assert all(part in text for part in ("port='=keys'", "ch=2", "low=48", "high=72"))
    evening.moved = ["note:72@keys/2", "note:48@other/1"]
    assert "one keyboard has both ends" in evening.evaluate('keys(d6, "choir", learn=True)')
    evening.moved = ["cc:7@keys/2"]
    assert "not cc 7 of keys, channel 2" in evening.evaluate('keys(d6, "choir", learn=True)')
    assert len(hands(evening, "keys")) == 1


@pytest.mark.parametrize("code", ["learn(d3)", "learn(d3.mute)", "learn(d3.unmute)"])
def test_a_mute_is_learnt_by_its_voice_or_its_word(evening, code):
    evening.moved = ["note:36@launch/10"]
    evening.run(code)
    evening.hand(("note:36@launch/10", 1.0))
    assert evening.performance.faders.muted == {2}
    evening.hand(("note:36@launch/10", 0.0), ("note:36@launch/10", 1.0))
    assert evening.performance.faders.muted == set()


def test_nothing_is_struck_for_what_no_pad_can_do(evening):
    evening.moved = list(PADS)
    assert "not 3" in evening.evaluate("pads([3])")
    assert "have their port" in evening.evaluate('pads([hush], port="nano")')
    assert evening.moved == PADS
