"""What the desk can ask about hands: what they are bound to, where they stand, which one moves next."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from latentcode.commands import VOICES
from latentcode.control.inputs import Input
from latentcode.control.keys import exactly
from latentcode.control.learning import Learner
from latentcode.control.takeover import stands
from latentcode.parameters import MASTER
from latentcode.patterns import Pattern

if TYPE_CHECKING:
    from latentcode.engine.conduct.performance import Performance
    from latentcode.engine.process import Engine

LONGEST = 600.0  # seconds that a hand is waited for
LOOK = 0.1

Reply = Callable[[Any], None]


def controls(engine: Engine) -> dict[str, Any]:
    """What hands are bound to and what they do; plain values.

    values    by exact key the present values, as they count
    hands     where controls stand, as far as is known
    waiting   values that hold: (stored, hand or None)
    bound     names and faders: (key, low, high, curve)
    led       what else live inputs lead: faders and chains of effects by name, with the keys
    takeover  the rule
    ports     the MIDI inputs that are listened to
    """
    performance = engine.performance
    bindings = performance.bindings
    takeover = bindings.takeover
    return {
        "values": dict(performance.inputs.latest()),
        "hands": dict(takeover.hands),
        "waiting": {name: tuple(waiting) for name, waiting in takeover.waiting.items()},
        "bound": {name: (b.to, b.low, b.high, b.curve) for name, b in dict(bindings.bound).items()},
        "led": dict(_led(performance)),
        "takeover": takeover.mode,
        "ports": engine.ports.names,
    }


def fader(engine: Engine, name: str) -> float | None:
    """Where a fader stands: d1.gain, d1.pan, master, bpm; None for another name."""
    performance, renderer = engine.performance, engine.performance.renderer
    with engine.lock:
        if name == "bpm":
            return float(renderer.tempo.cps_at(renderer.position) * 60 * renderer.settings.beats)
        place = _places().get(name)
        return None if place is None else float(performance.faders.at(*place).shown)


def learn(engine: Engine, reply: Reply, seconds: float) -> None:
    """Tell the key of the next control that a hand moves; None when it takes too long."""
    Thread(target=_listen, args=(engine, reply, min(seconds, LONGEST)), name="learn", daemon=True).start()


def _listen(engine: Engine, reply: Reply, seconds: float) -> None:
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


def _led(performance: Performance) -> Iterator[tuple[str, tuple[str, ...]]]:
    settings: dict[str, tuple[Any, ...]] = {
        name: (performance.faders.at(*place).setting,) for name, place in _places().items()
    }
    racks = {f"d{n + 1}.fx": n for n in range(VOICES)} | {"master.fx": MASTER}
    chains = {name: performance.racks.chain_of(place) for name, place in racks.items()}
    settings |= {
        name: tuple(value for effect in chain for value in effect.settings) for name, chain in chains.items()
    }
    for name, given in settings.items():
        led = (live.name for setting in given if isinstance(setting, Pattern) for live in setting.live_inputs)
        if name not in performance.bindings.bound and (found := tuple(dict.fromkeys(led))):
            yield name, found


def _places() -> dict[str, tuple[Any, ...]]:
    voices = {f"d{n + 1}.{what}": (what, n) for n in range(VOICES) for what in ("gain", "pan")}
    return {**voices, "master": ("master",)}
