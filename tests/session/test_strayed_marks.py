"""Sessions whose marks an editor has changed, wrapped or taken out, and files put together of several: what that
loses is told.
"""

from __future__ import annotations

import re

import pytest

from latentcode.session.branching import Cut, rewritten
from latentcode.session.journal import read_session

SET = """\
# latentcode session 1
# @ seed 7  rate 48000  buffer 256  bpm 90  loops 1  lasting 1  model house@3f9a  marks all

# @ 1 0 0
d1 >> s("cello")  # @ 5 is not a mark of ours, nor is #@ here
# @ 1 d1 aaaaaa 0
# @ in cc:1@nano/1 1000 0.5 cc:2@nano/1 1001 0.25

# @ 2 88200 1
d2 >> s("kick")
# @ 2 d2 bbbbbb 88200
# @ end 200000
"""
BLOCKS = re.compile(r"(?m)^# @ \d+ \d+.*\n")


@pytest.fixture
def read(tmp_path):
    def _read(text):
        (tmp_path / "set.py").write_text(text, newline="\n")
        return read_session(tmp_path / "set.py")

    return _read


def test_a_session_as_it_was_written_is_told_nothing_of(read):
    assert read(SET).faults == []
    assert read(SET.replace("\n", "  \n")).faults == []
    assert read(SET.replace("\n\n", "\n")).faults == []


@pytest.mark.parametrize(
    "other", ["#@ ", "#\t@ ", "#  @ ", "## @ ", "    # @ ", "#\t@\t"], ids=lambda one: repr(one).strip("'")
)
def test_comments_that_were_marks_are_told_once(read, other):
    session = read(SET.replace("\n# @ ", f"\n{other}"))
    (fault,) = session.faults
    assert fault.startswith("line 2: ")
    assert "was a mark, and is none, and of 6 lines more: it must begin with '# @ '" in fault
    assert len(fault) < 200


def test_one_of_many_that_is_no_mark_any_more_is_told(read):
    (fault,) = read(SET.replace("# @ in cc", "  # @ in cc")).faults
    assert fault.startswith("line 7: '  # @ in cc:1@nano/1 1000 0.5 ")


@pytest.mark.parametrize(
    ("was", "now", "line"),
    [("  bpm 90  loops", "\n# bpm 90  loops", 3), (" cc:2@nano", "\n# cc:2@nano", 8)],
    ids=["header", "hands"],
)
def test_a_mark_that_was_wrapped_is_told(read, was, now, line):
    (fault,) = read(SET.replace(was, now)).faults
    assert re.match(rf"line {line}: '# .*' belongs to the mark above: a mark is one line", fault)


def test_a_session_without_its_header_or_its_blocks_says_so(read):
    header = SET.split("\n")[1]
    (fault,) = read(SET.replace(f"{header}\n", "")).faults
    assert "there is no header" in fault
    assert any("no mark says when" in one for one in read(BLOCKS.sub("", SET)).faults)
    bare = "".join(line for line in SET.splitlines(True) if not line.startswith("# @"))
    assert [one.split(" (")[0] for one in read(bare).faults] == [
        "line 1: there is no header below it",
        "line 1: no mark says when anything was typed",
    ]


def test_of_a_file_of_two_sessions_the_first_is_read_and_the_other_told(read):
    one, both = read(SET), read(SET + SET.replace('"cello"', '"choir"'))
    assert both.faults == [
        "line 14: another session begins here: it is left out, with all that follows; give it a file of its own"
    ]
    assert [block.code.split("\n")[0] for block in both.blocks] == [block.code for block in one.blocks]
    assert (both.records, both.end) == (one.records, one.end)
    assert "choir" not in rewritten(SET + SET.replace('"cello"', '"choir"'), Cut(until=100_000))


def test_a_header_that_stands_twice_begins_no_other_session(read):
    header = SET.split("\n")[1]
    session = read(SET.replace(header, f"{header}\n{header}"))
    assert ([block.number for block in session.blocks], session.faults) == ([1, 2], [])


def test_a_session_in_a_text_is_no_other_session(read):
    session = read(SET.replace('d2 >> s("kick")', f"x = '''\n{SET}'''"))
    assert ([block.number for block in session.blocks], session.faults) == ([1, 2], [])
