"""Parts of a session, its voices, and the formats they are written in."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from latentcode import cli
from latentcode.audio.writing import FORMATS, written_as
from latentcode.errors import AudioError, SessionError
from latentcode.offline.session import Wanted, render_files
from latentcode.pictures.overview import Overview
from latentcode.set.span import place

SET = """# latentcode session 1
# @ seed 1  rate 44100  buffer 256  bpm 240  headroom 6
# @ 1 0
d1 >> plain("kick*4"); d2 >> plain("~ hat ~ hat"); d2.fx(delay(.15, .6, .5)); d2.pan(.2)
# @ 2 22050
d1.gain(.4); bpm(300)
# @ 3 40000
d2.gain(0)
# @ end 66150
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A folder with a session, its sound, and that of its voices."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "set.py").write_text(SET)
    render_files(folder / "set.py", Wanted(folder / "mix.wav", stems=folder))
    return folder


def read(file: Path) -> np.ndarray:
    return soundfile.read(file, dtype="float32")[0]


@pytest.mark.parametrize(
    ("begin", "end", "first", "last"),
    [
        ("0.5s", "1.25s", 22050, 55125),
        ("1", "3/2", 39690, 57330),
        (None, "1/4", 0, 11025),
        ("1", None, 39690, 66150),
    ],
)
def test_a_part_is_the_same_part_of_the_whole_with_all_tails(whole, tmp_path, begin, end, first, last):
    places = (None if one is None else place(one) for one in (begin, end))
    render_files(whole / "set.py", Wanted(tmp_path / "mix.wav", *places, stems=tmp_path))
    for file in tmp_path.iterdir():
        part = read(file)
        assert len(part) == last - first
        assert np.array_equal(part, read(whole / file.name)[first:last])


def test_the_voices_are_what_the_mix_is_made_of(whole):
    assert sorted(file.name for file in whole.glob("d*.wav")) == ["d1.wav", "d2.wav"]
    voices = [read(whole / f"d{number}.wav") for number in (1, 2)]
    assert np.abs(sum(voices) - read(whole / "mix.wav")).max() < 1e-6
    assert np.abs(voices[1][:, 0]).max() > 2 * np.abs(voices[1][:, 1]).max()


def test_dry_voices_are_without_effects_and_a_pattern_of_names_makes_them(whole, tmp_path):
    wanted = Wanted(tmp_path / "take-{voice}.flac", end=place("1/2"), dry=True)
    made = render_files(whole / "set.py", wanted)
    assert [file.path.name for file in made] == ["take-mix.flac", "take-d1.flac", "take-d2.flac"]
    dry, wet = read(tmp_path / "take-d2.flac"), read(whole / "d2.wav")
    assert np.abs(dry[17640:22050]).max() < 0.3 * np.abs(wet[17640:22050]).max()


def test_sixteen_bits_are_dithered_alike_in_a_part_and_silence_is_not(whole, tmp_path):
    for name, begin in (("all.flac", None), ("part.flac", place("0.4s"))):
        render_files(whole / "set.py", Wanted(tmp_path / name, begin, depth="16"))
    made, part = read(tmp_path / "all.flac"), read(tmp_path / "part.flac")
    assert np.array_equal(part, made[17640:])
    error = (made - read(whole / "mix.wav")) * 2**15
    assert 0.4 < error[error != 0].std() < 0.6
    assert not made[read(whole / "mix.wav") == 0].any()


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_can_be_written_is_read_again(tmp_path, suffix):
    (tmp_path / "set.py").write_text(SET.replace("rate 44100", "rate 48000").replace("66150", "24000"))
    render_files(tmp_path / "set.py", Wanted(tmp_path / f"out{suffix}"))
    sound, rate = soundfile.read(tmp_path / f"out{suffix}")
    assert (len(sound), rate) == (24000, 48000)
    assert 0.1 < np.abs(sound).max() < 1


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Wanted(Path("x.flac"), depth="float"), "no depth float; it holds 24, 16"),
        (Wanted(Path("x.ogg"), depth="16"), "compressed, and has none"),
        (Wanted(Path("x.opus")), "of 8000, 12000, 16000, 24000, 48000 Hz"),
        (Wanted(Path("x.wav"), place("64")), r"ends after 1.50 s at cycle 1.75, before 64 comes"),
        (Wanted(Path("x.wav"), place("1s"), place("0.5s")), "nothing lies between 1 s and 0.5 s"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_written(whole, tmp_path, monkeypatch, wanted, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SessionError, match=message):
        render_files(whole / "set.py", wanted)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SessionError, match=r"type cycles, as 32, seconds, as 30s, or a bookmark's name"):
        place("-1")


