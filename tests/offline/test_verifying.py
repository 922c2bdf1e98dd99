"""Whether a session made a recording."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from latentcode.cli import verify
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


@pytest.mark.parametrize(
    ("gain", "kind", "louder"),
    [(1.45, "FLOAT", 3.2), (0.3, "PCM_16", -10.5), (5.0, "PCM_24", 14.0), (-1.0, "PCM_16", 0.0)],
)
def test_another_level_is_recognised_clipped_and_upside_down_too(tmp_path, made, gain, kind, louder):
    part = np.clip(np.float32(gain) * made[60_000:160_000], -1, 1)
    soundfile.write(tmp_path / "a.wav", part, RATE, subtype=kind)
    found = verified(tmp_path / "set.py", tmp_path / "a.wav")
    assert (found.equal, found.first, found.gain < 0) == (True, 60_000, gain < 0)
    assert found.louder == pytest.approx(louder, abs=0.1)


def test_where_one_at_another_level_differs_is_told(tmp_path, made):
    other = 0.5 * made[60_000:190_000]
    other[40_000:60_000] = 0
    soundfile.write(tmp_path / "a.wav", other, RATE, subtype="FLOAT")
    found = verified(tmp_path / "set.py", tmp_path / "a.wav")
    assert found.louder == pytest.approx(-6.02, abs=0.01)
    assert (len(found.spans), found.alike) == (1, False)
    assert found.spans[0] == pytest.approx((100_000, 119_999), abs=20)


def test_a_take_that_was_cut_at_its_beginning_is_found(tmp_path, made):
    (tmp_path / "set.py").write_text(SESSION + "# @ recording 20000 100000 take.wav\n")
    soundfile.write(tmp_path / "take.wav", made[40_000:120_000], RATE, subtype="FLOAT")
    found = verified(tmp_path / "set.py", tmp_path / "take.wav")
    assert (found.equal, found.first, found.frames) == (True, 40_000, 80_000)


@pytest.mark.parametrize("way", ["noise", "offset", "smoothed"])
def test_one_that_was_converted_is_told_from_another(tmp_path, made, way):
    other = 1.4 * made[101_000:160_000]  # of the bar that is louder
    noise = np.random.default_rng(5).normal(0, 0.01, other.shape)
    other = {
        "noise": other + noise,
        "offset": other + 0.02,
        "smoothed": 0.9 * other + 0.1 * np.roll(other, 1, axis=0),
    }[way]
    soundfile.write(tmp_path / "a.wav", other, RATE, subtype="FLOAT")
    found = verified(tmp_path / "set.py", tmp_path / "a.wav")
    assert (found.equal, found.alike, found.first % 50_000) == (False, True, 1000)


def test_a_level_and_what_was_converted_are_said(tmp_path, made, monkeypatch, capsys):
    monkeypatch.setattr(verify, "may_run", lambda args: None)

    def said(sound):
        soundfile.write(tmp_path / "a.wav", sound, RATE, subtype="FLOAT")
        code = verify.run(SimpleNamespace(session=str(tmp_path / "set.py"), recording=tmp_path / "a.wav"))
        return code, capsys.readouterr().out

    part = made[30_000:160_000]
    code, told = said(2 * part)
    assert code == 1
    assert (
        "from 0:00.6 (cycle 0.34) to 0:03.6 (cycle 1.81), 6.0 dB louder: that is its only difference" in told
    )
    code, told = said(part + np.float32(0.01))
    assert code == 1
    assert "and not to the sample: nearly all of it differs, by -2" in told
    assert said(part) == (
        0,
        f"{tmp_path}/a.wav is what {tmp_path}/set.py sounds like from 0:00.6 (cycle 0.34) to 0:03.6 "
        "(cycle 1.81), to the sample\n",
    )
