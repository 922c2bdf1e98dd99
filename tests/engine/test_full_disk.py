"""A disk that takes nothing, in mid-set: the set plays, the journal goes on when there is space."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from latentcode.engine import sound
from latentcode.engine.lastwords import LastWords
from latentcode.engine.taking_over import unwritten
from latentcode.errors import SessionError
from latentcode.latents.path import Path as Sound
from latentcode.models import card_of
from latentcode.prompt import play as play_module
from latentcode.protocol import wire
from latentcode.protocol.player_messages import Gain, Stand
from latentcode.session import writing
from latentcode.session import writing as journals
from latentcode.session.journal import read_session
from latentcode.session.marks import CommandMark
from latentcode.session.records import Restart, Unwritten
from latentcode.session.writing import Journal
from latentcode.sounds import cache
from latentcode.sounds.cache import Job
from latentcode.sounds.encoder import _keep
from latentcode.sounds.live import EncoderProcess, LiveStore


class Disk:
    """Stands for `os.write`; takes `space` bytes, or raises `trouble`."""

    def __init__(self, write):
        self._write, self.space, self.trouble = write, 1 << 30, errno.ENOSPC

    def __call__(self, file, data):
        taken = min(len(data), self.space)
        if not taken:
            raise OSError(self.trouble, os.strerror(self.trouble))
        self.space -= taken
        return self._write(file, data[:taken])


@pytest.fixture
def disk(monkeypatch):
    made = Disk(os.write)
    monkeypatch.setattr(writing.os, "write", made)
    monkeypatch.setattr(journals, "AGAIN", 0.0)
    return made


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path / "sets" / "set.py")
    made.told = []
    made.tell = made.told.append
    made.header({"seed": 7, "rate": 44100})
    yield made
    made.close()


def play(journal, number, sample):
    journal.sample = lambda: sample
    journal.block(number, f"d1 >> s('cello*{number}')", sample)
    journal.command(number, CommandMark("d1", f"9c41e{number}", sample))


@pytest.mark.parametrize("trouble", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("space", [0, 1, 20])
def test_what_a_full_disk_does_not_take_is_written_when_it_does(journal, disk, space, trouble):
    play(journal, 1, 1000)
    before = journal.path.read_bytes()
    disk.space, disk.trouble = space, trouble
    for number in (2, 3, 4):
        play(journal, number, number * 1000)
        assert journal.path.read_bytes() == before  # no half line
        disk.space = space
    (told,) = journal.told
    assert os.strerror(trouble) in told
    assert "the set plays on" in told
    disk.space = 1 << 30
    journal.sample = lambda: 5000
    journal.catch_up()
    assert len(journal.told) == 2
    assert "nothing is lost" in journal.told[1]
    play(journal, 5, 6000)
    session = read_session(journal.path)
    assert [block.number for block in session.blocks] == [1, 2, 3, 4, 5]
    assert [block.marks[0].stamp for block in session.blocks] == [1000, 2000, 3000, 4000, 6000]
    assert session.of(Unwritten) == [Unwritten(2000, 5000, 0)]
    assert "nothing is missing" in session.unwritten[0]


def test_more_than_memory_keeps_is_lost_and_counted(journal, disk, monkeypatch):
    monkeypatch.setattr(writing, "MOST", 200)
    disk.space = 0
    for number in range(1, 9):
        play(journal, number, number * 1000)
    disk.space = 1 << 30
    journal.catch_up()
    session = read_session(journal.path)
    (found,) = session.of(Unwritten)
    assert (found.first, found.last) == (1000, 8000)
    assert found.lost > 3
    assert "lines of it are missing" in session.unwritten[0]


@pytest.mark.skipif(os.name == "nt", reason="a file that is open cannot be removed there")
def test_a_journal_whose_folder_is_removed_is_there_again_with_all_that_was_in_it(journal):
    play(journal, 1, 1000)
    shutil.rmtree(journal.path.parent)
    play(journal, 2, 2000)
    assert [block.number for block in read_session(journal.path).blocks] == [1, 2]
    journal.path.with_suffix(".new").write_text(journal.path.read_text().replace("cello*1", "violin"))
    os.replace(journal.path.with_suffix(".new"), journal.path)  # as editors save
    play(journal, 3, 3000)
    session = read_session(journal.path)
    assert [block.number for block in session.blocks] == [1, 2, 3]
    assert "violin" in session.blocks[0].code
    shutil.rmtree(journal.path.parent)
    journal.path.parent.write_text("a file")
    play(journal, 4, 4000)
    assert "the set plays on" in journal.told[-1]
    journal.path.parent.unlink()
    journal._since = (0, 0.0)
    journal.catch_up()
    assert [block.number for block in read_session(journal.path).blocks] == [1, 2, 3, 4]


def test_a_journal_that_was_cut_off_is_continued_on_a_line_of_its_own(journal):
    journal.close()
    with journal.path.open("a") as file:
        file.write("# @ end 12")
    again = Journal(journal.path, again=True)
    again.note(Restart(4096))
    again.close()
    assert journal.path.read_text().endswith("# @ end 12\n# @ restart 4096\n")


def test_only_a_new_set_refuses_a_journal_that_cannot_be_had(tmp_path):
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "set.py"
    with pytest.raises(SessionError, match="give --journal another file"):
        Journal(path)
    again = Journal(path, again=True)
    again.note(Restart(4096))
    (tmp_path / "file").unlink()
    again.close()
    assert path.read_text() == "# @ restart 4096\n# @ unwritten 0 0 0\n"


def test_a_child_whose_log_cannot_be_opened_starts_all_the_same(tmp_path):
    child = wire.start("latentcode.protocol.wire", log=tmp_path / "nowhere" / "engine.log")
    assert child.process.wait(60) == 0
    child.close()


def test_sounds_that_the_cache_cannot_keep_are_played_from_memory(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LATENTCODE_CACHE", str(tmp_path / "cache"))
    card, told, sent = card_of("default"), [], []
    encoder = EncoderProcess(card, 0, told.append)
    job = Job(Sound("one", "digest-of-one", None, None), 32, None)
    key = job.key(card.encoding)
    encoder._asked[key] = job, 0
    frames = np.ones((5, card.latent_dim), np.float32), None

    class Line:
        send = staticmethod(sent.append)

    _keep(Line(), key, frames, tmp_path / "file" / "frames")
    assert not list(tmp_path.rglob("*.part"))
    encoder._heard(sent[0])
    mean, logvar = LiveStore(card, encoder).ready(job)
    assert logvar is None
    assert np.array_equal(mean, frames[0])
    assert [one.text for one in told if "cannot be kept" in one.text] == [told[0].text]
    assert cache.load(key) is None


def test_an_engine_that_takes_over_knows_what_the_journal_lacks(journal):
    play(journal, 1, 1000)
    journal.command(1, CommandMark("d2", "aaaaaa", 1000))
    session = read_session(journal.path)
    assert unwritten(session, [1000, 1000]) == []
    assert unwritten(session, [1000, 1000, 2000, 3000]) == [2000, 3000]
    session.header["at"] = "2500"  # it goes on with a set that was written by hand, without marks
    assert unwritten(session, [1000, 1000, 2000, 3000]) == [3000]


def test_what_an_engine_leaves_behind_needs_no_disk(tmp_path):
    (tmp_path / "file").touch()
    words = LastWords(tmp_path / "file" / "1.words")
    words.enter(0, "d1", 4096)
    words.leave(0)
    words.close()
    assert words.former is None


def test_a_set_that_ends_on_a_full_disk_is_whole_elsewhere(journal, disk, tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(writing.tempfile, "tempdir", str(tmp_path / "tmp"))
    play(journal, 1, 1000)
    disk.space = 0
    play(journal, 2, 2000)
    journal.close()
    (rescued,) = (tmp_path / "tmp").iterdir()
    assert str(rescued) in journal.told[-1]
    assert [block.number for block in read_session(rescued).blocks] == [1, 2]


def test_a_replay_needs_no_disk(monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(play_module, "TemporaryDirectory", full)
    with play_module._kept() as kept:
        assert kept == os.devnull


def test_a_player_that_cannot_be_started_is_tried_until_it_can(monkeypatch):
    monkeypatch.setattr(sound, "AGAIN", 0.0)
    troubles, told = [OSError(errno.ENOMEM, "Cannot allocate memory")], []

    class Started(sound.PlayerLink):
        playhead = 0

        def __init__(self):
            self._ready, self._closing, self._offset = threading.Event(), False, 0
            self._ready.set()
            self._counts, self._telling = True, threading.RLock()
            self._standing, self._sending = sound.Standing(), threading.Lock()
            self._standing.keep(Gain(-500, 1, 0.5), 0)
            self.ring, self._heard = SimpleNamespace(playhead=0, buffer=256), told.append

        def _start(self, sample, *more):
            if troubles:
                raise troubles.pop()
            return SimpleNamespace(wire=SimpleNamespace(send=sent.append))

        def _follow(self, child):
            assert child is self._player

    made, sent = Started(), []
    made._again()
    assert sent == [Stand((Gain(-500, 1, 0.5),))]
    assert told == [
        ("player", "ended"),
        ("error", "no other player can be started: Cannot allocate memory"),
    ]
