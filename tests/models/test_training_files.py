"""Where a training writes to, what ends it, and what it leaves out."""

from __future__ import annotations

import os
import signal
import sys

import numpy as np
import pytest
import soundfile
import torch

import latentcode as lc
from latentcode import cli, models
from latentcode.errors import ModelError, SoundWarning
from latentcode.models import files, target, training
from latentcode.models.card import Card
from latentcode.models.families.raw import codec
from latentcode.models.families.raw.network import Layers
from latentcode.models.progress import Shown
from latentcode.models.training import Plan, train

SMALL = {"window": 64, "latent_dim": 8, "units": 64, "sample_rate": 8000, "hop": 16, "batch": 128}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sounds").mkdir()
    tone = (0.5 * np.sin(np.arange(8000) / 6)).astype(np.float32)
    soundfile.write(tmp_path / "sounds" / "tone.wav", tone, 8000, subtype="FLOAT")
    return tmp_path / "sounds"


@pytest.mark.parametrize(
    ("name", "said"), [("m.pt", "safetensors"), ("m", "safetensors"), ("a.safetensors", "folder")]
)
def test_the_output_is_tried_before_anything_is_read(tmp_path, name, said):
    (tmp_path / "a.safetensors").mkdir()
    with pytest.raises(ModelError, match=said):
        train(tmp_path / "no sounds", tmp_path / name, **SMALL)


def test_a_device_is_never_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "m.safetensors").symlink_to("pipe")
    with pytest.raises(ModelError, match="device"):
        train(tmp_path, tmp_path / "m.safetensors", force=True, **SMALL)
    assert (tmp_path / "pipe").is_fifo()


def test_a_model_that_is_there_is_kept(folder, tmp_path, capsys):
    output = tmp_path / "m.safetensors"
    train(folder, output, epochs=1, **SMALL)
    before = output.read_bytes()
    card = train(folder, output, epochs=2, **SMALL)
    assert card.file == str(tmp_path / "m-2.safetensors")
    assert output.read_bytes() == before
    assert " dB): this model goes to " in capsys.readouterr().err
    train(folder, output, epochs=2, force=True, **SMALL)
    assert output.read_bytes() != before
    assert "only a better model takes its place" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="names of files that are no text")
def test_a_model_is_written_where_names_are_no_utf8(folder, tmp_path):
    card = train(folder, os.fsdecode(os.fsencode(tmp_path) + b"/m\xe9.safetensors"), epochs=1, **SMALL)
    assert models.card_of(card.file).name == "m\\udce9"


def test_a_seed_beyond_64_bits_is_refused(folder, tmp_path):
    with pytest.raises(ModelError, match="seed is 1000000"):
        train(folder, tmp_path / "m.safetensors", seed=10**30, **SMALL)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_what_ends_the_process_saves_and_the_status_says_so(folder, tmp_path, monkeypatch, request, name):
    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    number = getattr(signal, name)
    former = signal.signal(
        number, before := signal.default_int_handler
    )  # ignored where tests run in the background
    request.addfinalizer(lambda: signal.signal(number, former))
    monkeypatch.setattr(Shown, "report", lambda shown, progress: os.kill(os.getpid(), number))
    small = "--family rawaudiovae --window 64 --latent 8 --units 64 --rate 8000 --epochs 1000"
    words = ["train", folder, "-o", tmp_path / "m.safetensors", *small.split()]
    assert cli.main([str(word) for word in words]) == 128 + number
    assert models.load(tmp_path / "m.safetensors").card.window == 64
    assert signal.getsignal(number) == before


def test_a_save_that_fails_does_not_end_the_training(folder, tmp_path, monkeypatch, capsys):
    """What a model and its state are written with says it in ways of its own: so the system says no."""
    resource = pytest.importorskip("resource")
    bounds, told = resource.getrlimit(resource.RLIMIT_FSIZE), []

    def report(progress):
        told.append(progress)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000 if len(told) < 20 else bounds[0], bounds[1]))

    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    monkeypatch.setattr(training, "SAVE_SECONDS", 0.01)
    try:
        train(folder, tmp_path / "m.safetensors", epochs=20, every=1e-3, report=report, **SMALL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, bounds)
    assert (tmp_path / "m.safetensors").exists()
    told = capsys.readouterr().err
    assert "newest.safetensors: File too large; the training goes on" in told
    assert "m.training cannot be written: " in told


def test_what_was_learnt_is_not_lost_with_its_disk(folder, tmp_path, monkeypatch):
    write = files.atomic.write

    def full(path, content):
        if path.parent != tmp_path / "elsewhere":
            raise OSError(28, "No space left on device")
        write(path, content)

    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(target.tempfile, "tempdir", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(files.atomic, "write", full)
    with pytest.raises(ModelError, match=r"No space left.*elsewhere.m\.safetensors instead"):
        train(folder, tmp_path / "m.safetensors", epochs=1, **SMALL)
    assert models.load(tmp_path / "elsewhere" / "m.safetensors")


def test_wild_sounds_do_not_ruin_a_training(folder, tmp_path, capsys):
    clean = train(folder, tmp_path / "clean.safetensors", epochs=10, **SMALL)
    tone = (0.5 * np.sin(np.arange(8000) / 7)).astype(np.float32)
    wild, none = tone.copy(), tone.copy()
    wild[50], none[50] = 1e29, np.nan
    for name, samples in (("wild", wild), ("nan", none), ("whole", tone * 32768), ("hot", tone * 14)):
        soundfile.write(folder / f"{name}.wav", samples, 8000, subtype="FLOAT")
    with pytest.warns(SoundWarning):
        card = train(folder, tmp_path / "wild.safetensors", epochs=10, **SMALL)
    assert "nan.wav" in capsys.readouterr().err
    assert float(card.note("trained_snr_db")) > float(clean.note("trained_snr_db")) - 3


def test_a_batch_without_numbers_is_skipped_and_counted(folder, tmp_path, monkeypatch, capsys):
    step, count = training.Run.step, []

    def poisoned(run, batch, fraction):
        count.append(1)
        return step(run, batch * float("nan") if len(count) % 3 == 0 else batch, fraction)

    monkeypatch.setattr(training.Run, "step", poisoned)
    card = train(folder, tmp_path / "m.safetensors", epochs=3, **SMALL)
    assert np.isfinite(float(card.note("trained_snr_db")))
    assert f"{len(count) // 3} batches gave no numbers" in capsys.readouterr().err


def test_a_model_without_a_score_is_no_model(folder, tmp_path, monkeypatch):
    step = training.Run.step
    monkeypatch.setattr(training.Run, "step", lambda run, batch, part: step(run, batch * float("nan"), part))
    with pytest.raises(ModelError, match="nothing was learnt"):
        train(folder, tmp_path / "m.safetensors", epochs=1, **SMALL)
    assert not (tmp_path / "m.safetensors").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"window": 997}, "multiple of 4"),
        ({"units": 10**6, "window": 10**5}, "memory"),
        ({"units": -1}, "units is -1"),
    ],
)
def test_networks_that_cannot_be(wrong, said):
    with pytest.raises(ModelError, match=said):
        Plan(**wrong)


def test_an_odd_window_gets_a_hop(tmp_path):
    torch.manual_seed(0)
    weights = dict(Layers(63, 32, 4).state_dict())
    card = Card("odd", "", "rawaudiovae", 44100, 63, 4, 32, 16)
    codec.save(codec.from_weights(card, weights), tmp_path / "odd.safetensors")
    sound = lc.render(lc.s("cello*2"), seconds=0.2, model=lc.load_model(tmp_path / "odd.safetensors"))
    assert np.abs(sound).max() > 0
