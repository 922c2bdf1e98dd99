"""How many blocks are rendered together, and when what was missed is given up."""

from __future__ import annotations

import pytest

from latentcode.engine.pacing import CARE, HOPELESS, MOST, PATIENCE, Pace

BLOCK = 512 / 44100


def kept_up(first, each, lead, together=True, seconds=20.0):
    """The share of the time in which there is sound, on a machine where the first block of some that are
    rendered together takes `first` seconds, and each other one `each`; after what is given up the first block
    takes four times as long.
    """
    pace, now, rendered, heard, dearer = Pace(BLOCK), 0.0, lead, lead, 1.0
    while now < seconds:
        ahead = rendered - now
        if ahead >= lead:
            now += ahead - lead + 0.0005
        elif pace.gives_up(ahead, now):
            rendered, dearer = now + lead, 4.0
        else:
            count = pace.together(lead - ahead, ahead, now) if together else 1
            taken = dearer * first + each * (count - 1)
            now, dearer = now + taken, 1.0
            heard += min(count * BLOCK, max(rendered + count * BLOCK - now, 0.0))
            rendered += count * BLOCK
            pace.took(taken, count * BLOCK)
    return heard / now


def test_where_there_is_time_blocks_are_rendered_one_at_a_time():
    pace = Pace(BLOCK)
    for _ in range(100):
        assert pace.together(0.3 * BLOCK, 0.026 - 0.3 * BLOCK, 0.0) == 1
        pace.took(0.3 * BLOCK, BLOCK)
    assert pace.load == pytest.approx(0.3, abs=0.05)


def test_a_machine_that_is_too_slow_for_one_block_at_a_time_is_quick_enough_for_some_together():
    slow = {"first": 0.014, "each": 0.0035, "lead": 0.2}
    assert kept_up(**slow, together=False) < 0.8
    assert kept_up(**slow) > 0.99


def test_no_more_are_taken_together_than_are_there_in_time():
    pace = Pace(BLOCK, load=0.9)
    assert pace.together(6 * BLOCK, 2 * BLOCK, 0.0) == 1  # the player would come to the first of six
    assert pace.together(6 * BLOCK, 8 * BLOCK, 0.0) == 4
    assert pace.together(100 * BLOCK, 100 * BLOCK, 0.0) == MOST
    assert pace.together(100 * BLOCK, -BLOCK, 0.0) == MOST  # too late in any case


def test_what_was_missed_is_given_up_where_it_is_not_soon_caught_up_with():
    pace = Pace(BLOCK)
    assert not pace.gives_up(-0.1, 10.0)
    assert not pace.gives_up(-0.05, 10.0 + 0.9 * PATIENCE)
    assert not pace.gives_up(0.01, 10.0 + 0.95 * PATIENCE)  # caught up with
    assert not pace.gives_up(-0.1, 10.0 + 2 * PATIENCE)
    assert pace.gives_up(-0.1, 10.0 + 3.1 * PATIENCE)
    assert pace.gives_up(-1.1 * HOPELESS, 20.0)


def test_a_set_that_is_far_too_much_is_heard_for_a_part_of_the_time_rather_than_never():
    assert kept_up(first=1.5 * BLOCK, each=1.2 * BLOCK, lead=0.2) > 0.4


def test_where_something_could_not_be_decoded_blocks_are_rendered_one_at_a_time_for_a_while():
    pace = Pace(BLOCK)
    pace.careful(5.0)
    assert pace.together(10 * BLOCK, -1.0, 5.0 + 0.9 * CARE) == 1
    assert pace.together(10 * BLOCK, -1.0, 5.0 + 1.1 * CARE) == MOST
