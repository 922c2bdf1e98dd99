"""Which frames of its sources a trajectory reads."""

from __future__ import annotations

import numpy as np
import pytest

import latentcode as lc
from latentcode.latents.drones import natural_frames
from latentcode.latents.moments import Moments
from latentcode.latents.note import note_of
from latentcode.patterns import s

SOUND = (np.random.default_rng(3).standard_normal(64 * 10) * 0.3).astype(np.float32)


@pytest.fixture
def path(model):
    return model.encode(SOUND)


@pytest.fixture
def frames(path):
    return path.mean


def read(trajectory, count=10, frames=None):
    """The means at `count` moments; over a whole of so many latent frames."""
    over = Moments.over(count, 64 / 44100)
    return trajectory.at(over if frames is None else Moments.over(frames, 64 / 44100))[0]


def test_a_portion_starts_again_after_its_last_frame(path, frames):
    assert np.array_equal(read(path.begin(0.2).end(0.6), 8), np.concatenate([frames[2:6]] * 2))
    assert np.array_equal(read(path.begin(0.2).end(0.6).reverse(), 4), frames[5:1:-1])


def test_an_end_before_the_beginning_is_backwards(path, frames):
    assert np.array_equal(read(path.begin(0.6).end(0.2), 4), frames[5:1:-1])


def test_a_portion_has_one_frame_at_least(path, frames):
    assert np.array_equal(read(path.begin(1).end(1), 3), frames[[9, 9, 9]])


def test_the_natural_length_is_that_of_the_portion(path):
    def frames(node):
        return natural_frames(node, lambda p: len(p.samples), 64, 64)

    assert frames(path) == 10
    assert frames(path.begin(0.2).end(0.6)) == 4
    assert frames(path.begin(0.2).fit()) == 8


def test_a_drone_of_a_portion_is_as_long_as_it(model, path):
    sound = lc.render(path.begin(0.5), model=model, synthesis="concat")[:, 0]
    whole = lc.render(path, model=model, synthesis="concat")[:, 0]
    assert np.array_equal(sound, whole[320:])


def test_fit_spreads_the_source_over_the_whole(path, frames):
    assert np.array_equal(read(path.fit(), 20), np.repeat(frames, 2, axis=0))
    assert np.array_equal(read(path.begin(0.5).fit(), 10), np.repeat(frames[5:], 2, axis=0))


def test_a_fitted_sound_fills_its_event_whatever_the_tempo(model, path):
    """At two tempos the same latent frames follow one another, more or less slowly."""
    for bpm in (120, 60):
        sound = lc.render(lc.pure(path).fit(), seconds=240 / bpm, model=model, synthesis="concat", bpm=bpm)
        windows = sound[: len(sound) // 64 * 64, 0].reshape(-1, 64)
        expected = model.decode(frames_at(path, len(windows)))
        same = np.isclose(windows, expected, atol=1e-5).all(axis=1)
        assert np.count_nonzero(~same[:-8]) < 10  # where one frame gives way to the next


def frames_at(path, count):
    return path.mean[np.arange(count) * 10 // count]


def test_freeze_holds_a_frame_and_scrub_reads_by_place(path, frames):
    assert np.array_equal(read(path.freeze(0.35), 4), frames[[3] * 4])
    assert np.array_equal(read(path.freeze(1), 2), frames[[9, 9]])
    assert np.array_equal(
        read(path.scrub([1.0, 0.0]), 10), frames[np.minimum((1 - np.arange(10) / 9) * 10, 9).astype(int)]
    )
    assert np.array_equal(read(lc.scrub(path, lc.saw), 20), np.repeat(frames, 2, axis=0))


def test_a_negative_speed_begins_with_the_last_frame(path, frames):
    assert np.array_equal(read(path.speed(-1)), frames[::-1])
    assert np.array_equal(read(path.speed(-2), 5), frames[9::-2])


def test_smooth_takes_an_amount(path, frames):
    slow = path.speed(0.5)
    half = read(slow.smooth(0.5), 2)[1]
    assert half == pytest.approx(0.75 * frames[0] + 0.25 * frames[1], abs=1e-6)
    assert np.array_equal(read(slow.smooth(0), 2), read(slow, 2))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (s("x").begin(0.2).end(0.6), lambda p: p.begin(0.2).end(0.6)),
        (s("x").speed("-2"), lambda p: p.speed(-2)),
        (s("x").freeze(0.3), lambda p: p.freeze(0.3)),
        (s("x").scrub(lc.saw), lambda p: p.scrub(lc.saw)),
        (s("x").begin(0.5).fit(), lambda p: p.begin(0.5).fit()),
        (s("x").slice(5, "2"), lambda p: p.begin(0.4).end(0.6)),
        (s("x").reverse("1"), lambda p: p.reverse()),
    ],
)
def test_an_event_is_read_as_the_path_would_be(path, pattern, expected):
    value = pattern.set(s("x").s(lc.pure(path)), structure="left").query(0, 1)[0].value
    assert np.array_equal(read(note_of(value).trajectory), read(expected(path)))


@pytest.mark.parametrize("make", [lambda p: p.begin(1.5), lambda p: p.freeze(-1), lambda p: p.speed([1, 2])])
def test_a_place_outside_is_refused(path, make):
    with pytest.raises(lc.LatentError, match=r"from 0 to 1|takes a number"):
        make(path)
    with pytest.raises(lc.LatentError, match="from 0 to 1"):
        note_of(s("x").end(2).query(0, 1)[0].value)
