"""What a model is asked to play, and how it is judged.

Reconstruction of notes, interpolation of instruments and of pitches are the three tasks of Engel et
al. 2017; a frozen latent and a sound four times as long are what a set asks beyond them. All is
rendered with the instrument's own voice, so that the figures are of what is heard.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations

import numpy as np

from latentcode.arrays import Float32
from latentcode.audio import loudness
from latentcode.audio import reading as audio
from latentcode.audio.limiter import HEADROOM, headroom_gain
from latentcode.errors import LeftOutWarning, SoundError
from latentcode.evaluation.recordings import Recording
from latentcode.latents.strategies import extend, freeze, meso
from latentcode.models import measures
from latentcode.offline.pattern import render
from latentcode.sounds.model import Model, find_path

LONGEST = 4.0  # seconds of a sound
SHORTEST = 0.1
ALPHAS = (0.0, 0.25, 0.5, 0.75, 1.0)
PAIRS = 12  # of instruments, and of pitches
MOST_PAIRED = 2000  # sounds among which they are sought
STEADY = 8  # sounds that are frozen and extended
FACTOR = 4
HELD = 2.0  # seconds of a frozen sound
WIDEST = 12  # semitones between the two of a pair of pitches
VOICES = 64  # whose decoding is timed

KEPT = 200  # reconstructions that may be listened to

Figures = dict[str, float]
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Sound:
    """A recording of which `length` samples count, at a model's rate; read whenever it is needed,
    as there may be thousands.
    """

    recording: Recording
    sample_rate: int
    length: int

    def samples(self) -> Float32:
        """(length,)."""
        return _read(self.recording, self.sample_rate)


@dataclass
class Results:
    """The figures of a model: of each sound, of each pair, and their means and medians.

    `summary` maps a task to its figures; `sounds` holds what may be listened to, by (task, name):
    the original (None of pairs) and what the model made of it.
    """

    model: str
    digest: str
    family: str
    sample_rate: int
    notes: dict[str, Figures] = field(default_factory=dict)
    pairs: dict[str, Figures] = field(default_factory=dict)
    steady: dict[str, Figures] = field(default_factory=dict)
    speed: Figures = field(default_factory=dict)
    sounds: dict[tuple[str, str], tuple[Float32 | None, Float32]] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, Figures]:
        """Each task's figures over its sounds: see `MEDIANS` for what is a median, else means."""
        instruments = {name: one for name, one in self.pairs.items() if name.startswith("instruments")}
        pitches = {name: one for name, one in self.pairs.items() if name.startswith("pitches")}
        tasks = {
            "reconstruction": self.notes,
            "instruments": instruments,
            "pitches": pitches,
            "held and extended": self.steady,
        }
        found = {task: _over(rows) for task, rows in tasks.items() if rows}
        return found | ({"speed": self.speed} if self.speed else {})


MEDIANS = frozenset(
    {"above 4 kHz, dB", "above 8 kHz, dB", "harmonics, dB", "pitch, cents", "held, cents", "extended, cents"}
)


def evaluate(model: Model, found: list[Recording], tell: Tell = lambda done, total, what: None) -> Results:
    """Try `model` on recordings; `tell` hears how many of how many tasks are done, and which is
    next.

    Raises SoundError where none of them can be read at the model's rate.
    """
    card = model.card
    results = Results(card.name, card.digest, card.family, card.sample_rate)
    sounds = list(_lasting(found, card.sample_rate, tell))
    if not sounds:
        raise SoundError(f"none of the {len(found)} sounds lasts {SHORTEST} s")
    work = [*_reconstructions(model, sounds, results), *_pairs(model, sounds, results)]
    work += [*_steady(model, sounds, results), ("speed", lambda: results.speed.update(speed(model)))]
    for number, (name, task) in enumerate(work):
        tell(number, len(work), name)
        task()
    tell(len(work), len(work), "")
    return results


def _lasting(found: list[Recording], sample_rate: int, tell: Tell) -> Iterator[Sound]:
    """Those that can be read, last, and are no silence; what cannot be read is named and left
    out.
    """
    for number, one in enumerate(found):
        tell(number, len(found), f"reading {one.name}")
        try:
            if length := len(_read(one, sample_rate)):
                yield Sound(one, sample_rate, length)
        except SoundError as error:
            warnings.warn(f"left out: {error}", LeftOutWarning, stacklevel=3)


