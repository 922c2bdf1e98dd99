"""The sessions that come with the package, and rendering to files."""

from __future__ import annotations

import os
import re
import sys
from argparse import Namespace
from contextlib import nullcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from latentcode.cli.prompt import run as run_prompt
from latentcode.clock.tempo import TempoMap
from latentcode.errors import EngineError, SessionError
from latentcode.latents.path import GRABBED
from latentcode.latents.path import Path as AnyPath
from latentcode.offline.grabbing import grab_again
from latentcode.offline.session import Wanted, render_files, render_session
from latentcode.prompt.again import asked_again
from latentcode.prompt.options import Options, sessions_folder
from latentcode.prompt.replay import as_it_was
from latentcode.prompt.trust import trust_own
from latentcode.session.journal import Session, read_session
from latentcode.set.grabs import Grabs, NotGrabbedError, folder_of
from latentcode.set.recorded import keep_grabs, missing_grabs
from latentcode.set.span import place

SESSIONS = sorted((Path(__file__).parents[2] / "sessions").glob("*.py"))
QUIET = (
    '# latentcode session 1\n# @ seed 1  rate 44100  buffer 256\n# @ 1 0\nx = path("cello")\n# @ end 22050\n'
)
GRABS = """\
# latentcode session 1
# @ seed 1  rate 44100  buffer 256  model_file {model}
# @ 1 0
d1 >> s("cello*8")
# @ grab 2.1 d1 1/8 10000
# @ 2 10000
x = grab(d1, 1/8)
# @ grab 3.1 d2 1/16 20000
# @ 3 20000
y = grab(d2, 1/16)
# @ end 30000
"""


def test_there_are_sessions_to_start_from():
    assert len(SESSIONS) >= 4


