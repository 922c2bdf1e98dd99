"""What hands move sounds from its sample on, whatever the size of the blocks."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.toy_sounds import RATE, WINDOW, First, Impulse, Sounds, rendered

import latentcode as lc
from latentcode.inputs.history import Input
from latentcode.latents.morph import Morph
from latentcode.latents.trajectory import Named
from latentcode.patterns import Steady
from latentcode.set.commands import SET, Command
from latentcode.synth.trial import try_out

pytestmark = pytest.mark.filterwarnings("error")
LENGTH = 90000


def play(pattern, voice=0, quant=None, morph=None):
    pattern = lc.s(pattern) if isinstance(pattern, str) else pattern
    return Command("play", voice, (pattern, quant) if morph is None else (pattern, quant, morph))


def moved(performance, key="cc:1@nano/1", seed=5, count=40, low=0.0, high=1.0):
    """A hand that moves a control now and then, in strides of any size."""
    rng = np.random.default_rng(seed)
    for stamp in np.sort(rng.integers(1, LENGTH, count)):
        performance.hear(Input(key, float(rng.uniform(low, high))), int(stamp))


def drone(value):
    return Steady(Named("one").bias(value))


EVERYTHING = {
    "trajectory": lambda: drone(lc.cc(1)),
    "smooth": lambda: drone(lc.cc(1).smooth(30).curve(3) * lc.sine.fast(3)),
    "in events": lambda: lc.s("ramp*5").bias(lc.cc(1).range(-1, 1)).scale("1 2" + lc.cc(1)),
    "gain and pan": lambda: lc.s("one*3").gain(lc.cc(1)).pan(lc.cc(1).switch()).attack(0),
    "numbers": lambda: (lc.n("0 3 7 2") + lc.cc(1).range(0, 12).quantize(13)).s("ramp"),
    "structure": lambda: lc.s("one*8 ramp*4").degrade_by(lc.cc(1)).every(2, lc.rev),
    "speed of a pattern": lambda: lc.s("one ramp").fast(lc.cc(1).range(1, 4).quantize(4)),
    "in time": lambda: (
        lc.s("one ramp").bias(lc.cc(1)).off(1 / 8, lambda p: p.bias(lc.sine * lc.cc(1))).fast(2)
    ),
    "drones by hand": lambda: drone(0).bias(lc.cc(1).quantize(3)),
    "pitch": lambda: lc.s("ramp*3").note("60 55").bias(lc.cc(1)).gain(lc.cc(1)),
    "plain": lambda: lc.s("one*4").plain().speed(lc.cc(1).range(0.5, 2)).gain(lc.cc(1)),
    "two ports": lambda: drone(lc.cc(1, port="nano")).bias(lc.cc(1, port="launch", ch=2).smooth(20)),
    "extended": lambda: lc.extend(lc.s("ramp*2"), "one", lc.cc(1), factor=4),
}


@pytest.mark.parametrize(("name", "rate"), [*((name, RATE) for name in EVERYTHING), ("in time", 48000)])
def test_the_samples_do_not_depend_on_the_size_of_the_blocks(perform, troubles, name, rate):
    results = []
    for block in (512, 64, 5000):
        performance = perform(store=Sounds(9), synthesis="overlap", sample_rate=rate)
        performance.schedule(play(EVERYTHING[name]()), 0)
        performance.schedule(Command("tempo", arguments=("87.7",)), 30011)
        performance.schedule(Command("swing", arguments=("1/3", 8, None)), 40000)
        moved(performance)
        moved(performance, "cc:1@launch/2", seed=6)
        results.append(rendered(performance, LENGTH, block))
    assert not troubles
    assert len(np.unique(results[0])) > 20
    for other in results[1:]:
        assert np.array_equal(results[0], other)


@pytest.mark.parametrize("curve", [None, lc.cc(1), lc.cc(1).smooth(20)])
@pytest.mark.parametrize("second", ["one half*3", "[one, half*3]"])
def test_morphs_of_what_hands_shape_do_not_depend_on_it_either(perform, troubles, curve, second):
    results = []
    for block in (512, 100, 5000):
        performance = perform(store=Sounds(9), synthesis="overlap")
        performance.schedule(play((lc.n("0 3 7 2") + lc.cc(1).range(0, 5).quantize(6)).s("ramp")), 0)
        morph = Morph(None, curve) if curve is not None else Morph(lc.patterns.rational.ONE)
        second_pattern = lc.s(second).degrade_by(lc.cc(1) * 0.3).note("<60 57>")
        performance.schedule(play(second_pattern, quant="1/4", morph=morph), 20011)
        performance.schedule(Command("tempo", arguments=("143",)), 44444)
        moved(performance)
        results.append(rendered(performance, LENGTH, block))
    assert not troubles
    for other in results[1:]:
        assert np.array_equal(results[0], other)


def test_a_control_change_is_heard_from_its_sample_on(perform):
    performance = perform(synthesis="concat")
    performance.schedule(play(drone(lc.cc(1))), 0)
    stamp = 10 * WINDOW
    performance.hear(Input("cc:1@nano/1", 0.5), stamp)
    performance.hear(Input("cc:1@nano/1", 0.0), 2 * stamp)
    audio = rendered(performance, 3 * stamp, 1024)
    assert audio[WINDOW:stamp] == pytest.approx(1.0)
    assert audio[stamp : 2 * stamp] == pytest.approx(1.5)
    assert audio[2 * stamp :] == pytest.approx(1.0)


def test_a_gain_follows_within_two_milliseconds_and_does_not_click(perform):
    performance = perform(synthesis="concat")
    performance.schedule(play(Steady(Named("one")).gain(lc.cc(7, default=1))), 0)
    performance.hear(Input("cc:7@nano/1", 0.0), 5000)
    audio = rendered(performance, 8192, 512)
    assert audio[1000:5000] == pytest.approx(1.0)
    assert audio[5000 + 130 :] == pytest.approx(0.0)
    assert np.abs(np.diff(audio[1000:])).max() < 0.02


def test_an_input_that_nobody_has_moved_has_its_default(perform):
    performance = perform(synthesis="concat")
    performance.schedule(play(drone(lc.cc(1, default=0.25))), 0)
    performance.schedule(play(drone(lc.bend())), 0)
    performance.schedule(play(drone(lc.cc(1, default=0.25)), voice=1), 0)
    block = performance.render(4096)
    assert block[0, 1000:] == pytest.approx(1.0)
    assert block[2, 1000:] == pytest.approx(1.25)


def test_an_event_is_what_hands_say_at_its_onset(perform):
    performance = perform(Impulse(), bpm="120", synthesis="concat")
    performance.schedule(play(lc.s("one*8").mask(lc.cc(1).switch()).attack(0).legato(0.001)), 0)
    cycle = 2 * RATE
    performance.hear(Input("cc:1@nano/1", 1.0), round(cycle * 0.26))
    performance.hear(Input("cc:1@nano/1", 0.0), round(cycle * 0.52))
    audio = rendered(performance, cycle, 512)
    assert np.flatnonzero(audio == 1.0).tolist() == [round(cycle * step / 8) for step in (3, 4)]


def test_a_hand_can_be_the_tempo(perform):
    results = []
    for block in (512, 77):
        performance = perform(Impulse(), synthesis="concat")
        performance.schedule(Command("tempo", arguments=(lc.cc(1).range(60, 180),)), 0)
        performance.schedule(play(lc.s("one*16").attack(0).legato(0.001)), 0)
        performance.hear(Input("cc:1@nano/1", 1.0), 44100)
        results.append(np.flatnonzero(rendered(performance, 132300, block) == 1.0))
    assert results[0].tolist() == results[1].tolist()
    gaps = np.diff(results[0])
    assert gaps[0] == pytest.approx(4 * 60 / 60 / 16 * RATE, abs=1)
    assert gaps[-1] == pytest.approx(4 * 60 / 180 / 16 * RATE, abs=1)


def test_a_swinging_pattern_takes_what_hands_say_where_it_sounds(perform):
    performance = perform(Impulse(), bpm="120", synthesis="concat")
    performance.schedule(Command("swing", arguments=("1/2", 4, None)), 0)
    performance.schedule(play(lc.s("one*8").mask(lc.cc(1, default=1).switch()).attack(0).legato(0.001)), 0)
    cycle = 2 * RATE
    performance.hear(Input("cc:1@nano/1", 0.0), round(cycle * (1 / 8 + 1 / 32)))  # before it swings in
    performance.hear(Input("cc:1@nano/1", 1.0), round(cycle * (3 / 8 + 1 / 32)))
    audio = rendered(performance, cycle // 2, 512)
    assert np.flatnonzero(audio == 1.0).tolist() == [0, round(cycle * (3 / 8 + 1 / 16))]


def test_a_trial_takes_hands_as_they_are(perform):
    performance = perform(synthesis="overlap")
    performance.hear(Input("cc:1@nano/1", 0.5), 10)
    performance.render(512)
    renderer = performance.renderer
    try_out(renderer, lc.s("one*16").degrade_by(lc.cc(1)).bias(1 / lc.cc(1)), 0, cycles=8)
    with pytest.raises(Exception, match="finite"):
        try_out(renderer, lc.s("one*16").bias(lc.cc(1).fmap(endless_at_half)), 0, cycles=8)


def endless_at_half(value):
    return float("inf") if value == 0.5 else value


def test_offline_rendering_takes_the_defaults():
    from latentcode.synth.renderer import Renderer
    from latentcode.synth.settings import Settings

    renderer = Renderer(Settings(RATE, RATE, WINDOW), Sounds(), First(), lambda trouble: None)
    renderer.play(0, drone(lc.cc(1, default=0.5)), None, 0)
    assert renderer.render(4096)[0, 1000:] == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("gain", "most"),
    [
        (lambda: 2000, 8.0),
        (lambda: -2000, -8.0),
        (lambda: lc.live("cutoff").range(0, 1000), 8.0),
        (lambda: lc.live("cutoff").range(0, -1000), -8.0),
        (lambda: lc.sine.range(100, 2000), 8.0),
        (lambda: lc.live("cutoff").range(0, 0.25), 0.25),
    ],
)
def test_a_gain_is_held_to_what_a_fader_gives(perform, gain, most):
    heard = []
    for block in (512, 100, 5000):
        performance = perform()
        performance.schedule(Command("bind", SET, ("cutoff", "cc:1@*/*", 0.0, 1.0, 0.0)), 0)
        performance.schedule(play(Steady(Named("one")).gain(gain()).attack(0)), 0)
        performance.hear(Input("cc:1@nano/1", 1.0), 100)
        heard.append(rendered(performance, 10000, block))
        assert heard[-1][5000:] == pytest.approx(most)
    assert np.array_equal(heard[0], heard[1])
    assert np.array_equal(heard[0], heard[2])
