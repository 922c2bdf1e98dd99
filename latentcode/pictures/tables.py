"""Tables: the sounds that are there, and the voices of a set."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from latentcode.latents.path import Path
from latentcode.pictures.canvas import DIM, PALETTE, colours, cut
from latentcode.protocol.messages import State

COLUMN = 16
GOOD, WARN = PALETTE[2], PALETTE[0]


def sounds(counts: Mapping[str, tuple[int, bool]], own: Mapping[str, Path], width: int) -> list[Text]:
    """The built-in sounds in columns; `counts`: how many of each, and whether these are pitches."""
    made: list[Text] = []
    for title, pitched in (("pitches", True), ("takes", False)):
        made.append(Text(f"sounds by name, and how many {title} each has", DIM))
        made += _columns({name: str(n) for name, (n, has) in counts.items() if has == pitched}, width)
    if own:
        made.append(Text("your paths", DIM))
        made += _columns({name: "" if name == node.name else node.name for name, node in own.items()}, width)
    return made


def voices(state: State, width: int) -> list[Text]:
    """A line for each voice that is in use, from the engine's state."""
    rows = [voice for voice in state.voices if voice.playing or voice.pending]
    if not rows:
        return [Text("nothing plays", DIM)]
    styles = colours([f"d{voice.index + 1}" for voice in rows])
    made = [Text(f"{'':<5}{'gain':>5} {'pan':>5}  {'level':>6}  plays", DIM)]
    peaks = state.voice_peaks
    for voice in rows:
        name = f"d{voice.index + 1}"
        marks = "".join(mark for mark, there in (("M", voice.muted), ("S", voice.solo)) if there)
        peak = peaks[voice.index] if voice.index < len(peaks) else 0.0
        line = Text(f"{name:<3}", f"bold {styles[name]}") + Text(f"{marks:<2}", WARN)
        line.append(f"{voice.gain:>5.2f} {_pan(voice.pan):>5}  {_level(peak):>6}  ")
        line.append(cut(voice.text, max(width - len(line), 8)))
        if voice.fx:
            line.append(f"  through {voice.fx}", DIM)
        made.append(line)
        if voice.morph:
            before, progress = voice.morph
            made.append(Text(cut(f"{'':<25}{progress:.0%} from {before}", width), DIM))
        if voice.pending:
            after = f"{'':<25}→ {voice.pending} at cycle {voice.pending_cycle:g}"
            made.append(Text(cut(after, width), WARN))
    return made


def _pan(pan: float | None) -> str:
    return "" if pan is None else f"{pan:.2f}"


def _level(peak: float) -> str:
    import math

    return "−" if peak < 1e-4 else f"{20 * math.log10(peak):.0f} dB".replace("-", "−")


def _columns(items: Mapping[str, str], width: int) -> list[Text]:
    cell = max([COLUMN, *(len(name) + len(note) + 3 for name, note in items.items())])
    each = max(width // cell, 1)
    names = list(items)
    rows = -(-len(names) // each)
    made = []
    for row in range(rows):
        line = Text()
        for name in names[row::rows]:
            line.append(name)
            line.append(f" {items[name]}".ljust(cell - len(name)), DIM)
        made.append(line)
    return made
