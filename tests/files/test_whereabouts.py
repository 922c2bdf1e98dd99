"""A session that is played elsewhere finds its sounds and its model."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
import soundfile

from latentcode.audio.reading import digest as sounds_digest
from latentcode.cli.info import describe
from latentcode.errors import LatentcodeError, ModelError, SessionError
from latentcode.files.whereabouts import looking_in
from latentcode.models import card_of
from latentcode.models.card import HOUSE
from latentcode.offline.session import render_session
from latentcode.prompt.options import Options
from latentcode.prompt.play import play
from latentcode.prompt.replay import Replay, as_it_was
from latentcode.session.journal import read_session
from latentcode.session.records import End
from latentcode.session.writing import Journal
from latentcode.set.finding import folders_of
from latentcode.set.kinds import packed, unpacked
from latentcode.sounds import library as sounds
from latentcode.sounds import model
from latentcode.sounds.folders import folder

CODE = 'kit = folder("kit")\nd1 >> plain("kit:1*4")\nd2 >> plain("rain.wav*2")\nd3 >> plain(path("rain.wav"))'


def beep(file, hertz):
    file.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(file, 0.3 * np.sin(np.arange(4000) * hertz * 2 * np.pi / 44100), 44100)


@pytest.fixture
def gig(tmp_path, monkeypatch):
    """A set with sounds beside it, and a current folder that holds others of the same names."""
    for place, pitch in ((tmp_path / "gig one", 400), (tmp_path / "here", 900)):
        beep(place / "rain.wav", pitch)
        beep(place / "kit" / "a.wav", 2 * pitch)
        beep(place / "kit" / "b.wav", 3 * pitch)
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "gig one"


def session(file, folder="", **header):
    journal = Journal(file)
    journal.header({"seed": 1, "rate": 44100, **({"folder": folder} if folder else {}), **header})
    journal.block(1, CODE, 0)
    journal.note(End(30000))
    journal.close()
    with looking_in(read_session(file).folders):
        asked = [
            (command.target, unpacked(packed(command)).digest) for _, command in Replay(read_session(file))
        ]
    marks = "".join(f"# @ 1 {target} {digest} 0\n" for target, digest in asked)
    file.write_text(file.read_text().replace("# @ end", f"{marks}# @ end"))
    return file


def rendered(file, out):
    told = []
    render_session(file, out, notice=told.append)
    return soundfile.read(out)[0], told


def test_sounds_are_those_beside_the_session_then_those_where_it_was_played_then_those_here(
    gig, tmp_path, monkeypatch
):
    file = session(gig / "set.py")
    beside, told = rendered(file, tmp_path / "1.wav")
    here, _ = rendered(session(tmp_path / "set.py"), tmp_path / "2.wav")
    assert told == []
    assert not np.array_equal(beside, here)
    played, told = rendered(session(tmp_path / "noted.py", folder=str(gig)), tmp_path / "3.wav")
    assert told == []
    assert np.array_equal(played, beside)
    (tmp_path / "link.py").symlink_to(file)
    linked, _ = rendered(tmp_path / "link.py", tmp_path / "4.wav")
    assert np.array_equal(linked, beside)
    gig.rename(tmp_path / "gone")
    monkeypatch.chdir("/")
    moved, told = rendered(tmp_path / "gone" / "set.py", tmp_path / "5.wav")
    assert told == []
    assert np.array_equal(moved, beside)


def test_what_was_typed_stays_the_name_wherever_it_is_found(gig):
    with looking_in([gig]):
        assert folder("./kit").files == ("kit/a.wav", "kit/b.wav")
        assert sounds.find("rain.wav").name == "rain.wav"
        assert sounds.find("rain.wav").file == gig / "rain.wav"
        assert model.path("kit/a.wav").name == "kit/a.wav"
    assert sounds.find("rain.wav").file.resolve() == (gig.parent / "here" / "rain.wav")


def test_a_name_in_another_normal_form_is_found_there_too(gig):
    beep(gig / unicodedata.normalize("NFD", "é.wav"), 300)
    with looking_in([gig]):
        assert sounds.find(unicodedata.normalize("NFC", "é.wav")).file.parent == gig


def test_a_model_is_found_beside_its_session_by_its_relative_path_or_its_name(gig):
    (gig / "models").mkdir()
    (gig / "models" / "mine.safetensors").symlink_to(HOUSE)
    (gig / "other.safetensors").symlink_to(HOUSE)
    relative = read_session(session(gig / "1.py", model_file="models/mine.safetensors"))
    with looking_in(relative.folders):
        assert card_of(relative.model).file == str(gig / "models" / "mine.safetensors")
    moved = read_session(session(gig / "2.py", model_file="/nowhere/other.safetensors"))
    assert moved.model == str(gig / "other.safetensors")
    assert as_it_was(moved, Options()).model == moved.model
    assert as_it_was(moved, Options(model="house")).model == "house"
    assert as_it_was(moved, Options()).arguments()[-2:] == ["--look-in", str(gig)]


def test_a_render_takes_another_model_when_told_to(gig, tmp_path):
    file = session(gig / "set.py", model="mine@000000000000")
    told = []
    render_session(file, tmp_path / "o.wav", notice=told.append)
    assert "has changed" in told[0]
    assert "mine@000000000000" in told[0]
    told.clear()
    render_session(file, tmp_path / "o.wav", notice=told.append, model=HOUSE)
    assert [line.partition(":")[0] for line in told] == ["played with the model spectral in place of mine"]
    with pytest.raises(ModelError, match=r"no model at nosuch\.pt"):
        render_session(file, tmp_path / "no.wav", model="nosuch.pt")
    assert not (tmp_path / "no.wav").exists()


def test_all_that_is_missing_is_named_before_the_first_sound_and_nothing_is_written(
    gig, tmp_path, monkeypatch
):
    file = session(gig / "set.py", model_file="models/mine.pt")
    for place in (gig, gig.parent / "here"):
        (place / "rain.wav").unlink()
        (place / "kit").rename(place / "box")
    with pytest.raises(
        SessionError, match=r"'kit', 'rain\.wav', 'models/mine\.pt'; looked for in .*gig one, then"
    ):
        render_session(file, tmp_path / "o.wav")
    assert not (tmp_path / "o.wav").exists()
    with pytest.raises(SessionError, match=r"'kit', 'rain\.wav', 'models/mine\.pt'"):
        play(file, Options(driver="timer"), print, "no.engine")
    beep(gig / "rain.wav", 400)
    (gig / "box").rename(gig / "kit")
    render_session(file, tmp_path / "o.wav", model="default")


def test_a_folder_lies_where_what_it_had_is_found(gig):
    file = session(gig / "set.py")
    marks = "# @ folder /gone/kit 2\n# @ folder /gone/kitchen 1\n# @ folder kit 2\n# @ end"
    file.write_text(file.read_text().replace("# @ end", marks))
    found = {"/gone/kit/deep/a.wav": "/disk/drums/deep/a.wav", "/gone/kitchen/b.wav": "/disk/x.wav"}
    with looking_in([gig]):
        assert folders_of(read_session(file), found) == {"/gone/kit": "/disk/drums"}


def test_what_is_missing_where_a_block_has_failed_then_is_no_matter(gig, tmp_path):
    file = session(gig / "set.py")
    text = file.read_text().replace("# @ end", '# @ 2 100\nd5 >> plain("nosuch.wav")\n# @ failed 2\n# @ end')
    file.write_text(text)
    assert rendered(file, tmp_path / "o.wav")[1] == []
    file.write_text(text.replace("# @ failed 2\n", ""))
    with pytest.raises(SessionError, match=r"'nosuch\.wav'; looked"):
        render_session(file, tmp_path / "p.wav")


def test_a_sound_that_has_changed_is_named_as_its_file(gig, tmp_path):
    file = session(gig / "set.py")
    digest = sounds_digest(gig / "rain.wav")
    file.write_text(file.read_text().replace("# @ end", f"# @ sound rain.wav {digest}\n# @ end"))
    assert rendered(file, tmp_path / "1.wav")[1] == []
    beep(gig / "rain.wav", 500)
    file.write_text(file.read_text().replace("# @ end", "# @ folder kit 7\n# @ end"))
    # in a program the old content may still be known; the file is named all the same
    told = rendered(file, tmp_path / "2.wav")[1]
    assert f"{gig / 'rain.wav'} has changed since the session was played" in told
    assert any(line.startswith("kit had 7 sounds then, and has ") for line in told)
    (gig / "rain.wav").unlink()
    (gig.parent / "here" / "rain.wav").unlink()
    with pytest.raises(SessionError, match=r"'rain\.wav'"):
        render_session(file, tmp_path / "3.wav")


@pytest.mark.parametrize(
    "name", ["x" * 300, "é" * 200 + ".wav", "y/" * 2500 + "z.wav", "~nobody/at/all.wav", "a\0b"]
)
def test_names_that_no_file_can_have_are_as_those_of_files_that_are_not_there(name, tmp_path):
    asked = [sounds.find, folder, model.load_model, describe, read_session]
    asked.append(lambda file: render_session(tmp_path / "no.py", file))
    for ask in asked:
        with pytest.raises(LatentcodeError):
            ask(name)
