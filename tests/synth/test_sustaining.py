"""Drones and long notes go on in the loops of their sounds, without holes; what is struck or plucked does not."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
import soundfile

import latentcode as lc
from latentcode.latents.path import Path
from latentcode.latents.sustain import find_loop
from latentcode.offline.session import render_session
from latentcode.patterns.digest import digest
from latentcode.prompt.options import Options
from latentcode.prompt.replay import as_it_was
from latentcode.session.journal import Session
from latentcode.sounds import rings
from latentcode.sounds.live import LiveStore
from latentcode.sounds.model import default_model
from latentcode.sounds.store import NotEncodedError

RATE, WINDOW = 44100, 1024
SESSION = """# latentcode session 1
# @ seed 1  rate 44100  buffer 256
# @ 1 0
d1 >> path("cello")
# @ 1 d1 084732 0
# @ end 176400
"""


def levels(audio: np.ndarray) -> np.ndarray:
    """Of each tenth of a second, in dB."""
    size = RATE // 10
    parts = audio[: len(audio) // size * size].reshape(-1, size)
    return 10 * np.log10(np.square(parts, dtype=np.float64).mean(axis=1) + 1e-12)


def mono(pattern, seconds, **options):
    return lc.render(pattern, seconds=seconds, **options)[:, 0]


def held(seconds=3.0):
    """A tone of 220 Hz with three partials that swells, holds and ends."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 220 * k * time) / k for k in (1, 2, 3))
    shape = np.interp(time, [0, 0.3, seconds - 0.4, seconds], [0, 1, 1, 0])
    return (0.2 * tone * shape).astype(np.float32)


@pytest.mark.parametrize("name", ["cello", "choir", "organ"])
def test_a_drone_has_no_holes(name):
    assert np.ptp(levels(mono(lc.path(name), 5))[5:-2]) < 3
    assert np.ptp(levels(mono(lc.path(name, loop=None), 5))[5:-2]) > 20


