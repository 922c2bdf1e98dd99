"""What the desk can ask about hands: what they are bound to, where they stand,
which one moves next.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from latentcode.engine.parts import EngineParts
from latentcode.inputs.history import Input, Inputs
from latentcode.inputs.keys import exactly, key
from latentcode.inputs.learning import Learner
from latentcode.inputs.takeover import stands
from latentcode.midi_osc.pairs import fine
from latentcode.parameters import MASTER, VOICES
from latentcode.patterns.tree import live_inputs
from latentcode.set.echoes import ECHOED, PLACES

if TYPE_CHECKING:
    from latentcode.set.performance import Performance
    from latentcode.synth.renderer import Renderer

LONGEST = 600.0  # seconds that a hand is waited for
LOOK = 0.1

Reply = Callable[[Any], None]


def controls(engine: EngineParts) -> dict[str, Any]:
    """What hands are bound to and what they do; plain values.

    values    by exact key the present values, as they count; no lower halves of pairs
    hands     where controls stand, as far as is known
    waiting   values that hold: (stored, hand or None)
    bound     names and faders: (key, low, high, curve)
    led       what else live inputs lead: faders, chains of effects, voices and the tempo by name,
              with the keys
    takeover  the rule
    ports     the MIDI inputs that are listened to
    """
    performance = engine.performance
    bindings = performance.bindings
    takeover = bindings.takeover
    return {
        "values": _values(performance.inputs),
        "hands": dict(takeover.hands),
        "waiting": {name: tuple(waiting) for name, waiting in takeover.waiting.items()},
        "bound": {name: (b.to, b.low, b.high, b.curve) for name, b in dict(bindings.bound).items()},
        "led": _led(engine),
        "takeover": takeover.mode,
        "ports": engine.ports.names,
    }


def _values(inputs: Inputs) -> dict[str, float]:
    latest = inputs.latest()
    return {name: value for name, value in latest.items() if name not in ECHOED and not _half(inputs, name)}


def _half(inputs: Inputs, name: str) -> bool:
    """Whether a control is the lower half of another,
    which has said so since this one was heard last.
    """
    meant = key(name)
    if meant.kind != "cc" or not 32 <= int(meant.what) < 64:
        return False
    last = inputs.history(name)[-1:]
    upper = inputs.history(str(meant._replace(what=str(int(meant.what) - 32))))
    return any(turn > last[0][1] and fine(value) for _, turn, value in upper)


def heard(engine: EngineParts) -> dict[str, float | None]:
    """The value that is read of each control that something is bound to,
    by its key as it is bound.
    """
    performance = engine.performance
    bound = dict(performance.bindings.bound).values()
    return {one.to: performance.inputs.present(one.to) for one in bound}


def fader(engine: EngineParts, name: str) -> float | None:
    """Where a fader stands: d1.gain, d1.pan, master, bpm; None for another name."""
    performance, renderer = engine.performance, engine.performance.renderer
    with engine.lock:
        if name == "bpm":
            return float(renderer.tempo.cps_at(renderer.position) * 60 * renderer.settings.beats)
        place = PLACES.get(name)
        return None if place is None else float(performance.faders.at(*place).shown)


def learn(engine: EngineParts, reply: Reply, seconds: float) -> None:
    """Tell the key of the next control that a hand moves; None when it takes too long."""
    Thread(target=_listen, args=(engine, reply, min(seconds, LONGEST)), name="learn", daemon=True).start()


def _listen(engine: EngineParts, reply: Reply, seconds: float) -> None:
    heard: SimpleQueue[tuple[Input, float]] = SimpleQueue()
    bindings, latest = engine.performance.bindings, engine.performance.inputs.latest()
    before = {name: value for name, value in latest.items() if not stands(name)}
    learner, end = Learner(before | dict(bindings.takeover.hands)), time.monotonic() + seconds

    def listener(given: Input, moment: float) -> None:
        heard.put((given, moment))

    engine.hands.listeners.append(listener)
    try:
        found = None
        while found is None and (now := time.monotonic()) < end:
            try:
                found = learner.hear(*heard.get(timeout=LOOK)) or learner.settled(now)
            except Empty:
                found = learner.settled(now)
    finally:
        engine.hands.listeners.remove(listener)
    reply(found and exactly(found))


def _led(engine: EngineParts) -> dict[str, tuple[str, ...]]:
    performance = engine.performance
    with engine.lock:
        moving = {**_faders(performance), **_playing(performance.renderer)}
        bound = set(performance.bindings.bound)
    found = {
        name: tuple(dict.fromkeys(live.name for live in live_inputs(what))) for name, what in moving.items()
    }
    return {name: keys for name, keys in found.items() if keys and name not in bound}


def _faders(performance: Performance) -> dict[str, Any]:
    """What moves faders and effects, by name."""
    racks = {f"d{n + 1}.fx": n for n in range(VOICES)} | {"master.fx": MASTER}
    chains = {name: performance.racks.chain_of(place) for name, place in racks.items()}
    return {
        **{name: performance.faders.at(*place).setting for name, place in PLACES.items()},
        **{name: tuple(s for effect in chain for s in effect.settings) for name, chain in chains.items()},
    }


def _playing(renderer: Renderer) -> dict[str, Any]:
    """What voices play, and what is to take over there; and what gives the tempo."""
    voices: dict[str, Any] = {}
    for voice in renderer.voices:
        parts = (voice.playing, voice.pending.part if voice.pending else None)
        voices[f"d{voice.index + 1}"] = tuple(part.pattern for part in parts if part)
    return {**voices, "bpm": renderer.conductor.asked}