@pytest.mark.parametrize("session", SESSIONS, ids=lambda path: path.stem)
def test_a_session_renders_as_it_was_made(session, tmp_path):
    told, out = [], tmp_path / "out.wav"
    session = _beginning(session, tmp_path)
    peak = render_session(session, out, notice=told.append)
    assert told == []
    sound, rate = soundfile.read(out, dtype="float32")
    assert len(sound) == read_session(session).end
    assert np.isfinite(sound).all()
    assert peak == pytest.approx(np.abs(sound).max())
    assert 0.05 < peak <= 1.0
    seconds = np.abs(sound[: len(sound) // rate * rate]).reshape(-1, rate * 2).max(axis=1)
    assert (seconds[3:-2] > 1e-3).mean() > 0.9


def _beginning(session: Path, folder: Path, seconds: int = 10) -> Path:
    """A long session ended early: all its code is run and compared with its marks, not all is rendered."""
    end = min(read_session(session).end, seconds * 44100)
    short = folder / session.name
    short.write_text(re.sub(r"^# @ end \d+$", f"# @ end {end}", session.read_text(), flags=re.MULTILINE))
    return short


@pytest.mark.parametrize(("suffix", "subtype"), [(".wav", "FLOAT"), (".flac", "PCM_24"), (".aiff", "PCM_24")])
def test_formats(tmp_path, suffix, subtype):
    source, out = tmp_path / "quiet.py", tmp_path / f"out{suffix}"
    source.write_text(QUIET)
    shown = []
    assert render_session(source, out, report=lambda *done: shown.append(done)) == 0.0
    info = soundfile.info(out)
    assert (info.frames, info.channels, info.subtype) == (22050, 2, subtype)
    assert shown[-1] == (0.5, 0.5)


def test_an_unknown_format_says_which_are_known(tmp_path):
    source = tmp_path / "quiet.py"
    source.write_text(QUIET)
    with pytest.raises(SessionError, match=r"\.wav, \.flac, \.aif"):
        render_session(source, tmp_path / "out.m4a")


def test_a_place_that_cannot_be_written_to_is_one_sentence(tmp_path):
    source = tmp_path / "quiet.py"
    source.write_text(QUIET)
    with pytest.raises(SessionError, match="cannot be written"):
        render_session(source, tmp_path / "nowhere" / "out.wav")


LAST_WORD = """# latentcode session 1
# @ seed 1  rate 44100  buffer 256  bpm 960
# @ 1 0
d1 >> plain("kick*4"); scene("a"); master(.5)
# @ 1 d1 000000 0
# @ 1 scene 000000 0
# @ 1 master 000000 0
# @ 2 12000
go("a")
# @ 2 go 000000 12000
# @ 3 16000
master(0)
# @ 3 master 000000 16000
# @ end 33075
"""


def test_what_is_set_before_a_scene_is_there_stays_where_the_header_says_so(tmp_path):
    (tmp_path / "old.py").write_text(LAST_WORD)
    (tmp_path / "new.py").write_text(LAST_WORD.replace("bpm 960", "bpm 960  lasting 1"))
    for name in ("old.py", "new.py"):
        render_session(tmp_path / name, tmp_path / f"{name}.wav")
    before, after = (soundfile.read(tmp_path / f"{name}.wav")[0] for name in ("old.py", "new.py"))
    assert np.array_equal(before[:22050], after[:22050])
    assert np.abs(before[24000:]).max() > 0.05
    assert np.abs(after[24000:]).max() < 1e-3
    for header, words in (({}, ["--lasting", "0"]), ({"lasting": "1"}, ["--lasting", "1"])):
        arguments = as_it_was(Session(header=header), Options()).arguments()
        assert arguments[(at := arguments.index("--lasting")) : at + 2] == words


@pytest.mark.skipif(sys.platform != "linux", reason="names of files that are no text")
@pytest.mark.parametrize("suffix", [b".wav", b".flac", b".aiff"])
def test_a_file_is_written_where_names_are_no_utf8(tmp_path, suffix):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/f\xe9"))
    folder.mkdir()
    (folder / "set.py").write_text(QUIET)
    out = folder / os.fsdecode(b"\xfft" + suffix)
    render_session(folder / "set.py", out)
    assert sorted(os.listdir(folder)) == ["set.py", out.name]
    assert out.stat().st_size > 60


def test_a_session_without_an_end_in_sight_is_refused_before_the_disk_is_full(tmp_path):
    (tmp_path / "set.py").write_text(QUIET.replace("end 22050", "end 999999999999"))
    with pytest.raises(SessionError, match=r"would take 7450 GiB, and .* has room for .*: make room"):
        render_session(tmp_path / "set.py", tmp_path / "set.wav")
    assert [file.name for file in tmp_path.iterdir()] == ["set.py"]


def test_what_a_copied_session_has_grabbed_is_grabbed_again_before_its_middle(
    tmp_path, model_file, monkeypatch
):
    monkeypatch.setenv("LATENTCODE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "copied.py").write_text(GRABS.format(model=model_file))
    session, kept = read_session(tmp_path / "copied.py"), folder_of(tmp_path / "copied.py")
    shown = []
    # … also what is grabbed behind the place, and began before it
    assert grab_again(tmp_path / "copied.py", place("0.1s"), lambda *done: shown.append(done)) == 1
    assert shown[-1] == (10000 / 44100, 10000 / 44100)
    assert [one.grab for one in missing_grabs(session, tmp_path / "copied.py", session.end)] == ["3.1"]
    assert (
        grab_again(tmp_path / "copied.py", None, lambda *done: None) == 1
    )  # … of a voice that never sounded
    assert grab_again(tmp_path / "copied.py", None, lambda *done: None) == 0
    assert np.abs(np.load(kept / "2.1.npy")).max() > 0
    tempo = TempoMap(44100, Fraction(1, 2))
    assert keep_grabs(session, tmp_path / "copied.py", tmp_path / "new.py", 4410, tempo) == {"2.1"}
    known = Grabs(44100, 44100, folder_of(tmp_path / "new.py"), again=True)
    found = [known.of(AnyPath("x", GRABBED + "2.1")).samples]
    assert np.array_equal(found[0], np.load(kept / "2.1.npy"))
    with pytest.raises(NotGrabbedError):
        known.of(AnyPath("y", GRABBED + "3.1"))


def test_at_another_tempo_what_is_grabbed_is_what_a_render_at_it_grabs(tmp_path, model_file, monkeypatch):
    monkeypatch.setenv("LATENTCODE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "copied.py"
    path.write_text(GRABS.format(model=model_file))
    taken, keep = [], Grabs.keep
    monkeypatch.setattr(Grabs, "keep", lambda grabs, found: (taken.append(found), keep(grabs, found))[1])
    render_files(path, Wanted(tmp_path / "slow.wav", bpm="60"))
    slow = next(one.samples for one in taken if one.name == "2.1")
    assert grab_again(path, None, lambda *done: None) == 2  # those of its own tempo are others
    assert grab_again(path, None, lambda *done: None, "60") == 2
    session = read_session(path)
    asked_again(session, lambda line: None, bpm="60")
    assert keep_grabs(session, path, tmp_path / "new.py", session.end, bpm="60") == {"2.1"}
    assert np.array_equal(np.load(folder_of(tmp_path / "new.py") / "2.1.npy"), slow)
    assert len(slow) > 1.5 * len(np.load(folder_of(path) / "2.1.npy"))
    path.write_text(path.read_text() + "\n")
    assert len(missing_grabs(session, path, session.end, bpm="60")) == 2  # as it may have been edited


def test_of_a_session_that_was_edited_since_all_is_grabbed_again(tmp_path, model_file, monkeypatch):
    monkeypatch.setenv("LATENTCODE_CACHE", str(tmp_path / "cache"))
    path, played = tmp_path / "set.py", GRABS.format(model=model_file)
    path.write_text(played)
    grab_again(path, None, lambda *done: None)  # … as the engine of a set leaves them at its end
    then = np.load(folder_of(path) / "2.1.npy")
    assert missing_grabs(read_session(path), path, 22050) == []
    path.write_text(played.replace('d1 >> s("cello*8")', 'd1 >> s("cello*8").gain(.5)'))
    session = read_session(path)
    assert [one.grab for one in missing_grabs(session, path, 22050)] == ["2.1", "3.1"]
    assert keep_grabs(session, path, tmp_path / "new.py", 22050) == set()
    assert grab_again(path, None, lambda *done: None) == 2
    assert keep_grabs(session, path, tmp_path / "new.py", 22050) == {"2.1"}
    now = np.load(folder_of(tmp_path / "new.py") / "2.1.npy")
    assert np.abs(then).max() > 1.5 * np.abs(now).max() > 0
    assert np.array_equal(np.load(folder_of(path) / "2.1.npy"), then)
    path.write_text(played)
    assert missing_grabs(read_session(path), path, 22050) == []


def test_what_the_last_set_has_grabbed_is_grabbed_again_before_it_is_resumed(
    tmp_path, model_file, monkeypatch
):
    monkeypatch.setenv("LATENTCODE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    last = sessions_folder() / "last.py"
    last.write_text(GRABS.format(model=model_file))
    trust_own(last)

    def taken_up(past, *_):
        raise EngineError(f"{len(missing_grabs(past.session, past.path, past.session.end))} are missing")

    monkeypatch.setattr("latentcode.prompt.opening.taken_up", taken_up)
    monkeypatch.setattr("latentcode.prompt.prompt.open_doors", lambda replays: [])
    monkeypatch.setattr("latentcode.prompt.prompt.EarlyEngine", nullcontext)
    assert len(missing_grabs(read_session(last), last, 30000)) == 2
    with pytest.raises(EngineError, match="0 are missing"):
        run_prompt(Namespace(resume=True, stage=None, rig=None, load=[], model_rate=None))
