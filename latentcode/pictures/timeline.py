"""A pattern as a timeline: a row for each sound or value, bars for events, curves for signals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from rich.text import Text

from latentcode.arrays import Float64
from latentcode.checks import is_number, whole
from latentcode.errors import PatternError
from latentcode.patterns import Compiled, Context, Controls, Event, Pattern, compile_pattern
from latentcode.patterns.show import value as spoken
from latentcode.pictures.canvas import BLOCKS, DIM, NOTES, Canvas, colours, cut

BEATS = 4
LONGEST = 64  # cycles
MOST_EVENTS = 4096
GLANCE = Fraction(1, 64)  # a first look, so that a million events are noticed before they are made
POINTS = 320  # of a curve
LEVELS = 33  # of a bar
CURVE_ROWS = 4
LABEL = 16  # characters of a label at least, if it has so many
NUMBER = 5  # characters of a number beside a curve
ONSET, BODY, BEAT, CYCLE = "┃", "━", "·", "╎"


@dataclass(frozen=True, eq=False)
class Bar:
    """An event from `begin` to `end` in cycles; without `onset` it was there before.

    `levels`: its gain at points spread evenly over it; None where none was set.
    """

    begin: Fraction
    end: Fraction
    onset: bool
    levels: Float64 | None = None


@dataclass(frozen=True, eq=False)
class Row:
    """One value's bars that do not overlap; a further row of the same value has the same label."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, eq=False)
class SignalCurve:
    """A signal, at points spread evenly over the timeline."""

    label: str
    values: Float64


@dataclass(frozen=True, eq=False)
class Timeline:
    """What a pattern does in `cycles` cycles from `begin` on; rows from above."""

    begin: Fraction
    cycles: int
    rows: tuple[Row, ...]
    curves: tuple[SignalCurve, ...] = ()

    @property
    def styles(self) -> dict[str, str]:
        """The colour of each label."""
        return colours([*(row.label for row in self.rows), *(curve.label for curve in self.curves)])

    @property
    def loudest(self) -> float:
        """The gain that fills a row: 1, or more where a bar is louder."""
        levels = [bar.levels.max() for row in self.rows for bar in row.bars if bar.levels is not None]
        return float(max([1.0, *levels]))


def timeline(
    pattern: Pattern, cycles: int = 2, begin: Fraction = Fraction(0), context: Context | None = None
) -> Timeline:
    """The events and signals of a pattern. Raises PatternError, and whatever the pattern raises."""
    cycles = whole(cycles, "draw", 1, LONGEST, "draw(pattern, 4)", PatternError, "whole cycles")
    compiled = compile_pattern(pattern, context or Context())
    view = (begin, begin + cycles)
    found: dict[tuple[str, float | None, str], list[Bar]] = {}
    signal = False
    for event in _events(compiled, *view):
        if event.whole is None and _number(event.value) is not None:
            signal = True
        elif (bar := _bar(event, *view)) is not None:
            found.setdefault(_key(event.value), []).append(bar)
    rows = [Row(key[2], lane) for key in _ranked(found) for lane in _lanes(found[key])]
    return Timeline(begin, cycles, tuple(rows), _curves(compiled, begin, cycles) if signal else ())


