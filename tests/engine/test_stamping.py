"""From the code of a block to the sample from which its commands count."""

from __future__ import annotations

from unittest.mock import Mock

from latentcode.engine.stamping import Stamping
from latentcode.session import records


def test_blocks_that_the_end_of_a_set_overtakes_are_told_and_noted():
    live = Mock()
    stamping = Stamping(live, Mock(), Mock(), Mock())
    stamping.more(3, ())
    stamping.more(4, ())
    stamping.end()
    live.desks.notice.assert_called_once()
    assert "before 2 blocks could sound" in live.desks.notice.call_args[0][0]
    assert [call.args[0] for call in live.journal.note.call_args_list] == [
        records.Unheard(3),
        records.Unheard(4),
    ]
