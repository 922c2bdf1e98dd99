"""Another program at the sound server: plays into inputs, and records outputs, in step to the sample."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

PROGRAM = """
import sys, threading, time
import numpy as np, jack
sound = np.load(sys.argv[1])
client = jack.Client("outside", servername=sys.argv[4], no_start_server=True)
out, back = client.outports.register("out"), client.inports.register("back")
heard, place, done = [], 0, threading.Event()

@client.set_process_callback
def process(frames):
    global place
    part = sound[place : place + frames]
    found = np.zeros(frames, np.float32)
    found[: len(part)] = part
    out.get_array()[:] = found
    heard.append(back.get_array().copy())
    place += frames
    if place >= len(sound):
        done.set()

with client:
    for port in client.get_ports(sys.argv[2], is_audio=True, is_input=True):
        client.connect(out, port)
    client.connect(sys.argv[3], back)
    time.sleep(0.3)  # connections take effect a little later
    place, heard = 0, []
    done.wait()
np.save(sys.argv[1], np.concatenate(heard)[: len(sound)])
"""

EAR = """
import sys
import numpy as np, jack
client = jack.Client("ear", servername=sys.argv[1], no_start_server=True)
back, heard = client.inports.register("back"), []

@client.set_process_callback
def process(frames):
    heard.append(back.get_array().copy())

with client:
    client.connect(sys.argv[2], back)
    print("ready", flush=True)
    sys.stdin.readline()
np.save(sys.argv[3], np.concatenate(heard))
"""


@contextmanager
def heard_from(jack, port: str, folder: Path) -> Iterator[Callable[[], np.ndarray]]:
    """What comes from a port meanwhile, whatever the size of the buffers: to be had afterwards."""
    file = folder / "ear.npy"
    words = [sys.executable, "-c", EAR, jack.name, port, os.fspath(file)]
    with subprocess.Popen(
        words, env=jack.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout.readline() == "ready\n"
        yield lambda: np.load(file)
        program.stdin.close()


def played_into(jack, sound: np.ndarray, folder: Path, into: str = "latentcode.*:input_1") -> np.ndarray:
    """What the set gives on its first output while `sound` (n,) is played into its first input."""
    file = folder / "outside.npy"
    subprocess.run(_words(jack, sound, file, into), env=jack.environment, check=True, timeout=120)
    return np.load(file)


@contextmanager
def playing_into(jack, sound: np.ndarray, folder: Path) -> Iterator[None]:
    """`sound` (n,) goes on into the set's first input meanwhile, as long as there is any of it."""
    words = _words(jack, sound, folder / "playing.npy", "latentcode.*:input_1")
    with subprocess.Popen(words, env=jack.environment) as program:
        try:
            yield
        finally:
            program.kill()


def _words(jack, sound: np.ndarray, file: Path, into: str) -> list[str]:
    np.save(file, sound.astype(np.float32))
    listing = [line for line in jack.ports().split() if ":output_1" in line and "latentcode" in line]
    return [sys.executable, "-c", PROGRAM, os.fspath(file), into, listing[-1], jack.name]
