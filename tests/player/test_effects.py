"""Each effect does what it says; chains come, go and move without a click; one that goes bad is built anew."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from helpers import effect_bench as bench
from helpers.effect_bench import RATE, impulse, level_at, rack, roughest, through, tone

from latentcode.parameters import PARAMETERS
from latentcode.set import effects as words

TRANSPARENT = {
    "delay": {"mix": 0},
    "reverb": {"mix": 0},
    "chorus": {"mix": 0},
    "shift": {"mix": 0},
    "compressor": {"threshold_db": 0},
    "gain_db": {},
}


@pytest.fixture(autouse=True)
def closed():
    yield
    bench.close_all()


def once(name: str, sound: np.ndarray, **values: float) -> np.ndarray:
    return through(rack((name, values)), sound)


def test_every_word_has_the_parameters_of_the_table_and_can_be_built():
    from latentcode.player.effects import BUILD

    assert set(BUILD) == set(PARAMETERS)
    for name, parameters in PARAMETERS.items():
        signature = inspect.signature(getattr(words, name))
        assert {p.name: p.default for p in signature.parameters.values()} == {
            p.name: p.default for p in parameters
        }
        heard = once(name, tone(440, 0.2))
        assert np.isfinite(heard).all()
        assert np.abs(heard).max() > 0.01


@pytest.mark.parametrize(
    ("name", "low", "middle", "high"),
    [
        ("lowpass", 1, 0.707, 0.012),
        ("highpass", 0.01, 0.707, 1),
        ("bandpass", 0.05, 1, 0.06),
        ("notch", 1, 0, 1),
    ],
)
def test_filters_take_away_what_they_say(name, low, middle, high):
    for hz, share in ((100, low), (1000, middle), (8000, high)):
        heard = once(name, tone(hz), cutoff=1000)[0, 20000:]
        assert level_at(heard, hz) / 0.3 == pytest.approx(share, abs=0.02)


def test_echoes_come_at_their_samples():
    heard = once("delay", impulse(), time=0.25, feedback=0.5, mix=0.5)[0]
    places = np.flatnonzero(np.abs(heard) > 0.01) - 1000
    assert places.tolist() == [0, 11025, 22050, 33075]
    assert heard[1000 + places] == pytest.approx([0.25, 0.25, 0.125, 0.0625], rel=1e-3)


def test_a_reverb_has_a_tail_that_differs_between_the_sides_and_dies_away():
    heard = once("reverb", impulse(2.0), mix=0.5)
    tail = [float(np.abs(heard[:, at : at + 4410]).max()) for at in (5000, 20000, 40000, 80000)]
    assert tail[0] > 0.003
    assert tail == sorted(tail, reverse=True)
    assert tail[-1] < 1e-4
    assert np.abs(heard[0] - heard[1]).max() > 0.001


@pytest.mark.parametrize("hz", [37, -37])
def test_a_shift_moves_a_tone(hz):
    heard = once("shift", tone(440), hz=hz)[0, 20000:]
    assert level_at(heard, 440 + hz) == pytest.approx(0.3, abs=0.01)
    assert level_at(heard, 440) < 0.001
    assert level_at(heard, 440 - hz) < 0.002


def test_a_compressor_narrows_the_range_and_leaves_what_is_below_its_threshold():
    loud, soft = once("compressor", tone(440, 2, 0.5))[0], once("compressor", tone(440, 2, 0.01))[0]
    assert np.abs(loud[60000:]).max() == pytest.approx(0.155, abs=0.01)
    assert np.abs(soft[60000:]).max() == pytest.approx(0.01, rel=0.01)


def test_distortion_adds_odd_harmonics_within_full_scale():
    heard = once("distortion", tone(440))[0, 20000:]
    assert level_at(heard, 1320) > 0.05 * level_at(heard, 440)
    assert np.abs(heard).max() <= 1


def test_fewer_bits_are_fewer_levels():
    coarse, fine = (np.unique(once("crush", tone(440, 0.5), bits=bits)[0]) for bits in (3, 8))
    assert len(coarse) < 6 < len(fine) < 200


def test_chorus_and_phaser_move():
    for name, values in (("chorus", {}), ("phaser", {"rate": 2.0})):
        heard = once(name, tone(440, 2.0), **values)[0, RATE // 2 :]
        peaks = np.abs(heard[: len(heard) // 2048 * 2048].reshape(-1, 2048)).max(axis=1)
        assert peaks.max() > 1.2 * peaks.min()


def test_a_gain_is_in_decibels():
    assert np.abs(once("gain_db", tone(440), db=-6.0206)[0, 5000:]).max() == pytest.approx(0.15, rel=1e-3)


@pytest.mark.parametrize("name", TRANSPARENT)
def test_what_changes_nothing_is_in_time_to_the_sample(name):
    sound = tone(440, 0.3) + impulse(0.3)
    heard = once(name, sound, **TRANSPARENT[name])
    np.testing.assert_array_equal(heard[0], sound[: heard.shape[1]])


def test_chains_are_the_same_whenever_they_were_built_and_whatever_the_buffers():
    chain = [("chorus", {}), ("phaser", {}), ("reverb", {})]
    late = rack()
    late.prepare(bench.spec(*chain))
    first = through(rack(*chain), tone(330))
    through(late, tone(100))
    late.begin(bench.spec(*chain))
    np.testing.assert_array_equal(through(late, tone(330)), first)


@pytest.mark.parametrize(
    ("name", "parameter", "to"),
    [
        ("lowpass", 0, 4000.0),
        ("lowpass", 1, 0.8),
        ("delay", 2, 0.0),
        ("reverb", 1, 0.1),
        ("distortion", 0, 0.1),
        ("chorus", 2, 0.0),
        ("compressor", 0, -10.0),
        ("shift", 0, 50.0),
        ("gain_db", 0, -20.0),
    ],
)
def test_a_parameter_moves_without_a_click(name, parameter, to):
    one, steady = rack((name, {})), once(name, tone(440))
    heard = through(one, tone(440), {100: lambda: one.turn(0, parameter, to)})
    assert roughest(heard[0, 15000:]) < 2 * max(roughest(steady[0, 15000:]), roughest(tone(440)))


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_chain_comes_and_goes_without_a_click(name):
    one, steady = rack(), once(name, tone(440))
    events = {60: lambda: one.switch(bench.spec((name, {}))), 120: lambda: one.switch(())}
    heard = through(one, tone(440), events)
    assert roughest(heard[0]) < 2 * max(roughest(steady[0, 15000:]), roughest(tone(440)))
    np.testing.assert_array_equal(heard[0, : 60 * 256], tone(440)[: 60 * 256])


def test_the_tail_of_a_chain_rings_on_after_it_has_been_taken_away():
    one = rack(("delay", {"time": 0.25, "mix": 1.0}))
    sound = tone(440, 2.0)
    sound[20 * 256 :] = 0
    heard = through(one, sound, {20: lambda: one.switch(())})[0]
    assert np.abs(heard[20 * 256 + 2000 : 20 * 256 + 11000]).max() > 0.2


def test_chains_that_have_ended_are_let_go_and_silence_costs_nothing():
    from latentcode.player import chain

    one = rack()
    for number in range(40):
        one.switch(bench.spec(("lowpass", {"cutoff": 100.0 + number}), ("chorus", {})))
        through(one, tone(440, 0.1))
        one.tidy()
    one.switch(())
    through(one, np.zeros(3 * RATE, np.float32))
    one.tidy()
    pair = np.ones((2, 256), np.float32)
    assert one.process(pair) is pair
    assert len(chain._servers) < 60


def test_a_chain_that_gives_what_is_no_number_is_left_out_and_built_anew(monkeypatch):
    from latentcode.player.chain import Chain

    one = rack(("gain_db", {"db": -6.0206}))
    whole, broken = Chain.process, [True]

    def process(chain, pair):
        made = whole(chain, pair)
        if broken and one._faded >= one._fade:
            broken.clear()
            made[0, 10] = np.nan
        return made

    monkeypatch.setattr(Chain, "process", process)
    heard = through(one, tone(440))
    assert one.told == ["bad"]
    assert np.isfinite(heard).all()
    assert np.abs(heard[0, 5000:9000]).max() == pytest.approx(0.3, rel=0.01)  # without effects meanwhile
    assert np.abs(heard[0, 20000:]).max() == pytest.approx(0.15, rel=0.01)


def test_a_chain_that_is_stuck_at_the_ceiling_is_built_anew():
    one = rack(("gain_db", {"db": 24.0}))
    heard = through(one, np.full(RATE, 8.0, np.float32))
    assert one.told == ["bad"]
    assert np.abs(heard).max() <= 32 + 8
