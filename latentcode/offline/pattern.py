"""Rendering a pattern to samples, in this process, with the engine's own voice."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio.decoding import RATES
from latentcode.audio.limiter import HEADROOM, Limiter, headroom_gain, limited
from latentcode.checks import as_float, choice, model_name, whole, wrong
from latentcode.engine.deadman import ended_when_hung
from latentcode.errors import EngineError, LatentError, RangeError, SoundWarning
from latentcode.files import limits
from latentcode.latents.listening import HEARD
from latentcode.latents.note import Note, note_of
from latentcode.latents.strategies import as_sounds
from latentcode.latents.trajectory import Trajectory
from latentcode.models.card import for_synthesis, instead
from latentcode.patterns import Pattern
from latentcode.patterns.tree import live_inputs
from latentcode.session.header import HABITS
from latentcode.sounds.hearing import Hearing, Nothing
from latentcode.sounds.model import Model, load_model
from latentcode.synth.building import ModelInUse, build_renderer
from latentcode.synth.context import RenderContext
from latentcode.synth.reading import Reading
from latentcode.synth.renderer import Renderer, Trouble
from latentcode.synth.synthesis import GRAINS, KINDS
from latentcode.words import word

BLOCK = 16384
LONGEST = 24 * 3600  # seconds


@word('render(s("cello"), seconds=4)')
def render(
    pattern: Pattern | Trajectory | str,
    seconds: float | None = None,
    model: Model | str = "default",
    synthesis: str = "overlap",
    noise: float = 0.0,
    seed: int = 0,
    bpm: float = 120,
    sample_rate: int | None = None,
    grains: str = "auto",
) -> Float32:
    """A pattern, trajectory or mini-notation as samples: float32 (samples, 2).

    seconds      how long; without it a drone sounds once through
    model        a name, a file or a model; "default" is the spectral one of the package
    synthesis    "overlap" (frames laid over one another), or "concat" (windows end to end, as
                 published: of the model "raw", where none is given, with a SoundWarning)
    grains       "aligned": overlapping windows are laid where they go on with one another, "plain":
                 where they are, "auto": aligned where latents stand still (freeze, point, extend)
    noise        how much of the encoder's variance is heard; 1 samples as in training
    sample_rate  in Hz, 1000 to 768000; the model's own when left out

    As in a set, there are 6 dB of headroom, and a limiter holds all samples to −1 dBFS. With
    "concat" the windows are left at the level at which they are decoded, and only what exceeds full
    scale, as several events at once may, is held to it: a bare strategy gives the published
    algorithm's samples.

    Raises EngineError, LatentError, PatternError or SoundError.
    """
    choice(synthesis, "synthesis", KINDS, 'synthesis="concat"')
    chosen = model if isinstance(model, Model) else _chosen(model, synthesis)
    rate = chosen.sample_rate if sample_rate is None else _checked_rate(sample_rate)
    asked = None if seconds is None else _with_room(round(_checked(seconds) * rate), rate)
    decoder = chosen.decoder  # which is loaded by now, so that its card says all
    used = ModelInUse(chosen.card, chosen.store_for(synthesis), decoder, chosen.find)
    begun: dict[str, Any] = {"synthesis": synthesis, "noise": noise, "seed": seed, "bpm": bpm}
    begun |= dict.fromkeys(HABITS, True)
    begun["grains"] = choice(grains, "grains", GRAINS, 'grains="plain"')
    renderer = build_renderer(used, rate, _raise, _raise_beyond, **begun)
    tree = as_sounds(pattern)
    length = _with_room(_natural(tree, renderer), rate) if asked is None else asked
    hearing = Hearing(rate, Nothing(), lambda name: chosen.named(name).codec if name else chosen.codec)
    hearing.until = 10**12
    renderer.inputs.known[HEARD] = hearing
    renderer.play(0, tree, None, 0)
    from latentcode.models.packed import one_thread  # torch, which is there by now

    with ended_when_hung(), closing(renderer), one_thread():
        blocks = _blocks(renderer, length, hearing.block if live_inputs(tree) else BLOCK)
        return (
            _published(renderer, blocks, length)
            if synthesis == "concat"
            else _limited(renderer, blocks, length)
        )


def _limited(renderer: Renderer, blocks: Iterator[Float32], length: int) -> Float32:
    gain, limiter = np.float32(headroom_gain(HEADROOM)), Limiter(renderer.settings.sample_rate)
    return _stereo(limited((block * gain for block in blocks), limiter), length)


def _published(renderer: Renderer, blocks: Iterator[Float32], length: int) -> Float32:
    """As it is decoded, between −1 and 1; more than that is held to full scale."""
    limiter = Limiter(renderer.settings.sample_rate, ceiling=1.0, between=np.inf)
    return _stereo(limited(blocks, limiter), length)


def _blocks(renderer: Renderer, length: int, size: int) -> Iterator[Float32]:
    """Blocks of up to `size` samples: what is fed back is heard as early as in a set."""
    for first in range(0, length, size):
        yield renderer.render(min(size, length - first))[:2]


def _stereo(blocks: Iterator[Float32], length: int) -> Float32:
    out = np.empty((length, 2), np.float32)
    first = 0
    for block in blocks:
        out[first : first + block.shape[1]] = block.T
        first += block.shape[1]
    return out


def _natural(tree: Pattern, renderer: Renderer) -> int:
    drones = [event for event in tree.query(0, 1) if event.whole is None]
    notes = [note for event in drones if (note := note_of(event.value)) is not None]
    samples = max((_once_through(note, renderer.rendering) for note in notes), default=0)
    if not samples:
        raise LatentError("only a drone has a length of its own; say how many seconds: render(…, seconds=8)")
    return samples


def _once_through(note: Note, rendering: RenderContext) -> int:
    reading = Reading(note, 0, None, rendering)
    return reading.rendering.samples_of(reading.natural) if reading.take is None else reading.take.length


def _chosen(name: str, synthesis: str) -> Model:
    model_name(name, "model", 'model="raw"')
    taken = for_synthesis(name, synthesis)
    if taken != name:
        warnings.warn(instead(taken), SoundWarning, stacklevel=3)
    return load_model(taken)


def _checked(seconds: float) -> float:
    if not 0 < as_float(seconds) <= LONGEST:
        raise wrong("seconds", f"a number above 0, up to {LONGEST}", seconds, "seconds=8")
    return seconds


def _checked_rate(rate: int) -> int:
    return whole(rate, "sample_rate", RATES[0], RATES[-1], "sample_rate=48000", of="a whole number of Hz")


def _with_room(length: int, rate: int) -> int:
    if excess := limits.excess(8 * length):  # two channels of float32
        raise EngineError(
            f"{length / rate:.0f} s at {rate} Hz would take {excess}; render fewer seconds at a time"
        )
    return length


def _raise(trouble: Trouble) -> None:
    raise trouble.error


def _raise_beyond(voice: int, error: RangeError) -> None:
    raise error
