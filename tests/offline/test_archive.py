"""A session with all that it needs in one file; nothing that comes from elsewhere is unpacked
elsewhere.
"""

from __future__ import annotations

import json
import stat
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile

from latentcode.audio.reading import digest
from latentcode.cli import main
from latentcode.cli.info import describe
from latentcode.cli.options import session_file
from latentcode.errors import SessionError
from latentcode.files import whereabouts
from latentcode.files.whereabouts import looking_in
from latentcode.models import card_of
from latentcode.offline.archive import FORMAT, pack, unpacked
from latentcode.session.journal import read_session
from latentcode.set.recorded import recordings_of
from latentcode.sounds import library as sounds
from latentcode.sounds.folders import folder as sounds_in

SESSION = """\
# latentcode session 1
# @ seed 7  rate 44100  buffer 128  model_file {model}  folder {folder}
# @ 1 0 0
y = path("{folder}/far.wav"); d1 >> s("own.wav kit:1 y")
# @ 1 d1 584cf2 2000
# @ sound own.wav aa
# @ sound kit:1 bb
# @ sound {folder}/far.wav cc
# @ listening 1 640 {folder}/set.in1.flac
"""


@pytest.fixture
def folder(tmp_path, monkeypatch, model_file):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    there = tmp_path / "there"
    (there / "kit").mkdir(parents=True)
    for place, name in enumerate(("own.wav", "far.wav", "kit/a.wav", "kit/b.wav", "set.in1.flac")):
        soundfile.write(there / name, np.full(1000, place / 10, np.float32), 44100)
    (there / "set.py").write_text(SESSION.format(folder=there, model=model_file))
    return there


def packed_and_gone(folder, other, tmp_path):
    """The packed session, as on a machine where neither of these folders is."""
    pack(folder / "set.py", tmp_path / "set.zip")
    return there(folder, other, tmp_path)


def there(folder, other, tmp_path):
    folder.rename(tmp_path / "gone")
    other.rename(tmp_path / "gone too")
    found = read_session(session_file(str(tmp_path / "set.zip")))
    whereabouts.know(found.found)
    return found


def test_a_packed_session_is_whole_where_nothing_of_it_is(folder, tmp_path, monkeypatch):
    out = tmp_path / "set.zip"
    text = (folder / "set.py").read_bytes().replace(b"model_file", b"found gone%{9}gone.wav  model_file", 1)
    (folder / "set.py").write_bytes(text + b"# caf\xe9, in no alphabet of ours\n")
    names = {"session.py", "own.wav", "far.wav", "kit/a.wav", "kit/b.wav", "set.in1.flac", "tiny.safetensors"}
    assert {*pack(folder / "set.py", out)} == names
    was = {name: (folder / name).read_bytes() for name in ("own.wav", "kit/b.wav", "far.wav")}
    folder.rename(tmp_path / "gone")
    session = session_file(str(out))
    found = read_session(session)
    with looking_in(found.folders):
        for name, asked in (("own.wav", "own.wav"), ("kit/b.wav", "kit:1"), ("far.wav", f"{folder}/far.wav")):
            assert sounds.find(asked).file.read_bytes() == was[name]
        assert card_of(found.model).name == "tiny"
    assert str(folder) not in found.header.values()
    assert session_file(str(out)) == session
    told = describe(str(out)).split("\n")
    assert told[0] == f"packed session {out}"
    assert {line.removeprefix("  with ") for line in told if line.startswith("  with ")} == names - {
        "session.py"
    }


def test_files_of_one_name_from_two_folders_each_keep_their_sound(folder, tmp_path):
    other = tmp_path / "other"
    (other / "kit").mkdir(parents=True)
    asked = {}
    for place, name in enumerate(("far.wav", "kit/a.wav", "kit/b.wav", "set.in1.flac")):
        soundfile.write(other / name, np.full(1000, -place / 10 - 0.1, np.float32), 44100)
    marks = f"# @ sound {other}/far.wav dd\n# @ sound {folder}/kit:0 ee\n# @ sound {other}/kit:1 ff\n"
    marks += f"# @ listening 2 640 {other}/set.in1.flac\n"
    (folder / "set.py").write_text((folder / "set.py").read_text() + marks)
    for name in (f"{folder}/far.wav", f"{other}/far.wav", f"{folder}/kit:0", f"{other}/kit:1"):
        asked[name] = sounds.find(name).file.read_bytes()
    recorded = [one.read_bytes() for one in (folder / "set.in1.flac", other / "set.in1.flac")]
    found = packed_and_gone(folder, other, tmp_path)
    with looking_in(found.folders):
        assert {name: sounds.find(name).file.read_bytes() for name in asked} == asked
    assert [Path(one.path).read_bytes() for one in recordings_of(found)] == recorded
    assert (
        len(pack(found.path, tmp_path / "again.zip"))
        == len(zipfile.ZipFile(tmp_path / "set.zip").namelist()) - 1
    )


