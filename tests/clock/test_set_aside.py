"""What was set aside when a set was played is so at its sample, in whatever order it was noted."""

from __future__ import annotations

from latentcode.clock.set_aside import Aside


def test_what_is_still_to_come_does_not_hide_what_was_decided_before_it():
    aside = Aside()
    for sample, digest in ((9000, "of a set that goes on by itself"), (500, "one"), (500, "other")):
        aside.know("d16+0", sample, digest)
    assert aside.next("d16+0", 500) is None
    assert [aside.next("d16+0", 512) for _ in range(3)] == ["one", "other", None]
    assert aside.next("d16+0", 9001) == "of a set that goes on by itself"
