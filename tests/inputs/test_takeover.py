"""A value that was brought back holds until the hand has come to it."""

from __future__ import annotations

import numpy as np
import pytest

from latentcode.inputs.history import Input
from latentcode.inputs.takeover import NEAR, Ahead, Takeover

KNOB = "cc:21@nano/1"


def turned(takeover, *values, name=KNOB):
    """What each value comes to; None where another holds."""
    found = []
    for value in values:
        given = Input(name, value)
        put = takeover.put(given)
        found.append(None if put is None else round(put.value, 4))
    return found


def test_without_a_recall_the_hand_counts():
    assert turned(Takeover(), 0.5, 0.0, 1.0) == [0.5, 0.0, 1.0]


def test_a_value_holds_until_the_hand_passes_it():
    takeover = Takeover()
    turned(takeover, 0.9)
    assert takeover.recall({KNOB: 0.3}) == [Input(KNOB, 0.3)]
    assert takeover.waiting[KNOB].turn == -1
    assert turned(takeover, 0.8, 0.95, 0.5, 0.2, 0.6) == [None, None, None, 0.2, 0.6]
    assert takeover.waiting == {}


def test_a_value_that_is_reached_is_picked_up_exactly_or_a_step_beside_it():
    for value in (0.3, 0.3 + 0.99 * NEAR):
        takeover = Takeover()
        turned(takeover, 0.9)
        takeover.recall({KNOB: 0.3})
        assert turned(takeover, 0.5, value, 0.9) == [None, round(value, 4), 0.9]


def test_a_hand_that_is_there_already_is_not_kept_waiting():
    takeover = Takeover()
    turned(takeover, 0.3)
    takeover.recall({KNOB: 0.3})
    assert takeover.waiting == {}
    assert turned(takeover, 0.7) == [0.7]


def test_a_control_that_nobody_has_seen_is_met_where_it_stands():
    takeover = Takeover()
    takeover.recall({KNOB: 0.5})
    assert takeover.waiting[KNOB].turn == 0
    assert turned(takeover, 0.9, 0.8, 0.4, 0.3) == [None, None, 0.4, 0.3]
    takeover.recall({KNOB: 0.8})
    takeover.recall({KNOB: 0.6})  # the last counts
    assert turned(takeover, 0.5, 0.7) == [None, 0.7]


def test_a_value_for_part_of_a_name_waits_for_the_first_control_that_it_means():
    takeover = Takeover()
    takeover.recall({"cc:21@nan/*": 0.5})
    assert turned(takeover, 0.9, name="cc:21@other/1") == [0.9]
    assert turned(takeover, 0.9, 0.4) == [None, 0.4]
    assert takeover.waiting == {}
    known = [KNOB, "cc:21@other/1"]
    assert takeover.recall({"cc:21@nan/*": 0.8}, known) == [Input(KNOB, 0.8)]


def test_jitter_elsewhere_picks_nothing_up_and_around_the_value_it_does():
    takeover, rng = Takeover(), np.random.default_rng(2)
    turned(takeover, 0.9)
    takeover.recall({KNOB: 0.3})
    assert set(turned(takeover, *(0.9 + rng.uniform(-0.02, 0.02, 500)))) == {None}
    around = turned(takeover, *(0.3 + rng.uniform(-0.02, 0.02, 500)))
    assert None not in around[20:]


def test_scaling_gets_to_both_ends_together_with_the_hand():
    takeover = Takeover("scale")
    turned(takeover, 0.5)
    takeover.recall({KNOB: 0.9})
    assert turned(takeover, 0.75) == [0.95]
    assert turned(takeover, 0.375) == [0.475]
    assert turned(takeover, 0.0, 0.2) == [0.0, 0.2]
    turned(takeover, 0.5)
    takeover.recall({KNOB: 0.1})
    assert turned(takeover, 1.0, 0.6) == [1.0, 0.6]


def test_scaling_moves_steadily_for_a_hand_that_does():
    takeover = Takeover("scale")
    turned(takeover, 0.2)
    takeover.recall({KNOB: 0.6})
    way = turned(takeover, *np.linspace(0.2, 1.0, 128))
    assert way[-1] == 1.0
    assert np.diff(way).min() >= 0
    assert np.diff(way).max() < 0.012


def test_jumping_takes_the_hand_at_once():
    takeover = Takeover("jump")
    turned(takeover, 0.9)
    assert takeover.recall({KNOB: 0.3}) == [Input(KNOB, 0.3)]
    assert turned(takeover, 0.91) == [0.91]
    takeover.change("pickup")
    takeover.recall({KNOB: 0.3})
    takeover.change("jump")
    assert turned(takeover, 0.91) == [0.91]


def test_fourteen_bits_are_as_fine_as_they_are():
    takeover, stored = Takeover(), 9000 / 16383
    turned(takeover, 1.0, name="nrpn:300@p/1")
    takeover.recall({"nrpn:300@p/1": stored})
    way = turned(takeover, *(np.arange(9400, 8900, -1) / 16383), name="nrpn:300@p/1")
    first = next(value for value in way if value is not None)
    assert abs(first - stored) <= NEAR + 1e-4


@pytest.mark.parametrize("name", ["note:60@p/1", "bend@p/1", "pressure@p/1", "osc:/x#0", "program@p/1"])
def test_what_does_not_stay_where_it_is_left_is_not_taken_over(name):
    takeover = Takeover()
    takeover.lose({name: 0.5})
    assert turned(takeover, 0.9, 0.1, name=name) == [0.9, 0.1]


def test_a_pad_that_toggles_counts_when_it_is_what_it_was():
    takeover = Takeover()
    turned(takeover, 1.0, 0.0)
    takeover.recall({KNOB: 1.0})
    assert turned(takeover, 1.0, 0.0, 1.0) == [1.0, 0.0, 1.0]


def test_after_the_hands_were_lost_all_controls_are_met_again():
    takeover = Takeover()
    turned(takeover, 0.4)
    takeover.lose({KNOB: 0.4, "note:60@p/1": 1.0})
    assert list(takeover.waiting) == [KNOB]
    assert turned(takeover, 0.8, 0.7) == [None, None]
    assert turned(takeover, 0.38, 0.8) == [0.38, 0.8]


def test_who_hears_inputs_first_takes_over_with_them():
    takeover = Takeover()
    ahead, arriving = Ahead(takeover), []

    def arrive(*values):
        arriving.extend(values)
        return [ahead.counts(Input(KNOB, value)) for value in values]

    assert arrive(0.9) == [0.9]
    turned(takeover, *arriving)
    takeover.recall({KNOB: 0.3})
    assert arrive(0.8, 0.2, 0.6) == [None, 0.2, 0.6]
    assert takeover.waiting
    assert turned(takeover, 0.8, 0.2, 0.6) == [None, 0.2, 0.6]
    takeover.change("scale")
    takeover.recall({KNOB: 0.8})
    assert arrive(0.7) == [pytest.approx(0.85)]
    takeover.lose({KNOB: 0.9})
    assert arrive(0.2) == [None]
