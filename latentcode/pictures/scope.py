"""What is heard, seen: the waveform of the last moments, its spectrum and its level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rich.text import Text

from latentcode.arrays import Float32, Float64
from latentcode.audio.loudness import weighting
from latentcode.pictures.canvas import BLOCKS, DIM, NOTES, Canvas

SECONDS = 0.05  # of waveform
FLOOR_DB = -80.0
LOWEST_HZ = 30.0
HIGHEST_HZ = 18000.0
SPECTRUM_FRAMES = 8192
LOUDNESS_SECONDS = 0.4
SILENCE = 1e-5
WAVE_ROWS, BAR_ROWS, LABEL = 8, 6, 8
MARKS_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10000)
LEFT, RIGHT, MIDDLE = "#4fb3f6", "#f0b429", "#4cc38a"
SLOPE = ("#2f7fd0", "#3fa7d6", "#4cc38a", "#a6c34c", "#f0b429", "#f2777a")


@dataclass(frozen=True, eq=False)
class MonitoredSound:
    """The last output: frames (n, 2) at `rate` Hz."""

    frames: Float32
    rate: int

    @property
    def middle(self) -> Float64:
        """Both sides mixed, (n,)."""
        left, right = np.asarray(self.frames, np.float64).T
        return np.asarray((left + right) / 2, np.float64)

    @property
    def silent(self) -> bool:
        """Whether there is nothing to see."""
        return not len(self.frames) or float(np.abs(self.frames).max()) < SILENCE


def triggered(heard: MonitoredSound, seconds: float = SECONDS) -> Float32:
    """The latest (n, 2) of that length that begins where the mix rises through zero."""
    count = min(round(seconds * heard.rate), len(heard.frames))
    last = len(heard.frames) - count
    mix = heard.middle[: last + 1]
    rising = np.flatnonzero((mix[:-1] < 0) & (mix[1:] >= 0)) + 1
    first = int(rising[-1]) if len(rising) else last
    return heard.frames[first : first + count]


def spectrum(heard: MonitoredSound) -> tuple[Float64, Float64]:
    """Frequencies in Hz, and levels in dB: a sine at full scale stands at 0."""
    mix = heard.middle[-SPECTRUM_FRAMES:] if len(heard.frames) else np.zeros(2)
    window = np.hanning(len(mix))
    sizes = np.abs(np.fft.rfft(mix * window)) / max(window.sum() / 2, 1.0)
    hertz = np.asarray(np.fft.rfftfreq(len(mix), 1 / heard.rate), np.float64)
    return hertz, np.asarray(20 * np.log10(np.maximum(sizes, 1e-9)), np.float64)


def peak_hz(heard: MonitoredSound) -> float | None:
    """The strongest frequency, between the bins (by a parabola through three); None in silence."""
    if heard.silent:
        return None
    hertz, levels = spectrum(heard)
    place = int(np.argmax(np.where(hertz >= LOWEST_HZ / 2, levels, -np.inf)))
    if not 0 < place < len(levels) - 1:
        return float(hertz[place])
    a, b, c = levels[place - 1 : place + 2]
    curve = a - 2 * b + c
    return float((place + (0.5 * (a - c) / curve if curve else 0.0)) * hertz[1])


def peak_db(heard: MonitoredSound) -> float:
    """The largest sample in dB below full scale."""
    return _db(float(np.abs(heard.frames).max(initial=0.0)))


def loudness(heard: MonitoredSound) -> float:
    """The loudness of the last 0.4 s in LUFS, K-weighted (ITU-R BS.1770-4);
    lower than −70 is silence.
    """
    count = min(round(LOUDNESS_SECONDS * heard.rate), len(heard.frames))
    if not count:
        return -np.inf
    frames = np.asarray(heard.frames[-count:], np.float64)
    power = np.abs(np.fft.rfft(frames, axis=0) * weighting(count, heard.rate)[:, None]) ** 2
    power[1:] *= 2
    total = float(power.sum()) / count**2
    return -0.691 + 10 * np.log10(total) if total > 0 else -np.inf


def note_name(hertz: float) -> str:
    """The nearest note of the tempered scale, and how far from it in cents where that is more than
    5.
    """
    exact = 69 + 12 * np.log2(hertz / 440)
    nearest = round(exact)
    cents = round(100 * (exact - nearest))
    off = f" {cents:+d} ct".replace("-", "−") if abs(cents) > 5 else ""
    return f"{NOTES[nearest % 12]}{nearest // 12 - 1}{off}"


def bands(heard: MonitoredSound, columns: int) -> Float64:
    """The loudest level in each of `columns` bands that are equally wide in octaves, in dB."""
    hertz, levels = spectrum(heard)
    edges = band_edges(heard.rate, columns)
    middles = np.sqrt(edges[:-1] * edges[1:])
    found = np.interp(middles, hertz, levels)
    first, last = np.searchsorted(hertz, edges[:-1]), np.searchsorted(hertz, edges[1:])
    for place in np.flatnonzero(last > first):
        found[place] = levels[first[place] : last[place]].max()
    return found


def band_edges(rate: int, columns: int) -> Float64:
    """The edges of the bands in Hz, (columns + 1,)."""
    return np.geomspace(LOWEST_HZ, min(HIGHEST_HZ, rate / 2), columns + 1)


def lines(heard: MonitoredSound, width: int) -> list[Text]:
    """Level, waveform and spectrum as text."""
    columns = max(width - LABEL - 2, 8)
    if heard.silent:
        return [Text("silence", DIM)]
    return [_head(heard), *_wave(heard, columns), Text(), *_bars(heard, columns)]


def _head(heard: MonitoredSound) -> Text:
    found = peak_hz(heard) or 0.0
    head = Text(f"peak {peak_db(heard):.1f} dBFS".replace("-", "−"), "bold")
    head.append(f"   {loudness(heard):.1f} LUFS".replace("-", "−"))
    head.append(f"   strongest {found:.0f} Hz, {note_name(max(found, 1.0))}")
    left, right = np.sqrt(np.mean(np.asarray(heard.frames, np.float64) ** 2, axis=0))
    head.append(f"   left {_db(left):.0f} dB, right {_db(right):.0f} dB".replace("-", "−"), DIM)
    return head


def reach(shown: Float32) -> float:
    """A round number that the waveform stays below."""
    peak = float(np.abs(shown).max(initial=SILENCE))
    power = 10.0 ** np.floor(np.log10(peak))
    return float(min(n * power for n in (1, 2, 5, 10) if n * power >= peak))


def sides(shown: Float32) -> list[tuple[str, str, Float64]]:
    """What is drawn of (n, 2): the mix if both sides are alike, else both;
    as (name, colour, values).
    """
    left, right = np.asarray(shown, np.float64).T
    if np.abs(left - right).max(initial=0.0) < 0.02 * np.abs(shown).max(initial=SILENCE):
        return [("mid", MIDDLE, (left + right) / 2)]
    return [("left", LEFT, left), ("right", RIGHT, right)]


def _wave(heard: MonitoredSound, columns: int) -> list[Text]:
    shown = triggered(heard)
    high = reach(shown)
    canvas = Canvas(columns, WAVE_ROWS)
    drawn = sides(shown)
    for _, style, values in reversed(drawn):
        canvas.curve((values / high + 1) / 2, style)
    heads = [Text("")] * WAVE_ROWS
    heads[0], heads[-1] = Text(f"{high:g}", DIM), Text(f"−{high:g}", DIM)
    for place, (name, style, _) in enumerate(drawn, 2):
        heads[place] = Text(name, style)
    made = [_headed(head, "│", line) for head, line in zip(heads, canvas.lines(), strict=True)]
    made.append(_ruler({n / 50: f"{n}" + (" ms" if n == 50 else "") for n in range(0, 60, 10)}, columns))
    return made


def _bars(heard: MonitoredSound, columns: int) -> list[Text]:
    top = 0.0
    shares = np.clip((bands(heard, columns) - FLOOR_DB) / (top - FLOOR_DB), 0, 1) * BAR_ROWS
    made = []
    for row in reversed(range(BAR_ROWS)):
        eighths = np.clip((shares - row) * 8, 0, 8).astype(int)
        head = Text(f"{FLOOR_DB + (top - FLOOR_DB) * (row + 1) / BAR_ROWS:.0f} dB".replace("-", "−"), DIM)
        line = Text("".join(BLOCKS[n] for n in eighths), SLOPE[row])
        made.append(_headed(head if row % 2 else Text(""), "│", line))
    low, high = LOWEST_HZ, min(HIGHEST_HZ, heard.rate / 2)
    marks = {
        float(np.log(hz / low) / np.log(high / low)): f"{hz // 1000}k" if hz >= 1000 else f"{hz}"
        for hz in MARKS_HZ
    }
    return [*made, _ruler(marks, columns, "Hz")]


def _headed(head: Text, rule: str, line: Text) -> Text:
    return Text(" " * (LABEL - len(head))) + head + Text(rule, DIM) + line


def _ruler(marks: dict[float, str], columns: int, unit: str = "") -> Text:
    cells = [" "] * (columns + 6)
    for share, text in marks.items():
        place = min(int(share * columns), columns - 4)
        if not "".join(cells[max(place - 1, 0) : place + len(text)]).strip():
            cells[place : place + len(text)] = text
    return Text(f"{unit:>{LABEL}} " + "".join(cells).rstrip(), DIM)


def _db(size: float) -> float:
    return float(20 * np.log10(max(size, 1e-9)))
