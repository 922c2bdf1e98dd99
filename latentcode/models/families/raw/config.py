"""The `config.ini` that rawaudiovae leaves beside its checkpoints:
it alone knows the sampling rate.
"""

from __future__ import annotations

import configparser
import os
from dataclasses import dataclass
from pathlib import Path

from latentcode.files import texts

RATE, HOP = 44100, 128  # Hz and samples, as published, where no config.ini says otherwise


@dataclass(frozen=True)
class Origin:
    """Sampling rate (Hz) and hop (samples) of a training, and notes on what had to be assumed."""

    sample_rate: int
    hop: int
    notes: tuple[tuple[str, str], ...] = ()


def read_config(checkpoint: Path, window: int) -> Origin:
    """What the `config.ini` beside a checkpoint, or up to two folders above it,
    says about its audio.
    """
    folder, problem = checkpoint.absolute().parent, "no config.ini of this model was found"
    for place in (folder, *folder.parents[:2]):
        file = place / "config.ini"
        try:
            audio = _audio_section(file)
        except (
            OSError,
            ValueError,
            AttributeError,
            configparser.Error,
        ) as error:  # configparser has mistakes, too
            problem = f"{file} cannot be read: {' '.join(str(error).split())}"
            continue
        if audio is not None and _number(audio, "segment_length", window) == window:
            return _origin(audio, file)
    return Origin(RATE, HOP, (("sample_rate", f"assumed {RATE} Hz: {problem}"),))


def _origin(audio: configparser.SectionProxy, file: Path) -> Origin:
    rate = _number(audio, "sampling_rate", 0)
    hop = _number(audio, "hop_length", 0)
    if 1000 <= rate <= 768_000:
        return Origin(rate, hop if hop > 0 else HOP)
    text = audio.get("sampling_rate")
    return Origin(
        RATE, hop if hop > 0 else HOP, (("sample_rate", f"assumed {RATE} Hz: {file} says {text!r}"),)
    )


def _audio_section(file: Path) -> configparser.SectionProxy | None:
    config = configparser.ConfigParser(
        inline_comment_prefixes=("#", ";"), interpolation=None, strict=False, allow_no_value=True
    )
    if not os.path.isfile(file):
        return None
    config.read_string(texts.decoded(file.read_bytes(), "replace"))
    return config["audio"] if config.has_section("audio") else None


def _number(audio: configparser.SectionProxy, key: str, default: int) -> int:
    """A whole number in the section; `default` when it is missing, empty or no number."""
    try:
        return int(float(audio.get(key) or default))
    except (ValueError, OverflowError):
        return default
