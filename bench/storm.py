"""What a storm of MIDI costs: 5000 messages a second into a set of sixteen voices, and the same set without it.

    python -m bench.storm [--full]

A process sends controllers 1 to 31 in turn, and every 50th message strikes or lets go of a key, over a private jackd.
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
    from latentcode.control.midi import Decoder

    packets = {
        "a controller": [bytes((0xB0, 74, number % 128)) for number in range(count)],
        "half of a pair": [bytes((0xB0, 7 + number % 2 * 32, number % 128)) for number in range(count)],
        "a note": [bytes((0x90, number % 128, number % 100)) for number in range(count)],
    }
    for name, given in packets.items():
        decoder, begun = Decoder("nano"), time.perf_counter()
        for packet in given:
            decoder.decode(packet)
        taken = (time.perf_counter() - begun) / count
        show(f"{name}: {1e6 * taken:.1f} µs; of a core at {RATE} a second", taken * RATE)


def at_lead(server: str, lead: float, seconds: float) -> None:
    """Print shares and dry buffers without a storm, in one, and in one that eight faders listen to."""
    with musician(server, lead=lead) as desk:
        play_sixteen(desk, VOICES)
        taking_turns(server, desk, f"{lead:.0f} ms of lead", seconds)
        for line in LISTENING:
            desk.run(line)
        taking_turns(server, desk, f"{lead:.0f} ms of lead, 8 faders listen", seconds)


def taking_turns(server: str, desk: Musician, what: str, seconds: float) -> None:
    """Print calm and storm, which take turns, so that what else the machine does disturbs both."""
    calm, storm = zip(
        *[(sampled(desk, seconds), stormy(server, desk, seconds)) for _ in range(TURNS)], strict=True
    )
    report(f"{what}, calm", calm, calm)
    report(f"{what}, storm", storm, calm)


def stormy(server: str, desk: Musician, seconds: float) -> dict[str, float]:
    """The same as `sampled`, in a storm; with the notes that are not in the journal."""
    words = [sys.executable, "-m", "bench.storm", "--device", str(seconds + 2.0)]
    device = subprocess.Popen(words, env=client_of(server), stdin=subprocess.PIPE)
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
    control = next(pid for pid, words in children(engine) if "latentcode.control " in words)
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


def device(seconds: float) -> None:
    """A device over JACK that sends when its input closes."""
    import rtmidi

    out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=DEVICE)
    out.open_virtual_port("out")
    sys.stdin.read()
    begun, done = time.monotonic(), 0
    while done < int(RATE * seconds):
        due = min(int((time.monotonic() - begun) * RATE), int(RATE * seconds), done + 50)
        for number in range(done, due):
            out.send_message(message(number))
        done = due
        time.sleep(0.001)
    time.sleep(0.2)
    out.close_port()


def message(number: int) -> bytes:
    """The nth message: a key that is struck and let go of in turn, or a controller."""
    if number % 50 == 49:
        return bytes((0x90, 60, 100 * (number // 50 % 2)))
    return bytes((0xB0, 1 + number % 31, number // 31 % 128))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--device"]:
        device(float(sys.argv[2]))
    else:
        run(measure)
