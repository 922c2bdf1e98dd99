"""What patchbays know the player by, after a sound server that stood still."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from latentcode.player.process import MISNAMED, Player


@pytest.fixture
def player():
    """One that has lost its device, of which nothing else is needed."""
    made = Player.__new__(Player)
    made._former, made._misnamed = SimpleNamespace(client="latentcode"), 0
    return made


def test_a_server_that_came_before_the_lost_one_went_is_given_up_for_its_name_but_not_for_ever(player):
    anew = SimpleNamespace(client="latentcode-01")
    assert [player._has_its_name(anew) for _ in range(MISNAMED + 1)] == [False] * MISNAMED + [True]


@pytest.mark.parametrize(
    ("before", "found"), [("latentcode", "latentcode"), ("latentcode-01", ""), ("", "x")]
)
def test_one_of_the_same_name_or_of_none_is_played_on(player, before, found):
    player._former.client = before
    assert player._has_its_name(SimpleNamespace(client=found))


def test_the_first_device_of_all_may_have_any_name(player):
    player._former = None
    assert player._has_its_name(SimpleNamespace(client="latentcode-01"))
