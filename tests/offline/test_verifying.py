"""Whether a session made a recording."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from latentcode.errors import SessionError
from latentcode.offline import verifying
from latentcode.offline.verifying import verified
from latentcode.player.mixer import Mixer

RATE = 44100
SESSION = "# latentcode session 1\n# @ seed 7  rate 44100\n# @ 1 0 0\nx = 1\n# @ end 200000\n"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """What a session renders to, without a model: the same bar again and again, ever louder."""
    (tmp_path / "set.py").write_text(SESSION)
    bar = np.random.default_rng(3).uniform(-0.2, 0.2, (50_000, 2)).astype(np.float32)
    sound = np.concatenate([bar, bar, 1.5 * bar, bar])
    blocks = [sound[begin : begin + 512] for begin in range(0, len(sound), 512)]

    def rendered(session, asked, report, notice, taps):
        rows = np.zeros((32, 512), np.float32)
        for number, block in enumerate(blocks):
            rows[4:6, : len(block)] = 0.5 * block.T  # the third voice has half of it
            heard = SimpleNamespace(
                headroom=np.float32(1), block=rows, to_faders=lambda: (rows, np.float32(1))
            )
            for tap in taps:
                tap(512 * number, heard, Mixer())
            yield block

    monkeypatch.setattr(verifying, "_rendered", rendered)
    return sound


@pytest.mark.parametrize(("name", "kind"), [("a.wav", "FLOAT"), ("a.flac", "PCM_24"), ("a.wav", "PCM_16")])
def test_a_part_is_found_and_equal(tmp_path, made, name, kind):
    soundfile.write(tmp_path / name, made[30_000:160_000], RATE, subtype=kind)
    found = verified(tmp_path / "set.py", tmp_path / name)
    assert (found.equal, found.first, found.frames, found.beyond) == (True, 30_000, 130_000, 0)


def test_where_it_differs_is_told(tmp_path, made):
    other = made[30_000:160_000].copy()
    other[1000:2000] *= 0.9
    other[100_000] += 0.001
    soundfile.write(tmp_path / "a.wav", other, RATE, subtype="FLOAT")
    found = verified(tmp_path / "set.py", tmp_path / "a.wav")
    assert not found.equal
    assert found.spans == ((31_000, 31_999), (130_000, 130_000))


def test_a_take_is_held_against_the_place_that_the_session_has_noted(tmp_path, made):
    noted = SESSION + "# @ recording 40000 1000 /elsewhere/take.wav\n"
    (tmp_path / "set.py").write_text(noted)
    soundfile.write(tmp_path / "take.wav", made[90_000:91_000], RATE, subtype="FLOAT")
    assert verified(tmp_path / "set.py", tmp_path / "take.wav").first == 40_000


@pytest.mark.parametrize(("name", "first"), [("take-d3.wav", 40_000), ("d3.wav", 90_000)])
def test_a_stem_is_held_against_its_voice(tmp_path, made, name, first):
    noted = SESSION + "# @ recording 40000 1000 /elsewhere/take.wav\n"
    (tmp_path / "set.py").write_text(noted)
    sides = np.array(Mixer().sides(2, 0), np.float32)
    soundfile.write(tmp_path / name, (0.5 * made[first:])[: 200_000 - first] * sides, RATE, subtype="FLOAT")
    found = verified(tmp_path / "set.py", tmp_path / name)
    assert (found.equal, found.first, found.voice) == (True, first, 2)


def test_what_cannot_be_compared(tmp_path, made):
    noise = np.random.default_rng(4).uniform(-0.2, 0.2, (60_000, 2)).astype(np.float32)
    soundfile.write(tmp_path / "other.wav", noise, RATE)
    soundfile.write(tmp_path / "silent.wav", 0 * noise, RATE)
    soundfile.write(tmp_path / "mono.wav", noise[:, 0], RATE)
    soundfile.write(tmp_path / "rate.wav", noise, 48000)
    soundfile.write(tmp_path / "lossy.ogg", noise, RATE)
    for name, why in (
        ("other.wav", "made by another"),
        ("silent.wav", "is silent"),
        ("rate.wav", "48000 Hz"),
        ("lossy.ogg", "compressed"),
        ("none.wav", "there is no file"),
        ("mono.wav", "one channel"),
    ):
        with pytest.raises(SessionError, match=why):
            verified(tmp_path / "set.py", tmp_path / name)
