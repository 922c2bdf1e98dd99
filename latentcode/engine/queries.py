"""What the engine answers when the desk asks, by the kind of the question and its arguments:
plain values.

"model"          {"file", "rate" (wanted, or None), "hop" in samples, "bpm", "seed",
                     "matched" (in loudness)}
"where"          {voice: (frames, dimensions, bytes of float32)}: latents that each voice read last
"scope"          {"rate", "frames": bytes of float32 (n, 2)}: what was heard last
"outlets"        names of the MIDI outputs that are there
"encode", jobs   pickled Jobs for the encoder; why one of them cannot be encoded, or ""
"controls"       what hands are bound to and what they do (see `pictures/tables.py`)
"rig"            what was set of faders, effects, ports, pads and keys (see `rig.py`)
"played", cycles, port, channel
                     the notes of the last cycles (see `played.py`)
"heard"          the value that is read of each control that something is bound to, by its key then
"fader", name    where d1.gain, d1.pan, master, bpm stands
"learn", seconds, pressed
                     the key of the next control that a hand moves (or presses), when it does; of an
                     endless encoder with its encoding
"here", "latent", "gesture", "explore"   of gestures and learned spaces: see the functions

"latent" and "learn" answer when something has happened.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.clock.watchdog import GUARD, TRIED
from latentcode.engine.input_queue import InputQueue
from latentcode.engine.live_set import LiveSet
from latentcode.engine.moving import moving
from latentcode.engine.played import played
from latentcode.engine.preparing import explained
from latentcode.engine.rig import rig
from latentcode.engine.sound import PlayerLink
from latentcode.errors import LatentError
from latentcode.inputs.history import Input, InputHistory
from latentcode.inputs.keys import exactly, key
from latentcode.inputs.learning import Learner
from latentcode.inputs.reader import Reader
from latentcode.inputs.takeover import stands
from latentcode.latents import noise
from latentcode.latents.compile import Latents, ReadContext, compile_trajectory
from latentcode.latents.drones import resolved
from latentcode.latents.fitting import widths
from latentcode.latents.moments import Moments
from latentcode.latents.motions import prior_place
from latentcode.latents.spaces import Marks
from latentcode.latents.trajectory import Trajectory
from latentcode.midi_osc.midi_in_client import Listening
from latentcode.midi_osc.midi_out_client import Posting
from latentcode.midi_osc.pairs import fine
from latentcode.patterns import Pattern, compile_pattern
from latentcode.patterns.gestures import KNOWN, Captured, Loop
from latentcode.patterns.nodes import Live
from latentcode.patterns.tree import live_inputs, mapped
from latentcode.protocol.messages import Answer
from latentcode.set.echoes import ECHOED, PLACES
from latentcode.set.grabs import Grabs, WithGrabs
from latentcode.set.performance import Performance
from latentcode.sounds.live import EncoderProcess, LiveStore
from latentcode.synth.renderer import Renderer

if TYPE_CHECKING:
    from latentcode.engine.latency import Lead
    from latentcode.engine.sync import Sync
    from latentcode.synth.layer import Layer

LONGEST = 600.0  # seconds that a hand is waited for
LOOK = 0.1
CANDIDATES = 512  # places of each kind among which the one is looked for that is furthest from all marks
EARLIER = 12  # proposals from which another keeps away, too
OUTWARD = 0.3  # how far a mixture of marks may go beyond them
FINEST = 96  # points a cycle of what is no gesture and is saved with one

Reply = Callable[[Any], None]


class Queries:
    """Answers by the kind of the question: those of `answers` at once, those of `later` by a reply.

    `outside`: the MIDI inputs, who the set is in time with, and how far ahead it is rendered.
    `model`: the file, and the rate that is wanted.
    """

    def __init__(
        self,
        live: LiveSet,
        sound: PlayerLink,
        hands: InputQueue,
        outside: tuple[Listening, Sync, Lead],
        sender: Posting,
        store: LiveStore,
        grabs: Grabs,
        encoder: EncoderProcess,
        model: tuple[str, int | None],
    ) -> None:
        self._live, self._sound, performance = live, sound, live.performance
        self._store, self._encoder, self._model = store, encoder, model
        self.answers: dict[str, Callable[..., Any]] = {
            "model": self._of_model,
            "where": self._where,
            "scope": self._scope,
            "outlets": sender.names,
            "encode": self._encode,
            "here": partial(here, live, sound),
            "gesture": partial(gesture, live),
            "explore": partial(explore, live, store),
            "controls": partial(controls, live, outside[0]),
            "rig": partial(rig, live, *outside),
            "played": partial(played, live),
            "heard": partial(heard, performance),
            "fader": partial(fader, live),
        }
        self.later: dict[str, Callable[..., None]] = {
            "learn": partial(learn, performance, hands),
            "latent": partial(latent, partial(middle, performance.renderer, store, grabs, encoder)),
        }

    def ask(self, number: int, kind: str, arguments: tuple[Any, ...]) -> None:
        """Answer one question of the desk, now or later."""

        def reply(value: Any) -> None:
            self._live.desks.tell(Answer(number, value))

        if kind in self.later:
            self.later[kind](reply, *arguments)
        else:
            reply(self.answers[kind](*arguments))

    def _of_model(self) -> dict[str, Any]:
        renderer, (file, rate) = self._live.performance.renderer, self._model
        cps = renderer.tempo.cps_at(max(self._sound.playhead, 0))
        return {
            "file": file,
            "rate": rate,
            "hop": renderer.rendering.synthesis.hop,
            "bpm": float(cps * 60 * renderer.settings.beats),
            "seed": renderer.settings.seed,
            "matched": self._store.matched,
        }

    def _where(self) -> dict[int, tuple[int, int, bytes]]:
        with self._live.lock:
            voices = self._live.performance.renderer.voices
            latest = {voice.index: _latest(voice.layers) for voice in voices}
        return {index: (*rows.shape, rows.tobytes()) for index, rows in latest.items() if rows is not None}

    def _scope(self) -> dict[str, Any]:
        return {"rate": self._sound.rate, "frames": self._sound.ring.monitored().tobytes()}

    def _encode(self, jobs: bytes) -> str:
        return next(filter(None, map(self._encoder.tried, pickle.loads(jobs))), "")


def _latest(layers: list[Layer]) -> Float32 | None:
    """What the newest layer read last."""
    return next((rows for layer in reversed(layers) if (rows := layer.latest) is not None), None)


def controls(live: LiveSet, ports: Listening) -> dict[str, Any]:
    """What hands are bound to and what they do; plain values.

    values    by exact key the present values, as they count; no lower halves of pairs
    hands     where controls stand, as far as is known
    waiting   values that hold: (stored, hand or None)
    bound     names and faders: (key, low, high, curve)
    led       what else live inputs lead: faders, chains of effects, voices and the tempo by name,
              with the keys
    takeover  the rule
    encoders  controls that are endless: (encoding, step)
    ports     the MIDI inputs that are listened to
    looked    whether it is known yet which there are
    """
    performance = live.performance
    bindings = performance.bindings
    takeover = bindings.takeover
    return {
        "values": _values(performance.inputs),
        "hands": dict(takeover.hands),
        "waiting": {name: tuple(waiting) for name, waiting in takeover.waiting.items()},
        "bound": {name: (b.to, b.low, b.high, b.curve) for name, b in dict(bindings.bound).items()},
        "led": _led(live),
        "takeover": takeover.mode,
        "encoders": {str(to): (one.encoding, one.step) for to, one in bindings.encoders.known.items()},
        "ports": ports.names,
        "looked": ports.looked,
    }


def _values(inputs: InputHistory) -> dict[str, float]:
    latest = inputs.latest()
    return {name: value for name, value in latest.items() if name not in ECHOED and not _half(inputs, name)}


def _half(inputs: InputHistory, name: str) -> bool:
    """Whether a control is the lower half of another,
    which has said so since this one was heard last.
    """
    meant = key(name)
    if meant.kind != "cc" or not 32 <= int(meant.what) < 64:
        return False
    last = inputs.history(name)[-1:]
    upper = inputs.history(str(meant._replace(what=str(int(meant.what) - 32))))
    return any(turn > last[0][1] and fine(value) for _, turn, value in upper)


def heard(performance: Performance) -> dict[str, float | None]:
    """The value that is read of each control that something is bound to,
    by its key as it is bound.
    """
    bound = dict(performance.bindings.bound).values()
    return {one.to: performance.inputs.present(one.to) for one in bound}


def fader(live: LiveSet, name: str) -> float | None:
    """Where a fader stands: d1.gain, d1.pan, master, bpm; None for another name."""
    performance, renderer = live.performance, live.performance.renderer
    with live.lock:
        if name == "bpm":
            return float(renderer.tempo.cps_at(renderer.position) * 60 * renderer.settings.beats)
        place = PLACES.get(name)
        return None if place is None else float(performance.faders.at(*place).shown)


def learn(
    performance: Performance, hands: InputQueue, reply: Reply, seconds: float, pressed: bool = False
) -> None:
    """Tell the key of the next control that a hand moves, or presses; None when it takes too
    long.
    """
    within = min(seconds, LONGEST)
    asked = (performance, hands, reply, within, pressed)
    Thread(target=_listen, args=asked, name="learn", daemon=True).start()


def _listen(performance: Performance, hands: InputQueue, reply: Reply, seconds: float, pressed: bool) -> None:
    heard: SimpleQueue[tuple[Input, float]] = SimpleQueue()
    bindings, latest = performance.bindings, performance.inputs.latest()
    before = {name: value for name, value in latest.items() if not stands(name)}
    learner = Learner(before | dict(bindings.takeover.hands), pressed)
    end = time.monotonic() + seconds

    def listener(given: Input, moment: float) -> None:
        heard.put((given, moment))

    hands.listeners.append(listener)
    try:
        found = None
        while found is None and (now := time.monotonic()) < end:
            try:
                found = learner.hear(*heard.get(timeout=LOOK)) or learner.settled(now)
            except Empty:
                found = learner.settled(now)
    finally:
        hands.listeners.remove(listener)
    encoding = found and learner.encoding(found)
    reply((exactly(found), encoding) if found and encoding else found and exactly(found))


def _led(live: LiveSet) -> dict[str, tuple[str, ...]]:
    performance = live.performance
    with live.lock:
        asked = moving(performance)
        bound = set(performance.bindings.bound)
    found = {
        name: tuple(dict.fromkeys(live.name for live in live_inputs(what))) for name, what in asked.items()
    }
    return {name: keys for name, keys in found.items() if keys and name not in bound}


def here(live: LiveSet, sound: PlayerLink, inputs: bytes, voice: int | None) -> dict[str, Any]:
    """Where inputs (a pickled tuple of signals) are, and the latent of a voice, float32 in bytes,
    or why not.
    """
    renderer = live.performance.renderer
    with live.lock:
        reader = Reader(renderer.inputs)
        cycle = np.array([float(renderer.tempo.cycle_at(renderer.position))])
        signals = [compile_pattern(one) for one in pickle.loads(inputs)]
        place = GUARD.run(lambda: [float(one.sample(cycle, reader)[0]) for one in signals])
        now = max(sound.playhead, 0)
        return {"place": place, **({} if voice is None else _sounding(renderer, voice, now))}


def _sounding(renderer: Renderer, voice: int, now: int) -> dict[str, Any]:
    """What the newest layer of a voice plays at a sample."""
    layers = [layer for layer in renderer.voices[voice].layers if not layer.envelope.over(now)]
    found = next((row for layer in reversed(layers) if (row := layer.latent_at(now)) is not None), None)
    if found is not None:
        return {"latent": found.astype(np.float32).tobytes()}
    why = "plays sounds as they were recorded, which have no latents" if layers else "does not sound"
    return {"text": f"d{voice + 1} {why}; let it play a path, as in d{voice + 1} >> path('cello')"}


def latent(middle: Callable[[Trajectory], Float32], reply: Reply, packed: bytes) -> None:
    """The latent in the middle of a pickled trajectory, float32 in bytes,
    when its sounds are encoded.
    """
    Thread(target=_read, args=(middle, reply, pickle.loads(packed)), daemon=True).start()


def _read(middle: Callable[[Trajectory], Float32], reply: Reply, trajectory: Trajectory) -> None:
    try:
        reply({"latent": middle(trajectory).tobytes()})
    except Exception as error:  # whatever a musician's trajectory raises is told to whoever asked
        reply({"text": explained(error)})


def middle(
    renderer: Renderer, store: LiveStore, grabs: Grabs, encoder: EncoderProcess, trajectory: Trajectory
) -> Float32:
    """The latent (D,) in the middle of a trajectory; waits for the encoder.

    Raises LatentError where it has none.
    """
    rendering, half = renderer.rendering, np.array([0.5])
    cycle = np.array([float(renderer.cycle)])
    moments = Moments(np.zeros(1), half, cycle, 1.0, half, Reader(renderer.inputs))
    while True:
        gatherer = store.gatherer()
        frames = WithGrabs(gatherer, grabs).frames
        scene = replace(rendering.latents, frames=frames)
        mean, _ = GUARD.run(partial(_at, resolved(trajectory, rendering.find), scene, moments), TRIED)
        if not gatherer.missing:
            return _finite(np.asarray(mean[0], np.float32))
        encoder.wait(gatherer.missing)


def _at(trajectory: Trajectory, scene: ReadContext, moments: Moments) -> Latents:
    return compile_trajectory(trajectory, scene)(moments)


def _finite(found: Float32) -> Float32:
    if not np.isfinite(found).all():
        raise LatentError("its latent is not finite; is there a division by zero?")
    return found


# gestures


def gesture(live: LiveSet, packed: bytes) -> dict[str, Any]:
    """The content of a pickled gesture: {"times", "values", "cycles" (text), "tau"}, or {"text"}:
    why not.
    """
    node, inputs = pickle.loads(packed), live.performance.inputs
    with live.lock:
        return content(node, inputs.known, Reader(inputs))


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


def explore(live: LiveSet, store: LiveStore, name: str, number: int) -> dict[str, Any]:
    """A latent far from the marks of a space, float32 in bytes,
    and the emptiest place of its inputs or None.
    """
    settings = live.performance.renderer.settings
    with live.lock:
        marks = live.performance.spaces.marks(name)
    known = [mean for mean, _ in store.known()]
    found, kind = far(marks, number, settings.seed, settings.latent_dim, known)
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
