from __future__ import annotations

import argparse
import subprocess
import sys

import numpy as np
import pytest
import soundfile
import torch

from latentcode import models
from latentcode.errors import ModelError, SoundError
from latentcode.evaluation import training_command
from latentcode.evaluation.recordings import find
from latentcode.evaluation.tasks import evaluate
from latentcode.models import progress, training
from latentcode.models.dataset import Sounds, Windows, gap_for
from latentcode.models.families.raw.training import losses
from latentcode.models.gathering import gather
from latentcode.models.progress import Progress
from latentcode.models.training import Plan, train
from latentcode.sounds.model import Model

pytestmark = pytest.mark.usefixtures("one_thread")
SMALL = {"window": 64, "latent_dim": 8, "units": 64, "sample_rate": 8000, "hop": 16, "batch": 128}


@pytest.fixture
def folder(tmp_path):
    """Tones in files of several formats, rates and channels, one folder down."""
    inner = tmp_path / "sounds" / "inner"
    inner.mkdir(parents=True)
    for hertz, rate, name in ((200, 8000, "a.wav"), (300, 16000, "b.flac"), (400, 8000, "c.aiff")):
        time = np.arange(rate) / rate
        tone = 0.5 * np.sin(2 * np.pi * hertz * time)
        stereo = np.stack([tone, tone], axis=1)
        soundfile.write(inner / name, stereo if name == "b.flac" else tone, rate)
    return tmp_path / "sounds"


def learnt_db(card, folder):
    """Signal against difference, in dB, of what the model makes of the sounds it has learnt."""
    return evaluate(Model(card.file), find(folder)).summary["reconstruction"]["SNR, dB"]


def test_a_small_model_learns_a_few_tones(folder, tmp_path):
    reports: list[Progress] = []
    card = train(folder, tmp_path / "m.safetensors", epochs=40, report=reports.append, **SMALL)
    assert (card.name, card.sample_rate, card.window, card.latent_dim, card.units, card.hop) == (
        *("m", 8000, 64, 8, 64, 16),
    )
    assert reports[-1].fraction == 1
    assert reports[-1].epoch == pytest.approx(40, abs=1)
    assert learnt_db(card, folder) > 5


def test_the_same_seed_gives_the_same_model(folder, tmp_path):
    files = [tmp_path / name for name in ("a.safetensors", "b.safetensors", "c.safetensors")]
    for file, seed in zip(files, (1, 1, 2), strict=True):
        train(folder, file, epochs=1, seed=seed, **SMALL)
    first, second, third = (models.load(file).network.layers.fc1.weight for file in files)
    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def test_a_collapse_is_undone(folder, tmp_path, monkeypatch):
    descend, steps = training.Run.descend, []

    def wreck_once(run, loss, whole):
        descend(run, loss, whole)
        steps.append(loss.item())
        if len(steps) == 400:
            run.layers.fc22.bias.data += 60

    monkeypatch.setattr(training.Run, "descend", wreck_once)
    card = train(folder, tmp_path / "m.safetensors", epochs=40, **SMALL)
    assert max(steps[400:]) < 2 * steps[399]
    assert learnt_db(card, folder) > 3


def test_ctrl_c_saves_what_there_is(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    seen = []

    def interrupt(report):
        seen.append(report)
        if len(seen) == 3:
            raise KeyboardInterrupt

    card = train(folder, tmp_path / "m.safetensors", epochs=1000, report=interrupt, **SMALL)
    assert len(seen) == 3
    assert models.load(card.file).card == card


def test_the_time_ends_it(folder, tmp_path):
    reports: list[Progress] = []
    train(folder, tmp_path / "m.safetensors", minutes=0.01, report=reports.append, **SMALL)
    assert reports[-1].fraction == 1


def test_what_cannot_be_read_is_named_and_left_out(folder, capsys):
    (folder / "bad.wav").write_bytes(b"no sound")
    (folder / "notes.txt").write_text("not audio")
    sounds, _ = gather(folder, Plan(sample_rate=8000), folder / "none", 10**9)
    assert len(sounds.lengths) == 3
    assert "bad.wav" in capsys.readouterr().err


def test_nothing_to_train_on(tmp_path):
    with pytest.raises(SoundError, match="no sounds in"):
        train(tmp_path, tmp_path / "m.safetensors", epochs=1)
    with pytest.raises(SoundError, match="no folder"):
        train(tmp_path / "none", tmp_path / "m.safetensors", epochs=1)


@pytest.mark.parametrize("wrong", [{"minutes": 0}, {"epochs": -1}, {"window": 0}, {"sample_rate": 3}])
def test_impossible_plans(wrong):
    with pytest.raises(ModelError):
        Plan(**wrong)


def test_windows_are_those_of_the_sounds():
    torch.manual_seed(0)
    sound = torch.linspace(0.5, 1.0, 1000)
    windows = Windows(Sounds.of([sound, -sound], gap_for(32, 8)), window=32, hop=8)
    batch = windows.batch(0, len(windows), seed=0)
    inside = batch[(batch != 0).all(dim=1)]
    assert len(batch) == len(windows) > 240
    assert len(inside) > 200
    ratios = inside[:, 1:] / inside[:, :-1]
    assert ((ratios > 1) & (ratios < 1.01)).all()  # the ramp, whatever its gain and polarity
    assert batch.abs().max() <= 1.0


def test_the_published_loss():
    windows, decoded = torch.zeros(2, 4), torch.full((2, 4), 0.5)
    mean, logvar = torch.full((2, 3), 2.0), torch.zeros(2, 3)
    loss, error = losses(windows, decoded, mean, logvar, kl_beta=0.1)
    assert error.item() == pytest.approx(0.25)
    assert loss.item() == pytest.approx(0.25 + 0.1 * 0.5 * 4)


def test_the_command_line(folder, tmp_path, capsys):
    parser = argparse.ArgumentParser()
    training_command.add_arguments(parser)
    output = str(tmp_path / "m.safetensors")
    line = [str(folder), "-o", output, "--epochs", "1", "--window", "64", "--latent", "4", "--units", "32"]
    assert training_command.run(parser.parse_args([*line, "--family", "rawaudiovae", "--rate", "8000"])) == 0
    said = capsys.readouterr().out
    assert "64 samples, 4 latents, 32 units" in said
    assert f"latentcode --model {output}" in said
    assert " dB between sounds and what it makes of them" in said
    assert models.card_of(output).sample_rate == 8000


def test_something_is_said_before_what_trains_is_imported():
    code = (
        "import sys\nfrom latentcode.cli import main\n"
        "sys.stderr.write = lambda text: sys.exit(int('torch' in sys.modules or 'reading' not in text))\n"
        "main(['train', 'sounds', '-o', 'm.safetensors'])"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_progress_is_short_lines_where_there_is_no_terminal(monkeypatch, capsys):
    monkeypatch.setattr("latentcode.progress.LINE_SECONDS", 0)
    state = Progress(0.5, 1.25, 0.001, "12.3 dB", 4000.0, 65.0)
    with progress.shown() as bar:
        bar.report(state)
        bar.doing("tried on held-out sounds: 3 of 8")
    told, doing = capsys.readouterr().err.splitlines()
    assert told == " 50%  epoch 1.2  loss 0.001000  12.3 dB  4000 frames/s  0:01:05 left"
    assert doing == " 50%  tried on held-out sounds: 3 of 8"
