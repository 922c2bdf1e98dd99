"""Frames that come windowed, beside grains; the slots of layers; and frames that cannot be decoded."""

from __future__ import annotations

import time

import numpy as np
import pytest
from helpers.toy_sounds import LATENT, RATE, First, Sounds, rendered

import latentcode as lc
from latentcode.clock.watchdog import TooSlowError
from latentcode.inputs.history import Input
from latentcode.latents.strategies import as_sounds
from latentcode.latents.trajectory import Named
from latentcode.models.card import Card
from latentcode.models.family import Slot, Stateless
from latentcode.patterns import Steady
from latentcode.set.commands import Command
from latentcode.synth.stream import Continuous
from latentcode.synth.synthesis import continuous, laid, quickest_laid

SPAN, HOP = 64, 16
CARD = Card(
    "bins", "", "centred", RATE, SPAN, LATENT, 0, HOP, kind="spectral", hops=(HOP, HOP // 2), can=("quick",)
)
SHAPE, SHORT = laid(CARD, "overlap"), quickest_laid(CARD, "overlap")


class Centred(Stateless):
    """Windowed frames whose sum is the first dimension of the latents."""

    def decode(self, latents):
        return latents[:, :1] * SHAPE.shape


def source(start=0, level=lambda numbers: 0 * numbers + 1):
    def latents(first, count):
        return np.repeat(level(np.arange(first, first + count, dtype=np.float32))[:, None], LATENT, axis=1)

    return Continuous(latents, SHAPE, start)


def taken(stream, *counts):
    end, pieces = 0, []
    for count in counts:
        end += count
        if (wanted := stream.wanted(end)) is not None:
            stream.place(Centred().decode(wanted.latents))
        pieces.append(stream.take(count))
    return np.concatenate(pieces)


@pytest.mark.parametrize(("span", "hop"), [(64, 16), (2048, 512), (1024, 128), (16, 16)])
def test_frames_over_one_another_are_a_steady_sound(span, hop):
    shape = continuous(span, hop)
    total = np.sum(
        [np.roll(np.pad(shape.shape, (0, 3 * span)), k * hop) for k in range(3 * span // hop)], axis=0
    )
    np.testing.assert_allclose(total[span : 3 * span], 1, atol=1e-6)


def test_a_steady_sound_has_its_level_from_its_first_sample():
    np.testing.assert_allclose(taken(source(), 200), 1, atol=1e-6)
    assert 1.0 < SHAPE.first.max() < 1.21
    assert len(SHAPE.first) == SPAN // 2 - HOP


def test_a_frame_is_heard_around_its_moment():
    found = taken(source(level=lambda numbers: (numbers == 10).astype(np.float32)), 400)
    assert np.argmax(found) == 10 * HOP
    assert np.flatnonzero(found)[[0, -1]].tolist() == [10 * HOP - SPAN // 2 + 1, 10 * HOP + SPAN // 2 - 1]


@pytest.mark.parametrize("counts", [(300,), (1,) * 300, (7, 93, 200), (128, 128, 44)])
def test_the_size_of_the_blocks_changes_nothing(counts):
    level = np.sin
    assert np.array_equal(taken(source(level=level), *counts), taken(source(level=level), 150, 150))


@pytest.mark.parametrize("start", [1, 15, 16, 31, 32, 33, 100, 1000])
def test_one_that_starts_in_its_middle_has_all_frames_that_reach_there(start):
    whole = taken(source(level=np.cos), start, 200)[start:]
    np.testing.assert_allclose(taken(source(start, np.cos), 200), whole, atol=1e-6)


def test_in_a_set_it_begins_at_the_onset_and_lasts(perform):
    performance = perform(Centred(), Sounds(50), synthesis="overlap", shape=SHAPE)
    performance.schedule(Command("play", 0, (lc.s("one").attack(0), "1")), 0)
    audio = rendered(performance, 88000, 300)
    np.testing.assert_allclose(audio, 1, atol=1e-5)


class Slotted(First):
    """Remembers its slots and jobs; what `fails` says of a seed and a number happens there."""

    def __init__(self, fails=lambda slot, first: None):
        self.slots, self.closed, self.jobs, self.fails = [], [], [], fails

    def open(self, seed):
        self.slots.append(Slot(seed))
        return self.slots[-1]

    def close(self, slot):
        self.closed.append(slot)

    def step(self, jobs):
        for job in jobs:
            self.fails(self.slots.index(job.slot), job.first)
        self.jobs += [(self.slots.index(job.slot), job.first, len(job.latents)) for job in jobs]
        return super().step(jobs)


def test_a_layer_has_a_slot_while_it_sounds(perform):
    decoder = Slotted()
    performance = perform(decoder)
    performance.schedule(Command("play", 0, (lc.s("one*2"), "1")), 0)
    rendered(performance, 88200 * 2, 512)
    assert len(decoder.slots) == 4
    assert decoder.closed == decoder.slots[:3]
    assert len({slot.seed for slot in decoder.slots}) == 4
    for number in range(4):
        jobs = [(first, count) for slot, first, count in decoder.jobs if slot == number]
        assert [first for first, _ in jobs] == list(np.cumsum([0, *(count for _, count in jobs[:-1])]))
    performance.schedule(Command("stop", 0, ("1/4",)), 88200 * 2)
    rendered(performance, 88200)
    assert set(decoder.closed) == set(decoder.slots)


@pytest.mark.parametrize("gone", [Command("hush"), Command("panic")])
def test_slots_are_closed_however_layers_go(perform, gone):
    decoder = Slotted()
    performance = perform(decoder)
    for voice in range(3):
        performance.schedule(Command("play", voice, (as_sounds(lc.freeze("cello", 0)), "1")), 0)
    performance.schedule(gone, 22050)
    rendered(performance, 88200)
    assert len(decoder.slots) == 3
    assert set(decoder.closed) == set(decoder.slots)


def broken(slot, first):
    if slot == 1:
        raise RuntimeError("no kernel for this one")


def test_a_voice_whose_frames_cannot_be_decoded_is_set_aside(perform, troubles):
    decoder = Slotted(broken)
    performance = perform(decoder, Sounds(50))
    for voice, name in enumerate(("one", "half", "one")):
        performance.schedule(Command("play", voice, (lc.s(name).attack(0), "1")), 0)
    block = performance.render(512)
    assert [(trouble.voice, str(trouble.error)) for trouble in troubles] == [(1, "no kernel for this one")]
    assert block[0].all()
    assert not block[2].any()
    assert np.array_equal(block[0], block[4])
    assert rendered(performance, 44100, voice=2).any()
    assert len(troubles) == 1


def test_what_played_before_takes_its_place(perform, troubles):
    decoder = Slotted(broken)
    performance = perform(decoder, Sounds(500))
    performance.schedule(Command("play", 0, (lc.s("half"), "1")), 0)
    performance.schedule(Command("play", 0, (lc.s("one"), "1/4")), 22050)
    audio = rendered(performance, 88200)
    assert [trouble.replaced for trouble in troubles] == [True]
    assert performance.renderer.voices[0].playing is not None
    assert performance.renderer.voices[0].playing.pattern == lc.s("half")
    assert np.allclose(audio[60000:80000], 0.5)


def test_a_decode_that_takes_too_long_is_noted_and_is_so_again_in_a_replay(perform, troubles):
    def slow(slot, first):
        end = time.monotonic() + (5 if slot == 1 and first > 100 else 0)
        while time.monotonic() < end:
            pass

    noted, heard = [], []
    for again in (False, True):
        decoder = Slotted() if again else Slotted(slow)
        performance = perform(decoder, Sounds(500))
        aside = performance.renderer.aside
        aside.seconds, aside.report = 0.25, lambda *what: noted.append(what)
        for place, sample, digest in noted if again else ():
            aside.know(place, sample, digest)
        for voice, name in enumerate(("one", "half")):
            performance.schedule(Command("play", voice, (lc.s(name), "1")), 0)
        heard.append([performance.render(512) for _ in range(40)])
    assert [place for place, _, _ in noted] == ["d2"]
    assert isinstance(troubles[0].error, TooSlowError)
    assert np.array_equal(*heard)


class Both(Centred):
    """Decodes long frames, and beside them short ones."""

    def open_as(self, seed, quick, onsets, stands, partials, slides):
        slot = self.open(seed)
        slot.quick, slot.onsets = quick, onsets
        return slot

    def step(self, jobs):
        shapes = [SHORT if job.slot.quick else SHAPE for job in jobs]
        return [job.latents[:, :1] * shape.shape for job, shape in zip(jobs, shapes, strict=True)]


class Told(Both):
    """Gives 1 where what begins is put where it begins."""

    def step(self, jobs):
        return [np.full((len(job.latents), 1), job.slot.onsets) * SHAPE.shape for job in jobs]


@pytest.mark.parametrize("onsets", [False, True])
def test_layers_begin_as_their_set_has_it(perform, onsets):
    performance = perform(Told(), Sounds(50), synthesis="overlap", shape=SHAPE, onsets=onsets)
    performance.schedule(Command("play", 0, (lc.s("one"), "1")), 0)
    assert performance.render(512).any() == onsets


def raised(perform, quick, stamp, value):
    """What is heard of a hand that raises a sound at a sample, and of one beside it that stays."""
    performance = perform(
        Both(), Sounds(50), synthesis="overlap", shape=SHAPE, shortest=SHORT, quick=quick
    )  # fmt: skip
    performance.schedule(Command("play", 0, (Steady(Named("one").scale(value)), "1")), 0)
    performance.schedule(Command("play", 1, (Steady(Named("half")), "1")), 0)
    performance.hear(Input("cc:1@nano/1", 1.0), stamp)
    block = np.concatenate([performance.render(256) for _ in range(6)], axis=1)
    return block[0], block[2]


@pytest.mark.parametrize("stamp", [700, 705, 711, 719])
def test_what_hands_move_is_heard_in_the_shortest_frames(perform, stamp):
    heard = {quick: raised(perform, quick, stamp, lc.cc(1)) for quick in (False, True)}
    for quick, (moved, beside) in heard.items():
        shape = SHORT if quick else SHAPE
        assert not moved[:stamp].any()
        assert np.flatnonzero(moved > 0.1)[0] - stamp <= shape.hop + shape.window // 4
        assert moved[stamp + shape.hop + shape.window :] == pytest.approx(1, abs=1e-5)
        assert beside[100:] == pytest.approx(0.5, abs=1e-5)


def test_what_no_hand_moves_has_the_frames_that_it_had(perform):
    without, beside = (raised(perform, quick, 700, 0.25) for quick in (False, True))
    assert np.array_equal(without, beside)
