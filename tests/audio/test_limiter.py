from __future__ import annotations

import numpy as np
import pytest
import scipy.signal

import latentcode as lc
from latentcode.audio.limiter import BETWEEN, CEILING, HEADROOM, Limiter, headroom_gain, limited

RATE = 44100
DRUMS = "kick*4, ~ snare"
BS_1770 = (  # the filters that it prints, of phases 0 and 1
    (.0017089843750, .0109863281250, -.0196533203125, .0332031250000, -.0594482421875, .1373291015625,
     .9721679687500, -.1022949218750, .0476074218750, -.0266113281250, .0148925781250, -.0083007812500),
    (-.0291748046875, .0292968750000, -.0517578125000, .0891113281250, -.1665039062500, .4650878906250,
     .7797851562500, -.2003173828125, .1015625000000, -.0582275390625, .0330810546875, -.0189208984375),
)  # fmt: skip


def through(sound: np.ndarray, *sizes: int, rate: int = RATE) -> np.ndarray:
    """What a limiter makes of a sound (channels, n) that comes in blocks of these sizes, round and round."""
    limiter, made, first = Limiter(rate, len(sound)), [], 0
    while first < sound.shape[1]:
        size = sizes[len(made) % len(sizes)]
        made.append(limiter.process(sound[:, first : first + size]))
        first += size
    return np.concatenate(made, axis=1)


def noise(level: float, channels: int = 2, count: int = 20000) -> np.ndarray:
    return (np.random.default_rng(3).standard_normal((channels, count)) * level).astype(np.float32)


def bursts() -> np.ndarray:
    """Quiet, with single samples far above full scale."""
    sound = noise(0.05)
    sound[0, 700::1999] = 7.0
    sound[1, 40::3001] = -30.0
    return sound


LOUD = {"noise": noise(1.0), "bursts": bursts(), "four channels": noise(0.6, 4)}


@pytest.mark.parametrize("rate", [8000, 44100, 48000, 192000])
@pytest.mark.parametrize("sound", LOUD.values(), ids=LOUD)
def test_no_sample_is_above_the_ceiling(sound, rate):
    made = through(sound, 256, rate=rate)
    assert 0.9 * CEILING < np.abs(made).max() <= CEILING


@pytest.mark.parametrize("sound", LOUD.values(), ids=LOUD)
def test_blocks_of_any_size_give_the_same_samples(sound):
    whole = through(sound, sound.shape[1])
    for sizes in ((256,), (64,), (1, 300, 7, 2, 1024), (8192,)):
        np.testing.assert_array_equal(through(sound, *sizes), whole)


def test_below_the_ceiling_it_is_a_delay_to_the_bit():
    tone = np.sin(np.arange(30000) * 0.05).astype(np.float32)
    sound = np.stack([tone, -tone]) * np.float32(0.9999 * CEILING)
    latency = Limiter(RATE).latency
    assert latency == 66
    np.testing.assert_array_equal(through(sound, 256)[:, latency:], sound[:, :-latency])


def test_what_was_loud_for_a_moment_leaves_all_else_as_it_is():
    sound = noise(0.05)
    sound[0, 9000] = 2.0
    made, latency = through(sound, 256), Limiter(RATE).latency
    changed = np.flatnonzero((made[:, latency:] != sound[:, :-latency]).any(axis=0))
    assert 9000 - latency <= changed[0] < 9000 <= changed[-1] < 9000 + 0.3 * RATE


def test_both_sides_of_a_pair_are_turned_down_alike_and_pairs_each_for_themselves():
    sound = noise(0.05, 4)
    sound[0] *= 40
    made, latency = through(sound, 256), Limiter(RATE).latency
    late = sound[:, :-latency]
    share = made[0, latency:] / late[0]
    np.testing.assert_allclose(made[1, latency:], late[1] * share, rtol=1e-5)
    np.testing.assert_array_equal(made[2:, latency:], late[2:])


