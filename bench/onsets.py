"""Where onsets fall, in samples, against rational arithmetic done here.

    python -m bench.onsets [--full]

A model whose every window is one sample of 1 makes an onset a single sample. Four voices play it over a private
jackd, at awkward tempos that change; another client records, and what is recorded is compared with where the
onsets must be. The constant offset between the recorder and the set is removed once. Then the same offline,
after an hour of session time with a change of tempo in every second.
"""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path
from subprocess import DEVNULL

import numpy as np
import soundfile

from bench.common import run, show
from bench.rig import BUFFER, RATE, Musician, client_of, home, jack, musician, ports, until
from latentcode.session.journal import read_session
from latentcode.session.records import Recording

STEPS = (29, 31, 37, 41)  # events in a cycle, one voice each
LEVEL = 0.2  # of one event: four at once stay below the limiter
TEMPOS = ("97.3", "133.333", "61.07", "120", "111.11", "178.9", "83.21")
EVENTS = 2000
LEAD = 300.0  # ms: it is not what is measured here
HOUR = 3600

Anchors = list[tuple[int, Fraction, Fraction]]  # sample, cycle, cycles per second


def measure(full: bool) -> None:
    """Print the errors in samples, live and after an hour offline."""
    with home() as folder:
        model = impulse_model(folder / "impulse.safetensors")
        with jack() as server:
            live(server, model, folder, 60.0 if full else 36.0)
        after_an_hour(model, 60 if full else 36)


def impulse_model(file: Path) -> str:
    """A model file whose decoder gives 1 and then silence, whatever the latent."""
    import torch
    from safetensors.torch import save_file

    from latentcode.models.families.raw.sizes import layer_shapes

    weights = {name: torch.zeros(shape) for name, shape in layer_shapes(1024, 8, 2).items()}
    weights["fc4.bias"][0] = 30.0  # its tanh is exactly 1 in float32
    metadata = {"family": "rawaudiovae", "name": "impulse", "sample_rate": str(RATE), "hop": "128"}
    save_file(weights, file, metadata=metadata)
    return str(file)


def line(voice: int) -> str:
    """What is typed for a voice."""
    return f'd{voice + 1} >> s("hat*{STEPS[voice]}").attack(0).gain({LEVEL})'


