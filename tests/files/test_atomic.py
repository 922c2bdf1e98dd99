from __future__ import annotations

import os
import signal
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

import latentcode as lc
from latentcode.engine.takes import Takes
from latentcode.errors import ControlError, ModelError
from latentcode.files import atomic
from latentcode.inputs.mapping import Binding, Written, write_mapping
from latentcode.models.families.raw.codec import save
from latentcode.models.family import load
from latentcode.player.recorder import Recorder
from latentcode.sounds import cache

resource = pytest.importorskip("resource")


@contextmanager
def full_disk(size: int):
    """No file of this process can grow beyond `size` bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    told = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, told)


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path):
    file = tmp_path / "a.toml"
    atomic.write(file, b"one")
    with full_disk(4), pytest.raises(OSError, match="too large"):
        atomic.write(file, b"a longer text")
    with suppress(ZeroDivisionError), atomic.replacing(file) as part:
        part.write_bytes(b"two")
        raise ZeroDivisionError
    assert file.read_bytes() == b"one"
    assert names(tmp_path) == ["a.toml"]


def test_what_must_not_be_replaced_stays(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name, said in (("pipe", "device"), ("folder", "folder")):
        with pytest.raises(OSError, match=said):
            atomic.write(tmp_path / name, b"x")
    with pytest.raises(OSError, match="device"):
        atomic.write("/dev/null", b"x")
    assert names(tmp_path) == ["folder", "pipe"]


def test_links_permissions_and_long_names_are_kept(tmp_path):
    real, link, long = tmp_path / "real", tmp_path / "link", tmp_path / ("ö" * 120 + ".toml")
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    atomic.write(link, b"new")
    atomic.write(long, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == long.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o640
    atomic.write(tmp_path / "own", b"", mode=0o600)
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_process_has_left_is_cleared(tmp_path):
    left, ours, other = (
        tmp_path / f".{name}.part"
        for name in ("a.999999999-0", f"a.{os.getpid()}-999999999", "b.999999999-0")
    )
    for file in (left, ours, other):
        file.touch()
    atomic.write(tmp_path / "a", b"x")
    assert names(tmp_path) == sorted(["a", ours.name, other.name])


def test_the_next_free_number(tmp_path):
    assert atomic.unused(tmp_path / "t.wav") == tmp_path / "t.wav"
    (tmp_path / "t.wav").touch()
    (tmp_path / "t-2.wav").symlink_to("nowhere")
    assert atomic.unused(tmp_path / "t.wav") == tmp_path / "t-3.wav"


def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path, model_file):
    network = load(model_file).network
    (tmp_path / "rig.toml").write_text("# my rig, the small one\n")
    with full_disk(30):
        with pytest.raises(ModelError, match="File too large"):
            save(network, tmp_path / "m.safetensors")
        with pytest.raises(ControlError, match="File too large"):
            write_mapping(tmp_path / "rig.toml", Written({"gain": Binding("cc:7@*/*")}))
        with pytest.raises(OSError, match="too large"):
            cache.save("key", (np.zeros((99, 8), np.float32), None))
    assert names(tmp_path) == ["rig.toml"]
    assert (tmp_path / "rig.toml").read_text() == "# my rig, the small one\n"
    assert cache.load("key") is None


def test_a_picture_on_a_full_disk(tmp_path):
    from latentcode.pictures import plotting as pictures

    figure, _ = pictures._figure([1.0], "a")
    with full_disk(100), pytest.raises(lc.LatentcodeError, match="File too large"):
        pictures._saved(figure, tmp_path / "p.png")
    assert names(tmp_path) == []
    pictures._saved(figure, tmp_path / "p.png")
    assert names(tmp_path) == ["p.png"]


def test_a_recording_that_fills_the_disk_holds_what_was_heard(tmp_path):
    import soundfile

    reports = []
    with full_disk(58 + 8 * 250):
        recorder = Recorder(str(tmp_path / "t.wav"), 100, lambda *report: reports.append(report))
        for first in range(0, 500, 100):
            recorder.sink(first, np.full((100, 2), first, np.float32))
        recorder.stop(5.0)
        recorder.sink(500, np.zeros((100, 2), np.float32))
        assert recorder._blocks.empty() or recorder._blocks.qsize() < 4
    assert [report[0] for report in reports] == ["recording", "error", "recorded"]
    assert reports[-1][2:] == (0, 200)
    heard, _ = soundfile.read(tmp_path / "t.wav", always_2d=True)
    assert len(heard) == 200
    assert heard[-1, 0] == 100


def test_a_take_is_never_recorded_over(tmp_path):
    sent, told = [], []
    takes = Takes(lambda file, *more: sent.append(file), told.append)
    first, second = str(tmp_path / "t.wav"), str(tmp_path / "t-2.wav")
    takes.record(first)
    takes.record(first)
    assert sent == [first]
    takes.record(None)
    takes.record(first)
    takes.record(second)
    takes.record(first)
    assert sent == [first, None, second]
    assert "t-2.wav" in told[1]
    takes.ended(second)
    takes.record(first)
    assert sent[-1] == str(tmp_path / "t-3.wav")
    takes.record(str(tmp_path / "nowhere" / "t.wav"))
    assert "No such file" in told[-1]
    assert len(sent) == 4


def test_the_end_of_a_recording_that_is_none_is_told(tmp_path):
    sent, told = [], []
    takes = Takes(lambda file, *more: sent.append(file), told.append)
    takes.record(None)
    takes.record(str(tmp_path / "t.wav"))
    takes.record(None)
    assert len(told) == 1
    takes.record(None)
    assert told[-1] == told[0] == 'nothing is being recorded; record("set.wav") begins a recording'


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_names_that_no_file_can_have_are_refused_by_all_that_writes(tmp_path, name):
    told = []
    Takes(lambda file, *more: pytest.fail(file), told.append).record(str(tmp_path / f"{name}.wav"))
    assert "no file can have such a name" in told[0]
    with pytest.raises(ControlError, match="no file can have such a name"):
        write_mapping(tmp_path / f"{name}.toml", Written({"x": Binding("cc:1")}))
    with pytest.raises(OSError, match="no file can have such a name"):
        atomic.write(tmp_path / name, b"")
    assert not list(tmp_path.iterdir())