def test_a_folder_that_the_code_names_is_packed_with_all_its_sounds(folder, tmp_path):
    other = tmp_path / "other" / "kit"
    other.mkdir(parents=True)
    for place, name in enumerate(("a.wav", "b.wav", "c.wav")):
        soundfile.write(other / name, np.full(1000, 0.5 + place / 10, np.float32), 44100)
    code = f'# @ 2 0\nmine = folder("{other}"); own = folder("kit")\n'
    marks = f"# @ sound {other}/c.wav dd\n# @ sound kit/b.wav ee\n"
    (folder / "set.py").write_text((folder / "set.py").read_text() + code + marks)
    was = [(other / "c.wav").read_bytes(), (folder / "kit/b.wav").read_bytes()]
    found = packed_and_gone(folder, other, tmp_path)
    with looking_in(found.folders):
        mine, own = sounds_in(other), sounds_in("kit")
        played = [sounds.find(f"{other}/c.wav").file, sounds.find("kit/b.wav").file]
        assert [one.read_bytes() for one in played] == was
        assert [len(mine), len(own)] == [3, 2]
        assert [sounds.find(str(kit.files[-1])).file.read_bytes() for kit in (mine, own)] == was


def test_folders_that_a_variable_named_are_packed_whole_each_in_its_own_place(folder, tmp_path):
    kits = [tmp_path / "other" / "drums", tmp_path / "third" / "drums"]
    for place, kit in enumerate(kits):
        (kit / "deep").mkdir(parents=True)
        for name in ("b.wav", f"{kit.parent.name}.wav"):
            level = np.float32(0.5 + place / 10 + len(name) / 100)
            soundfile.write(kit / "deep" / name, np.full(1000, level), 44100)
    with (folder / "set.py").open("a") as session:
        session.writelines(f"# @ folder {kit} 2\n" for kit in kits)
        session.write(
            f'# @ 2 0\nx = "third"; mine = folder(f"{tmp_path}/{{x}}/drums")\nfolder("{tmp_path}/other" + "/drums")\n'
        )
        session.write(f"# @ sound {kits[0]}/deep/other.wav dd\n")
    was = [sounds_in(kit) for kit in kits]
    heard = [[sounds.find(file).file.read_bytes() for file in kit.files] for kit in was]
    kits[1].parent.rename(tmp_path / "lost")
    with pytest.raises(SessionError, match=f"not there: '{kits[1]}'"):
        pack(folder / "set.py", tmp_path / "set.zip")
    (tmp_path / "lost").rename(kits[1].parent)
    pack(folder / "set.py", tmp_path / "set.zip")
    kits[1].parent.rename(tmp_path / "lost")
    found = there(folder, tmp_path / "other", tmp_path)
    with looking_in(found.folders):
        now = [sounds_in(kit) for kit in kits]
        assert now == was  # names as well, of which digests are made
        assert [[sounds.find(file).file.read_bytes() for file in kit.files] for kit in now] == heard


def test_a_folder_that_was_copied_beside_its_session_has_the_names_that_it_had(folder, tmp_path):
    was = sounds_in(folder / "kit")
    folder.rename(tmp_path / "elsewhere")
    with looking_in([tmp_path / "elsewhere"]):
        assert sounds_in(folder / "kit") == was
        assert sounds.find(was.files[1]).file == tmp_path / "elsewhere" / "kit" / "b.wav"


def test_what_is_missing_is_named_before_anything_is_written(folder, tmp_path):
    (folder / "own.wav").unlink()
    with pytest.raises(SessionError, match=r"'own\.wav'"):
        pack(folder / "set.py", tmp_path / "set.zip")
    assert not (tmp_path / "set.zip").exists()


