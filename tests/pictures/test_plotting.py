"""Drawings as pictures in files."""

from __future__ import annotations

import builtins

import numpy as np
import pytest

import latentcode as lc
from latentcode.errors import LatentcodeError
from latentcode.pictures import plotting as pictures
from latentcode.pictures.scope import MonitoredSound

MAGIC = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


def test_without_matplotlib_the_command_is_named(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(LatentcodeError, match=r"pip install 'latentcode\[pictures\]'"):
        lc.draw("cello", to=tmp_path / "cello.png")


@pytest.mark.parametrize("suffix", MAGIC)
def test_a_timeline_is_written(tmp_path, suffix):
    pytest.importorskip("matplotlib", reason="pip install 'latentcode[pictures]'")
    file = tmp_path / f"pattern{suffix}"
    lc.draw(lc.stack(lc.s("cello(3,8)").gain(lc.saw), lc.perlin), to=str(file))
    assert file.read_bytes().startswith(MAGIC[suffix])


def test_latents_maps_and_scopes_are_written(tmp_path, model):
    pytest.importorskip("matplotlib", reason="pip install 'latentcode[pictures]'")
    a = model.encode(np.sin(np.arange(4000) / 9).astype(np.float32))
    lc.draw(a, to=tmp_path / "a.png")
    lc.latent_map(a, a.scale(2), to=tmp_path / "b.png")
    sound = np.sin(np.arange(20000) / 9).astype(np.float32)
    pictures.oscilloscope(MonitoredSound(np.stack([sound, sound], 1), 44100), tmp_path / "c.png")
    pictures.oscilloscope(MonitoredSound(np.zeros((0, 2), np.float32), 44100), tmp_path / "d.png")
    lc.draw(lc.silence, to=tmp_path / "e.png")
    assert len(list(tmp_path.glob("*.png"))) == 5
