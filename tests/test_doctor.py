from __future__ import annotations

import pytest

from latentcode import doctor
from latentcode.doctor import MISSING, NOTE, OK, Finding
from latentcode.midi_osc import packages


def lines(monkeypatch, *findings):
    said: list[str] = []
    monkeypatch.setattr(doctor, "PROBES", (lambda: findings,))
    return doctor.report(said.append), "\n".join(said)


def test_nothing_missing_is_0(monkeypatch):
    status, text = lines(monkeypatch, Finding("Python", OK, "3.11"), Finding("GPU", NOTE, "none"))
    assert status == 0
    assert "latentcode can play" in text


def test_something_needed_that_is_missing_is_1_and_says_what_to_type(monkeypatch):
    found = Finding("torch", MISSING, "cannot be imported", "pip install torch", needed=True)
    status, text = lines(monkeypatch, found)
    assert status == 1
    assert "→ pip install torch" in text
    assert "needed and missing: torch" in text


def test_what_is_missing_but_not_needed_is_0(monkeypatch):
    assert lines(monkeypatch, Finding("MIDI", MISSING, "none", "modprobe"))[0] == 0


@pytest.mark.parametrize(
    "code", ["raise ValueError", "os.abort()", "sys.exit()", "x = 1", "import time; time.sleep(9)"]
)
def test_a_probe_may_fail_crash_or_hang(code):
    assert doctor.probed(code, seconds=1.0) is None


def test_a_probe_may_print():
    assert doctor.probed("print('noise'); os.system('echo more'); result = [1, 'two']") == [1, "two"]


def test_a_missing_sound_server_is_a_plain_line(monkeypatch):
    monkeypatch.setattr(doctor, "probed", lambda code: {"version": "1"} if code is doctor._PYO else None)
    found = {finding.what: finding for finding in doctor.sound_server()}
    assert found["JACK"].state == NOTE
    assert found["JACK"].cure
    assert not any(finding.needed for finding in found.values())


@pytest.fixture
def rtmidi(monkeypatch):
    """A Python that python-rtmidi is installed for."""
    monkeypatch.setattr(packages, "installed", lambda: ["rtmidi"])


def test_without_midi_there_is_a_plain_line(monkeypatch, rtmidi):
    monkeypatch.setattr(doctor, "probed", lambda code: {})
    (found,) = doctor.midi()
    assert found.state == NOTE
    assert "sets play without controllers" in found.text


def test_midi_inputs_are_named_with_what_to_type(monkeypatch, rtmidi):
    monkeypatch.setattr(doctor, "probed", lambda code: {"ALSA": [["nano"], ["synth"]], "JACK": [[], []]})
    inputs, outputs = doctor.midi()
    assert (inputs.state, outputs.state) == (OK, OK)
    assert "ALSA: nano; midi_in()" in inputs.text
    monkeypatch.setattr(doctor, "probed", lambda code: {"JACK": [[], []]})
    inputs, outputs = doctor.midi()
    assert (inputs.state, outputs.text) == (NOTE, "none")
    assert "virtual=True" in inputs.cure


@pytest.mark.parametrize("there", [["jack"], []])
def test_without_rtmidi_it_is_said_what_it_needs_and_what_is_left(monkeypatch, there):
    monkeypatch.setattr(packages, "installed", lambda: there)
    monkeypatch.setattr(doctor, "probed", lambda code: {"JACK": [["nano"], []]})
    rtmidi, *rest = doctor.midi()
    assert "pip install python-rtmidi" in rtmidi.cure
    assert ("JACK or PipeWire" if there else "there is no MIDI") in rtmidi.text
    assert [found.what for found in rest] == (["MIDI inputs", "MIDI outputs"] if there else [])


def test_the_ground_is_found():
    found = [f for probe in (doctor.python, doctor.packages, doctor.model, doctor.sounds) for f in probe()]
    assert [f.state for f in found] == [OK] * 4


def test_folders_that_cannot_be_used_say_what_to_type(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("x" * 150)))
    found = {finding.what: finding for finding in doctor.folders()}
    assert found["data folder"].state == found["runtime folder"].state == NOTE
    assert "export XDG_DATA_HOME=" in found["data folder"].cure
    assert "they are in" in found["runtime folder"].text
    assert found["cache folder"].state == found["temporary files"].state == OK