def test_what_lies_between_two_samples_counts():
    worst = (
        0.95 * CEILING * np.sign(np.sin(np.arange(20000) * np.pi / 2 + np.pi / 4))
    )  # 3 dB above its samples
    made = through(np.stack([worst, worst]).astype(np.float32), 256)
    drawn = scipy.signal.resample_poly(made[0, 500:-500], 16, 1)
    assert np.abs(drawn[1000:-1000]).max() == pytest.approx(BETWEEN, abs=0.02)


def worst() -> dict[str, np.ndarray]:
    """Sounds that rise furthest between their samples."""
    signs = np.sign(np.random.default_rng(1).standard_normal((2, 20000))).astype(np.float32)
    square = np.sign(np.sin(np.arange(20000) * 2 * np.pi * 4111 / RATE))
    aligned = np.zeros(20000)
    for place in range(1000, 19000, 3000):  # every sample adds to what lies between two of them
        aligned[place - 400 : place + 400] = np.sign(np.sinc(np.arange(-400, 400) + 0.5))
    sounds = {"square": square, "aligned": aligned}
    return {name: np.stack([one, one]).astype(np.float32) for name, one in sounds.items()} | {
        "signs": signs * np.float32(0.9),
        "noise": noise(1.0),
    }


@pytest.mark.parametrize("name", worst())
def test_the_true_peak_of_itu_r_bs_1770_is_full_scale_within_its_own_ripple(name):
    """By its annex 2: four phases, the first two of which are the others backwards."""
    phases = np.array(BS_1770)
    taps = [*phases, *phases[:, ::-1]]
    made = through(worst()[name], 256).astype(np.float64)
    peak = max(np.abs(np.convolve(side, tap, "valid")).max() for side in made for tap in taps)
    assert 20 * np.log10(peak) < 0.4


def test_what_is_no_number_never_leaves_it():
    sound = noise(0.1)
    sound[0, 1000], sound[1, 2000], sound[0, 3000] = np.nan, np.inf, 1e30
    made = through(sound, 256)
    assert np.isfinite(made).all()
    assert np.abs(made).max() <= CEILING
    assert through(sound, 256)[:, 19000:].any()


def test_a_steady_tone_above_the_ceiling_stays_a_tone():
    tone = (2 * np.sin(2 * np.pi * 441 * np.arange(RATE) / RATE)).astype(np.float32)
    made = through(np.stack([tone, tone]), 256)[0, RATE // 2 :]
    spectrum = np.abs(np.fft.rfft(made * np.hanning(len(made))))
    spectrum[215:227] = 0.0  # the tone itself
    assert spectrum.max() < 2e-3 * len(made) * CEILING / 4


def test_limited_blocks_are_in_time_and_as_long_as_they_were():
    sound = noise(0.1, count=1000)
    for size in (50, 66, 1000):
        blocks = [sound[:, first : first + size] for first in range(0, 1000, size)]
        np.testing.assert_array_equal(np.concatenate(list(limited(blocks, Limiter(RATE))), axis=1), sound)


def test_a_headroom_keeps_all_bits():
    assert [headroom_gain(decibels) for decibels in (0, HEADROOM, 12)] == [1.0, 0.5, 0.25]


@pytest.mark.parametrize(
    "pattern", [lc.plain(DRUMS), f"{DRUMS}, hat*8", "cello choir flute, [kick,kick,kick,kick]"]
)
def test_what_is_rendered_is_below_the_ceiling(pattern):
    made = lc.render(pattern, seconds=4)
    assert 0.3 < np.abs(made).max() <= CEILING


def test_the_published_algorithm_is_left_as_it_is_and_more_than_it_is_held_to_full_scale():
    model = lc.load_model("raw")
    path = model.encode(np.sign(np.sin(np.arange(RATE) / 30)))  # as loud as can be
    made = lc.render(lc.meso(path, path, 0.5).scale(3), model=model, synthesis="concat")
    windows = model.decode(path.mean * 3)
    np.testing.assert_array_equal(made[:, 0], windows.reshape(-1))
    assert np.abs(windows).max() > CEILING
    assert np.abs(lc.render("[kick,kick,kick,kick]", seconds=1, synthesis="concat", model="raw")).max() <= 1.0