def expected(anchors: Anchors, steps: int, first: Fraction, end: int) -> list[int]:
    """The sample of each event from cycle `first` on: the first sample not before it, in exact fractions."""
    found, number = list[int](), -(-first * steps // 1)
    for index, (sample, cycle, cps) in enumerate(anchors):
        until_cycle = anchors[index + 1][1] if index + 1 < len(anchors) else None
        while until_cycle is None or Fraction(number, steps) < until_cycle:
            place = sample + -((cycle - Fraction(number, steps)) * RATE / cps // 1)
            if place >= end:
                return found
            found.append(int(place))
            number += 1
    return found


def changed(anchors: Anchors, sample: int, bpm: str) -> None:
    """Note a change of tempo."""
    anchors.append((sample, cycle_at(anchors, sample), Fraction(bpm) / 240))


def cycle_at(anchors: Anchors, sample: int) -> Fraction:
    """The cycle at a sample that lies after the last change."""
    start, cycle, cps = anchors[-1]
    return cycle + (sample - start) * cps / RATE


def live(server: str, model: str, folder: Path, seconds: float) -> None:
    """Play, record with another client and with the player's own recorder, compare."""
    outside, own = folder / "outside.wav", folder / "own.wav"
    with musician(server, model, lead=LEAD) as desk:
        until(lambda: "latentcode:output_1" in ports(server), "no player")
        words = f"jack_rec -f {outside} -d {seconds:.0f} -b 32 latentcode:output_1".split()
        recorder = subprocess.Popen(words, env=client_of(server), stdout=DEVNULL, stderr=DEVNULL)
        try:
            time.sleep(1.0)
            before = desk.state()
            perform(desk, own, seconds - 4)
            recorder.wait(seconds + 10)
        finally:
            recorder.kill()
            recorder.wait()
        after, journal = desk.state(), Path(desk.hello["journal"])
        desk.run("record(None)")
        notes = until(lambda: read_session(journal).of(Recording), f"no recording: {desk.said()}", 60.0)
    wanted = of_journal(journal, after["sample"])
    disturbed = (
        f"{after['dry'] - before['dry']} dry buffers, {after['xruns'] - before['xruns']} xruns of the player"
    )
    print(f"  live: {len(TEMPOS)} changes of tempo, {disturbed}", flush=True)
    compare("another client's recording", soundfile.read(outside, dtype="float32")[0], wanted)
    compare("the player's own", soundfile.read(own, dtype="float32")[0][:, 0], wanted, -notes[0].first)


def perform(desk: Musician, own: Path, seconds: float) -> None:
    """Type what is to be heard."""
    begun = time.monotonic()
    desk.run(f"record({str(own)!r})")
    for voice in range(len(STEPS)):
        desk.run(line(voice))
    for number, bpm in enumerate(TEMPOS):
        time.sleep(max(0.0, begun + number * seconds / len(TEMPOS) - time.monotonic()))
        desk.run(f'bpm("{bpm}")')


def of_journal(journal: Path, end: int) -> list[int]:
    """All onsets, from the stamps that the journal gives the lines."""
    marks = [
        (mark.stamp, mark.target, block.code)
        for block in read_session(journal).blocks
        for mark in block.marks
    ]
    anchors: Anchors = [(0, Fraction(0), Fraction(120, 240))]
    begins: dict[int, Fraction] = {}
    for stamp, target, code in sorted(marks, key=lambda mark: mark[0]):
        if target == "tempo":
            changed(anchors, stamp, code.split('"')[1])
        else:  # it takes over at the next whole cycle
            begins[int(target[1:]) - 1] = Fraction(-(-cycle_at(anchors, stamp) // 1))
    return sorted(
        sample for voice, cycle in begins.items() for sample in expected(anchors, STEPS[voice], cycle, end)
    )


def compare(name: str, sound: np.ndarray, wanted: list[int], offset: int | None = None) -> None:
    """Print how many impulses stand where they must, after one offset; events at one sample add up.

    A client that misses a buffer of the sound server slips by whole buffers; that is counted apart.
    """
    places = np.flatnonzero(sound > LEVEL / 2)
    heights = np.round(sound[places] / LEVEL).astype(int)
    counts = Counter(wanted)
    begin = shift = int(places[0] - wanted[0]) if offset is None else offset
    right = wrong = slips = 0
    for index, (place, height) in enumerate(zip(places.tolist(), heights.tolist(), strict=True)):
        if place - shift not in counts and (slip := slipped(places[index : index + 3] - shift, counts)):
            shift, slips = shift + slip, slips + 1
        good = counts[place - shift] == height
        right, wrong = right + height * good, wrong + height * (not good)
    last = int(places[-1]) - shift
    missing = sum(sample <= last for sample in wanted) - right - wrong
    text = f"{name}: {right} onsets exact, {wrong} wrong, {missing} missing, offset {begin}, {slips} slips"
    short = "" if right + wrong >= EVENTS else f" ({EVENTS} were wanted)"
    show(text + short, (wrong + abs(missing)) / max(right, 1), most=0.0)


def slipped(places: np.ndarray, wanted: Counter[int]) -> int:
    """By how many samples, in whole buffers, these places are shifted; 0 when that explains nothing."""
    buffers = sorted(range(-64, 65), key=abs)
    found = (n * BUFFER for n in buffers if all(int(place) - n * BUFFER in wanted for place in places))
    return next(found, 0)


def after_an_hour(model: str, seconds: int) -> None:
    """The renderer alone, an hour into a set in which the tempo has changed every second or so."""
    from latentcode.patterns import s
    from latentcode.sounds.model import load_model
    from latentcode.synth.renderer import Renderer
    from latentcode.synth.settings import Settings

    loaded = load_model(model)
    renderer = Renderer(Settings(RATE, RATE, loaded.window), loaded.store, loaded.decoder, print)
    anchors: Anchors = [(0, Fraction(0), Fraction(120, 240))]

    def turn(number: int, sample: int) -> None:
        renderer.set_tempo(sample, TEMPOS[number % len(TEMPOS)])
        changed(anchors, sample, TEMPOS[number % len(TEMPOS)])

    for number in range(1, HOUR):
        turn(number, number * RATE + 17 * number % 1009)
    begin = renderer.position = HOUR * RATE
    for voice, steps in enumerate(STEPS):
        renderer.play(voice, s(f"hat*{steps}").attack(0).gain(LEVEL), Fraction(1), begin)
    first = Fraction(-(-cycle_at(anchors, begin) // 1))
    blocks = []
    for number in range(seconds):
        turn(number, renderer.position)
        blocks.append(renderer.render(RATE + 3 * number)[::2].sum(axis=0))
    wanted = sorted(n - begin for steps in STEPS for n in expected(anchors, steps, first, renderer.position))
    print(f"  offline: after {HOUR} s of session time and {len(anchors) - 1} changes of tempo", flush=True)
    compare("the renderer", np.concatenate(blocks), wanted, 0)


if __name__ == "__main__":
    run(measure)