def lines(shown: Timeline, width: int, most: int) -> list[Text]:
    """The timeline as text, `width` characters wide, with at most `most` rows of bars."""
    rows, styles = shown.rows[:most], shown.styles
    labels = [row.label for row in rows] + [curve.label for curve in shown.curves]
    room = min(max(map(len, labels), default=0), max(width // 4, LABEL))
    room = max(room, NUMBER) if shown.curves else room
    columns = _columns(shown.cycles, width - room - 3)
    made = [_axis(shown, columns, room)]
    before = None
    for row in rows:
        name = cut(row.label, room) if row.label != before else ""
        before = row.label
        made.append(Text(f"{name:<{room}} ", styles[row.label]) + _bars(row, shown, columns))
    if len(shown.rows) > most:
        made.append(Text(f"{'':<{room}} … {len(shown.rows) - most} more rows", DIM))
    for curve in shown.curves:
        made += _curve_lines(curve, columns, room, styles[curve.label])
    if not shown.rows and not shown.curves:
        made.append(Text(f"{'':<{room}} silence", DIM))
    return made


# from events to rows


def _events(compiled: Compiled, begin: Fraction, end: Fraction) -> Iterator[Event]:
    """The events in the order of their beginnings."""
    _few(compiled.query(begin, begin + GLANCE), GLANCE)
    count, cycle = 0, begin
    while cycle < end:
        events = compiled.query(cycle, cycle + 1)
        count += len(events)
        _few(events, cycle + 1 - begin, count)
        yield from sorted(events, key=lambda event: (event.part[0], event.active[0]))
        cycle += 1


def _few(events: list[Event], span: Fraction, count: int = 0) -> None:
    if max(len(events), count) > MOST_EVENTS:
        raise PatternError(
            f"{max(len(events), count)} events in {span} cycles are too many to draw ({MOST_EVENTS}); "
            "draw fewer cycles, or slow it down"
        )


def _bar(event: Event, begin: Fraction, end: Fraction) -> Bar | None:
    """An event's bar; None for a later part of an event that has one already."""
    controls = _controls(event.value)
    if event.whole is None:
        return Bar(*event.part, False, _levels(controls, *event.part))
    onset, last = event.whole
    if not event.has_onset and not event.part[0] == begin > onset:
        return None
    legato = controls.get("legato", 1) if controls else 1
    last = (
        onset + (last - onset) * Fraction(str(legato)) if isinstance(legato, (int, float, Fraction)) else last
    )
    if last <= begin:
        return None
    first = max(onset, begin)
    return Bar(first, min(last, end), event.has_onset, _levels(controls, first, min(last, end)))


def _controls(value: Any) -> Controls | None:
    return Controls.of(value) if isinstance(value, (Controls, tuple)) else None


def _levels(controls: Controls | None, begin: Fraction, end: Fraction) -> Float64 | None:
    gain = None if controls is None else controls.get("gain")
    if gain is None:
        return None
    if isinstance(gain, Pattern):
        moments = np.linspace(float(begin), float(end), LEVELS, endpoint=False)
        return np.asarray(compile_pattern(gain).sample(moments), np.float64)
    return np.ravel(np.asarray(gain, np.float64))


def _key(value: Any) -> tuple[str, float | None, str]:
    """What makes events one row: their name and number; and how the row is called."""
    controls = _controls(value)
    if controls is None:
        number, name = _number(value), None
        text = " ".join(spoken(value).split())
    else:
        name = controls.get("s")
        note, variant = controls.get("note"), controls.get("n")
        number = _number(variant if note is None else note)
        said = [spoken(item) for item in (name, _note(note) or variant) if item is not None]
        text = " ".join(" ".join(said or [repr(controls)]).split())
    if number is None:
        return (text, None, text)
    return ("" if name is None else " ".join(spoken(name).split()), number, text)


def _note(value: Any) -> str | None:
    """A note by its name, a quarter tone by its number; None where there is none."""
    number = _number(value)
    if number is None or number % 1:
        return None if value is None else spoken(value)
    return f"{NOTES[int(number) % 12]}{int(number) // 12 - 1}"


def _number(value: Any) -> float | None:
    return float(value) if is_number(value) else None


def _ranked(found: dict[tuple[str, float | None, str], Any]) -> list[tuple[str, float | None, str]]:
    """Names in the order in which they come; under one name the high numbers above."""
    groups = list(dict.fromkeys(key[0] for key in found))
    return sorted(found, key=lambda key: (groups.index(key[0]), -(key[1] or 0.0)))


def _lanes(bars: list[Bar]) -> list[tuple[Bar, ...]]:
    """Bars that overlap in lanes of their own; the parts of a drone joined."""
    lanes: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda bar: (bar.begin, bar.end)):
        for lane in lanes:
            if not bar.onset and not lane[-1].onset and lane[-1].end == bar.begin and bar.levels is None:
                lane[-1] = Bar(lane[-1].begin, bar.end, False)
                break
            if lane[-1].end <= bar.begin:
                lane.append(bar)
                break
        else:
            lanes.append([bar])
    return [tuple(lane) for lane in lanes]


def _curves(compiled: Compiled, begin: Fraction, cycles: int) -> tuple[SignalCurve, ...]:
    """The signals, by queries of many short spans; one that comes and goes holds 0 between."""
    step = Fraction(cycles, POINTS)
    seen: list[Float64] = []
    for point in range(POINTS):
        events = compiled.query(begin + point * step, begin + (point + 1) * step)
        numbers = [_number(event.value) for event in events if event.whole is None]
        for place, number in enumerate(n for n in numbers if n is not None):
            while place >= len(seen):
                seen.append(np.zeros(POINTS))
            seen[place][point] = number
    names = ["~"] if len(seen) == 1 else [f"~ {place + 1}" for place in range(len(seen))]
    return tuple(SignalCurve(name, values) for name, values in zip(names, seen, strict=True))


# from rows to text


def _columns(cycles: int, room: int) -> int:
    """So many columns that each beat, and if there is room each sixteenth, begins a column."""
    beats = cycles * BEATS
    each = room // beats
    return beats * (each - each % 4 if each >= 8 else each) or room


def _axis(shown: Timeline, columns: int, room: int) -> Text:
    """The numbers of the cycles, and a tick for each beat."""
    cells = [" "] * (columns + 8)
    for beat in range(shown.cycles * BEATS):
        cells[beat * columns // (shown.cycles * BEATS)] = "╷"
    for cycle in range(shown.cycles + 1):
        place = cycle * columns // shown.cycles
        text = str(shown.begin + cycle)
        cells[place : place + len(text)] = text
    return Text(" " * (room + 1) + "".join(cells).rstrip(), DIM)


def _bars(row: Row, shown: Timeline, columns: int) -> Text:
    cells = _empty(shown, columns)
    style, scale = shown.styles[row.label], columns / Fraction(shown.cycles)
    for bar in row.bars:
        first = int((bar.begin - shown.begin) * scale)
        last = max(int((bar.end - shown.begin) * scale), first + 1)
        cells[first:last] = [(text, style) for text in _body(bar, last - first, shown.loudest)]
        if bar.onset:
            cells[first] = (ONSET, f"bold {style}")
    line = Text()
    for text, look in cells:
        line.append(text, look)
    return line


def _body(bar: Bar, length: int, loudest: float) -> str:
    if bar.levels is None:
        return BODY * length
    places = np.arange(length) * len(bar.levels) // max(length, 1)
    eighths = np.ceil(np.clip(bar.levels[places] / loudest, 0, 1) * 8).astype(int)
    return "".join(BLOCKS[eighth] for eighth in eighths)


def _empty(shown: Timeline, columns: int) -> list[tuple[str, str]]:
    cells = [(" ", DIM)] * columns
    for beat in range(shown.cycles * BEATS):
        mark = BEAT if beat % BEATS else CYCLE
        cells[beat * columns // (shown.cycles * BEATS)] = (mark, DIM)
    return cells


def _curve_lines(curve: SignalCurve, columns: int, room: int, style: str) -> list[Text]:
    low, high = float(curve.values.min()), float(curve.values.max())
    span = high - low
    canvas = Canvas(columns, CURVE_ROWS)
    canvas.curve((curve.values - low) / span if span else np.full(POINTS, 0.5), style)
    heads = [""] * CURVE_ROWS
    heads[0], heads[-1] = f"{high:.3g}", f"{low:.3g}"
    if len(curve.label) > 1:
        heads[1] = cut(curve.label, room)
    return [
        Text(f"{cut(head, room) if span or place else '':<{room}} ", style) + line
        for place, (head, line) in enumerate(zip(heads, canvas.lines(), strict=True))
    ]
