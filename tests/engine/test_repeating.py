"""A span that is played again and again: each pass has the samples of the one before."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from helpers.whole_set import WholeSet

from latentcode.clock.tempo import TempoMap
from latentcode.engine.repeating import Repeating
from latentcode.engine.rounds import Rounds
from latentcode.protocol.messages import State
from latentcode.protocol.player_messages import Gain
from latentcode.protocol.state import VoiceState
from latentcode.set.commands import Command


def passed(found: Repeating, samples: int) -> tuple[np.ndarray, list]:
    """So many samples as they come, and what the player is told with them."""
    blocks, told = [], []
    while sum(block.shape[1] for block in blocks) < samples:
        block, commands = found.render(512)
        blocks.append(block)
        told += commands
    return np.concatenate(blocks, axis=1), told


def test_each_pass_has_the_samples_of_the_one_before_and_faders_go_back():
    played = WholeSet(lasting=True)
    performance = played.performance
    assert not played.evaluate('bpm(240); d1 >> s("kick*4"); d2 >> path("cello"); d2.gain(.5)')
    tempo = performance.renderer.tempo
    performance.render(1)
    first, last = tempo.sample_of(Fraction(1)), tempo.sample_of(Fraction(2)) + 77  # in the middle of a block
    performance.pass_until(first)
    performance.outbox = []
    found = Repeating(performance, first, last)
    performance.restart()
    performance.outbox = performance.told(first)
    assert found.begin(first - 5).shape == (32, 5)
    performance.schedule(Command("gain", 1, (0.25,)), first + 600)
    length = last - first
    once, told = passed(found, length)
    assert (once.shape[1], found.position) == (length, last)
    twice, again = passed(found, length)
    thrice, _ = passed(found, length)
    assert once[:4].any()
    assert np.array_equal(twice, thrice)
    late = round(0.006 * performance.renderer.settings.sample_rate)
    assert np.array_equal(once[:, late:], twice[:, late:])  # but for the cross-fade
    assert [(type(one), one.sample, one.value) for one in again[:2]] == [
        (Gain, last, 0.5),
        (Gain, last + 600, 0.25),
    ]
    assert not [one for one in told if one.sample == first and one in again]
    found.skip(found.position + 1000)  # time was lost
    late_block, _ = found.render(512)
    assert np.array_equal(late_block, twice[:, 1000 : 1000 + late_block.shape[1]])


def test_what_is_told_and_shown_comes_round_with_each_pass():
    rounds = Rounds(1000, 3000, TempoMap(44100, Fraction(44100, 1000)))  # a cycle each thousand samples
    kick, cello = VoiceState(0, text="kick"), VoiceState(1, text="cello")
    rounds.state(State(playhead=1000, cycle=1.0, voices=(kick,)))
    rounds.state(State(playhead=2000, cycle=2.0, voices=(kick, cello)))
    rounds.saw(1000, ((0, b"here"),), iter([((0, 1200, None, "kick"), 1500), ((1, 2100, 60.0, "cello"), -1)]))
    rounds.saw(2500, ((0, b"there"),), iter([]))
    later = rounds.state(State(playhead=5500, cycle=5.5, load=0.5, voices=()))
    assert (later.cycle, later.playhead, later.load) == (1.5, 5500, 0.5)
    assert later.voices == (kick,)
    assert rounds.latents(6600) == ((0, b"there"),)
    assert list(rounds.notes(5000, 7000)) == [
        ((0, 5200, None, "kick"), 5500),
        ((1, 6100, 60.0, "cello"), 7000),
    ]
    assert list(rounds.notes(1000, 3000)) == []  # the first pass was told as it was
