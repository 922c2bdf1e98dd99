"""`latentcode doctor`: what was found, what is missing, and what to type for it.

Whatever may crash or print is tried in a child process.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentcode.files import texts

SECONDS = 30.0  # for a probe in a child process
OLDEST_PYTHON = (3, 10)

OK, MISSING, NOTE = "ok", "missing", "note"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it stands, and what to type when something is missing.

    `needed`: latentcode does not work without it.
    """

    what: str
    state: str
    text: str
    cure: str = ""
    needed: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(args: argparse.Namespace) -> int:
    """Print what was found; 1 when something that is needed is missing."""
    return report(print)


def report(out: Callable[[str], None]) -> int:
    """Say what was found; 1 when something that is needed is missing."""
    findings: list[Finding] = []
    for probe in PROBES:
        for finding in probe():
            out(shown(finding))
            findings.append(finding)
    bad = [finding for finding in findings if finding.state == MISSING and finding.needed]
    out(f"\nneeded and missing: {', '.join(f.what for f in bad)}" if bad else "\nlatentcode can play")
    return 1 if bad else 0


def shown(finding: Finding) -> str:
    """A finding as a line, with a second one for the cure."""
    line = f"{finding.state:<8}{finding.what:<16}{texts.shown(finding.text)}"
    return f"{line}\n{'':24}→ {texts.shown(finding.cure)}" if finding.cure else line


def python() -> Iterable[Finding]:
    """The interpreter."""
    version = platform.python_version()
    text = f"{version} on {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST_PYTHON:
        yield Finding("Python", MISSING, text, "install Python 3.10 or newer", needed=True)
    else:
        yield Finding("Python", OK, text)


def packages() -> Iterable[Finding]:
    """The libraries that latentcode is built on."""
    names = ("numpy", "torch", "pyo", "soundfile", "soxr", "safetensors", "lark", "cloudpickle", "ptpython")
    absent = [name for name in names if importlib.util.find_spec(name) is None]
    if absent:
        yield Finding("packages", MISSING, " ".join(absent), f"pip install {' '.join(absent)}", needed=True)
    else:
        yield Finding("packages", OK, f"{len(names)} found")


def torch() -> Iterable[Finding]:
    """torch and its graphics processor."""
    found = probed(_TORCH)
    if found is None:
        yield Finding(
            "torch", MISSING, "cannot be imported", "pip install --force-reinstall torch", needed=True
        )
        return
    gpu = found["gpu"] or "no GPU; the processor decodes, which is enough for a set"
    yield Finding("torch", OK, f"{found['version']}, {found['threads']} threads")
    yield Finding("GPU", OK if found["gpu"] else NOTE, gpu)


def sound_server() -> Iterable[Finding]:
    """JACK and PortAudio, as pyo sees them."""
    found = probed(_PYO)
    if found is None:
        yield Finding(
            "pyo",
            MISSING,
            "cannot be imported, or crashed",
            _PYO_CURE.get(sys.platform, "pip install pyo"),
            True,
        )
        return
    jack, devices = probed(_JACK), probed(_PORTAUDIO) or []
    yield Finding("pyo", OK, found["version"])
    if jack:
        yield Finding("JACK", OK, f"answers: {jack['rate']:.0f} Hz, {jack['buffer']} samples")
    else:
        there = shutil.which("jackd") or shutil.which("pw-jack")
        text = "no server answers" if there else "not installed"
        yield Finding("JACK", NOTE, text, (_JACK_START if there else _JACK_CURE).get(sys.platform, ""))
    if devices:
        yield Finding("audio devices", OK, "; ".join(devices))
    else:
        yield Finding(
            "audio devices", NOTE, "PortAudio finds none", "" if jack else _DEVICE_CURE.get(sys.platform, "")
        )
    if not jack and not devices:
        yield Finding("sound", NOTE, "nothing to play on: sets run silently, and can be rendered")


def midi() -> Iterable[Finding]:
    """MIDI inputs, on the first interface that works, and outputs."""
    from latentcode.midi_osc.packages import installed

    there = installed()
    if "rtmidi" not in there:
        yield Finding("python-rtmidi", NOTE, _NO_RTMIDI[bool(there)], _RTMIDI_CURE.get(sys.platform, _RTMIDI))
    if not there:
        return
    found = probed(_MIDI)
    if not found:
        yield Finding(
            "MIDI",
            NOTE,
            "no MIDI system answers; sets play without controllers",
            _MIDI_CURE.get(sys.platform, ""),
        )
        return
    heard, (inputs, _) = next(iter(found.items()))
    if inputs:
        yield Finding(
            "MIDI inputs", OK, f"{heard}: {', '.join(inputs)}; midi_in() shows what a set listens to"
        )
    else:
        text = f"{heard} answers and has none; what is plugged in while you play is found"
        yield Finding(
            "MIDI inputs", NOTE, text, 'for another program to send to: midi_in("name", virtual=True)'
        )
    outputs = [f"{name}: {', '.join(ports)}" for name, (_, ports) in found.items() if ports]
    yield Finding("MIDI outputs", OK if outputs else NOTE, "; ".join(outputs) or "none")


def model() -> Iterable[Finding]:
    """The built-in model."""
    from latentcode.errors import ModelError
    from latentcode.models import card_of

    try:
        card = card_of("default")
    except ModelError as error:
        yield Finding("model", MISSING, str(error), _AGAIN, needed=True)
        return
    sizes = f"{card.latent_dim} latents, windows of {card.window} samples at {card.sample_rate} Hz"
    yield Finding("model", OK, f"{card.name}: {sizes}")


