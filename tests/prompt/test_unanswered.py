"""What another engine is told of blocks that the one before it had no time for."""

from __future__ import annotations

from latentcode.prompt.unanswered import Unanswered
from latentcode.protocol.messages import Answered, Block, Done, More, SentBy

BY, FIRST, TOLD, NEXT, OVER = (
    SentBy(3, "vim"),
    Block(3, "f()", False, ()),
    Answered("3.1", "7"),
    More(3, 1, (b"more",)),
    Done(3, True),
)


def sent(*messages):
    found = Unanswered()
    for message in messages:
        found.sent(message)
    return found


def test_what_belongs_to_a_block_goes_with_it_and_its_end_comes_last():
    found = sent(BY, FIRST, TOLD, NEXT, OVER, Answered("4.1", "1"))  # and one that still runs
    assert list(found.again()) == [BY, TOLD, FIRST, NEXT, OVER, Answered("4.1", "1")]
    found.answered(3, 0)
    assert list(found.again()) == [BY, TOLD, NEXT, OVER, Answered("4.1", "1")]
    found.answered(3, 1)
    assert list(found.again()) == [Answered("4.1", "1")]
    assert 3 not in found


def test_a_part_that_is_answered_first_leaves_those_before_it_to_be_told_again_without_their_code():
    found = sent(FIRST, NEXT)
    found.answered(3, 1)
    assert list(found.again()) == [More(3, 0, ())]
    assert found.leave_out(3) == "f()"


def test_what_is_only_noted_is_waited_for_by_nobody():
    found = sent(TOLD, OVER)
    assert not found
    assert list(found) == []


def test_a_block_that_is_left_out_is_known_by_its_code():
    found = sent(BY, FIRST, NEXT)
    assert found.leave_out(3) == "f()"
    assert found.leave_out(3) is None
    assert list(found.again()) == []
    assert sent(NEXT).leave_out(3) == "line 3"
