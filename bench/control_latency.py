"""From a control change to what is heard: through the latents, and the short way.

    python -m bench.control_latency [--full]

A JACK client moves a fader (a MIDI control change, at a known frame) and listens to what the player sends to the
loudspeakers, on the same frame counter. The fader lets a voice go from silence to a held sound: through the
latents (`meso(sound, silence, 1 - cc(20))`), or as the voice's fader (`d1.gain(cc(21))`). What counts is the
first sample above a tenth of what is held then. The peer is arithmetic: nn~ with its usual buffer of 2048
samples at 48 kHz, which it plays one buffer late from a thread: 42.7 ms to fill, 42.7 ms to be played.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from bench.common import MODELS, VOICES, run, show
from bench.rig import BUFFER, RATE, Musician, child, home, jack, musician, play_sixteen
from latentcode.arrays import Float32, Float64
from latentcode.protocol.wire import Child

NN = 2 * 2048 / 48000 * 1000  # ms
HEARD = 0.1  # of the sound that is held
AROUND = (0.05, 0.1)  # seconds before and after a move in which JACK must not have left out the hand
HELD = (0.15, 0.28)  # seconds after a move in which it is
SETTINGS: tuple[tuple[str, int, float, dict[str, int]], ...] = (
    ("default", BUFFER, 26.0, {}),
    ("short lead", BUFFER, 14.0, {}),
    ("low latency", 128, 14.0, {"low_latency": 1}),
    ("low latency, short lead", 128, 10.0, {"low_latency": 1}),
)
GOALS = {"default": 45.0, "low latency": 30.0}  # ms, in the median
ROUNDS = 5
LATENTS, FADER = 20, 21
LINES = (
    'held, quiet = path("organ").freeze(.5), path(np.zeros(44100, np.float32))',
    f"d1 >> meso(held, quiet, 1 - cc({LATENTS})); d1.gain(1)",
)
SHORT = ("d1 >> held", f"d1.gain(cc({FADER}))")


def measure(full: bool) -> None:
    """Print the latencies of all settings."""
    times = 100 if full else 20
    for model in MODELS:
        for name, buffer, lead, more in SETTINGS:
            for voices in (1, 16):
                what = f"{model}, {name} ({buffer}, {lead:g} ms, {voices} voices)"
                with (
                    home(),
                    jack(buffer) as server,
                    hand(server) as ear,
                    musician(server, lead=lead, model=model, **more) as desk,
                ):
                    one(ear, desk, what, buffer, voices, times, GOALS.get(name))


def one(
    ear: Child, desk: Musician, what: str, buffer: int, voices: int, times: int, goal: float | None
) -> None:
    """Print the latencies of one setting."""
    prepare(desk, voices)
    ear.wire.send(("listen",))
    ear.wire.receive()
    first = desk.state()
    rounds = []
    for turn in range(ROUNDS):  # where its windows begin in a block is chance; each time it is another
        desk.run("d1.restart()")
        time.sleep(2.5)
        rounds.append(latencies(ear, LATENTS, times // ROUNDS, turn))
    late = np.concatenate(rounds)
    report(f"{what}, latents", late, NN, goal)
    for line in SHORT:
        desk.run(line)
    time.sleep(2.5)
    late = latencies(ear, FADER, times, ROUNDS)
    two = 1000 * 2 * buffer / RATE
    report(f"{what}, fader", late, two, two)
    print(f"    {desk.state()['dry'] - first['dry']} dry buffers", flush=True)


def prepare(desk: Musician, voices: int) -> None:
    """Let the voice sound that the fader moves, and others beside it that are not heard."""
    desk.run("import numpy as np")
    desk.run('midi_in("hand")')
    if voices > 1:
        play_sixteen(desk, VOICES)
        desk.run("; ".join(f"d{voice}.gain(0)" for voice in range(2, 17)))
    for line in LINES:
        if not desk.run(line):
            raise RuntimeError(f"{line}: {desk.said()}")
    time.sleep(4.0)


def latencies(ear: Child, key: int, times: int, seed: int) -> Float64:
    """Milliseconds from each move up to the first sample that is heard."""
    ear.wire.send(("play", key, times, seed))
    ((first, ups, lost, data),) = ear.wire.receive()
    return found(np.frombuffer(data, np.float32), np.array(ups) - first, np.array(lost) - first)


def found(heard: Float32, ups: Float64, lost: Float64) -> Float64:
    """The same in what was heard; a move after which nothing is heard is infinitely late.

    Where JACK has left out the hand itself meanwhile it is not known (NaN).
    """
    late = []
    for up in ups:
        if np.any((lost > up - AROUND[0] * RATE) & (lost < up + AROUND[1] * RATE)):
            late.append(np.nan)
            continue
        held = np.abs(heard[up + int(HELD[0] * RATE) : up + int(HELD[1] * RATE)]).max()
        before = np.abs(heard[up - RATE // 100 : up]).max()
        above = np.flatnonzero(np.abs(heard[up : up + int(HELD[1] * RATE)]) > HEARD * held)
        sounds = held > 0.02 and before < HEARD * held and len(above) > 0
        late.append(1000 * above[0] / RATE if sounds else np.inf)
    return np.array(late)


def report(what: str, late: Float64, peer: float, goal: float | None) -> None:
    """Print median and p99, and their ratio to the peer."""
    unknown, late = np.isnan(late).sum(), late[~np.isnan(late)]
    heard = late[np.isfinite(late)]
    if not len(heard):
        print(f"  {what}: nothing was heard", flush=True)
        return
    median, high = np.median(heard), np.percentile(heard, 99)
    text = f"{what}: median {median:.1f} ms, p99 {high:.1f} ms, {len(late) - len(heard)} of {len(late)} not heard"
    text += f", {unknown} unknown" if unknown else ""
    show(text, median / peer, most=None if goal is None else goal / peer)


@contextmanager
def hand(server: str) -> Iterator[Child]:
    """The hand and the ear."""
    os.environ.setdefault("LATENTCODE_BENCH_LOG", os.devnull)
    with child("bench.hand", server=server) as process:
        yield process


if __name__ == "__main__":
    run(measure)
