"""What hands have done can be looked up at any sample."""

from __future__ import annotations

import numpy as np
import pytest

from latentcode.inputs.history import Input, InputHistory
from latentcode.inputs.keys import exactly, key, port_name


def at(inputs, name, *samples, tau=0.0):
    found = inputs.read(name, np.array(samples, np.float64), tau)
    return None if found is None else [round(float(value), 6) for value in found]


def test_a_value_holds_from_its_sample_on_and_reading_consumes_nothing():
    inputs = InputHistory(44100)
    assert at(inputs, "cc:1@*/*", 0) is None
    inputs.put(Input("cc:1@nano/1", 0.5), 100)
    inputs.put(Input("cc:1@nano/1", 0.0), 200)
    assert at(inputs, "cc:1@*/*", 100, 199, 200, 9999) == [0.5, 0.5, 0.0, 0.0]
    assert at(inputs, "cc:1@*/*", 150) == [0.5]


def test_ports_and_channels_are_apart_unless_any_is_meant():
    inputs = InputHistory(44100)
    inputs.put(Input("cc:1@nano/1", 0.25), 10)
    inputs.put(Input("cc:1@nano/2", 0.5), 20)
    inputs.put(Input("cc:1@launch/1", 0.75), 30)
    assert at(inputs, "cc:1@nano/1", 50) == [0.25]
    assert at(inputs, "cc:1@nano/*", 50) == [0.5]
    assert at(inputs, "cc:1@*/*", 15, 25, 50) == [0.25, 0.5, 0.75]
    assert at(inputs, "cc:2@*/*", 50) is None


def test_smoothing_is_a_closed_form_over_the_history():
    inputs, tau, rng = InputHistory(44100), 100.0, np.random.default_rng(1)
    samples, values = np.cumsum(rng.integers(1, 80, 40)), rng.random(40)
    for sample, value in zip(samples, values, strict=True):
        inputs.put(Input("cc:1@a/1", float(value)), int(sample))
        inputs.read("cc:1@a/1", np.array([0.0]), tau)  # asked early or late, the answer is the same
    stand, expected, target = values[0], [], values[0]
    for sample in range(int(samples[0]), 4000):
        expected.append(stand)
        target = values[np.searchsorted(samples, sample, side="right") - 1]
        stand = target + (stand - target) * np.exp(-1 / tau)
    found = inputs.read("cc:1@a/1", np.arange(samples[0], 4000, dtype=np.float64), tau)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_a_bound_name_follows_what_it_is_bound_to():
    inputs = InputHistory(44100)
    inputs.put(Input("cc:1@a/1", 0.25), 10)
    inputs.bind("live:brightness", "cc:1@a/1", 50)
    inputs.put(Input("cc:1@a/1", 0.5), 60)
    inputs.bind("live:brightness", "cc:2@a/1", 70)
    inputs.put(Input("cc:1@a/1", 0.75), 80)
    inputs.put(Input("cc:2@a/1", 1.0), 90)
    assert at(inputs, "live:brightness", 50, 60, 85, 90) == [0.25, 0.5, 0.5, 1.0]


@pytest.mark.parametrize(
    "text", ["cc:21@nano/1", "cc:21@*/*", "bend@keys/16", "osc:/x/y#3", "live:brightness"]
)
def test_keys_are_text_and_back(text):
    assert str(key(text)) == text


def test_port_names_lose_what_changes_when_a_device_is_plugged_in_again():
    assert port_name("nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0") == port_name(
        "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0"
    )
    assert port_name("A/B  c") == "a_b_c"


@pytest.mark.parametrize("tau", [0.0, 441.0])
def test_many_inputs_at_once_are_what_each_is_alone(tau):
    rng, inputs = np.random.default_rng(3), InputHistory(44100)
    for sample in np.sort(rng.integers(0, 9000, 500)).tolist():
        inputs.put(Input(f"osc:/x#{rng.integers(0, 20)}", float(rng.random())), sample)
    asked = tuple((f"osc:/x#{number}", tau if number % 3 else 0.0, 0.25) for number in range(24))
    for samples in (np.array([9500.0]), np.array([100.0, 4000.0, 8990.0, 9000.5, 20000.0]), np.array([-5.0])):
        each = [inputs.read(name, samples, time, default) for name, time, default in asked]
        alone = [np.full(len(samples), 0.25) if one is None else one for one in each]
        assert np.array_equal(inputs.read_many(asked, samples), np.stack(alone, axis=1))


def test_what_was_learnt_of_one_device_does_not_hear_the_second_of_its_name():
    learnt = key(exactly("cc:21@nano/1"))
    assert str(learnt) == "cc:21@=nano/1"
    assert learnt.matches(key("cc:21@nano/1"))
    assert not learnt.matches(key("cc:21@nano_2/1"))
    assert key("cc:21@nano/1").matches(key("cc:21@nano_2/1"))
    assert exactly("osc:/x#0") == "osc:/x#0"
