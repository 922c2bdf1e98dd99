"""Families of other packages: they are found, and what they give is looked at."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import latentcode as lc
from latentcode.errors import LatentcodeError, ModelError
from latentcode.models import family, given
from latentcode.models.card import Card
from latentcode.sounds.model import Model

FAMILY = '''
"""Quarters: 64 samples as four means, heard end to end."""
import numpy as np
from latentcode.frames import cut
from latentcode.models.card import Card, file_digest
from latentcode.models.family import Stateless, register


class Quarters:
    name, kind = "quarters", "spectral"

    def recognises(self, path):
        return path.is_file() and path.read_bytes() == b"quarters"

    def card(self, path, sample_rate=None):
        digest = file_digest(path)
        return Card(path.stem, digest, self.name, 8000, 64, 4, 0, 64, (), str(path), self.kind, (64,))

    def load(self, card):
        return QuartersCodec(card)


class QuartersCodec(Stateless):
    def __init__(self, card):
        self.card = card

    def encode(self, samples, hop, report=None):
        rows = cut(samples, 64, hop).reshape(-1, 4, 16).mean(axis=2)
        return np.resize(rows, (self.card.frames(len(samples), hop), 4)), None

    def decoder(self, device="auto", hop=None):
        return self

    def decode(self, latents):
        return np.repeat(latents, 16, axis=1)


family = register(Quarters())
'''


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A file of a family that another package brings."""
    (tmp_path / "quarters.py").write_text(FAMILY)
    about = tmp_path / "quarters-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: quarters\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[latentcode.families]\nquarters = quarters\nbroken = nowhere\n")
    (tmp_path / "mine.quarters").write_text("quarters")
    monkeypatch.syspath_prepend(tmp_path)
    family.families.cache_clear()
    with pytest.warns(UserWarning, match="the family broken is left out"):
        family.families()
    yield tmp_path / "mine.quarters"
    family.FAMILIES.pop("quarters", None)
    sys.modules.pop("quarters", None)
    family.families.cache_clear()


def test_a_family_of_another_package_is_played(model):
    mixed = lc.stack(lc.path("cello", model=str(model)), lc.s("kick*8").model("raw"))
    assert np.abs(lc.render(mixed, seconds=0.3)).max() > 0.01
    told = subprocess.run(
        [sys.executable, "-m", "latentcode", "info", str(model)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(model.parent)},
    )
    assert "(quarters)" in told.stdout


@pytest.mark.parametrize(
    ("method", "gives", "said"),
    [
        ("decode", lambda rows: rows[:, :5], r"step gave \(\d+, 5\); it should be \(\d+, 64\) for"),
        ("step", lambda rows: rows[:0], "step gave 0 arrays; it should be a list of 1, one for each job"),
        ("encode", lambda found: (found[0].T, None), r"encode gave \(4, \d+\); it should be mean \(\d+, 4\)"),
        ("encode", lambda found: None, "encode gave NoneType"),
    ],
)
def test_what_does_not_fit_is_told(model, monkeypatch, method, gives, said):
    loaded = Model(str(model))
    right = getattr(loaded.codec, method)
    monkeypatch.setattr(loaded.codec, method, lambda *args: gives(right(*args)))
    with pytest.raises(LatentcodeError, match=said):
        lc.render(lc.path(np.sin(np.arange(3000)).astype(np.float32)), model=loaded, seconds=0.2)


def test_what_is_no_number_silences_its_own_voice(model, monkeypatch):
    loaded = Model(str(model))
    monkeypatch.setattr(loaded.codec, "decode", lambda rows: np.full((len(rows), 64), np.nan, np.float32))
    both = lc.stack(lc.path("cello", model=loaded), lc.path("kick", model="raw"))
    assert np.abs(lc.render(both, seconds=0.2, sample_rate=8000)).max() > 0.01


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "x"}, {"hops": ()}, {"hops": (0,)}, {"window": 0}, {"latent_dim": -1}, {"sample_rate": 0}],
)
def test_a_card_that_cannot_be_played_is_refused(wrong):
    card = Card("m", "", "spectral", 44100, 64, 4, 0, 16, kind="spectral", hops=(16,))
    assert given.sound_card(card) is card
    with pytest.raises(ModelError):
        given.sound_card(replace(card, **wrong))
