"""What a storm of MIDI costs: 5000 messages a second into a set of sixteen voices, and the same set without it.

    python -m bench.storm [--full]

A process sends 4 or 31 controllers in turn, and every 50th message strikes or lets go of a key, over a private jackd.
Voices do not listen to them, then half of them do. The goals: no more dry buffers than without a storm, and all notes
in the journal ("lost": those that are not; two a turn may fall on its edges). Before it,
what a message costs to decode.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.common import VOICES, run, show
from bench.rig import (
    Musician,
    children,
    client_of,
    home,
    jack,
    musician,
    play_sixteen,
    processor_seconds,
    until,
)

RATE = 5000  # messages a second
TURNS = 3
FEW, MANY = 4, 31  # controllers
LEADS = (20.0, 46.0)
DEVICE = "storm"
LISTENING = tuple(f"d{voice}.gain(cc({voice}))" for voice in range(1, 9))


def measure(full: bool) -> None:
    """Print what decoding costs, then the shares and dry buffers of a set."""
    decoding()
    with home(), jack() as server:
        for lead in LEADS:
            at_lead(server, lead, 20.0 if full else 4.0)


def decoding(count: int = 50000) -> None:
    """Print what a message costs on its way from bytes to inputs."""
    from latentcode.midi_osc.midi import MidiDecoder

    packets = {
        "a controller": [bytes((0xB0, 74, number % 128)) for number in range(count)],
        "half of a pair": [bytes((0xB0, 7 + number % 2 * 32, number % 128)) for number in range(count)],
        "a note": [bytes((0x90, number % 128, number % 100)) for number in range(count)],
    }
    for name, given in packets.items():
        decoder, begun = MidiDecoder("nano"), time.perf_counter()
        for packet in given:
            decoder.decode(packet)
        taken = (time.perf_counter() - begun) / count
        show(f"{name}: {1e6 * taken:.1f} µs; of a core at {RATE} a second", taken * RATE)


def at_lead(server: str, lead: float, seconds: float) -> None:
    """Print shares and dry buffers without a storm and in one, and in those that faders listen to."""
    with musician(server, lead=lead) as desk:
        play_sixteen(desk, VOICES)
        taking_turns(server, desk, f"{lead:.0f} ms of lead", (MANY,), seconds)
        for line in LISTENING:
            desk.run(line)
        taking_turns(server, desk, f"{lead:.0f} ms of lead, 8 faders listen", (FEW, MANY), seconds)


def taking_turns(server: str, desk: Musician, what: str, storms: tuple[int, ...], seconds: float) -> None:
    """Print calm and storms, which take turns, so that what else the machine does disturbs all."""
    found: dict[int, list[dict[str, float]]] = {spread: [] for spread in (0, *storms)}
    for _ in range(TURNS):
        for spread, those in found.items():
            those.append(stormy(server, desk, spread, seconds) if spread else sampled(desk, seconds))
    for spread, those in found.items():
        report(f"{what}, {f'storm of {spread} controllers' if spread else 'calm'}", those, found[0])


def stormy(server: str, desk: Musician, spread: int, seconds: float) -> dict[str, float]:
    """The same as `sampled`, in a storm; with the notes that are not in the journal."""
    words = [sys.executable, "-m", "bench.storm", "--device", str(spread), str(seconds + 2.0)]
    device = subprocess.Popen(words, env=client_of(server), stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    until(lambda: DEVICE in str(desk.state().get("midi", ())), "the storm is not heard")
    before = noted(desk)
    assert device.stdin is not None
    device.stdin.close()
    time.sleep(0.5)
    found = sampled(desk, seconds)
    device.wait()
    time.sleep(0.5)
    return found | {"lost": sent(seconds + 2.0) - (noted(desk) - before)}


def noted(desk: Musician) -> int:
    """How many times a key was struck or let go of, by the journal."""
    return Path(desk.hello["journal"]).read_text().count(" note:")


def sent(seconds: float) -> int:
    """How many times it was by the device: its own keys, and those let go of when it was gone."""
    return int(RATE * seconds) // 50


def sampled(desk: Musician, seconds: float) -> dict[str, float]:
    """Shares of a core and dry buffers in so many seconds."""
    engine = desk.engine()
    control = next(pid for pid, words in children(engine) if "latentcode.midi_osc " in words)
    pids = {"engine": engine, "control": control, "player": desk.player()}
    before, first, begun = (
        {n: processor_seconds(pid) for n, pid in pids.items()},
        desk.state(),
        time.monotonic(),
    )
    time.sleep(seconds)
    taken, last = time.monotonic() - begun, desk.state()
    shares = {n: 100 * (processor_seconds(pid) - before[n]) / taken for n, pid in pids.items()}
    return (
        shares | {name: last[name] - first[name] for name in ("dry", "xruns")} | {"load": 100 * last["load"]}
    )


def report(what: str, found: Sequence[dict[str, float]], calm: Sequence[dict[str, float]]) -> None:
    """Print one line: shares in the mean, buffers together; the ratio is that of the engine's shares."""
    parts = ", ".join(f"{name} {mean(found, name):.1f} %" for name in ("engine", "control", "player", "load"))
    counts = "; ".join(
        f"{sum(f[name] for f in found):.0f} {name}" for name in ("dry", "xruns", "lost") if name in found[0]
    )
    show(f"{what}: {parts}; {counts}; engine of calm", mean(found, "engine") / mean(calm, "engine"))


def mean(found: Sequence[dict[str, float]], name: str) -> float:
    """The mean of one figure."""
    return sum(one[name] for one in found) / len(found)


def device(spread: int, seconds: float) -> None:
    """A device over JACK that sends when its input closes."""
    import rtmidi

    out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=DEVICE)
    out.open_virtual_port("out")
    sys.stdin.read()
    begun, done = time.monotonic(), 0
    while done < int(RATE * seconds):
        due = min(int((time.monotonic() - begun) * RATE), int(RATE * seconds), done + 50)
        for number in range(done, due):
            out.send_message(message(number, spread))
        done = due
        time.sleep(0.001)
    time.sleep(0.2)
    out.close_port()


def message(number: int, spread: int) -> bytes:
    """The nth message: a key that is struck and let go of in turn, or one of so many controllers."""
    if number % 50 == 49:
        return bytes((0x90, 60, 100 * (number // 50 % 2)))
    return bytes((0xB0, 1 + number % spread, number // spread % 128))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--device"]:
        device(int(sys.argv[2]), float(sys.argv[3]))
    else:
        run(measure)
