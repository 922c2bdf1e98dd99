"""Where a set has come to: one mark of its journal, whose number is written over while it plays."""

from __future__ import annotations

import os

import pytest
from helpers.waiting import until

from latentcode.session import reaching
from latentcode.session.journal import read_session
from latentcode.session.reaching import Reaching
from latentcode.session.records import End, Reached
from latentcode.session.writing import Journal


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """A journal, where its set is, and what writes that over (`write` does it at once)."""
    monkeypatch.setattr(reaching, "EACH", 3600.0)
    here, journal = [0], Journal(tmp_path / "set.py")
    journal.header({"seed": 1, "rate": 44100})
    journal.reaches(lambda: here[0])
    yield journal, here, journal._reaching
    journal.close()


def test_a_set_that_plays_on_unchanged_has_its_place_in_the_file_which_does_not_grow(begun):
    journal, here, noted = begun
    journal.block(1, 'd1 >> s("kick")', 512)
    before = journal.path.read_text()
    for here[0] in (44100, 600 * 44100, 10**12 - 1):
        noted.write()
        session = read_session(journal.path)
        assert session.of(Reached) == [Reached(here[0])]
        assert max(session.reached) == here[0] == session.end - 10 * 44100
        assert journal.path.read_text() == before.replace("reached 000000000000", f"reached {here[0]:012}")
    journal.block(2, "hush()", 700 * 44100)
    assert [block.code for block in read_session(journal.path).blocks] == ['d1 >> s("kick")', "hush()"]
    journal.note(End(701 * 44100))
    assert read_session(journal.path).end == 701 * 44100


def test_it_is_written_each_second(tmp_path, monkeypatch):
    monkeypatch.setattr(reaching, "EACH", 0.01)
    journal = Journal(tmp_path / "set.py")
    journal.header({"seed": 1})
    counted = iter(range(10**6))
    journal.reaches(lambda: next(counted))
    until(lambda: read_session(journal.path).of(Reached)[0].sample > 2, 10)
    journal.close()
    ended = journal.path.read_text()
    assert next(counted)
    assert journal.path.read_text() == ended


def test_an_editor_may_move_the_mark_and_nothing_else_is_touched(begun):
    journal, here, noted = begun
    here[0] = 44100
    noted.write()
    written = journal.path.read_text()
    with_more = written.replace("# @ reached", 'x = """\n# @ reached 000000000000\n"""\n# @ reached')
    journal.path.write_text(with_more)  # moved, beside text that looks like it
    here[0] = 88200
    noted.write()
    assert journal.path.read_text() == with_more.replace("000000044100", "000000088200")
    other = written.replace("# @ reached 000000044100\n", "")
    journal.path.write_text(other)  # taken out
    noted.write()
    assert journal.path.read_text() == other


def test_a_mark_that_waits_for_a_disk_is_written_over_when_it_is_there(begun):
    journal, here, noted = begun
    text = journal.path.read_text()
    journal.path.write_text("")
    noted.write()
    journal.path.write_text(text)
    here[0] = 7
    noted.write()
    assert read_session(journal.path).of(Reached) == [Reached(7)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_what_is_no_file_is_left_alone(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "gone" / "set.py", "/dev/null"):
        try:
            Reaching(path, lambda: 7).write()
        except OSError:
            assert path != "/dev/null"
    assert not (tmp_path / "gone").exists()
