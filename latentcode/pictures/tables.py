"""Tables: the sounds that are there, the voices of a set, and its controls as bars: what is bound,
where it stands, and which way to turn what waits for its hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from latentcode.inputs.keys import key, spoken
from latentcode.inputs.mapping import Binding
from latentcode.inputs.takeover import Waiting
from latentcode.models.card import Card
from latentcode.models.catalogue import Entry
from latentcode.models.pace import Pace
from latentcode.pictures.canvas import DIM, PALETTE, colours, cut
from latentcode.protocol.messages import State

COLUMN = 16
GOOD, WARN = PALETTE[2], PALETTE[0]
EIGHTHS = " ▏▎▍▌▋▊▉"
BAR, NUMBER = 20, 8  # characters
TURNS = {1: "↑ turn up to", -1: "↓ turn down to", 0: "↕ move it to"}
NEVER = "−"


def sounds(counts: Mapping[str, tuple[int, bool]], own: Mapping[str, str], width: int) -> list[Text]:
    """The built-in sounds in columns; `counts`: how many of each, and whether these are pitches;
    `own`: the musician's, with what is said of them.
    """
    made: list[Text] = []
    for title, pitched in (("pitches", True), ("takes", False)):
        found = {name: str(n) for name, (n, has) in counts.items() if has == pitched}
        if found:
            made += [Text(f"sounds by name, and how many {title} each has", DIM), *_columns(found, width)]
    return [*made, Text("yours", DIM), *_columns(own, width)] if own else made


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
        if voice.models:
            line.append(f"  by {', '.join(voice.models)}", DIM)
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


def models(found: Sequence[tuple[Entry, Pace | None]], width: int) -> list[Text]:
    """A line for each model, and what was measured of it here."""
    names = max([5, *(len(entry.name) for entry, _ in found)])
    titles = ("family", 12), ("Hz", 7), ("dims", 5), ("ratio", 6), ("delay", 7), ("hops/s", 7), ("voices", 7)
    made = [
        Text(f"{'model':<{names}}  {titles[0][0]:<12}" + "".join(f"{t:>{n}}" for t, n in titles[1:]), DIM)
    ]
    for entry, pace in found:
        line = Text(f"{entry.name:<{names}}  ", "bold")
        card = entry.card
        if card is None:
            made.append(line + Text(cut(entry.trouble, max(width - len(line), 24)), WARN))
            continue
        told = f"{card.family:<12}{card.sample_rate:>7}{card.latent_dim:>5}{card.advance:>6}"
        line.append(told + "".join(f"{text:>7}" for text in _paced(card, pace)))
        if entry.trusted is not None:
            line.append(
                "  trusted" if entry.trusted else "  not trusted: asks when it first plays",
                DIM if entry.trusted else WARN,
            )
        made.append(line)
    return made


def _paced(card: Card, pace: Pace | None) -> tuple[str, ...]:
    if pace is None:
        return NEVER, NEVER, NEVER
    return f"{1000 * pace.delay / card.sample_rate:.0f} ms", f"{pace.hops:.0f}", f"{pace.voices(card):.0f}"


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


def controls(told: Mapping[str, Any], width: int) -> list[Text]:
    """What `midi()` shows, from the engine's answer to "controls"."""
    ports = told.get("ports", ())
    heard = f"listening to {', '.join(ports)}" if ports else "listening to no MIDI port"
    made = [Text(cut(heard, width), DIM)]
    rows = [*_bound(told), *_loose(told)]
    names = max([0, *(len(name) for name, *_ in rows)])
    names = min(names, max(width - BAR - NUMBER - 24, 8))
    for name, value, share, to in rows:
        bound = name in told["bound"]
        line = Text(f"{cut(name, names):<{names}}  ", "bold" if bound else "")
        line.append(bar(share, BAR), GOOD)
        line.append(f"{NEVER if value is None else f'{value:.4g}':>{NUMBER}}  ")
        line.append_text(_waits(told, to))
        if moved := ", ".join(_moved(told, name, to)):
            line.append(f"→ {moved}  ")
        line.append(spoken(to) if bound else spoken(to).partition(" of ")[2], DIM)
        line.truncate(width)
        made.append(line)
    for name, inputs in told.get("led", {}).items():
        if any(_moves(row, to, inputs) for row, _, _, to in rows):
            continue
        made.append(Text(cut(f"{name} is led by {' and '.join(map(spoken, inputs))}", width)))
    if not rows:
        made.append(Text('nothing has been moved yet; learn("brightness") waits for a control', DIM))
    if told.get("takeover", "pickup") != "pickup":
        made.append(Text(f"hands take over by {told['takeover']!r}", DIM))
    return made


def bar(share: float | None, width: int) -> str:
    """A share, 0 to 1, of so many characters."""
    eighths = round(min(max(share or 0.0, 0.0), 1.0) * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[rest] if rest else "")).ljust(width, "·")


Row = tuple[str, "float | None", "float | None", str]  # name, value, share of its range, key


def _bound(told: Mapping[str, Any]) -> Iterator[Row]:
    for name, (to, low, high, curve) in told["bound"].items():
        value = _value(told, to)
        shaped = None if value is None else Binding(to, low, high, curve).shaped(value)
        yield name, shaped, None if value is None else _share(to, value), to


def _value(told: Mapping[str, Any], to: str) -> float | None:
    """Where a control stands as it is read, or (not told) as the first says that it may mean."""
    if to in told.get("heard", {}):
        found: float | None = told["heard"][to]
        return found
    return next((value for other, value in told["values"].items() if _means(to, other)), None)


def _loose(told: Mapping[str, Any]) -> Iterator[Row]:
    """Controls that nothing is bound to; those first that move something.

    Keys that are let go are nothing then.
    """
    bound = [to for to, *_ in told["bound"].values()]
    found = [name for name in told["values"] if not any(_means(to, name) for to in bound)]
    moving = {name for name in found if _moved(told, name, name)}
    for name in sorted(found, key=lambda name: (name not in moving, _order(name))):
        if name in moving or told["values"][name] or not name.startswith("note:"):
            value = told["values"][name]
            yield spoken(name).partition(" of ")[0], value, _share(name, value), name


def _moved(told: Mapping[str, Any], row: str, to: str) -> list[str]:
    """What the control of a row moves beside what the row is about."""
    others = [name for name, (other, *_) in told["bound"].items() if name != row and _meet(to, other)]
    return others + [name for name, inputs in told.get("led", {}).items() if _moves(row, to, inputs)]


def _moves(row: str, to: str, inputs: Iterable[str]) -> bool:
    """Whether one of these inputs is a row's control, or the name that it is bound to."""
    return any(_meet(to, other) or other == f"live:{row}" for other in inputs)


def _meet(one: str, other: str) -> bool:
    return one == other or key(one).meets(key(other))


def _waits(told: Mapping[str, Any], to: str) -> Text:
    """Which way to turn what waits for its hand."""
    found = next((waiting for name, waiting in told["waiting"].items() if _means(to, name)), None)
    if found is None:
        return Text()
    waiting = Waiting(*found)
    return Text(f"{TURNS[waiting.turn]} {waiting.stored:.2f}  ", WARN)


def _means(to: str, name: str) -> bool:
    return to == name or key(to).matches(key(name))


def _share(name: str, value: float) -> float:
    return (value + 1) / 2 if name.startswith("bend") else value


def _order(name: str) -> tuple[str, str, int, str]:
    found = key(name)
    return found.port, found.kind, int(found.what) if found.what.isdigit() else -1, name