def test_what_lies_elsewhere_is_found_by_its_content_and_packed(folder, tmp_path, capsys, monkeypatch):
    text, heap = (folder / "set.py").read_text(), tmp_path / "heap" / "deep"
    names = {"aa": folder / "own.wav", "bb": folder / "kit" / "b.wav", "cc": folder / "far.wav"}
    for name, file in names.items():
        text = text.replace(f" {name}\n", f" {digest(file)}\n")
    (folder / "set.py").write_text(text)
    heap.mkdir(parents=True)
    was = {name: file.read_bytes() for name, file in names.items()}
    for name, file in names.items():
        file.rename(heap / f"{name}.wav")
    (folder / "kit" / "a.wav").unlink()
    (folder / "kit").rmdir()
    monkeypatch.setattr(whereabouts, "_known", {})
    assert main(["pack", str(folder / "set.py"), "-o", str(tmp_path / "set.zip")]) == 1
    told = capsys.readouterr().err
    assert all(f"({digest(heap / name)[:12]})" in told for name in ("aa.wav", "bb.wav", "cc.wav"))
    words = [
        "pack",
        str(folder / "set.py"),
        "-o",
        str(tmp_path / "set.zip"),
        "--find",
        str(tmp_path / "heap"),
    ]
    assert main(words) == 0
    assert f"'kit:1' ({digest(heap / 'bb.wav')[:12]}) is found: {heap / 'bb.wav'}" in capsys.readouterr().err
    heap.rename(tmp_path / "gone")
    monkeypatch.setattr(whereabouts, "_known", {})
    found = read_session(session_file(str(tmp_path / "set.zip")))
    whereabouts.know(found.found)
    with looking_in(found.folders):
        assert sounds.find("own.wav").file.read_bytes() == was["aa"]
        assert sounds.find("kit", 1).file.read_bytes() == was["bb"]
        assert sounds.find(f"{folder}/far.wav").file.read_bytes() == was["cc"]


@pytest.mark.parametrize(
    "mark", ["sound {} aa", "sound secret bb", "model other cc {}", "listening 2 640 {}"]
)
def test_files_that_a_session_of_others_names_are_not_packed_unless_they_are_what_it_plays(
    folder, tmp_path, mark
):
    secret = folder / "secret"
    secret.write_bytes(b"-- key --" * 100)
    with (folder / "set.py").open("a") as session:
        session.write(f"# @ {mark.format(secret)}\n")
    with pytest.raises(SessionError, match=r"no sound and no model: '\S*secret'"):
        pack(folder / "set.py", tmp_path / "set.zip")
    assert not (tmp_path / "set.zip").exists()


@pytest.mark.parametrize(
    "name", ["../out.py", "/out.py", "a/../../out.py", "C:\\out.py", "a\\..\\out", "x\x1b[31m"]
)
def test_names_that_lead_elsewhere_are_refused(folder, tmp_path, name):
    forged(tmp_path / "bad.zip", {"session.py": b"# latentcode session 1\n", name: b"1"})
    with pytest.raises(SessionError, match="has no place in one"):
        unpacked(tmp_path / "bad.zip")
    assert not (tmp_path / "out.py").exists()


def test_forged_archives_are_refused(folder, tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    forged(tmp_path / "link.zip", {"session.py": b"x", link: b"/etc/passwd"})
    with pytest.raises(SessionError, match="has no place"):
        unpacked(tmp_path / "link.zip")
    forged(tmp_path / "more.zip", {"session.py": b"x", "more": b"1"}, files={"session.py": "00"})
    with pytest.raises(SessionError, match="does not name"):
        unpacked(tmp_path / "more.zip")
    forged(tmp_path / "other.zip", {"session.py": b"x"}, files={"session.py": "00"})
    with pytest.raises(SessionError, match="not what was packed"):
        unpacked(tmp_path / "other.zip")
    assert not list((tmp_path / "data" / "latentcode" / "packed").iterdir())
    whole = tmp_path / "whole.zip"
    pack(folder / "set.py", whole)
    for place in range(30, 400, 10):  # names, what is compressed, and what it says of itself
        data = bytearray(whole.read_bytes())
        data[place : place + 9] = bytes(9)
        (tmp_path / "damaged.zip").write_bytes(data)
        with suppress(SessionError):  # and nothing else
            unpacked(tmp_path / "damaged.zip")
    (tmp_path / "torn.zip").write_bytes((tmp_path / "other.zip").read_bytes()[:90])
    assert session_file(str(tmp_path / "torn.zip")) == str(tmp_path / "torn.zip")


def forged(path, contents, files=None):
    names = [getattr(name, "filename", name) for name in contents]
    manifest = {"format": FORMAT, "files": files or dict.fromkeys(names, "00")}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(manifest))
