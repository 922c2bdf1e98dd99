"""What another player is told when one has died."""

from __future__ import annotations

from latentcode.engine.standing import Standing
from latentcode.testing.spoken import made, spoken


def kept(*messages, played=0):
    standing = Standing()
    for message in messages:
        standing.keep(made(*message), played)
    return lambda played: tuple([*map(spoken, messages)] for messages in standing.at(played))


def test_what_was_carried_out_counts_and_what_is_still_to_come_comes():
    standing = kept(("gain", 0, 1, 0.5), ("gain", 100, 1, 0.7), ("gain", 900, 1, 0.0), ("gain", 500, 2, 0.1))
    before, coming = standing(300)
    assert before == [("gain", 0, 1, 0.5), ("gain", 100, 1, 0.7)]
    assert coming == [("gain", 500, 2, 0.1), ("gain", 900, 1, 0.0)]


def test_each_place_is_kept_by_itself_and_no_more_than_is_needed():
    changes = (((0, 0, 0, 1.0), (0, 0, 1, 2.0)), ((0, 0, 1, 3.0),))
    standing = kept(("turn", 0, changes[0]), ("turn", 10, changes[1]), played=10)
    assert standing(10) == ([("turn", 0, ((0, 0, 0, 1.0),)), ("turn", 10, ((0, 0, 1, 3.0),))], [])


def test_a_hand_is_later_than_a_command_of_its_sample():
    given = ("hand", 10, ((("gain", 1), 0.3),))
    assert kept(given, ("gain", 10, 1, 0.5))(10)[0] == [("gain", 10, 1, 0.5), given]
