"""A pattern, or what keys play, tried before it takes over: its errors come where it was typed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial

from latentcode.frames import Frames
from latentcode.inputs.reader import Reader
from latentcode.latents.morph import Morph
from latentcode.latents.path import Path
from latentcode.latents.sustain import FindRing
from latentcode.patterns import Pattern
from latentcode.synth.context import FindModel, RenderContext
from latentcode.synth.keyboard import Keyboard
from latentcode.synth.keyed import KeyVoice
from latentcode.synth.renderer import Renderer
from latentcode.synth.settings import FindFrames, FindSamples


def try_out(
    renderer: Renderer,
    pattern: Pattern,
    voice: int,
    frames: FindFrames | None = None,
    cycles: int = 2,
    samples: FindSamples | None = None,
    morph: Morph | None = None,
    first: Fraction | None = None,
    ring: FindRing | None = None,
    model: FindModel | None = None,
) -> None:
    """Query a pattern and read a latent of every layer,
    so that its errors come before it takes over.

    A morph is tried from what plays now. `first` is the cycle to begin with, the present one
    where none is given. Raises whatever the pattern raises, and TooSlowError.

    `frames`, `samples`, `ring` and `model` take the place of the store's. May be called from
    another thread.
    """
    trial = renderer.new_voice(voice, _rendering(renderer, frames, samples, ring, model))
    first = Fraction(renderer.tempo.cycle_at(renderer.position) // 1) if first is None else first
    if morph is not None and (old := renderer.voices[voice].playing) is not None:
        trial.start(trial.part(old.pattern, old.origin), first)
    trial.take_over(trial.part(pattern), first, morph)
    for cycle in range(cycles):
        begin, end = (renderer.tempo.sample_of(first + edge) for edge in (cycle, cycle + 1))
        trial.budget.charge(
            partial(trial.rehearse, begin, end, renderer.between),
            (end - begin) / renderer.settings.sample_rate,
        )


def try_keys(
    renderer: Renderer,
    keyboard: Keyboard,
    voice: int,
    frames: FindFrames,
    cycles: int,
    samples: FindSamples,
    ring: FindRing | None = None,
    model: FindModel | None = None,
) -> None:
    """Read a latent of all that keys can play; see `try_out`."""
    trial = KeyVoice(renderer.beside(voice, _rendering(renderer, frames, samples, ring, model)))
    trial.set(keyboard)
    trial.rehearse_keys(Fraction(renderer.tempo.cycle_at(renderer.position) // 1), cycles)


def _rendering(
    renderer: Renderer,
    frames: FindFrames | None,
    samples: FindSamples | None,
    ring: FindRing | None,
    model: FindModel | None,
) -> RenderContext:
    latents = replace(renderer.rendering.latents, frames=_between(renderer, frames or renderer.store.frames))
    found, rate = samples or renderer.store.samples, renderer.settings.sample_rate
    looped = (ring or renderer.store.ring) if renderer.settings.loops else None
    present = Reader(renderer.inputs, foreseen=True)
    return replace(
        renderer.rendering,
        latents=latents,
        samples=lambda path: found(path, rate),
        live=present,
        ring=looped,
        models=model or renderer.rendering.models,
    )


def _between(renderer: Renderer, frames: FindFrames) -> FindFrames:
    """The same frames, of which every layer asks as it is made."""

    def found(path: Path, hop: int, length: int | None = None) -> Frames:
        renderer.between()
        return frames(path, hop, length)

    return found
