"""What live inputs cost: looking them up, voices that hands move, and patterns whose events hands decide.

python -m bench.inputs [--full]
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

import latentcode as lc
from bench.common import patterns, run, show, turns
from latentcode.arrays import Float32
from latentcode.inputs.history import Input
from latentcode.inputs.reader import Reader
from latentcode.models.family import Stateless
from latentcode.patterns import Pattern, compile_pattern
from latentcode.set.performance import BLOCK, Performance
from latentcode.sounds.model import Model, load_model
from latentcode.synth.renderer import Renderer, Trouble
from latentcode.synth.settings import Settings

RATE = 44100
MOVES = 200  # a second
LOOK, VOICES, EVENTS = 50.0, 1.5, 0.1  # goals: µs, times as much, share of a core
BUSY = 'n("0 3 7 10 0 3 7 12").fast(2).s("flute").every(3, lambda p: p.rev())'


class Nothing(Stateless):
    """A decoder that costs nothing."""

    def __init__(self, window: int) -> None:
        self._window = window

    def decode(self, latents: Float32) -> Float32:
        return np.zeros((len(latents), self._window), np.float32)


def measure(full: bool) -> None:
    """Print a line for each."""
    looking_up(20000 if full else 4000)
    model = load_model("raw")
    voices(model, 30 if full else 8)
    events(model, 20 if full else 6)


def looking_up(times: int) -> None:
    """A smooth signal read for the moments of one block, with ten minutes of a hand behind it."""
    performance = moved(load_model("raw"), 600)
    performance.render(1)
    reader = Reader(performance.inputs, 590.0 * RATE + np.arange(0, BLOCK, 32.0))
    signal = lc.cc(1).range(-1, 1)
    for what, pattern in (("cc(1).range(-1, 1)", signal), ("the same, smooth", signal.smooth(50))):
        sample = compile_pattern(pattern).sample
        cycles = np.arange(16) / 100
        sample(cycles, reader)
        begun = time.perf_counter()
        for _ in range(times):
            sample(cycles, reader)
        taken = (time.perf_counter() - begun) / times * 1e6
        show(f"{what:20} read for a block of 16 moments: {taken:.1f} µs", taken / LOOK, most=1.0)


def voices(model: Model, seconds: int) -> None:
    """Sixteen voices whose latents and gains a signal moves, or a hand; decoding is left out."""
    plain = as_patterns(patterns())
    waved = [(voice, pattern.bias(lc.sine).gain(lc.sine)) for voice, pattern in plain]
    led = [(voice, pattern.bias(lc.cc(1).smooth(20)).gain(lc.cc(1))) for voice, pattern in plain]
    ways = {
        "by themselves": playing(model, plain, seconds, 0),
        "moved by a signal": playing(model, waved, seconds, 0),
        "in hands that rest": playing(model, led, seconds, 0),
        f"in a hand that moves {MOVES} times a second": playing(model, led, seconds),
    }
    taken = turns(ways, 3)
    for way, seconds_taken in taken.items():
        text = f"sixteen voices {way}: {100 * seconds_taken / seconds:.1f} % of a core beside decoding"
        show(text, seconds_taken / taken["moved by a signal"], most=VOICES if "rest" in way else None)


def events(model: Model, seconds: int) -> None:
    """A busy pattern whose numbers and events hands decide, queried for every block, and the same by itself."""
    busy = eval(BUSY, vars(lc) | {name: getattr(lc, name) for name in lc.__all__})
    led = busy.degrade_by(lc.cc(1)).n(lc.cc(1).range(0, 12).quantize(13))
    taken = turns(
        {"plain": playing(model, [(0, busy)], seconds), "led": playing(model, [(0, led)], seconds)}, 3
    )
    share = (taken["led"] - taken["plain"]) / seconds
    show(f"events in hand: {100 * share:.1f} % of a core more, for a busy voice", share / EVENTS, most=1.0)


def as_patterns(pairs: list[tuple[int, Any]]) -> list[tuple[int, Pattern]]:
    from latentcode.latents.strategies import as_pattern

    return [(voice, as_pattern(pattern)) for voice, pattern in pairs]


def playing(
    model: Model, pairs: list[tuple[int, Any]], seconds: int, moves: int = MOVES
) -> Callable[[], None]:
    """Renders voices in the blocks of a set, while a hand moves."""

    def play() -> None:
        performance = moved(model, seconds, moves)
        for voice, pattern in pairs:
            performance.renderer.play(voice, pattern, None, 0)
        while performance.renderer.position < seconds * RATE:
            performance.render(BLOCK)

    play()  # encodes what is needed
    return play


def moved(model: Model, seconds: int, moves: int = MOVES) -> Performance:
    """A performance in which a hand moves one control so many times a second."""
    settings = Settings(RATE, model.sample_rate, model.window, latent_dim=model.latent_dim)
    performance = Performance(Renderer(settings, model.store, Nothing(model.window), _raise))
    rng = np.random.default_rng(1)
    for stamp in np.linspace(0, seconds * RATE, moves * seconds or 1, endpoint=False).astype(int).tolist():
        performance.hear(Input("cc:1@nano/1", float(rng.random())), stamp)
    return performance


def _raise(trouble: Trouble) -> None:
    raise trouble.error


if __name__ == "__main__":
    run(measure)
