from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from latentcode import models
from latentcode.errors import ModelError
from latentcode.models.families.raw.codec import save


@pytest.fixture
def saved(network, tmp_path):
    save(network, tmp_path / "small.safetensors")
    return tmp_path / "small.safetensors"


def test_what_is_saved_is_loaded(network, latents, saved):
    loaded = models.load(saved)
    assert (loaded.card.window, loaded.card.latent_dim, loaded.card.units) == (64, 8, 48)
    assert (loaded.card.sample_rate, loaded.card.hop, loaded.card.note("snr_db")) == (22050, 32, "3.0")
    assert np.abs(loaded.network.decode(latents) - network.decode(latents)).max() < 2e-3
    assert [file.name for file in saved.parent.iterdir()] == [saved.name]


def test_the_card_is_read_without_torch(saved):
    code = f"import sys; from latentcode import models; models.card_of({str(saved)!r}); "
    code += "print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert models.card_of(saved) == models.load(saved).card


def test_the_digest_follows_the_content(network, saved, tmp_path):
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(saved.read_bytes())
    assert models.card_of(copy).digest == models.card_of(saved).digest
    network.layers.fc4.bias += 1
    assert save(network, copy).digest != models.card_of(saved).digest


def test_a_sampling_rate_can_be_given(saved):
    assert models.load(saved, sample_rate=48000).card.sample_rate == 48000
    with pytest.raises(ModelError, match="5 Hz"):
        models.load(saved, sample_rate=5)


def test_weights_that_are_not_finite_are_not_saved(network, tmp_path):
    network.layers.fc3.weight[0, 0] = float("nan")
    with pytest.raises(ModelError, match="finite"):
        save(network, tmp_path / "bad.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_missing_empty_and_folders(tmp_path):
    with pytest.raises(ModelError, match="no model at"):
        models.load(tmp_path / "none.safetensors")
    with pytest.raises(ModelError, match="folder"):
        models.load(tmp_path)
    (tmp_path / "empty").touch()
    with pytest.raises(ModelError, match="empty"):
        models.card_of(tmp_path / "empty")


@pytest.mark.parametrize("keep", [1, 8, 9, 100, 2000, -1])
def test_a_truncated_file_is_refused(saved, keep):
    saved.write_bytes(saved.read_bytes()[:keep])
    for read in (models.load, models.card_of):
        with pytest.raises(ModelError) as caught:
            read(saved)
        assert "\n" not in str(caught.value)


def with_header(saved, change):
    """The file with its header changed by `change(header)`."""
    data = saved.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    saved.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])


@pytest.mark.parametrize(
    "change",
    [
        lambda header: header["fc3.weight"].update(shape=[48, 9]),
        lambda header: header["fc3.weight"].update(shape=[1 << 40, 1 << 40]),
        lambda header: header["fc3.weight"].update(data_offsets=[0, 1 << 60]),
        lambda header: header["fc3.weight"].update(data_offsets=[-8, 760]),
        lambda header: header["fc3.weight"].update(dtype="I64"),
        lambda header: header.update({"fc3.weight": "mine"}),
        lambda header: header.pop("fc22.bias"),
        lambda header: header["__metadata__"].update(sample_rate="fast"),
        lambda header: header["__metadata__"].update(sample_rate="0"),
        lambda header: header["__metadata__"].update(family="other"),
        lambda header: header["__metadata__"].update(notes="[1]"),
        lambda header: header.pop("__metadata__"),
    ],
)
def test_a_header_that_lies_is_refused(saved, change):
    with_header(saved, change)
    for read in (models.card_of, models.load):
        with pytest.raises(ModelError):
            read(saved)


def test_a_header_that_claims_to_be_huge_is_refused(saved):
    saved.write_bytes((1 << 62).to_bytes(8, "little") + saved.read_bytes()[8:])
    with pytest.raises(ModelError, match="cut off"):
        models.card_of(saved)


def test_a_failed_write_leaves_the_old_file(network, saved, monkeypatch):
    before = saved.read_bytes()

    def full(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ModelError, match="No space left"):
        save(network, saved)
    assert saved.read_bytes() == before
    assert [file.name for file in saved.parent.iterdir()] == [saved.name]
