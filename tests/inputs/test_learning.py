"""The control that a hand moves is the one that is learnt."""

from __future__ import annotations

import numpy as np
import pytest

from latentcode.inputs.encoders import Encoder, Encoders, Stepping
from latentcode.inputs.history import Input
from latentcode.inputs.learning import STILL, Learner


def heard(learner, *pairs):
    """The first key that is found, of (key, value) every 10 ms."""
    for step, (name, value) in enumerate(pairs):
        if found := learner.hear(Input(name, value), step / 100):
            return found
    return None


def sweep(name, begin, end, count=20):
    return [(name, float(value)) for value in np.linspace(begin, end, count)]


def test_a_knob_that_is_turned_is_found_exactly():
    assert heard(Learner({}), *sweep("cc:21@nano/1", 0.5, 0.7)) == "cc:21@nano/1"
    assert heard(Learner({"cc:21@nano/2": 0.5}), ("cc:21@nano/2", 0.6)) == "cc:21@nano/2"


def test_one_that_trembles_does_not_win():
    rng = np.random.default_rng(4)
    trembling = [("cc:7@old/1", float(value)) for value in 0.5 + rng.integers(-2, 3, 3000) / 127]
    assert heard(Learner({"cc:7@old/1": 0.5}), *trembling) is None
    mixed = [
        pair for both in zip(trembling, sweep("cc:21@nano/1", 0.2, 0.4, 3000), strict=True) for pair in both
    ]
    assert heard(Learner({}), *mixed) == "cc:21@nano/1"


def test_the_first_value_of_an_unknown_control_is_where_it_stood():
    assert heard(Learner({}), ("cc:21@nano/1", 0.9), ("cc:21@nano/1", 0.91)) is None


def test_a_pad_counts_when_it_is_hit_and_not_when_it_is_let_go():
    assert heard(Learner({}), ("note:36@pads/10", 0.0)) is None
    assert heard(Learner({}), ("note:36@pads/10", 0.01)) == "note:36@pads/10"
    assert heard(Learner({}), ("program@pads/1", 0.0)) == "program@pads/1"


def test_a_switch_that_comes_once_is_found_a_moment_later():
    learner = Learner({})
    assert heard(learner, ("cc:64@pedal/1", 1.0)) is None
    assert learner.settled(STILL / 2) is None
    assert learner.settled(STILL) == "cc:64@pedal/1"
    learner = Learner({})
    assert heard(learner, ("cc:64@pedal/1", 1.0), ("cc:64@pedal/1", 0.0)) == "cc:64@pedal/1"


def test_bend_has_twice_the_range_and_the_clock_is_no_control():
    assert heard(Learner({}), ("bend@keys/1", 0.0), ("bend@keys/1", 0.06)) is None
    assert heard(Learner({}), ("bend@keys/1", 0.0), ("bend@keys/1", -0.2)) == "bend@keys/1"
    assert heard(Learner({}), ("start@seq/0", 1.0), ("continue@seq/0", 1.0)) is None


def test_the_coarse_part_of_a_fine_control_is_meant():
    both = [
        pair for step in range(9) for pair in (("cc:1@p/1", 0.5 + step / 127), ("cc:33@p/1", step % 2 / 1.0))
    ]
    assert heard(Learner({}), *both) == "cc:1@p/1"
    assert heard(Learner({}), *sweep("cc:33@p/1", 0.2, 0.8)) == "cc:33@p/1"


UP = {"twos": 1, "sign": 1, "offset": 65}
DOWN = {"twos": 127, "sign": 65, "offset": 63}


def clicks(encoding, *steps):
    values = [UP[encoding] if step > 0 else DOWN[encoding] for step in steps]
    return [("cc:16@knobs/1", value / 127) for value in values]


@pytest.mark.parametrize("encoding", UP)
@pytest.mark.parametrize("steps", [(1, 1, -1, -1, -1), (-1, -1, 1, 1, 1), (1, -1, 1, 1, 1, -1, -1, -1)])
def test_an_endless_encoder_is_found_with_the_way_it_counts(encoding, steps):
    learner = Learner({})
    assert heard(learner, *clicks(encoding, *steps)) == "cc:16@knobs/1"
    found = learner.encoding("cc:16@knobs/1")
    encoders = Encoders()
    encoders.change("cc:16@knobs/1", Encoder(found, 0.01))
    latest = {"cc:16@knobs/1": 0.5}
    stepping = Stepping(encoders, lambda: latest)
    for name, value in clicks(encoding, 1, 1, 1, 1, 1, -1, -1):
        now = stepping.read(Input(name, value))
        latest = {name: now.value}
    assert now.value == pytest.approx(0.53)
    latest = {name: 0.9}  # a scene brings it back
    assert stepping.read(Input(name, DOWN[encoding] / 127)).value == pytest.approx(0.89)


def test_neither_a_fader_of_14_bits_nor_a_button_is_an_encoder():
    learner = Learner({})
    fader = [pair for n in range(50, 62) for pair in (("cc:7@a/1", n / 127), ("cc:39@a/1", n % 2)) * 2]
    assert heard(learner, *fader) == "cc:7@a/1"
    assert learner.encoding("cc:7@a/1") is None
    learner = Learner({})
    assert heard(learner, ("cc:7@a/1", 1.0), ("cc:7@a/1", 0.0), ("cc:7@a/1", 1.0)) == "cc:7@a/1"
    assert learner.encoding("cc:7@a/1") is None


def test_what_is_to_be_pressed_is_a_key_of_a_transport_too_and_of_programs_one():
    def pressed(*pairs):
        return heard(Learner({}, pressed=True), *pairs)

    assert pressed(("stop@nano/0", 1.0)) == "stop@nano/0"
    assert pressed(("program@feet/1", 5 / 127)) == "program:5@feet/1"
    assert pressed(("bend@keys/1", 0.0), ("bend@keys/1", -0.5)) == "bend:down@keys/1"
    assert pressed(("bend@keys/1", 0.0), ("bend@keys/1", 0.5)) == "bend@keys/1"
    assert pressed(("note:36@pads/10", 0.5)) == "note:36@pads/10"
    assert heard(Learner({}), ("stop@nano/0", 1.0)) is None
    assert heard(Learner({}), ("program@feet/1", 5 / 127)) == "program@feet/1"
