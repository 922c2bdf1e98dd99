"""What the engine answers when the desk asks, by the kind of the question and its arguments:
plain values.

"model"          {"file", "rate" (wanted, or None), "hop" in samples, "bpm", "seed",
                     "matched" (in loudness)}
"where"          {voice: (frames, dimensions, bytes of float32)}: latents that each voice read last
"scope"          {"rate", "frames": bytes of float32 (n, 2)}: what was heard last
"outlets"        names of the MIDI outputs that are there
"here", "latent", "gesture", "explore"   see `exploring.py`
"encode", jobs   pickled Jobs for the encoder; why one of them cannot be encoded, or ""
"controls"       what hands are bound to and what they do (see `pictures/controls.py`)
"heard"          the value that is read of each control that something is bound to, by its key then
"fader", name    where d1.gain, d1.pan, master, bpm stands
"learn", seconds the key of the next control that a hand moves, when it does

Those of WAITING answer when something has happened.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from latentcode.engine import exploring
from latentcode.engine.controls import controls, fader, heard, learn
from latentcode.engine.parts import EngineParts
from latentcode.protocol.messages import Answer

if TYPE_CHECKING:
    from latentcode.arrays import Float32
    from latentcode.synth.layer import Layer


def model(engine: EngineParts) -> dict[str, Any]:
    renderer = engine.renderer
    cps = renderer.tempo.cps_at(max(engine.sound.playhead, 0))
    return {
        "file": engine.card.file,
        "rate": engine.options.model_rate,
        "hop": renderer.rendering.synthesis.hop,
        "bpm": float(cps * 60 * renderer.settings.beats),
        "seed": renderer.settings.seed,
        "matched": engine.store.matched,
    }


def where(engine: EngineParts) -> dict[int, tuple[int, int, bytes]]:
    with engine.lock:
        latest = {voice.index: _latest(voice.layers) for voice in engine.renderer.voices}
    return {index: (*rows.shape, rows.tobytes()) for index, rows in latest.items() if rows is not None}


def _latest(layers: list[Layer]) -> Float32 | None:
    """What the newest layer read last."""
    return next((rows for layer in reversed(layers) if (rows := layer.latest) is not None), None)


def scope(engine: EngineParts) -> dict[str, Any]:
    return {"rate": engine.sound.rate, "frames": engine.sound.ring.monitored().tobytes()}


def outlets(engine: EngineParts) -> tuple[str, ...]:
    return engine.departures.sender.names()


def encode(engine: EngineParts, jobs: bytes) -> str:
    return next(filter(None, map(engine.encoder.tried, pickle.loads(jobs))), "")


QUESTIONS: dict[str, Callable[..., Any]] = {
    "model": model,
    "where": where,
    "scope": scope,
    "encode": encode,
    "controls": controls,
    "fader": fader,
    "heard": heard,
    "outlets": outlets,
    **exploring.QUESTIONS,
}


Reply = Callable[[Any], None]
# what is asked → function(engine, reply, …), which may reply later
WAITING: dict[str, Callable[..., None]] = {"learn": learn, **exploring.WAITING}


def ask(engine: EngineParts, number: int, kind: str, arguments: tuple[Any, ...]) -> None:
    """Answer one question of the desk, now or later."""

    def reply(value: Any) -> None:
        engine.desks.tell(Answer(number, value))

    if kind in WAITING:
        WAITING[kind](engine, reply, *arguments)
    else:
        reply(QUESTIONS[kind](engine, *arguments))
