"""From the code of a block to the sample from which its commands count."""

from __future__ import annotations

from fractions import Fraction
from unittest.mock import MagicMock, Mock

from latentcode.engine.preparing import Request
from latentcode.engine.stamping import Stamping
from latentcode.session import records


def test_a_folder_that_a_line_names_is_noted_where_it_is_new_or_has_changed():
    live = Mock()
    stamping = Stamping(live, Mock(), Mock(), Mock())
    for place, count in (("kit", 3), ("~/takes", 3), ("kit", 3), ("kit", 4)):
        stamping.opened(place, count)
    noted = [call.args[0] for call in live.journal.note.call_args_list]
    assert noted == [records.Folder("kit", 3), records.Folder("~/takes", 3), records.Folder("kit", 4)]


def test_blocks_that_the_end_of_a_set_overtakes_are_told_and_noted():
    live = Mock()
    stamping = Stamping(live, Mock(), Mock(), Mock())
    stamping.more(3, 0, ())
    stamping.more(4, 0, ())
    stamping.end()
    live.desks.notice.assert_called_once()
    assert "before 2 blocks could sound" in live.desks.notice.call_args[0][0]
    assert [call.args[0] for call in live.journal.note.call_args_list] == [
        records.Unheard(3),
        records.Unheard(4),
    ]


def test_no_cycle_is_noted_of_a_line_that_comes_before_the_tempo_of_a_set_that_is_taken_up_is_known():
    live, preparer = Mock(), Mock()
    renderer = live.performance.renderer
    renderer.position, renderer.tempo.cycle_at.return_value = 500, Fraction(1, 2)

    def put_back(commands):
        renderer.tempo.cycle_at.return_value = Fraction(3)

    live.lock = MagicMock()
    stamping = Stamping(live, preparer, MagicMock(), Mock())
    stamping.take_up(put_back, ())
    stamping.block(7, "x = 1", False, ())
    stamping._prepared(Request(0, [], begin=True))
    stamping.block(8, "x = 2", False, ())
    assert [call.args for call in live.journal.block.call_args_list] == [
        (7, "x = 1", 500, None),
        (8, "x = 2", 500, Fraction(3)),
    ]
