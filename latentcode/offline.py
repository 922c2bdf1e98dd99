"""Rendering a pattern to samples, in this process, with the engine's own voice."""

from __future__ import annotations

import numpy as np

from latentcode.arrays import Float32
from latentcode.engine.voices.layer import Stage
from latentcode.engine.voices.reading import Reading
from latentcode.engine.voices.renderer import Renderer, Settings, Trouble
from latentcode.errors import EngineError, LatentError
from latentcode.latent.drones import resolved
from latentcode.latent.note import Note, note_of
from latentcode.latent.strategies import as_pattern
from latentcode.latent.trajectory import Trajectory
from latentcode.model import Model, load_model
from latentcode.patterns import Pattern

BLOCK = 16384
LONGEST = 24 * 3600  # seconds


def render(
    pattern: Pattern | Trajectory | str,
    seconds: float | None = None,
    model: Model | str = "default",
    synthesis: str = "overlap",
    noise: float = 0.0,
    seed: int = 0,
    bpm: float = 120,
    sample_rate: int | None = None,
) -> Float32:
    """A pattern, trajectory or mini-notation as samples: float32 (samples, 2).

    seconds      how long; without it a drone sounds once through
    synthesis    "overlap" (Hann windows), or "concat" (windows end to end, as published)
    noise        how much of the encoder's variance is heard; 1 samples as in training
    sample_rate  in Hz; the model's own when left out

    Raises EngineError, LatentError, PatternError or SoundError.
    """
    chosen = model if isinstance(model, Model) else load_model(model)
    rate = sample_rate or chosen.sample_rate
    voicing = {"noise": noise, "seed": seed, "bpm": bpm, "latent_dim": chosen.latent_dim}
    settings = Settings(rate, chosen.sample_rate, chosen.window, synthesis, **voicing)  # type: ignore[arg-type]
    renderer = Renderer(settings, chosen.store_for(synthesis), chosen.decoder, _raise)
    tree = as_pattern(pattern)
    length = _natural(tree, renderer) if seconds is None else round(_checked(seconds) * rate)
    renderer.play(0, tree, None, 0)
    return _stereo(renderer, length)


def _stereo(renderer: Renderer, length: int) -> Float32:
    out = np.empty((length, 2), np.float32)
    for first in range(0, length, BLOCK):
        count = min(BLOCK, length - first)
        out[first : first + count] = renderer.render(count)[:2].T
    return out


def _natural(tree: Pattern, renderer: Renderer) -> int:
    drones = [event for event in tree.query(0, 1) if event.whole is None]
    notes = [note for event in drones if (note := note_of(event.value)) is not None]
    samples = max((_once_through(note, renderer.stage) for note in notes), default=0)
    if not samples:
        raise LatentError("only a drone has a length of its own; say how many seconds: render(…, seconds=8)")
    return samples


def _once_through(note: Note, stage: Stage) -> int:
    if note.plain is not None:
        take = Reading(note, 0, None, stage).take
        return take.length if take else 0
    return stage.drone_samples(resolved(note.trajectory, stage.find))


def _checked(seconds: float) -> float:
    if not 0 < seconds <= LONGEST:
        raise EngineError(f"seconds lie above 0, up to {LONGEST}, not {seconds!r}; as in seconds=8")
    return seconds


def _raise(trouble: Trouble) -> None:
    raise trouble.error
