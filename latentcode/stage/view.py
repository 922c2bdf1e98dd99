"""What pages are told of a set, as plain values: its code, its state, and what is heard, frame by
frame.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import to_builtins

from latentcode.arrays import Float32
from latentcode.pictures.scope import FLOOR_DB, MonitoredSound, bands, reach, sides, triggered
from latentcode.protocol.messages import Hello, Message, State
from latentcode.protocol.observing import Look, Sliders
from latentcode.protocol.state import VoiceState
from latentcode.stage.score import Score, Sounding, played_once, playing
from latentcode.stage.space import Space
from latentcode.stage.trajectory import Picture, evaluated

WAITING = "no set is playing here"
KEPT = 8192  # samples of what was heard
POINTS, BANDS = 256, 72
SHOWN = 40  # blocks

Told = dict[str, Any]


class View:
    """Takes what an engine says, and gives what pages are told of it."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._rate = 44100
        self._state = State()
        self._score: Score | None = None
        self._space: Space | None = None
        self._sounding: Sounding = {}
        self._once: list[tuple[int, str]] = []
        self._told: list[Told] = []  # the blocks as pages know them
        self._picture = Picture()
        self._evaluated: int | None = None
        self._heard = np.zeros((0, 2), np.float32)

    def take(self, message: Message | None) -> Iterator[Told]:
        """What is to be told of a message; None: the set has ended."""
        if message is None:
            self._forget()
            yield {"is": "set", "waiting": WAITING}
            yield {"is": "code", "blocks": []}
            yield {"is": "map", "clouds": []}
            yield {"is": "sliders", "sliders": [], "marks": []}
            yield {"is": "trajectory", "voice": None, "dimensions": [], "columns": []}
        elif isinstance(message, Hello):
            self._forget()
            self._rate, self._score = message.sample_rate, Score(message.journal)
            yield {"is": "set", "model": message.model, "rate": message.sample_rate}
        elif isinstance(message, State):
            self._state = message
            yield self._set()
            yield from self._code()
        elif isinstance(message, Look):
            yield from self._looked(message)
        elif isinstance(message, Sliders):
            yield {"is": "sliders", "sliders": to_builtins(message.sliders), "marks": message.marks}

    def _code(self) -> Iterator[Told]:
        """The code, where it or what plays of it has changed."""
        sounding = dict(filter(None, map(_sounding, self._state.voices)))
        once = [(voice.index, text) for voice in self._state.voices for text in _beside(voice, "once")]
        grown = self._score is not None and self._score.grown()
        if self._score is None or not (grown or (sounding, once) != (self._sounding, self._once)):
            return
        self._sounding, self._once = sounding, once
        blocks = list(self._score.blocks.values())
        self._evaluated = evaluated(blocks, sounding)
        still, beside = playing(blocks, sounding), played_once(blocks, once)
        heard = still.keys() | beside.keys()
        shown = [block for block in blocks[:-SHOWN] if block.number in heard] + blocks[-SHOWN:]
        told = [
            {
                "number": block.number,
                "code": block.code,
                "failed": block.failed,
                "by": block.by,
                "plays": still.get(block.number, ()),
                "once": beside.get(block.number, ()),
            }
            for block in shown
        ]
        if told != self._told:  # a journal grows with each move of a hand, too
            self._told = told
            yield {"is": "code", "blocks": told}

    def _set(self) -> Told:
        state = self._state
        return {
            "is": "state",
            "bpm": round(state.bpm or 0.0, 2),
            "beats": state.beats,
            "recording": bool(state.recording),
            "waits": {"blocks": [block for block, _ in state.preparing[0]], "for": state.preparing[1]},
            "voices": [_voice(voice, state.cycle) for voice in state.voices],
        }

    def _looked(self, look: Look) -> Iterator[Told]:
        if self._space is None and self._score is not None and self._score.header:
            self._space = Space(self._score.header)
        if self._space is not None and look.sources and self._space.add(look.sources):
            yield self._space.told()
        if look.notes:
            yield {"is": "notes", "notes": look.notes}
        yield from self._picture.take(self._evaluated, look.latents)
        yield self._frame(look)

    def _frame(self, look: Look) -> Told:
        new: Float32 = np.frombuffer(look.sound, np.float32).reshape(-1, 2)
        self._heard = np.concatenate([self._heard, new])[-KEPT:]
        heard = MonitoredSound(self._heard, self._rate)
        return {
            "is": "frame",
            "sample": round(look.heard),
            "cycle": round(self._cycle(look.heard), 4),
            "cps": self._cps,
            "peaks": [_level(peak) for peak in look.peaks],
            "voices": [_level(peak) for peak in look.voices],
            "wave": [] if heard.silent else _wave(heard),
            "bands": [] if heard.silent else _bands(heard),
            "column": self._picture.column,
            "map": [] if self._space is None else self._space.voices(look.latents),
        }

    @property
    def _cps(self) -> float:
        return (self._state.bpm or 0.0) / 60 / max(self._state.beats, 1)

    def _cycle(self, sample: float) -> float:
        """The cycle at a sample, by the tempo that was told last."""
        return max(self._state.cycle + (sample - self._state.playhead) / self._rate * self._cps, 0.0)