Work = Iterator[tuple[str, Callable[[], None]]]
Pitches = tuple[float | None, float | None]  # MIDI note numbers


def _reconstructions(model: Model, sounds: list[Sound], results: Results) -> Work:
    kept = set(np.linspace(0, len(sounds) - 1, KEPT).astype(int).tolist())

    def reconstruct(number: int, one: Recording) -> None:
        samples = sounds[number].samples()
        whole = np.pad(samples, (0, model.card.span))  # a drone begins again: not within what is measured
        copy = played(model, find_path(whole), len(samples))
        results.notes[one.name] = differences(samples, copy, model, one.frequency)
        if number in kept:
            results.sounds["reconstruction", one.name] = samples, copy

    for number, sound in enumerate(sounds):
        yield sound.recording.name, partial(reconstruct, number, sound.recording)


def differences(samples: Float32, copy: Float32, model: Model, frequency: float | None) -> Figures:
    """The figures of a copy beside its original."""
    rate, hop = model.sample_rate, model.card.advance
    harmonics = measures.hnr_db(copy, rate, frequency) - measures.hnr_db(samples, rate, frequency)
    off = measures.cents_off(copy, rate, frequency) - measures.cents_off(samples, rate, frequency)
    return {
        "MRSTFT": measures.mrstft(samples, copy),
        "mel, dB": measures.mel_db(samples, copy, rate),
        "above 4 kHz, dB": measures.above_db(samples, copy, rate, 4000),
        "above 8 kHz, dB": measures.above_db(samples, copy, rate, 8000),
        "harmonics, dB": harmonics,
        "pitch, cents": abs(off),
        "modulation": measures.modulation(copy, hop) - measures.modulation(samples, hop),
        "SNR, dB": measures.snr_db(samples, copy),
    }


def _pairs(model: Model, sounds: list[Sound], results: Results) -> Work:
    def mix(name: str, first: Sound, second: Sound) -> None:
        pitches = first.recording.pitch, second.recording.pitch
        results.pairs[name], middle = between(model, first.samples(), second.samples(), pitches)
        results.sounds["between", name] = None, middle

    for kind, (first, second) in _chosen(sounds):
        name = f"{kind}: {first.recording.name} – {second.recording.name}"
        yield name, partial(mix, name, first, second)


def _chosen(sounds: list[Sound]) -> Iterator[tuple[str, tuple[Sound, Sound]]]:
    """Pairs of one pitch and two instruments, and the other way round, evenly drawn."""
    pitched = [sound for sound in sounds if sound.recording.pitch is not None]
    if len(pitched) > MOST_PAIRED:
        pitched = [pitched[place] for place in np.linspace(0, len(pitched) - 1, MOST_PAIRED).astype(int)]
    same, apart = [], []
    for first, second in combinations(pitched, 2):
        one, other = first.recording, second.recording
        steps = abs((one.pitch or 0) - (other.pitch or 0))
        if not steps and one.instrument != other.instrument:
            same.append((first, second))
        elif 0 < steps <= WIDEST and one.instrument == other.instrument:
            apart.append((first, second))
    for kind, pairs in (("instruments", same), ("pitches", apart)):
        for place in np.unique(np.linspace(0, len(pairs) - 1, PAIRS).astype(int)) if pairs else ():
            yield kind, pairs[place]


def between(
    model: Model, first: Float32, second: Float32, pitches: Pitches = (None, None)
) -> tuple[Figures, Float32]:
    """How an interpolation goes from one sound to another, and its middle as sound.

    The level at the middle against what lies between those of its ends, how far the brightness
    strays from the way between them, and how far the middle is from a plain cross-fade.
    """
    length, rate = min(len(first), len(second)), model.sample_rate
    ends = [
        replace(find_path(one[:length].copy()), pitch=pitch)
        for one, pitch in zip((first, second), pitches, strict=True)
    ]
    heard = {alpha: played(model, meso(ends[0], ends[1], alpha), length) for alpha in ALPHAS}
    levels = {alpha: loudness.loudness(sound, rate) for alpha, sound in heard.items()}
    colours = {alpha: measures.centroid(sound, rate) for alpha, sound in heard.items()}
    middle = heard[0.5]
    expected = 10 * math.log10(0.5 * sum(10 ** (levels[end] / 10) for end in (0.0, 1.0)) + 1e-20)
    fade = (0.5 * heard[0.0] + 0.5 * heard[1.0]).astype(np.float32)
    figures = {
        "level at the middle, dB": abs(levels[0.5] - expected),
        "brightness off the way": _strayed([colours[alpha] for alpha in ALPHAS]),
        "from a cross-fade, MRSTFT": measures.mrstft(fade, middle),
    }
    return figures, middle


