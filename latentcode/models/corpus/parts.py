"""What the corpus consists of: parts, each a list of takes that are made together."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32, Float64
from latentcode.models.corpus import fonts, speech
from latentcode.models.corpus.drums import DRUMS, Ranges
from latentcode.models.corpus.fonts import LOUD, SOFT, Instrument, peak_normalised, trimmed
from latentcode.models.corpus.synths import SYNTHS
from latentcode.models.corpus.textures import TEXTURES

KINDS = ("notes", "drums", "electronic", "textures", "speech", "fonts")
TRAIN, HELD_OUT = "train", "held-out"
AGAIN = (("electronic", 1), ("textures", 1), ("speech", 0), ("drums", 0), ("drums", 0))  # kinds, seeds
LOUD_DB, SOFT_DB = -3.0, -9.0  # of the peaks of what is played loud and soft
FADE = 441  # samples at the end of what does not end by itself

OTHERS_EVERY = 3  # of the instruments are taken from other fonts
APART = 6  # semitones between the pitches that are held out
STRUCK = 24  # takes of each electronic drum, of which each sixth is held out
PLAYED = 2  # takes at each pitch of an electronic instrument
TEXTURE_TAKES, TEXTURE_SECONDS = 10, 5.0
PLAYED_SECONDS = 1.3


@dataclass(frozen=True)
class Part:
    """Takes that are made together.

    `takes` are files below the corpus, without their suffix; `made` yields their samples, mono
    at RATE, in the same order, and no samples for a take that there is none of. `of` says what
    they are made of: a part is made again where it has changed.
    """

    name: str
    takes: tuple[str, ...]
    made: Callable[[], Iterator[Float32]]
    of: str


def parts(kinds: tuple[str, ...], seed: int, soundfont: Path | None, others: tuple[Path, ...]) -> list[Part]:
    """The parts of these kinds, in their order.

    Raises SoundError where a sound font is needed and there is none.
    """
    found: list[Part] = []
    if {"notes", "drums"} & set(kinds):
        soundfont = fonts.find_soundfont(soundfont)
    for kind in kinds:
        if kind == "notes" and soundfont is not None:
            found += [_notes(kind, voice.name, voice, soundfont) for voice in fonts.VOICES]
        elif kind == "drums" and soundfont is not None:
            found += [_kits(soundfont)]
        elif kind == "electronic":
            found += [_drum(name, seed) for name in DRUMS] + [_synth(name, seed) for name in SYNTHS]
        elif kind == "textures":
            found += [_texture(name, seed) for name in TEXTURES]
        elif kind == "speech":
            found += [_speech(language, seed) for language in speech.SENTENCES]
        elif kind == "fonts":
            some = fonts.VOICES[::OTHERS_EVERY]
            found += [_notes(kind, f"{font.stem}/{v.name}", v, font) for font in others for v in some]
    return found


def house(kinds: tuple[str, ...], seed: int, soundfont: Path | None, others: tuple[Path, ...]) -> list[Part]:
    """The parts of these kinds as the house model learns them: electronic sounds and textures of
    another seed as well, speech twice and drums thrice, since there is little of them beside notes.

    Raises SoundError where a sound font is needed and there is none.
    """
    found = parts(kinds, seed, soundfont, others)
    for number, (kind, more) in enumerate(AGAIN):
        if kind in kinds:
            found += [_again(part, number) for part in parts((kind,), seed + more, soundfont, ())]
    return found


def _again(part: Part, number: int) -> Part:
    """What of a part is to train on, in a folder of its own."""
    trained = [take.startswith(f"{TRAIN}/") for take in part.takes]
    place = f"{TRAIN}/again-{number}-"
    takes = tuple(take.replace(f"{TRAIN}/", place, 1) for take in compress(part.takes, trained))
    return replace(
        part,
        name=f"again-{number}-{part.name}",
        takes=takes,
        made=lambda: compress(part.made(), trained),
    )


def is_held_out(pitch: int) -> bool:
    """Every sixth pitch is kept for measuring, and none beside it is trained on."""
    return pitch % APART == 0


def _place(held_out: bool, kind: str, name: str, take: str) -> str:
    return f"{HELD_OUT if held_out else TRAIN}/{kind}/{name}/{take}"


def _notes(kind: str, name: str, voice: Instrument, soundfont: Path) -> Part:
    """The pitches that are held out, and two between each of them; soft and loud by turns."""
    pitches = [pitch for pitch in voice.pitches if pitch % 2 == 0]
    notes = [(pitch, LOUD if (pitch // APART + pitch % APART // 2) % 2 else SOFT) for pitch in pitches]
    takes = tuple(_place(is_held_out(p), kind, name, f"{p:03d}-{v:03d}") for p, v in notes)

    def made() -> Iterator[Float32]:
        rendered = fonts.render_notes(voice, notes, soundfont)
        for (_, velocity), samples in zip(notes, rendered, strict=True):
            yield peak_normalised(samples, LOUD_DB if velocity == LOUD else SOFT_DB)

    return Part(f"{kind}/{name}", takes, made, f"{voice} {notes} {soundfont.name}")


def _kits(soundfont: Path) -> Part:
    """All drums of all kits, soft and loud; what several kits have in common is there once."""
    keys = [(kit, [(p, v) for p in kit.pitches for v in (SOFT, LOUD)]) for kit in fonts.KITS]
    takes = tuple(
        _place(p % 6 == 5, "drums", kit.name, f"{p:03d}-{v:03d}") for kit, notes in keys for p, v in notes
    )

    def made() -> Iterator[Float32]:
        seen: set[bytes] = set()
        for kit, notes in keys:
            rendered = fonts.render_notes(kit, notes, soundfont, 0.5, 2.2)
            for (_, velocity), samples in zip(notes, rendered, strict=True):
                level = peak_normalised(samples, LOUD_DB if velocity == LOUD else SOFT_DB)
                known = (digest := np.round(level[:4096] * 2000).astype(np.int16).tobytes()) in seen
                seen.add(digest)
                yield level[:0] if known else level

    return Part("drums/kits", takes, made, f"{keys} {soundfont.name}")


def seeded(*names: object) -> np.random.Generator:
    """Chance that depends on these alone, whichever the order in which things are made."""
    return np.random.default_rng(zlib.crc32(repr(names).encode()))


def varied(ranges: Ranges, rng: np.random.Generator) -> dict[str, float]:
    """Settings within their ranges, evenly in their logarithms."""
    return {name: float(np.exp(rng.uniform(*np.log(bounds)))) for name, bounds in ranges.items()}


def finished(samples: Float64 | Float32, peak_db: float, fade: bool = False) -> Float32:
    """A sound as it is kept: at its level, its end brought to silence where it has none."""
    level = peak_normalised(np.asarray(samples, np.float32), peak_db)
    if fade:
        level[-FADE:] *= np.linspace(1, 0, len(level[-FADE:]), dtype=np.float32)
    return level


def _level(rng: np.random.Generator) -> float:
    return float(rng.uniform(SOFT_DB - 3, LOUD_DB))


def _drum(name: str, seed: int) -> Part:
    make, ranges = DRUMS[name]
    takes = tuple(_place(n % 6 == 5, "electronic", name, f"{n:03d}") for n in range(STRUCK))

    def made() -> Iterator[Float32]:
        for n in range(STRUCK):
            rng = seeded(seed, name, n)
            samples = make(seed=int(rng.integers(1 << 30)), **varied(ranges, rng))
            yield finished(trimmed(np.asarray(samples, np.float32)), _level(rng))

    return Part(f"electronic/{name}", takes, made, f"{seed} {ranges} {STRUCK}")


def _synth(name: str, seed: int) -> Part:
    make, ranges, low, high = SYNTHS[name]
    step = 3 if high > low else 1
    pitches = [p for p in range(low, high + 1) if p % step == 0] * PLAYED
    if low == high:  # it has no pitch
        pitches = [low] * 6
    takes = tuple(
        _place(is_held_out(p) if high > low else n == 5, "electronic", name, f"{p:03d}-{n:02d}")
        for n, p in enumerate(pitches)
    )

    def made() -> Iterator[Float32]:
        for n, pitch in enumerate(pitches):
            rng = seeded(seed, name, n)
            hz = 440 * 2 ** ((pitch - 69) / 12)
            samples = make(hz, PLAYED_SECONDS, seed=int(rng.integers(1 << 30)), **varied(ranges, rng))
            yield finished(samples, _level(rng), fade=True)

    return Part(f"electronic/{name}", takes, made, f"{seed} {ranges} {pitches} {PLAYED_SECONDS}")


def _texture(name: str, seed: int) -> Part:
    takes = tuple(_place(n % 5 == 4, "textures", name, f"{n:03d}") for n in range(TEXTURE_TAKES))

    def made() -> Iterator[Float32]:
        for n in range(TEXTURE_TAKES):
            rng = seeded(seed, name, n)
            samples = TEXTURES[name](int(rng.integers(1 << 30)), TEXTURE_SECONDS)
            yield finished(samples, _level(rng), fade=True)

    return Part(f"textures/{name}", takes, made, f"{seed} {TEXTURE_TAKES} {TEXTURE_SECONDS}")


def _said(say: Callable[[], Float32], peak_db: float) -> Float32:
    return peak_normalised(trimmed(say()), peak_db)


def _speech(language: str, seed: int) -> Part:
    """Each sentence by three speakers; the last sentence is held out."""
    sentences = speech.SENTENCES[language]
    rows: list[tuple[str, Callable[[], Float32]]] = []
    for n, text in enumerate(sentences):
        rng = seeded(seed, language, n)
        for speaker in rng.choice(speech.SPEAKERS, 3, replace=False):
            say = partial(
                speech.spoken,
                text,
                language,
                str(speaker),
                int(rng.integers(120, 190)),
                int(rng.integers(25, 75)),
            )
            place = _place(n == len(sentences) - 1, "speech", language, f"{n:02d}-{speaker}")
            rows.append((place, partial(_said, say, _level(rng))))
    return Part(
        f"speech/{language}",
        tuple(place for place, _ in rows),
        lambda: (make() for _, make in rows),
        f"{seed} {rows and [place for place, _ in rows]} {sentences}",
    )
