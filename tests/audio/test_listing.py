from __future__ import annotations

import os
import pickle
import sys

import numpy as np
import pytest
import soundfile

import latentcode as lc
from latentcode.audio import listing
from latentcode.audio import reading as audio
from latentcode.errors import LeftOutWarning, SoundError
from latentcode.models.gathering import gather
from latentcode.models.recipe import Plan
from latentcode.patterns.digest import digest
from latentcode.session.journal import read_session
from latentcode.session.writing import Journal
from latentcode.sounds import library as sounds
from latentcode.sounds.folders import folder

TONE = (0.5 * np.sin(np.arange(2000) / 10)).astype(np.float32)


@pytest.fixture
def kit(tmp_path):
    """A folder with sounds in two others, and what lies beside sounds on a musician's disk."""
    kit = tmp_path / "kit"
    for name in ("kick.wav", "hat.WAV", "more/deep/tom.flac", "more/snare.aiff"):
        (kit / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(kit / name, TONE, 44100, format=name.rpartition(".")[2].upper())
    for name in ("._kick.wav", ".hidden.wav", ".git/x.wav", "__MACOSX/kick.wav", "more/._snare.aiff"):
        (kit / name).parent.mkdir(exist_ok=True)
        (kit / name).write_bytes(b"\0\5\26\7\0\2\0\0Mac OS X        ")
    (kit / "notes.txt").write_text("no sound")
    return kit


def names(files) -> list[str]:
    return [os.path.basename(file) for file in files]


def test_a_folder_holds_its_own_sounds_then_those_of_its_folders_and_nothing_hidden(kit, recwarn):
    assert names(folder(kit).files) == ["hat.WAV", "kick.wav", "snare.aiff", "tom.flac"]
    assert sounds.find(kit, 3).file == kit / "more" / "deep" / "tom.flac"
    assert sounds.find(f"{kit}:1").file.name == "kick.wav"
    assert len(gather(kit, Plan(), kit / "none", 10**9)[0].lengths) == 4
    assert not recwarn


@pytest.mark.parametrize("suffix", [kind[1:] for kind in audio.KINDS.split() if kind != ".bw64"])
def test_every_kind_of_file_that_can_be_read_counts(tmp_path, suffix):
    kinds = {
        "wave": "WAV",
        "bwf": "WAV",
        "oga": "OGG",
        "opus": "OGG",
        "aif": "AIFF",
        "aifc": "AIFF",
        "snd": "AU",
    }
    subtype = "OPUS" if suffix == "opus" else None
    soundfile.write(tmp_path / "a", TONE, 48000, format=kinds.get(suffix, suffix.upper()), subtype=subtype)
    os.rename(tmp_path / "a", tmp_path / f"a.{suffix}")
    assert names(folder(tmp_path).files) == [f"a.{suffix}"]
    assert len(folder(tmp_path)[0].mean)


def test_what_cannot_be_read_is_named_and_left_out(kit):
    (kit / "broken.wav").write_bytes(b"RIFF no sound")
    (kit / "empty.wav").touch()
    (kit / "more" / "song.m4a").write_bytes(b"\0\0\0 ftypM4A ")
    with pytest.warns(LeftOutWarning) as told:
        found = folder(kit)
    said = " ".join(str(one.message) for one in told)
    assert len(found) == 4
    for name in ("broken.wav", "empty.wav", "song.m4a", "ffmpeg"):
        assert name in said
    with pytest.warns(LeftOutWarning, match="broken"):
        assert sounds.find(kit, 0).file.name == "hat.WAV"


def test_a_folder_of_foreign_kinds_says_what_to_do(tmp_path):
    (tmp_path / "song.m4a").write_bytes(b"\0\0\0 ftypM4A ")
    with pytest.raises(SoundError, match=r"song\.m4a .*ffmpeg"):
        folder(tmp_path)
    with pytest.raises(SoundError, match=r"\.m4a files cannot be; .*ffmpeg"):
        lc.path(str(tmp_path / "song.m4a")).mean  # noqa: B018


def test_links_are_followed_once(kit, tmp_path):
    (kit / "a round").symlink_to(kit)
    (kit / "itself").symlink_to(kit / "itself")
    (kit / "b more").symlink_to(kit / "more")
    (kit / "linked.wav").symlink_to(kit / "kick.wav")
    (kit / "gone.wav").symlink_to(tmp_path / "nowhere.wav")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    soundfile.write(elsewhere / "clap.wav", TONE, 44100)
    (kit / "z").symlink_to(elsewhere)
    own = ["hat.WAV", "kick.wav", "linked.wav"]
    assert names(folder(kit).files) == [*own, "snare.aiff", "tom.flac", "clap.wav"]


def test_too_many_files_are_not_walked_through(kit, monkeypatch):
    monkeypatch.setattr(listing, "MOST", 3)
    with pytest.raises(SoundError, match="more than 3 files; give a part"):
        folder(kit)


def test_a_folder_that_appears_during_the_set_is_found(kit, tmp_path, monkeypatch):
    monkeypatch.setenv("LATENTCODE_SOUNDS", f"{tmp_path / 'later'}{os.pathsep}{tmp_path}")
    assert "kit" in sounds.library()
    for name in ("pad", ".hidden"):
        (tmp_path / "later" / name).mkdir(parents=True)
        soundfile.write(tmp_path / "later" / name / "a.wav", TONE, 44100)
    assert sounds.find("pad").file.name == "a.wav"
    assert {"pad", "kit"} <= set(sounds.all_names())
    assert ".hidden" not in sounds.library()
    assert str(sounds.find(".hidden").file) == folder(".hidden")[0].file  # by its name it is found


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are UTF-8 there")
def test_names_that_are_not_utf8(tmp_path):
    place = os.path.join(os.fsencode(tmp_path), b"f\xe9")
    os.mkdir(place)
    soundfile.write(tmp_path / "a.wav", TONE, 44100)
    os.rename(tmp_path / "a.wav", os.path.join(place, b"caf\xe9.wav"))
    kit = folder(os.fsdecode(place))
    assert len(kit[0].mean)
    assert kit[0].file == os.fsdecode(os.path.join(place, b"caf\xe9.wav"))
    pattern = lc.s(kit[0])
    assert pickle.loads(pickle.dumps(digest(pattern))) == digest(pattern)
    assert len(gather(tmp_path, Plan(), tmp_path / "none", 10**9)[0].lengths) == 1

    journal = Journal(tmp_path / "s.py")
    journal.header({"seed": 1, "model_file": kit.files[0]})
    journal.close()
    assert read_session(tmp_path / "s.py").header["model_file"] == kit.files[0]