def sounds() -> Iterable[Finding]:
    """The built-in sounds."""
    from latentcode.errors import SoundError
    from latentcode.sounds import library as built_in

    try:
        names = built_in.names()
    except SoundError as error:
        yield Finding("sounds", MISSING, str(error), _AGAIN, needed=True)
        return
    state = Finding("sounds", OK, f"{len(names)}: {', '.join(names)}")
    yield state if names else Finding("sounds", MISSING, "there are none", _AGAIN, needed=True)


def folders() -> Iterable[Finding]:
    """The folders that latentcode writes to: a file is written, or a socket opened,
    as a set does.
    """
    from latentcode.files import places

    for kind, (what, _) in places.KINDS.items():
        place = places.find(kind)
        cure = f"export {places.VARIABLES[kind]}=FOLDER, one of your own that can be written to, with a short path"
        state = MISSING if not place.usable else NOTE if place.remark else OK
        text = place.remark or f"{place.folder}: {what}"
        yield Finding(f"{kind} folder", state, text, "" if state == OK else cure)
    yield temporary()


def temporary() -> Finding:
    """The folder for temporary files, in which engine and player share their sound."""
    from latentcode.files import places

    try:
        folder = tempfile.gettempdir()
    except OSError as error:
        return Finding("temporary files", MISSING, error.strerror or str(error), "export TMPDIR=FOLDER", True)
    trouble = places.writable(Path(folder))
    if trouble:
        return Finding("temporary files", MISSING, f"{folder}: {trouble}", "export TMPDIR=FOLDER", True)
    return Finding("temporary files", OK, folder)


PROBES: tuple[Callable[[], Iterable[Finding]], ...] = (
    python,
    packages,
    torch,
    sound_server,
    midi,
    model,
    sounds,
    folders,
)


def probed(code: str, seconds: float = SECONDS) -> Any:
    """What `code` leaves in `result` when it runs in a child process; None when it fails,
    crashes or hangs.
    """
    answer = "sys.stdout.write('\\n@@' + json.dumps(result))\nsys.stdout.flush()\nos._exit(0)\n"
    program = f"import json, os, sys\n{code}\n{answer}"
    quiet = {**os.environ, "PYO_GUI_WX": "0", "JACK_NO_START_SERVER": "1", "JACK_NO_AUDIO_RESERVATION": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", program],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            env=quiet,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    _, mark, found = done.stdout.decode(errors="replace").rpartition("\n@@")
    try:
        return json.loads(found) if mark else None
    except ValueError:
        return None


_TORCH = """
import torch
gpu = torch.cuda.get_device_name(0) if torch.cuda.is_available() else None
result = {"version": torch.__version__, "threads": torch.get_num_threads(), "gpu": gpu}
"""
_PYO = """
import pyo
result = {"version": ".".join(map(str, pyo.getVersion()))}
"""
_JACK = """
import pyo
server = pyo.Server(audio="jack", nchnls=2, duplex=0, jackname="latentcode-doctor", verbosity=0)
server.deactivateMidi()
server.boot()
result = None
if server.getIsBooted():
    result = {"rate": server.getSamplingRate(), "buffer": server.getBufferSize()}
"""
_PORTAUDIO = """
import pyo
names, indexes = pyo.pa_get_output_devices()
result = list(names)
"""
_MIDI = """
from latentcode.midi_osc.packages import interfaces, ours
result = {}
for found in interfaces():
    ports = found.inputs(), found.outputs()
    result[found.name] = [[port for port in some if not ours(port)] for some in ports]
"""

_AGAIN = "pip install --force-reinstall latentcode"
_PYO_CURE = {
    "linux": "sudo apt install libportaudio2 libportmidi0 libjack-jackd2-0; pip install pyo",
    "darwin": "brew install portaudio portmidi; pip install pyo",
}
_JACK_START = {
    "linux": "jackd -d alsa, or without a sound card jackd --no-realtime -d dummy",
    "darwin": "not needed on macOS; jackd -d coreaudio",
}
_JACK_CURE = {
    "linux": "sudo apt install pipewire-jack (with PipeWire), or jackd2",
    "darwin": "not needed on macOS; brew install jack if you want it",
}
_DEVICE_CURE = {
    "linux": "sudo apt install libasound2-plugins, or start JACK: jackd -d alsa",
    "darwin": "look into System Settings, Sound",
    "win32": "look into Settings, Sound",
}
_RTMIDI = "pip install python-rtmidi, which needs a compiler where this Python has no wheel of it"
_RTMIDI_CURE = {
    "linux": "sudo apt install build-essential pkg-config python3-dev libasound2-dev libjack-jackd2-dev "
    "(Fedora: gcc-c++ pkgconf python3-devel alsa-lib-devel jack-audio-connection-kit-devel); "
    "pip install python-rtmidi",
    "darwin": "xcode-select --install; pip install python-rtmidi",
}
_NO_RTMIDI = {  # whether JACK-Client is there
    True: "not installed: MIDI comes through JACK or PipeWire alone, which is enough where one of them runs",
    False: "not installed, nor is JACK-Client (pip install JACK-Client): there is no MIDI",
}
_MIDI_CURE = {"linux": "sudo modprobe snd-seq, or start JACK"}
