"""In time with others: two sets in Link, a clock that is sent, an hour of corrections, OSC that arrives.

    python -m bench.sync [--full]

Two sets are linked over one private jackd, and another client records both: the distance between their onsets is
what is heard of the error. The clock is heard by a JACK client of its own, while sixteen voices play: what counts
is the error of each pulse against its 24 neighbours, evened out.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import numpy as np
import soundfile

from bench.common import VOICES, run, show
from bench.onsets import LEVEL, impulse_model
from bench.rig import BUFFER, RATE, client_of, home, jack, musician, play_sixteen, ports, until

PULSES = 24
NEAR = 0.04  # seconds within which two onsets are taken for the same


def measure(full: bool) -> None:
    """Print all figures."""
    corrections()
    arriving()
    with home() as folder:
        with jack() as server:
            linked(server, folder, 60 if full else 15)
        with jack() as server:
            pulses(server, 60 if full else 15)


def corrections() -> None:
    """An hour of corrections, ten a second, and then a look-up."""
    from latentcode.clock.tempo import TempoMap

    tempo, draw = TempoMap(RATE, Fraction(1, 2)), np.random.default_rng(1)
    begun = time.perf_counter()
    for step in range(36_000):
        tempo.steer(step * RATE // 10, Fraction(500_000 + int(draw.integers(-50, 50)), 10**6))
    each = (time.perf_counter() - begun) / 36_000
    begun = time.perf_counter()
    for number in range(1000):
        tempo.cycle_at(tempo.sample_of(Fraction(number * 7, 4)))
    show(
        f"a correction {each * 1e6:.0f} µs; after 36 000 a look-up (µs)",
        (time.perf_counter() - begun) * 1e3,
        most=200,
    )


def arriving() -> None:
    """A body in motion over OSC: 29 joints of four numbers, fifty times a second."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    from latentcode.engine.input_queue import InputQueue
    from latentcode.midi_osc.osc import Server

    hands = InputQueue(lambda moment: moment * RATE)
    server = Server(0, hands.arrive, "127.0.0.1")
    packets = []
    for joint in range(29):
        made = OscMessageBuilder(f"/pose/{joint}")
        for value in (0.1, 0.2, 0.3, 0.9):
            made.add_arg(value)
        packets.append(made.build().dgram)
    begun = time.thread_time()
    for frame in range(50):
        for packet in packets:
            server.take(packet, frame / 50)
        hands.drain(0, 2000)
    taken = time.thread_time() - begun
    server.close()
    show("OSC, 5800 numbers a second: share of a core", taken, most=0.2)


def linked(server: str, folder: Path, seconds: float) -> None:
    """How far the onsets of two linked sets lie apart."""
    model, heard = impulse_model(folder / "impulse.safetensors"), folder / "heard.wav"
    line = f'd1 >> s("hat*16").attack(0).gain({LEVEL})'
    with musician(server, model, 46.0) as one, musician(server, model, 46.0) as other:
        other.run("bpm(97.3)")
        for desk in (one, other):
            desk.run("link()")
        until(lambda: (one.state()["timing"]["link"] or (0,))[0], "nobody is found in Link", 20.0)
        for desk in (one, other):
            desk.run(line)
        until(lambda: all(desk.state()["voices"] for desk in (one, other)), "nothing plays", 30.0)
        time.sleep(8.0)
        found = sorted(port for port in ports(server) if port.endswith("output_1"))
        before = [desk.state()["xruns"] for desk in (one, other)]
        words = f"jack_rec -f {heard} -d {seconds:.0f} -b 32 {' '.join(found)}".split()
        subprocess.run(words, env=client_of(server), stdout=DEVNULL, stderr=DEVNULL, timeout=seconds + 20)
        missed = sum(desk.state()["xruns"] - was for desk, was in zip((one, other), before, strict=True))
    sound, _ = soundfile.read(heard, dtype="float32", always_2d=True)
    first, second = (np.flatnonzero(sound[:, channel] > LEVEL / 2) / RATE for channel in (0, 1))
    apart = np.array([np.abs(second - onset).min() for onset in first])
    apart = 1000 * apart[apart < NEAR]
    print(f"  Link: {len(apart)} of {len(first)} onsets paired, {missed} buffers missed", flush=True)
    print(
        f"  apart in ms: median {np.median(apart):.2f}, 90 % {np.quantile(apart, 0.9):.2f}, most {apart.max():.2f}"
    )
    show("Link: onsets apart, median of ms / 3", float(np.median(apart)) / 3, most=1.0)


@contextmanager
def slave(server: str) -> Iterator[list[float]]:
    """A JACK client that hears a clock: the moments of its pulses."""
    import os

    import rtmidi

    os.environ.update(
        {key: client_of(server)[key] for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER")}
    )
    heard: list[float] = []
    into: Any = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name="slave", queue_size_limit=4096)
    into.ignore_types(timing=False)
    into.open_virtual_port("drums")
    over = threading.Event()

    def listen() -> None:
        moment: float | None = None
        while not over.wait(0.002):
            while event := into.get_message():
                moment = event[1] if moment is None else moment + event[1]  # by the sound server's clock
                if event[0][0] == 0xF8:
                    heard.append(moment)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield heard
    finally:
        over.set()
        listener.join()
        into.close_port()


def pulses(server: str, seconds: float) -> None:
    """How far the pulses of a clock lie from an even one, at 120 bpm with sixteen voices."""
    with musician(server, lead=46.0) as desk, slave(server) as heard:
        play_sixteen(desk, VOICES)
        desk.run('clock_out("drums")')
        until(lambda: len(heard) > 2 * PULSES, "no pulse is heard", 20.0)
        before = desk.state()["xruns"], len(heard)
        time.sleep(seconds)
        missed, moments = desk.state()["xruns"] - before[0], np.array(heard[before[1] :])
    numbers = np.concatenate([[0], np.cumsum(np.maximum(np.round(np.diff(moments) * 2 * PULSES), 1))])
    slope, begin = np.polyfit(numbers, moments, 1)
    left = moments - begin - slope * numbers  # of which what stays is the sound server's own slipping
    stays = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(left, 12, mode="edge"), 25), axis=1)
    error = 1000 * np.abs(left - stays)
    print(
        f"  clock: {len(moments)} pulses at {60 / PULSES / slope:.3f} bpm, {missed} buffers missed",
        flush=True,
    )
    print(
        f"  error in ms: median {np.median(error):.2f}, p99 {np.quantile(error, 0.99):.2f}, most {error.max():.2f}"
    )
    show(
        "clock: p99 of the error / a buffer",
        float(np.quantile(error, 0.99)) / (1000 * BUFFER / RATE),
        most=1.0,
    )


if __name__ == "__main__":
    run(measure)
