"""The folders of a set: the user's own, and found elsewhere where they cannot be had, with a sentence."""

from __future__ import annotations

import os
import socket
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from latentcode.files import places
from latentcode.prompt import link
from latentcode.prompt.options import Options, doors, log_file
from latentcode.protocol import wire
from latentcode.remote import address
from latentcode.session.writing import Journal
from latentcode.sounds import cache

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="owners and modes")


@pytest.fixture
def home(monkeypatch):
    """A home whose path is short enough for a socket."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="lc") as folder:
        monkeypatch.setattr(tempfile, "tempdir", f"{folder}/tmp")
        Path(folder, "tmp").mkdir(mode=0o1777)
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "LATENTCODE_CACHE"):
            Path(folder, name).mkdir(mode=0o700)
            monkeypatch.setenv(name, f"{folder}/{name}")
        yield Path(folder)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_written_is_the_users_own(home):
    before = os.umask(0o022)
    try:
        journal = Path(Options().settled().journal)
        Journal(journal).close()
        frames = cache.folder()
        log = log_file()
    finally:
        os.umask(before)
    assert {mode(folder) for folder in (journal.parent, journal.parents[1], frames, log.parent, doors())} == {
        0o700
    }
    assert {mode(file) for file in (journal, log)} == {0o600}
    assert places.remarks() == []


def test_folders_of_before_are_made_the_users_own(home):
    old = home / "XDG_DATA_HOME" / "latentcode"
    old.mkdir(mode=0o755)
    old.chmod(0o755)
    assert places.find("data").folder == old
    assert (mode(old), places.find("data").remark) == (0o700, "")


def link_to(folder):
    folder.with_name("elsewhere").mkdir()
    folder.symlink_to(folder.with_name("elsewhere"))


def of_mode_777(folder):
    folder.parent.chmod(0o777)


def somebody_elses(folder):
    if os.getuid():
        pytest.skip("needs root to give a folder away")
    folder.mkdir()
    os.chown(folder, 65534, 65534)


def too_long(folder):
    os.environ["XDG_RUNTIME_DIR"] = str(folder.parent / ("x" * 150))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (link_to, "it is a link"),
        (of_mode_777, "mode 777"),
        (somebody_elses, "belongs to somebody else"),
        (too_long, "too long"),
        (Path.touch, "File exists"),
    ],
)
def test_a_runtime_folder_that_is_not_safe_is_told_and_another_is_found(home, spoil, said, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "XDG_RUNTIME_DIR"))
    monkeypatch.setattr(places.platformdirs, "user_runtime_dir", lambda *_, **__: str(home / "gone" / "x"))
    (home / "gone").touch()  # an old platformdirs gives what is not there
    spoil(home / "XDG_RUNTIME_DIR" / "latentcode")
    (remark,) = places.remarks()
    assert said in remark
    assert "\n" not in remark
    assert doors() == home / "tmp" / f"latentcode-{os.getuid()}"
    assert mode(doors()) == 0o700
    door = wire.Door(doors() / "1.door")
    assert door.address in map(str, link.open_doors())
    door.close()


def test_what_a_set_has_left_that_was_killed_is_removed_by_the_next(home):
    for name in ("9.door", "9.edit"):
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(doors() / name))
            one.listen(1)
    (doors() / "9.words").touch()
    assert not [door for door in link.open_doors() if door.is_relative_to(home)]
    address.clear()
    assert not list(doors().iterdir())


def test_a_set_that_is_played_again_is_seen_but_not_taken_up(home):
    door = wire.Door(doors() / f"1{link.REPLAY}")
    assert door.address in map(str, link.open_doors())
    assert door.address not in map(str, link.open_doors(replays=False))
    door.close()


def test_a_folder_that_others_could_write_to_is_closed_and_what_they_put_there_not_called(home):
    own = home / "XDG_RUNTIME_DIR" / "latentcode"
    own.mkdir()
    own.chmod(0o777)
    (own / "9.door").symlink_to(home / "somewhere")
    assert "was open to others (mode 777); it is yours alone now" in places.find("runtime").remark
    assert mode(own) == 0o700
    assert not [door for door in link.open_doors() if door.is_relative_to(home)]  # there may be others' doors


def test_a_home_that_cannot_be_written(home, monkeypatch):
    (home / "file").touch()
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / "file" / "home"))
    monkeypatch.delenv("LATENTCODE_CACHE")
    other = home / "tmp" / f"latentcode-{os.getuid()}"
    assert Path(Options().settled().journal).parent == other / "data" / "sessions"
    assert cache.folder() == other / "cache" / "frames"
    assert log_file() == other / "log" / "engine.log"
    assert len(places.remarks()) == 3
    assert all("cannot be used for" in remark and str(other) in remark for remark in places.remarks())


def test_somebody_elses_folder_in_the_temporary_one_is_not_used(home, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "file"))
    (home / "file").touch()
    planted = home / "tmp" / f"latentcode-{os.getuid()}"
    planted.symlink_to(home)
    (home / "data").symlink_to(home / "XDG_STATE_HOME")
    assert places.find("data").folder != planted / "data"


def test_a_log_is_kept_short_while_it_is_written(tmp_path):
    log = tmp_path / "engine.log"
    with log.open("ab", buffering=0) as writer:
        for number in range(30_000):
            writer.write(b"%050d\n" % number)
        places.trim(log)
        writer.write(b"the end\n")
    assert log.stat().st_size < 300_000
    lines = log.read_bytes().splitlines()
    assert lines[-2:] == [b"%050d" % 29_999, b"the end"]
    assert len(lines[0]) == 50