def test_a_long_note_goes_on_at_its_level_and_begins_as_it_was_recorded():
    note, plainly = (
        mono(pattern.slow(3), 6) for pattern in (lc.s("cello"), lc.s(lc.path("cello", loop=None)))
    )
    assert np.ptp(levels(note)[5:-2]) < 4
    assert np.array_equal(note[: RATE // 4], plainly[: RATE // 4])


def test_a_mix_goes_on_too_and_each_source_in_a_loop_of_its_own():
    mixed = lc.meso(lc.path("cello"), lc.path("violin"), 0.5)
    assert np.ptp(levels(mono(mixed, 6))[5:-2]) < 6


@pytest.mark.parametrize("name", ["piano", "kick", "guitar", "bells"])
def test_what_is_struck_or_plucked_has_none(name):
    assert not rings.loops(lc.path(name))
    assert np.array_equal(mono(lc.path(name), 3), mono(lc.path(name, loop=None), 3))


@pytest.mark.parametrize("made", ["freeze(.3)", "begin(.5)", "reverse()", "speed(-1)", "scrub(.5)", "fit()"])
def test_portions_and_places_are_of_the_whole_sound(made):
    ours, whole = (
        eval(f"path.{made}", {"path": path}) for path in (lc.path("cello"), lc.path("cello", loop=None))
    )
    assert np.array_equal(mono(ours, 1), mono(whole, 1))


def test_the_published_algorithm_stays():
    ours, whole = (mono(lc.path("cello", loop=loop), 1, synthesis="concat") for loop in ("own", None))
    assert np.array_equal(ours, whole)


def test_a_loop_is_found_in_a_file_when_asked(tmp_path):
    soundfile.write(tmp_path / "x.wav", held(), RATE)
    file = str(tmp_path / "x.wav")
    assert np.ptp(levels(mono(lc.path(file), 6))[5:-2]) > 10
    assert np.ptp(levels(mono(lc.path(file, loop="sustain"), 6))[5:-2]) < 2


def test_another_word_for_the_loop_says_what_there_is():
    with pytest.raises(lc.LatentError, match=r'"sustain".*not \'forever\'.*loop="sustain"'):
        lc.path("cello", loop="forever")
    with pytest.raises(lc.LatentError, match=r'not \'sustain\'.*loop="sustain"'):
        lc.path("cello", "sustain")


def test_a_loop_keeps_phase_and_level():
    loop = find_loop(held(), WINDOW, RATE)
    assert loop is not None
    assert len(loop.samples) % WINDOW == 0
    assert loop.start % WINDOW == 0
    assert len(loop.samples) >= RATE / 2
    twice = np.tile(loop.samples, 2)
    seam = twice[len(loop.samples) - 500 : len(loop.samples) + 500]
    assert np.abs(np.diff(seam, 2)).max() < 1.1 * np.abs(np.diff(loop.samples, 2)).max()
    spectrum = np.abs(np.fft.rfft(np.tile(loop.samples, 8) * np.hanning(8 * len(loop.samples))))
    assert abs(1200 * np.log2(spectrum.argmax() * RATE / (8 * len(loop.samples)) / 220)) < 5


@pytest.mark.parametrize(
    "sound", [np.zeros(0), np.zeros(90000), np.full(90000, np.nan), np.exp(-np.arange(90000) / 3000)]
)
def test_what_holds_no_level_has_no_loop(sound):
    with np.errstate(all="ignore"):
        assert find_loop(sound.astype(np.float32), WINDOW, RATE) is None


def test_paths_are_called_as_before_and_differ_by_their_loop():
    path = Path("cello:2", "abc", "x.ogg")
    assert digest(path) == "3d917f685d138724e2180ead4666de5d"
    assert path != replace(path, loop=None)
    assert digest(path) != digest(replace(path, loop=None))
    assert pickle.loads(pickle.dumps(replace(path, loop="sustain"))).loop == "sustain"


def test_a_session_of_before_has_none(tmp_path):
    (tmp_path / "old.py").write_text(SESSION)
    (tmp_path / "new.py").write_text(SESSION.replace("seed 1", "seed 1  loops 1"))
    old, new = (rendered(tmp_path / name) for name in ("old.py", "new.py"))
    assert np.ptp(levels(old)[5:-2]) > 20 > 4 > np.ptp(levels(new)[5:-2])


def rendered(session):
    render_session(session, out := session.with_suffix(".wav"), notice=lambda text: pytest.fail(text))
    return soundfile.read(out, dtype="float32")[0][:, 0]


def test_what_is_kept_of_a_loop_is_what_was_found(tmp_path, monkeypatch):
    monkeypatch.setattr(rings.cache, "place", lambda: tmp_path)
    card, path = default_model().card, lc.path("cello")
    found = default_model().store.ring(path)
    rings.save("one", found, card.window)
    rings.save("none", None, card.window)
    (kept,) = rings.load("one", path, card.window)
    assert kept.start == found.start
    assert kept.path == found.path
    assert np.array_equal(kept.path.samples, found.path.samples)
    assert rings.load("none", path, card.window) == (None,)
    (tmp_path / "bad.npy").write_bytes(b"\x93NUMPY damaged")
    assert rings.load("bad", path, card.window) is None
    assert rings.load("gone", path, card.window) is None


def test_a_session_is_played_with_loops_only_where_it_had_them():
    for header, words in (({}, ["--loops", "0"]), ({"loops": "1"}, ["--loops", "1"])):
        arguments = as_it_was(Session(header), Options()).arguments()
        assert arguments[(at := arguments.index("--loops")) : at + 2] == words
    assert "--loops" not in Options().arguments()  # the engine decides: a new set has them


def test_what_is_looked_up_before_it_is_found_is_found_once_for_a_trial(tmp_path, monkeypatch):
    monkeypatch.setattr(rings.cache, "place", lambda: tmp_path)
    store, path = LiveStore(default_model().card, None), lc.path("cello")
    gatherer = store.gatherer()
    assert gatherer.ring(path) is None
    assert gatherer.read()
    assert gatherer.ring(path).path == default_model().store.ring(path).path
    assert not gatherer.read()
    another = LiveStore(default_model().card, None)
    assert another.ring(path).path == gatherer.ring(path).path  # kept, for the next set
    monkeypatch.setattr(LiveStore, "seek", lambda self, path: None)
    with pytest.raises(NotEncodedError, match="loop of violin"):
        another.ring(lc.path("violin"))


def test_a_loop_is_encoded_by_the_model_that_plays_it(tmp_path, monkeypatch):
    """Two models of one window and rate share what was found, and nothing that was encoded."""
    monkeypatch.setattr(rings.cache, "place", lambda: tmp_path)
    store, path = LiveStore(default_model().card, None), lc.path("cello")
    monkeypatch.setattr(store.models, "card", lambda by: default_model().card)
    store.seek(path)
    found = [store.looked_up(each)[0].path for each in (path, replace(path, by="mine"), path)]
    assert [each.by for each in found] == [None, "mine", None]
    assert len({each.sound for each in found}) == 1


@pytest.mark.parametrize(("words", "swells"), [("levels 1", False), ("", True)])
def test_a_circle_is_as_loud_as_its_centre(tmp_path, words, swells):
    text = SESSION.replace("256", f"256  default spectral  {words}".rstrip()).replace("176400", "30000")
    text = text.replace('path("cello")', 'orbit(path("cello").freeze(.3), 1, rate=4)')
    (tmp_path / "set.py").write_text(text)
    render_session(tmp_path / "set.py", tmp_path / "set.wav")
    heard = levels(soundfile.read(tmp_path / "set.wav")[0][2048:, 0])
    assert (np.ptp(heard) > 6) == swells


@pytest.mark.parametrize(
    ("words", "line", "hole"),
    [
        ("seams 1", "", False),
        ("", "", True),
        ("seams 1  places 1", ".loop_at(1/4)", False),
        ("seams 1", ".loop_at(1/4)", True),
    ],
)
def test_what_is_heard_whole_has_no_hole_where_it_comes_round(tmp_path, words, line, hole):
    sound = np.random.default_rng(0).normal(0, 0.1, 20_100).astype(np.float32)
    soundfile.write(tmp_path / "hiss.wav", sound, RATE)
    text = SESSION.replace("256", f"256  default spectral  {words}".rstrip()).replace("cello", "hiss.wav")
    text = text.replace('.wav")', f'.wav"){line}')
    (tmp_path / "set.py").write_text(text.replace("176400", "60000"))
    render_session(tmp_path / "set.py", tmp_path / "set.wav")
    heard = soundfile.read(tmp_path / "set.wav")[0][1024:, 0]
    power = np.convolve(np.square(heard, dtype=np.float64), np.ones(600), "valid")
    assert (power.min() < 0.4 * np.median(power)) == hole