def lit(words: list[dict[str, Any]]) -> Told:
    """The words that sound, as (voice from 0, block, row, begin, end, beside)."""
    return {
        "is": "words",
        "words": [
            (int(word["voice"][1:]) - 1, *(word[part] for part in ("block", "row", "begin", "end", "beside")))
            for word in words
        ],
    }


def _sounding(voice: VoiceState) -> tuple[int, tuple[str, str]] | None:
    """What was typed for what a voice plays, or what fades away there, and for what waits; None
    where only other things sound beside it.
    """
    fading = _beside(voice, "fading")
    if not (voice.playing or voice.pending or voice.layers or fading):
        return None
    return voice.index, (voice.text or "".join(fading[-1:]), voice.pending or "")


def _beside(voice: VoiceState, kind: str) -> list[str]:
    """What was typed for what sounds beside its pattern; that of a kind, where it has begun."""
    return [extra.text for extra in voice.beside if extra.kind == kind and extra.begins is None]


def _voice(voice: VoiceState, cycle: float) -> Told:
    left = None if voice.pending_cycle is None else round(max(voice.pending_cycle - cycle, 0.0), 1)
    return {
        "index": voice.index,
        "text": voice.text or " ".join(f"+{extra.kind} {extra.text}".rstrip() for extra in voice.beside),
        "playing": voice.playing,
        "muted": voice.muted,
        "solo": voice.solo,
        "pending": voice.pending,
        "left": left,
        "morph": voice.morph and [voice.morph[0], round(voice.morph[1], 2)],
    }


def _level(peak: float) -> int:
    """A peak from 0 to 100, even in decibels, from 60 below full scale on."""
    return round(100 * min(max(1 + math.log10(max(peak, 1e-6)) / 3, 0.0), 1.0))


def _wave(heard: MonitoredSound) -> list[tuple[str, list[int]]]:
    """50 ms of waveform, from −100 to 100: of the middle, or of both sides where they differ."""
    shown = triggered(heard)
    places = np.linspace(0, len(shown) - 1, POINTS).astype(int)
    high = max(reach(shown), 0.1)
    return [(name, _whole(100 * values[places] / high)) for name, _, values in sides(shown)]


def _bands(heard: MonitoredSound) -> list[int]:
    """Levels of equally wide bands, from 0 (80 dB below full scale) to 100."""
    return _whole(100 * np.clip(1 - bands(heard, BANDS) / FLOOR_DB, 0, 1))


def _whole(values: Any) -> list[int]:
    found: list[int] = np.rint(values).astype(int).tolist()
    return found
