"""What the desk asks about gestures and learned spaces: where hands are, what sounds,
what was taken, where to go.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.clock.watchdog import GUARD, TRIED
from latentcode.engine.parts import EngineParts
from latentcode.engine.preparing import explained
from latentcode.errors import LatentError
from latentcode.inputs.reader import Reader
from latentcode.latents import noise
from latentcode.latents.compile import Latents, ReadContext, compile_trajectory
from latentcode.latents.drones import resolved
from latentcode.latents.fitting import widths
from latentcode.latents.moments import Moments
from latentcode.latents.motions import prior_place
from latentcode.latents.spaces import Marks
from latentcode.latents.trajectory import Trajectory
from latentcode.patterns import Pattern, compile_pattern
from latentcode.patterns.gestures import KNOWN, Captured, Loop
from latentcode.patterns.nodes import Live
from latentcode.patterns.tree import mapped
from latentcode.set.grabs import WithGrabs

Reply = Callable[[Any], None]
CANDIDATES = 512  # places of each kind among which the one is looked for that is furthest from all marks
EARLIER = 12  # proposals from which another keeps away, too
OUTWARD = 0.3  # how far a mixture of marks may go beyond them
FINEST = 96  # points a cycle of what is no gesture and is saved with one


def here(engine: EngineParts, inputs: bytes, voice: int | None) -> dict[str, Any]:
    """Where inputs (a pickled tuple of signals) are, and the latent of a voice, float32 in bytes,
    or why not.
    """
    with engine.lock:
        live = Reader(engine.performance.inputs)
        cycle = np.array([float(engine.renderer.tempo.cycle_at(engine.renderer.position))])
        signals = [compile_pattern(one) for one in pickle.loads(inputs)]
        place = GUARD.run(lambda: [float(one.sample(cycle, live)[0]) for one in signals])
        return {"place": place, **({} if voice is None else _sounding(engine, voice))}


def _sounding(engine: EngineParts, voice: int) -> dict[str, Any]:
    """What the newest layer of a voice plays at the playhead."""
    now = max(engine.sound.playhead, 0)
    layers = [layer for layer in engine.renderer.voices[voice].layers if not layer.envelope.over(now)]
    found = next((row for layer in reversed(layers) if (row := layer.latent_at(now)) is not None), None)
    if found is not None:
        return {"latent": found.astype(np.float32).tobytes()}
    why = "plays sounds as they were recorded, which have no latents" if layers else "does not sound"
    return {"text": f"d{voice + 1} {why}; let it play a path, as in d{voice + 1} >> path('cello')"}


def latent(engine: EngineParts, reply: Reply, packed: bytes) -> None:
    """The latent in the middle of a pickled trajectory, float32 in bytes,
    when its sounds are encoded.
    """
    threading.Thread(target=_read, args=(engine, reply, pickle.loads(packed)), daemon=True).start()


def _read(engine: EngineParts, reply: Reply, trajectory: Trajectory) -> None:
    try:
        reply({"latent": middle(engine, trajectory).tobytes()})
    except Exception as error:  # whatever a musician's trajectory raises is told to whoever asked
        reply({"text": explained(error)})


def middle(engine: EngineParts, trajectory: Trajectory) -> Float32:
    """The latent (D,) in the middle of a trajectory; waits for the encoder.

    Raises LatentError where it has none.
    """
    rendering, half = engine.renderer.rendering, np.array([0.5])
    cycle = np.array([float(engine.renderer.cycle)])
    moments = Moments(np.zeros(1), half, cycle, 1.0, half, Reader(engine.performance.inputs))
    while True:
        gatherer = engine.store.gatherer()
        frames = WithGrabs(gatherer, engine.grabs).frames
        scene = replace(rendering.latents, frames=frames)
        mean, _ = GUARD.run(partial(_at, resolved(trajectory, rendering.find), scene, moments), TRIED)
        if not gatherer.missing:
            return _finite(np.asarray(mean[0], np.float32))
        engine.encoder.wait(gatherer.missing)


def _at(trajectory: Trajectory, scene: ReadContext, moments: Moments) -> Latents:
    return compile_trajectory(trajectory, scene)(moments)


def _finite(found: Float32) -> Float32:
    if not np.isfinite(found).all():
        raise LatentError("its latent is not finite; is there a division by zero?")
    return found


# gestures


def gesture(engine: EngineParts, packed: bytes) -> dict[str, Any]:
    """The content of a pickled gesture: {"times", "values", "cycles" (text), "tau"}, or {"text"}:
    why not.
    """
    node = pickle.loads(packed)
    with engine.lock:
        return content(node, engine.performance.inputs.known, Reader(engine.performance.inputs))


def content(node: Captured, known: dict[str, Any], live: Reader) -> dict[str, Any]:
    """What a gesture has become; see `gesture`."""
    taken = known.get(KNOWN + node.name)
    if taken is None or taken.end > taken.here():
        return {"text": "the gesture is not complete yet; save it when the toolbar does not show it any more"}
    places = np.unique(
        [edge for edge in _edges(node, known, taken.begin, node.cycles) if 0 <= edge < node.cycles]
    )
    bare: Pattern = mapped(node, lambda tree: replace(tree, glide=0.0) if isinstance(tree, Live) else tree)
    signal = compile_pattern(bare)
    values = GUARD.run(lambda: signal.sample(float(taken.begin) + places, live))
    new = np.concatenate([[True], values[1:] != values[:-1]])
    return {
        "times": tuple(places[new].tolist()),
        "values": tuple(values[new].tolist()),
        "cycles": str(node.cycles),
        "tau": node.hand.glide / 1000 * taken.pace,
    }


def _edges(node: Pattern, known: dict[str, Any], origin: Fraction, cycles: Fraction) -> Iterator[float]:
    """Positions, in cycles from `origin`, at which a gesture may change within so many cycles."""
    if isinstance(node, Captured) and (taken := known.get(KNOWN + node.name)) is not None:
        yield from _again(taken.edges(), taken.begin - origin, node.cycles, cycles)
        if node.over is not None:
            yield from _edges(node.over, known, origin, cycles)
    elif isinstance(node, Loop):
        yield from _again(node.times, -origin, node.cycles, cycles)
    else:
        yield from (step / FINEST for step in range(int(cycles * FINEST)))


def _again(edges: Sequence[float], shift: Fraction, own: Fraction, cycles: Fraction) -> Iterator[float]:
    """Positions in a loop of its `own` length, as often as it fits into so many cycles."""
    first = float(shift % own)
    for turn in range(-1, int(cycles / own) + 1):
        yield from (edge + first + turn * float(own) for edge in edges)


# exploring


def explore(engine: EngineParts, name: str, number: int) -> dict[str, Any]:
    """A latent far from the marks of a space, float32 in bytes,
    and the emptiest place of its inputs or None.
    """
    with engine.lock:
        marks, renderer = engine.performance.spaces.marks(name), engine.renderer
    known = [mean for mean, _ in engine.store.known()]
    found, kind = far(marks, number, renderer.settings.seed, renderer.settings.latent_dim, known)
    return {"latent": found.tobytes(), "kind": kind, "place": emptiest(marks)}


def far(marks: Marks, number: int, seed: int, dimensions: int, sounds: list[Float32]) -> tuple[Float32, str]:
    """Of candidates of one kind, in turn with each call,
    the furthest from all marks and from earlier proposals.

    The kinds: mixtures of marks, going a little beyond them; frames of sounds that were encoded;
    the prior.
    """
    latents = np.array([mark.latent for mark in marks.marks if mark.latent is not None], np.float64)
    taken, kind = latents.reshape(-1, dimensions), ""
    for turn in range(max(number - EARLIER, 0), number + 1):
        kind, rows = _candidates(latents, turn, seed, dimensions, sounds)
        apart = [np.linalg.norm(rows - one, axis=1) for one in taken] or [np.zeros(len(rows))]
        taken = np.concatenate([taken, rows[[int(np.argmax(np.min(apart, axis=0)))]]])
    return np.asarray(taken[-1], np.float32), kind


def _candidates(
    latents: Float64, number: int, seed: int, dimensions: int, sounds: list[Float32]
) -> tuple[str, Float64]:
    random = np.random.default_rng((noise.key(seed, number), number))
    first = CANDIDATES * number
    kinds = {
        "between the marks": _mixtures(latents, random) if len(latents) > 1 else None,
        "of a sound": _frames(sounds, random) if sounds else None,
        "of the prior": np.stack([prior_place(first + i, dimensions) for i in range(CANDIDATES)]),
    }
    usable = [(kind, rows) for kind, rows in kinds.items() if rows is not None]
    return usable[number % len(usable)]


def _mixtures(latents: Float64, random: np.random.Generator) -> Float64:
    """Weights from 0 to 1 that sum to 1, stretched so that they reach beyond."""
    weights = random.dirichlet(np.ones(len(latents)), CANDIDATES)
    weights = (1 + OUTWARD) * weights - OUTWARD / len(latents)
    return np.asarray(weights @ latents)


def _frames(sounds: list[Float32], random: np.random.Generator) -> Float64:
    chosen = random.integers(0, len(sounds), CANDIDATES)
    return np.array([sounds[which][random.integers(0, len(sounds[which]))] for which in chosen], np.float64)


def emptiest(marks: Marks) -> tuple[float, ...] | None:
    """The place, within the range of the marked ones, that is furthest from all;
    None of fewer than two.
    """
    places = np.array([mark.place for mark in marks.marks], np.float64)
    if len(places) < 2:
        return None
    low, high = places.min(axis=0), places.max(axis=0)
    width, _ = widths(low, high)
    random = np.random.default_rng(len(places))
    tried = low + (high - low) * random.random((8 * CANDIDATES, places.shape[1]))
    corners = np.where(random.random((CANDIDATES, places.shape[1])) < 0.5, low, high)
    tried = np.concatenate([tried, corners])
    apart = np.stack([np.linalg.norm((tried - place) / width, axis=1) for place in places])
    return tuple(tried[int(np.argmax(apart.min(axis=0)))].tolist())


QUESTIONS: dict[str, Callable[..., Any]] = {"here": here, "gesture": gesture, "explore": explore}
WAITING: dict[str, Callable[..., None]] = {"latent": latent}