def _strayed(course: list[float]) -> float:
    """How far a course goes back on its way, as a part of all that it moves; 0: never."""
    steps = np.diff(np.log(np.maximum(course, 1.0)))
    total = float(np.abs(steps).sum())
    return 0.0 if total < 1e-9 else float((total - abs(steps.sum())) / total)


def _steady(model: Model, sounds: list[Sound], results: Results) -> Work:
    def hold(sound: Sound) -> None:
        one, samples = sound.recording, sound.samples()
        results.steady[one.name], heard = steady(model, samples, one.frequency)
        results.sounds["held and extended", one.name] = samples, heard

    pitched = [one for one in sounds if one.recording.pitch is not None and one.length >= model.sample_rate]
    for place in np.unique(np.linspace(0, len(pitched) - 1, STEADY).astype(int)) if pitched else ():
        yield pitched[place].recording.name, partial(hold, pitched[place])


def steady(model: Model, samples: Float32, frequency: float | None) -> tuple[Figures, Float32]:
    """Pitch and purity of one latent that is held, and of a sound four times as long."""
    rate, path = model.sample_rate, find_path(samples)
    held = played(model, freeze(path, 0.4), round(HELD * rate))[rate // 4 :]
    longer = played(model, extend(path, factor=FACTOR), FACTOR * len(samples))
    around = samples[int(0.3 * len(samples)) : int(0.5 * len(samples)) + 8192]
    body = longer[len(longer) // 8 : len(longer) // 2]
    pitch, purity = (
        measures.cents_off(around, rate, frequency),
        measures.hnr_db(samples, rate, frequency),
    )
    figures = {
        "held, cents": abs(measures.cents_off(held, rate, frequency) - pitch),
        "held harmonics, dB": measures.hnr_db(held, rate, frequency) - purity,
        "held modulation": measures.modulation(held, model.card.advance),
        "extended, cents": abs(measures.cents_off(body, rate, frequency) - pitch),
        "extended harmonics, dB": measures.hnr_db(longer, rate, frequency) - purity,
    }
    return figures, np.concatenate([held, longer])


def speed(model: Model) -> Figures:
    """Latent frames a second of 64 voices in one thread, and what of a core that is."""
    from latentcode.models.pace import hops
    from latentcode.models.packed import one_thread

    card = model.card
    with one_thread():
        frames = hops(model.decoder, card, VOICES)
    return {
        "frames a second": frames,
        "of a core at 64 voices, %": 100 * VOICES * card.sample_rate / card.advance / frames,
    }


def played(model: Model, source: object, length: int) -> Float32:
    """What a drone sounds like, (length,) at the model's rate and at the level of its sounds."""
    sound = render(source, length / model.sample_rate, model, sample_rate=model.sample_rate)  # type: ignore[arg-type]
    return np.ascontiguousarray(sound[:, 0] / np.float32(headroom_gain(HEADROOM)))


def _read(one: Recording, sample_rate: int) -> Float32:
    samples, rate = audio.read(one.file, sample_rate)
    samples = samples[: round(LONGEST * rate)]
    return samples if len(samples) >= SHORTEST * rate and np.abs(samples).max() > 1e-4 else samples[:0]


def _over(rows: Mapping[str, Figures]) -> Figures:
    keys = {key: None for row in rows.values() for key in row}
    found = {}
    for key in keys:
        values = np.array([row.get(key, math.nan) for row in rows.values()])
        values = values[np.isfinite(values)]
        if len(values):
            found[key] = float(np.median(values) if key in MEDIANS else np.mean(values))
    return found
