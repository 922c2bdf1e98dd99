from __future__ import annotations

import time

import pytest

from latentcode.synth.budget import Budget, TooSlowError


def spin(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_one_long_turn_is_too_slow():
    with pytest.raises(TooSlowError, match="too slow"):
        Budget().charge(lambda: spin(0.2), 0.01)


def test_a_share_of_the_time_is_never_too_much():
    budget = Budget()
    for _ in range(100):
        budget.charge(lambda: spin(0.002), 0.02)
    assert budget.cpu < 0.01


def test_what_is_slow_again_and_again_adds_up():
    budget = Budget()

    def again_and_again():
        for _ in range(200):
            budget.charge(lambda: spin(0.005), 0.01)

    with pytest.raises(TooSlowError):
        again_and_again()


def test_waiting_counts_as_well():
    with pytest.raises(TooSlowError):
        Budget().charge(lambda: time.sleep(0.7), 0.01)
