"""The same drawings as pictures: matplotlib, when it is installed, into a .png,
.svg or .pdf file.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from latentcode.errors import LatentcodeError
from latentcode.files import atomic
from latentcode.pictures import frames, scope
from latentcode.pictures.map import LatentMap, middles
from latentcode.pictures.overview import FLOOR_DB, Overview, edges_hz, told_cycles
from latentcode.pictures.scope import MonitoredSound
from latentcode.pictures.set_lanes import WHOLE, SetLanes, fitting
from latentcode.pictures.sight import Latents
from latentcode.pictures.timeline import BEATS, Timeline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg", ".pdf")
PAPER, INK, FAINT = "#16161a", "#d8d8de", "#3a3a44"
WIDTH = 10.0  # inches
DOTS = 160  # to the inch
MOST_DIMENSIONS = 32
COLUMNS = 600
ROOM = 190  # characters of code that have room beside one another
WRONG, MARKED = "#ff5f5f", "#ffd75f"
MARKS = {  # a kind of `set_lanes.Mark` → its marker, its colour, what is said of it; a line where there is no marker
    "told": ("|", "white", "told something"),
    "failed": ("x", WRONG, "a line that failed"),
    "aside": ("X", WRONG, "set aside: it took too long"),
    "scene": ("D", MARKED, "a scene is kept"),
    "bookmark": ("", MARKED, "bookmark"),
    "restart": ("", WRONG, "another engine took over"),
    "still": ("", INK, "the machine stood still"),
}


def file_of(to: Any) -> Path:
    """Where a picture goes. Raises LatentcodeError for what is no file of pictures."""
    if not isinstance(to, (str, os.PathLike)) or Path(to).suffix.lower() not in SUFFIXES:
        received = repr(str(to) if isinstance(to, os.PathLike) else to)
        raise LatentcodeError(
            f'a picture goes to a file that ends in {", ".join(SUFFIXES)}, not {received}; as in "picture.png"'
        )
    file = Path(os.path.expanduser(to))
    if not os.path.isdir(file.absolute().parent):
        raise LatentcodeError(f"there is no folder {str(file.parent)!r} for the picture; make it first")
    return file


def timeline(shown: Timeline, file: Path, name: str = "") -> None:
    """A timeline: bars over curves, cycles from left to right.

    Raises LatentcodeError where matplotlib is missing, or the file cannot be written.
    """
    rows, curves = shown.rows, shown.curves
    heights = [*([0.3 * len(rows) + 0.4] if rows or not curves else []), *(1.2 for _ in curves)]
    figure, axes = _figure(heights, name)
    for place, axis in enumerate(axes):
        _beats(axis, shown)
        axis.tick_params(labelbottom=place == len(axes) - 1)
    if rows or not curves:
        _bars(axes.pop(0), shown)
    for axis, curve in zip(axes, curves, strict=True):
        moments = float(shown.begin) + np.arange(len(curve.values)) / len(curve.values) * shown.cycles
        axis.plot(moments, curve.values, color=shown.styles[curve.label], linewidth=1.6)
        axis.set_ylabel("value")
    figure.axes[-1].set_xlabel("cycles")
    _saved(figure, file)


def heat_map(latents: Latents, file: Path) -> None:
    """Latents over time: the dimensions that move most, from above.

    Raises LatentcodeError where matplotlib is missing, or the file cannot be written.
    """
    shown = frames.heat_map(latents, min(COLUMNS, len(latents.mean)), MOST_DIMENSIONS)
    title = f"{shown.name}: the {len(shown.dimensions)} of {shown.total} dimensions that move most"
    if len(shown.dimensions) == shown.total:
        title = f"{shown.name}: {shown.total} dimensions"
    figure, (axis,) = _figure([0.14 * len(shown.dimensions) + 0.8], title)
    from matplotlib.colors import LinearSegmentedColormap

    stops = [tuple(n / 255 for n in rgb) for rgb in (frames.COLD, frames.NEUTRAL, frames.WARM)]
    image = axis.imshow(
        shown.values,
        aspect="auto",
        interpolation="nearest",
        cmap=LinearSegmentedColormap.from_list("latents", stops),
        vmin=-shown.reach,
        vmax=shown.reach,
        extent=(0.0, shown.seconds, len(shown.dimensions) - 0.5, -0.5),
    )
    axis.set_yticks(range(len(shown.dimensions)), [f"{index}" for index in shown.dimensions], fontsize=6)
    axis.set_xlabel("seconds")
    axis.set_ylabel("dimension")
    bar = figure.colorbar(image, ax=axis, pad=0.01, fraction=0.03, label="latent")
    bar.outline.set_visible(False)
    _saved(figure, file)


def latent_map(shown: LatentMap, file: Path) -> None:
    """Paths and voices on the first two principal components.

    Raises LatentcodeError where matplotlib is missing, or the file cannot be written.
    """
    figure, (axis,) = _figure([7.0], "")
    styles = shown.styles
    for name, places in shown.paths.items():
        axis.plot(*places.T, color=styles[name], linewidth=0.4, alpha=0.35)
        axis.scatter(*places.T, s=9, color=styles[name], linewidths=0, label=name)
    low, high = shown.bounds
    for name, (x, y) in middles(shown).items():
        place = low + np.array([x, y]) * (high - low)
        axis.annotate(name, place, color=styles[name], weight="bold", ha="center", va="center")
    for name, places in shown.voices.items():
        axis.plot(*places.T, color="white", linewidth=0.8)
        axis.scatter(*places[-1], s=60, color="white", marker="D", zorder=5)
        axis.annotate(name, places[-1], (7, 5), textcoords="offset points", color="white", weight="bold")
    first, second = (f"{share:.0%} of the variance" for share in shown.shares)
    axis.set_xlabel(f"principal component 1 ({first})")
    axis.set_ylabel(f"principal component 2 ({second})")
    axis.grid(color=FAINT, linewidth=0.4)
    axis.legend(loc="best", frameon=False, fontsize=8, markerscale=2)
    _saved(figure, file)


def oscilloscope(heard: MonitoredSound, file: Path) -> None:
    """Waveform and spectrum of what was heard last.

    Raises LatentcodeError where matplotlib is missing, or the file cannot be written.
    """
    found = scope.peak_hz(heard)
    title = f"peak {scope.peak_db(heard):.1f} dBFS, {scope.loudness(heard):.1f} LUFS".replace("-", "−")
    title = "silence" if found is None else f"{title}, strongest {found:.0f} Hz ({scope.note_name(found)})"
    figure, (wave, bars) = _figure([2.4, 2.4], title)
    shown = scope.triggered(heard)
    milliseconds = np.arange(len(shown)) * 1000 / heard.rate
    for side, style, values in scope.sides(shown):
        wave.plot(milliseconds, values, color=style, linewidth=1.0, label=side)
    wave.set(xlabel="ms", ylabel="amplitude", xlim=(0, milliseconds[-1] if len(shown) else 1))
    wave.legend(frameon=False, fontsize=8, ncols=2, loc="lower right", bbox_to_anchor=(1.0, 1.0))
    hertz, levels = scope.spectrum(heard)
    bars.fill_between(hertz[1:], levels[1:], scope.FLOOR_DB, color=scope.MIDDLE, alpha=0.4, linewidth=0)
    bars.plot(hertz[1:], levels[1:], color=scope.MIDDLE, linewidth=0.9)
    bars.set(xscale="log", xlim=(scope.LOWEST_HZ, scope.HIGHEST_HZ), ylim=(scope.FLOOR_DB, 3))
    bars.set_xticks(scope.MARKS_HZ, [f"{hz // 1000}k" if hz >= 1000 else f"{hz}" for hz in scope.MARKS_HZ])
    bars.minorticks_off()
    bars.set(xlabel="Hz", ylabel="dB")
    for axis in (wave, bars):
        axis.grid(color=FAINT, linewidth=0.4)
    _saved(figure, file)


def rendered(shown: Overview, file: Path) -> None:
    """A sound that was rendered: waveform, spectrum and voices over time, in seconds and cycles.

    Raises LatentcodeError where matplotlib is missing, or the file cannot be written.
    """
    voices = shown.sounding
    figure, (wave, bands, rows) = _figure([1.8, 2.8, 0.22 * max(len(voices), 1) + 0.3], shown.title)
    begin, end = shown.seconds(shown.first), shown.seconds(shown.last)
    moments = np.linspace(begin, end, len(shown.low))
    for side, style in ((0, scope.LEFT), (1, scope.RIGHT)):
        wave.fill_between(
            moments, shown.low[:, side], shown.high[:, side], color=style, alpha=0.6, linewidth=0
        )
    wave.set(xlim=(begin, end), ylim=(-1, 1), ylabel="amplitude")
    mesh = np.linspace(begin, end, shown.levels.shape[1] + 1), edges_hz()
    bands.pcolormesh(*mesh, shown.levels, cmap="magma", vmin=FLOOR_DB, vmax=0, rasterized=True)
    bands.set(yscale="log", ylabel="Hz", xlim=(begin, end))
    bands.set_yticks(scope.MARKS_HZ, [f"{hz // 1000}k" if hz >= 1000 else f"{hz}" for hz in scope.MARKS_HZ])
    bands.minorticks_off()
    loud = 20 * np.log10(np.maximum(shown.voices[voices or [0]], 1e-3))
    extent = (begin, end, len(loud) - 0.5, -0.5)
    rows.imshow(loud, aspect="auto", interpolation="nearest", cmap="magma", vmin=-60, vmax=0, extent=extent)
    rows.set_yticks(range(len(voices)), [f"d{voice + 1}" for voice in voices])
    rows.set_xlabel("seconds")
    _cycles(wave, shown)
    for axis in (wave, bands):
        axis.tick_params(labelbottom=False)
    _saved(figure, file)


def set_lanes(shown: SetLanes, file: Path) -> None:
    """A set as a line of time: scenes and bookmarks, a lane for each voice, the tempo.

    Raises LatentcodeError where matplotlib is missing, or the file cannot be written.
    """
    rows = [WHOLE, *shown.lanes]
    figure, panels = _figure([0.27 * len(rows) + 0.2, *([0.9] if shown.tempo else [])], shown.title)
    lanes, styles = panels[0], {WHOLE: MARKED, **shown.styles}
    for place, (row, bars) in enumerate({WHOLE: shown.scenes, **shown.lanes}.items()):
        lanes.axhline(place, color=FAINT, linewidth=0.5, zorder=0)
        spans = [(bar.begin, bar.end - bar.begin) for bar in bars]
        lanes.broken_barh(spans, (place - 0.4, 0.8), facecolors=styles[row], alpha=0.35, edgecolors=PAPER)
        for bar in bars:
            text = fitting(bar, shown.seconds, ROOM)
            _code(lanes, bar.begin + 0.7 * shown.seconds / ROOM, place, text)
    _happened(lanes, shown, rows)
    if shown.marks:
        figure.legend(frameon=False, fontsize=7, ncols=7, loc="outside lower left", labelcolor=INK)
    lanes.set(xlim=(0, shown.seconds), ylim=(len(rows) - 0.4, -0.6))
    lanes.set_yticks(range(len(rows)), ["scenes", *shown.lanes])
    lanes.tick_params(axis="y", length=0)
    if shown.tempo:
        _tempo(panels[1], shown)
    times = [shown.clock(time) for time in shown.times]
    for axis in panels:
        axis.set_xticks(shown.times, times if axis is panels[-1] else [])
        for time in shown.times:
            axis.axvline(time, color=FAINT, linewidth=0.4, zorder=0)
    if shown.cycle is not None:
        _above(lanes, shown.times, [f"{shown.cycle(time):.0f}" for time in shown.times])
    _saved(figure, file)


def _happened(axis: Axes, shown: SetLanes, rows: list[str]) -> None:
    """The marks of a set, and what they mean."""
    for kind, (marker, style, meaning) in MARKS.items():
        found = [mark for mark in shown.marks if mark.kind == kind]
        if not found:
            continue
        for mark in found if not marker else ():
            axis.axvline(mark.at, color=style, linewidth=0.9, linestyle=":")
        for mark in found:
            height = 0.28 if marker else -0.3  # names of scenes below, of bookmarks above the line
            _code(axis, mark.at + shown.seconds / ROOM, height, mark.text, color=style)
        places = [(mark.at, rows.index(mark.lane) if mark.lane in rows else 0) for mark in found]
        moments = np.array(places if marker else np.zeros((0, 2)), np.float64)
        line = "" if marker else ":"
        axis.plot(*moments.T, marker=marker, linestyle=line, color=style, markersize=5, label=meaning)


def _code(axis: Axes, at: float, place: float, text: str, color: str = "white") -> None:
    """A text as it was typed: a dollar is a dollar."""
    axis.text(
        at,
        place,
        text,
        color=color,
        fontsize=6,
        va="center",
        family="monospace",
        parse_math=False,
        clip_on=True,
    )


def _tempo(axis: Axes, shown: SetLanes) -> None:
    moments, tempos = zip(*shown.tempo, (shown.seconds, shown.tempo[-1][1]), strict=True)
    axis.step(moments, tempos, where="post", color=scope.MIDDLE, linewidth=1.4)
    low, high = min(tempos), max(tempos)
    axis.set(xlim=(0, shown.seconds), ylim=(low - 0.1 * low, high + 0.1 * high), ylabel="bpm")


def _above(axis: Axes, places: list[float], names: list[str]) -> None:
    """Cycles, named above."""
    above = axis.secondary_xaxis("top")
    above.set_xticks(places, names)
    above.tick_params(colors=INK, labelsize=8, length=0)
    above.spines[:].set_visible(False)
    above.set_xlabel("cycles", color=INK)


def _cycles(axis: Axes, shown: Overview) -> None:
    """Lines at cycles, named above, and small ones where something was done."""
    told = told_cycles(shown.cycles)
    for sample, _ in told:
        axis.axvline(shown.seconds(sample), color=FAINT, linewidth=0.8, zorder=0)
    for sample in shown.marks:
        axis.plot([shown.seconds(sample)] * 2, [0.9, 1.0], color="white", linewidth=1.0)
    _above(axis, [shown.seconds(sample) for sample, _ in told], [f"{cycle}" for _, cycle in told])


def _bars(axis: Axes, shown: Timeline) -> None:
    labels = [row.label for row in shown.rows]
    for place, row in enumerate(shown.rows):
        for bar in row.bars:
            begin, length = float(bar.begin), float(bar.end - bar.begin)
            levels = np.ones(2) if bar.levels is None else np.clip(bar.levels / shown.loudest, 0, None)
            tops = np.repeat(levels, 2) if len(levels) == 1 else levels
            moments = np.linspace(begin, begin + length, len(tops))
            style = shown.styles[row.label]
            axis.fill_between(
                moments, place + 0.4, place + 0.4 - 0.8 * tops, color=style, alpha=0.55, linewidth=0
            )
            if bar.onset:
                axis.plot([begin, begin], [place + 0.4, place - 0.4], color=style, linewidth=2)
    axis.set_ylim(max(len(labels), 1) - 0.4, -0.6)
    shown_labels = [text if n == 0 or text != labels[n - 1] else "" for n, text in enumerate(labels)]
    axis.set_yticks(range(len(labels)), [text[:40] for text in shown_labels])
    axis.tick_params(axis="y", length=0)


def _beats(axis: Axes, shown: Timeline) -> None:
    begin = float(shown.begin)
    axis.set_xlim(begin, begin + shown.cycles)
    axis.set_xticks([begin + cycle for cycle in range(shown.cycles + 1)])
    for beat in range(shown.cycles * BEATS + 1):
        strong = beat % BEATS == 0
        axis.axvline(begin + beat / BEATS, color=FAINT, linewidth=1.2 if strong else 0.5, zorder=0)


def _figure(heights: list[float], title: str) -> tuple[Figure, list[Any]]:
    """A figure with panels of these heights in inches, one above the other."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise LatentcodeError(
            "pictures need matplotlib, which is not installed; type pip install 'latentcode[pictures]'"
        ) from error
    figure = Figure(figsize=(WIDTH, sum(heights) + 0.9), dpi=DOTS, facecolor=PAPER)
    figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.08)
    panels = figure.subplots(len(heights), 1, squeeze=False, gridspec_kw={"height_ratios": heights})
    for axis in panels[:, 0]:
        axis.set_facecolor(PAPER)
        axis.tick_params(colors=INK, labelsize=8)
        axis.spines[:].set_visible(False)
    if title:
        figure.suptitle(title[:110], color=INK, fontsize=11, x=0.01, ha="left", parse_math=False)
    return figure, list(panels[:, 0])


def _saved(figure: Figure, file: Path) -> None:
    for axis in figure.axes:
        for text in (axis.xaxis.label, axis.yaxis.label):
            text.set_color(INK)
        axis.tick_params(colors=INK)
        legend = axis.get_legend()
        for text in legend.get_texts() if legend else ():
            text.set_color(INK)
    try:
        with atomic.replacing(file) as part:
            kind = file.suffix.lower().removeprefix(".")
            dated = {"Date": None} if kind == "svg" else None
            figure.savefig(part, format=kind, facecolor=PAPER, metadata=dated)
    except OSError as error:
        reason = error.strerror or error
        raise LatentcodeError(f"the picture cannot be written to {str(file)!r}: {reason}") from error
