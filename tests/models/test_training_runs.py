"""What a training leaves while it goes on, which model it keeps, sounds on the disk, several processes."""

from __future__ import annotations

import atexit
import json
import os
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from latentcode import models
from latentcode.errors import ModelError
from latentcode.evaluation.training_page import TrainingPage
from latentcode.models import processes, training
from latentcode.models.dataset import Sounds, Store, Windows, gap_for
from latentcode.models.gathering import gather
from latentcode.models.held_out import BY, HeldOut, reconstructed
from latentcode.models.recipe import planned
from latentcode.models.run_folder import HELD_OUT, LOSSES
from latentcode.models.training import Plan, train

pytestmark = pytest.mark.usefixtures("one_thread")
SMALL = {"window": 64, "latent_dim": 8, "units": 64, "sample_rate": 8000, "hop": 16, "batch": 128}


@pytest.fixture
def folder(tmp_path):
    """Forty short tones."""
    (tmp_path / "sounds").mkdir()
    for number in range(40):
        tone = 0.5 * np.sin(np.arange(1600) * (0.1 + 0.01 * number))
        soundfile.write(tmp_path / "sounds" / f"{number:02d}.wav", tone, 8000)
    return tmp_path / "sounds"


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_training_leaves_what_it_has_come_to(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    pytest.importorskip("matplotlib")
    page, first = TrainingPage("mine"), []

    def watch(run, checkpoint):
        page(run, checkpoint)
        if not first:  # as of a checkpoint that was made before there was matplotlib
            first.extend((run.path / "pictures").iterdir())
            first[0].unlink()

    train(folder, tmp_path / "m.safetensors", epochs=0.08, every=1e-6, watch=watch, **SMALL)
    run = tmp_path / "m.run"
    losses, held_out = rows(run / LOSSES), rows(run / HELD_OUT)
    assert [row["step"] for row in losses] == list(range(1, len(losses) + 1))
    assert all(np.isfinite(row["loss"]) for row in losses)
    assert len(held_out) > 1
    assert held_out[-1]["step"] == losses[-1]["step"]
    assert np.isfinite(held_out[-1][BY])
    assert models.card_of(run / "newest.safetensors").window == 64
    html = (run / "index.html").read_text()
    assert html.count("data:audio/flac;base64,") == html.count("data:image/png;base64,") >= 8
    assert 'src="http' not in html  # nothing but itself
    assert "of the held-out sounds" in html


def test_only_a_better_model_takes_the_place_of_another(folder, tmp_path, capsys):
    output = tmp_path / "m.safetensors"
    train(folder, output, epochs=2, **SMALL)
    before = output.read_bytes()
    card = train(folder, output, epochs=0.1, force=True, **SMALL)
    assert output.read_bytes() == before
    assert card.digest == models.card_of(output).digest
    assert "stays as it is" in capsys.readouterr().err
    assert (tmp_path / "m-2.run" / "newest.safetensors").read_bytes() != before
    train(folder, output, epochs=4, force=True, **SMALL)
    assert output.read_bytes() != before


def test_rows_of_what_was_broken_off_are_forgotten(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    seen = []

    def stop(progress):
        seen.append(progress)
        if len(seen) == 5:
            raise KeyboardInterrupt

    train(folder, tmp_path / "m.safetensors", epochs=1, report=stop, **SMALL)
    losses = tmp_path / "m.run" / LOSSES
    with losses.open("a") as file:
        file.write('{"step": 9, "loss": 7.0}\n{"step": 10, "lo')  # of a process that was killed
    train(folder, tmp_path / "m.safetensors", resume=True)
    steps = [row["step"] for row in rows(losses)]
    assert steps == list(range(1, len(steps) + 1))
    assert 7.0 not in [row["loss"] for row in rows(losses)]


def test_what_is_left_is_within_the_time_that_was_asked_for(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    left: list[float] = []
    train(
        folder,
        tmp_path / "m.safetensors",
        minutes=0.01,
        report=lambda state: left.append(state.seconds_left),
        **SMALL,
    )
    assert left
    assert max(left) <= 0.6


def test_some_files_are_held_out_and_the_same_ones_again(folder, tmp_path):
    plan = Plan(sample_rate=8000, seed=3)
    sounds, held_out = gather(folder, plan, tmp_path / "none", 10**9)
    assert len(sounds.lengths) == 36
    assert not held_out.learnt
    assert [name for name, _ in held_out.sounds] == [
        name for name, _ in gather(folder, plan, tmp_path, 10**9)[1].sounds
    ]
    assert len(gather(folder, Plan(sample_rate=8000, held_out=0.0), tmp_path, 10**9)[0].lengths) == 40


def test_of_a_long_recording_a_stretch_is_held_out(tmp_path):
    (tmp_path / "sounds").mkdir()
    ramp = np.linspace(0.1, 0.9, 50 * 8000)
    soundfile.write(tmp_path / "sounds" / "rain.wav", ramp, 8000, subtype="FLOAT")
    sounds, held_out = gather(tmp_path / "sounds", Plan(sample_rate=8000), tmp_path / "none", 10**9)
    ((name, stretch),) = held_out.sounds
    learnt = np.concatenate([sounds.sound(0), sounds.sound(1)])
    assert (name, len(stretch), len(learnt)) == ("rain.wav", 4 * 8000, 46 * 8000)
    assert np.intersect1d(stretch, learnt).size == 0


def test_sounds_on_the_disk_are_those_in_memory(folder, tmp_path):
    plan = planned("spectral", sample_rate=8000, window=256, hop=64, latent_dim=32)
    kept, held = gather(folder, plan, tmp_path / "s.f32", 10**9)
    mapped, again = gather(folder, plan, tmp_path / "s.f32", 10**5)  # beyond 100 kB
    assert (kept.file, mapped.file) == (None, tmp_path / "s.f32")
    assert torch.equal(kept.samples, mapped.samples)
    assert torch.equal(kept.begins, mapped.begins)
    batches = [Windows(one, 64, 16).batch(3, 50, seed=1) for one in (kept, mapped)]
    assert torch.equal(*batches)
    assert [name for name, _ in held.sounds] == [name for name, _ in again.sounds]


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="a system that tells of memory so")
def test_training_from_the_disk_takes_no_more_memory(tmp_path):
    gap, sound = gap_for(1024, 128), np.random.default_rng(0).standard_normal(1 << 20).astype(np.float32)
    store = Store(gap, tmp_path / "s.f32", most=1 << 22)
    for _ in range(24):  # 96 MiB
        store.add(sound)
    windows = Windows(store.sounds(), 1024, 128)
    windows.batch(0, 1024, 0)
    before = resident()
    for step in range(1, 40):
        windows.batch(step, 1024, 0)
        windows.sounds.release()
    assert resident() - before < 24 << 20


def resident() -> int:
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) << 10


@pytest.mark.parametrize("name", ["raw", "spectral"])
def test_a_model_is_heard_as_it_plays(name):
    """Latents of a real model: what is measured is the sound, not a shifted or doubled one."""
    time = np.arange(11025) / 44100
    tone = (0.4 * np.sin(2 * np.pi * 440 * time) * np.exp(-3 * time)).astype(np.float32)
    codec = models.load(name)
    copy = reconstructed(codec, tone)
    assert copy.shape == tone.shape
    assert 0.7 < np.sqrt(np.mean(copy**2) / np.mean(tone**2)) < 1.4
    assert HeldOut((("a", tone),), 44100).tried(models.card_of(name).file).score < 12


def test_what_is_missing_is_told(folder, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "lightning_fabric", None)
    with pytest.raises(ModelError, match=r"pip install .latentcode\[train\]"):
        train(folder, tmp_path / "m.safetensors", epochs=1, devices=2, **SMALL)
    with pytest.raises(ModelError, match="0 devices"):
        train(folder, tmp_path / "m.safetensors", epochs=1, devices=0, **SMALL)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letters.txt").write_text("mine")
    with pytest.raises(ModelError, match="not empty"):
        train(folder, tmp_path / "m.safetensors", epochs=1, run=tmp_path / "full", **SMALL)


def test_two_processes_learn_what_one_does(folder, tmp_path, monkeypatch):
    """The same batches, shared; one process began, and two go on."""

    def end_early(progress):
        if progress.fraction > 0.3:
            raise KeyboardInterrupt

    monkeypatch.setattr(training, "REPORT_SECONDS", 0.0)
    pytest.importorskip("lightning_fabric", reason=processes.NEEDED)
    train(folder, tmp_path / "one.safetensors", epochs=2, **SMALL)
    output, heard = tmp_path / "two.safetensors", []
    train(folder, output, epochs=2, report=end_early, **SMALL)
    card = train(folder, output, resume=True, devices=2, report=heard.append)
    one, two = (rows(tmp_path / f"{name}.run" / HELD_OUT)[-1] for name in ("one", "two"))
    assert two["step"] == one["step"]
    assert two[BY] == pytest.approx(one[BY], rel=0.05)
    assert two["SNR, dB"] == pytest.approx(one["SNR, dB"], abs=1)
    assert heard[-1].fraction == 1
    assert models.load(card.file).card == card
    assert not list(tmp_path.glob("two.run/sounds*"))


def tells_at_its_end(file, crew, tell):
    """A member of a crew that writes, as the last it does, whether Gloo's threads are still there."""
    atexit.register(lambda: Path(f"{file}.{crew.rank}").write_text(str(torch.distributed.is_initialized())))
    return int(crew.summed(torch.ones(1)))


def test_processes_end_without_threads_that_could_abort_them(tmp_path):
    """Threads that hold tensors while Python goes abort their process: once in some hundred runs."""
    pytest.importorskip("lightning_fabric", reason=processes.NEEDED)
    assert processes.together(2, "cpu", partial(tells_at_its_end, tmp_path / "end"), print) == 2
    assert [file.read_text() for file in sorted(tmp_path.glob("end.*"))] == ["False", "False"]


def test_shares_are_the_batch():
    batch = torch.arange(7.0)
    crews = [processes.Alone(), processes.Alone()]
    for rank, crew in enumerate(crews):
        crew.rank, crew.count = rank, 2
    parts = [processes.share(batch, crew) for crew in crews]
    assert torch.equal(torch.cat(parts).sort().values, batch)
    assert all(len(processes.share(batch[:1], crew)) == 1 for crew in crews)


def test_sounds_are_apart_by_silence():
    sounds = Sounds.of([torch.ones(10), torch.ones(5)], gap=4)
    assert sounds.samples.tolist() == [0.0] * 4 + [1.0] * 10 + [0.0] * 4 + [1.0] * 5 + [0.0] * 4
    assert (sounds.begins.tolist(), sounds.lengths.tolist()) == ([4, 18], [10, 5])