def test_a_depth_needs_a_rate_only_where_formats_do():
    assert written_as("x.wav").subtype == "FLOAT"
    with pytest.raises(AudioError, match="opus file is of"):
        written_as("x.opus", rate=44100)


def test_the_command_says_how_loud_it_is_and_keeps_what_is_there(whole, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["render", str(whole / "set.py"), "--trust", "--stems", "voices", "--from", "1/2", "--to", "3/4"]
    assert cli.main(words) == 0
    assert cli.main(words) == 0
    out, err = capsys.readouterr()
    assert out.count("TP, −") + out.count("TP, -") == 4
    assert "LUFS" in out
    assert "this goes to voices-2" in err
    with pytest.raises(SystemExit):
        cli.main(words[:3])


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("latentcode.offline.files.SoundFile.add", "ended by Ctrl-C: nothing was written"),
        (
            "latentcode.pictures.plotting.rendered",
            "ended by Ctrl-C: written are mix.wav, voices/d1.wav, and no more",
        ),
    ],
)
def test_what_ctrl_c_leaves_is_told(whole, tmp_path, capsys, monkeypatch, at, said):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(at, interrupted)
    words = ["-o", "mix.wav", "--stems", "voices", "--plot", "set.png", "--to", "1/8"]
    assert cli.main(["render", str(whole / "set.py"), "--trust", *words]) == 130
    assert said in capsys.readouterr().err
    assert (tmp_path / "voices").exists() == (tmp_path / "mix.wav").exists() == ("no more" in said)


SENT = """# latentcode session 1
# @ seed 1  rate 44100  buffer 256  bpm 240
# @ 1 0
d1 >> plain("kick*2").note("<50 52>").gain(.5); d2 >> plain("hat*16"); d2.stop()
midi_out("synth", ch=3).note(n("0 7").legato(2)); midi_out("synth").cc(74, "0 1")
# @ 2 44100
bpm(480, over=1)
# @ end 88200
"""


def test_a_midi_file_has_what_was_sent_and_the_notes_of_voices_in_time(tmp_path):
    (tmp_path / "set.py").write_text(SENT)
    assert render_files(tmp_path / "set.py", Wanted(midi=tmp_path / "set.mid")) == []
    file = mido.MidiFile(tmp_path / "set.mid")
    assert file.length == pytest.approx(2.0, abs=1e-4)
    tracks = {track.name: [message for message in track if not message.is_meta] for track in file.tracks}
    assert list(tracks) == ["tempo", "d1", "synth"]
    begun = [(message.note, message.velocity) for message in tracks["d1"] if message.type == "note_on"]
    assert begun == [(50, 51), (50, 51), (52, 51), (52, 51), (50, 51), (50, 51)]
    assert tracks["d1"][2].time + tracks["d1"][1].time == 960
    assert {message.channel for message in tracks["synth"] if message.type == "note_on"} == {2}
    assert [m.value for m in tracks["synth"] if m.type == "control_change"][:3] == [0, 127, 0]
    held = [m.note * (1 if m.type == "note_on" else -1) for m in tracks["synth"] if m.type.startswith("note")]
    assert sum(held) == 0
    render_files(tmp_path / "set.py", Wanted(midi=tmp_path / "part.mid", begin=place("1")))
    assert mido.MidiFile(tmp_path / "part.mid").length == pytest.approx(1.0, abs=1e-4)
    with pytest.raises(SessionError, match=r"ends in \.mid"):
        render_files(tmp_path / "set.py", Wanted(midi=tmp_path / "part.wav"))


def test_a_picture_shows_when_what_was_heard(whole, tmp_path):
    render_files(whole / "set.py", Wanted(plot=tmp_path / "set.png", begin=place("0.25s")))
    assert (tmp_path / "set.png").read_bytes().startswith(b"\x89PNG")
    mix, shown = read(whole / "mix.wav"), Overview(44100, 11025, 66150)
    for first in range(0, 66150, 1000):
        shown.add(first, mix[first : first + 1000])
        shown.add_voices(
            first, np.stack([mix[first : first + 1000], *15 * [np.zeros_like(mix[first : first + 1000])]])
        )
    assert shown.high.max() == mix[11025:].max()
    assert shown.sounding == [0]
    kicks = shown.voices[0].argmax() / len(shown.low) * (66150 - 11025) + 11025
    assert abs(kicks - np.abs(mix[11025:]).max(axis=1).argmax() - 11025) < 100
