"""What a training has come to, to be heard and seen while it goes on: one page that needs no other
file, written anew at each checkpoint.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from latentcode.arrays import Float32, Float64
from latentcode.errors import LatentcodeError
from latentcode.evaluation.html import rendered
from latentcode.files import atomic, texts
from latentcode.models import measures
from latentcode.models.best import Checkpoint
from latentcode.models.held_out import BY
from latentcode.models.run_folder import HELD_OUT, LOSSES, Row, RunFolder
from latentcode.models.target import say

NEEDED = 'no pictures without matplotlib: pip install "latentcode[train]"'
PAGE, SOUNDS, PICTURES, ORIGINAL = "index.html", "sounds", "pictures", "original"
COLUMNS = 5  # checkpoints that are heard on the page, beside the original
POINTS = 400  # of a curve
DEPTH = 90.0  # dB from the brightest to black
ROWS = 160  # of a picture
LOWEST = 40.0  # Hz

TEMPLATE = """<style> figure img { height: 11rem } </style>
<p><small>{{ about }}</small></p>
{% if curves %}<img class="wide" src="{{ curves }}" alt="loss and held-out distance over minutes">{% endif %}
<table><caption>{{ what }}</caption>
<tr>{% for key in keys %}<th>{{ key }}</th>{% endfor %}</tr>
{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}
</table>
<h2>Heard and seen</h2>
<p><small>Spectrograms: 40 Hz below, half the sampling rate above, as an octave is heard; 90 dB from black to
white.</small></p>
{% for example in examples %}
<h3>{{ example.name }}</h3><div class="row">
{% for sound in example.sounds %}<figure><figcaption>{{ sound.label }}</figcaption>
{% if sound.picture %}<img src="{{ sound.picture }}" alt="spectrogram of {{ sound.label }}">{% endif %}
<audio controls preload="none" src="{{ sound.data }}"></audio></figure>{% endfor %}
</div>
{% endfor %}
</html>
"""


class TrainingPage:
    """To watch a training with: what goes wrong with a page is told once, and ends nothing."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._told: set[str] = set()

    def __call__(self, folder: RunFolder, checkpoint: Checkpoint) -> None:
        try:
            self._examples(folder.path, checkpoint)
            write(folder, self.title, checkpoint)
        except ImportError:
            self._tell(NEEDED)
        except (LatentcodeError, OSError, soundfile.LibsndfileError) as error:
            self._tell(f"no page of this training: {error}")

    def _examples(self, folder: Path, checkpoint: Checkpoint) -> None:
        """Write the sounds of a checkpoint, and what they look like."""
        (folder / SOUNDS).mkdir(parents=True, exist_ok=True)
        (folder / PICTURES).mkdir(parents=True, exist_ok=True)
        rate, step = checkpoint.trial.sample_rate, f"{checkpoint.step:09d}"
        named = {
            f"{number}-{label}": samples
            for number, (_, original, copy) in enumerate(checkpoint.trial.sounds)
            for label, samples in ((ORIGINAL, original), (step, copy))
        }
        for name, samples in named.items():
            soundfile.write(folder / SOUNDS / f"{name}.flac", np.clip(samples, -1, 1), rate)
        for name, samples in named.items():  # which may be what cannot be had
            draw(samples, rate, folder / PICTURES / f"{name}.png")

    def _tell(self, text: str) -> None:
        if text not in self._told:
            say(text)
        self._told.add(text)


def write(folder: RunFolder, title: str, checkpoint: Checkpoint) -> Path:
    """Write the page of a training from what lies in its folder; returns it.

    Raises ImportError without matplotlib, OSError.
    """
    losses, held_out = folder.rows(LOSSES), folder.rows(HELD_OUT)
    page = rendered(
        TEMPLATE,
        title=texts.shown(title),
        about=_about(checkpoint),
        what=checkpoint.what.capitalize(),
        curves=_data(curves(losses, held_out), "image/svg+xml"),
        keys=["minutes", "epoch", *checkpoint.trial.figures, ""],
        rows=[_figures(row, tuple(checkpoint.trial.figures)) for row in held_out],
        examples=[
            {"name": texts.shown(name), "sounds": list(_shown(folder.path, number, held_out))}
            for number, (name, _, _) in enumerate(checkpoint.trial.sounds)
        ],
    )
    atomic.write(folder.path / PAGE, page)
    return folder.path / PAGE


def draw(samples: Float32, sample_rate: int, file: Path) -> None:
    """Draw the spectrogram of a sound (n,) into a .png file."""
    from matplotlib.image import imsave

    imsave(file, spectrogram(samples, sample_rate)[::-1], cmap="magma", vmin=-DEPTH, vmax=0, format="png")


def spectrogram(samples: Float32, sample_rate: int) -> Float64:
    """(rows, frames) levels in dB below the full scale, the lowest row first, each an equal step of
    pitch.
    """
    size = 4096
    power = measures.spectra(samples, size, size // 8).abs().square().double().numpy()
    edges = np.geomspace(LOWEST, sample_rate / 2, ROWS + 1) * size / sample_rate
    rows = [power[int(low) : max(int(high), int(low) + 1)].max(axis=0) for low, high in _pairs(edges)]
    levels: Float64 = 10 * np.log10(np.stack(rows) / (size / 4) ** 2 + 1e-12)
    return levels


def curves(losses: Sequence[Row], held_out: Sequence[Row]) -> bytes:
    """The losses, and how far held-out sounds are off, over the minutes: an SVG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 3), facecolor="#16161a", layout="constrained")
    for axes, rows, key in zip(figure.subplots(1, 2), (losses, held_out), ("loss", BY), strict=True):
        known = [row for row in rows if row.get(key) is not None]
        minutes, values = _thinned([row["minutes"] for row in known], [row[key] for row in known])
        axes.plot(minutes, values, color="#e8a33d", linewidth=1.2, marker="o" if rows is held_out else None)
        axes.set(title=key, xlabel="minutes", facecolor="#16161a")
        if rows is losses and len(values) and values.min() > 0:
            axes.set_yscale("log")
        axes.tick_params(colors="#9a9aa4", which="both")
        axes.grid(color="#3a3a44")
        for text in (axes.title, axes.xaxis.label):
            text.set_color("#d8d8de")
    drawn = io.BytesIO()
    figure.savefig(drawn, format="svg", facecolor=figure.get_facecolor())
    return drawn.getvalue()


def _thinned(minutes: Sequence[float], values: Sequence[float]) -> tuple[Float64, Float64]:
    """A curve of at most `POINTS` points, each the mean of its neighbours."""
    parts = min(POINTS, len(values))
    if not parts:
        return np.zeros(0), np.zeros(0)
    means = [
        [part.mean() for part in np.array_split(np.asarray(row, float), parts)] for row in (minutes, values)
    ]
    return np.array(means[0]), np.array(means[1])


def _about(checkpoint: Checkpoint) -> str:
    heard = f"{len(checkpoint.trial.sounds)} of the {checkpoint.what}"
    best = "the best so far" if checkpoint.better else "a former one, or the one that was there, is better"
    return f"{checkpoint.minutes:.1f} minutes, step {checkpoint.step}; {heard}; {best}."


def _figures(row: Row, keys: Sequence[str]) -> list[str]:
    numbers = [row["minutes"], row["epoch"], *(row.get(key) for key in keys)]
    said = ["–" if value is None else f"{value:.2f}" for value in numbers]
    return [*said, "better" if row.get("best") else ""]


def _shown(folder: Path, number: int, held_out: Sequence[Row]) -> list[dict[str, str]]:
    """An example as it was and as it came out of some checkpoints, as data that a page holds."""
    minutes = {f"{row['step']:09d}": f"after {row['minutes']:.1f} min" for row in held_out}
    there = [label for label in minutes if (folder / SOUNDS / f"{number}-{label}.flac").is_file()]
    places = np.unique(np.linspace(0, len(there) - 1, COLUMNS).astype(int)).tolist() if there else []
    found = []
    for label in (ORIGINAL, *(there[place] for place in places)):
        sound, picture = (
            folder / SOUNDS / f"{number}-{label}.flac",
            folder / PICTURES / f"{number}-{label}.png",
        )
        if not picture.is_file():  # of a checkpoint that was made before there was matplotlib
            samples, sample_rate = soundfile.read(sound, dtype="float32")
            draw(samples, sample_rate, picture)
        found.append(
            {
                "label": minutes.get(label, label),
                "data": _data(sound.read_bytes(), "audio/flac"),
                "picture": _data(picture.read_bytes(), "image/png"),
            }
        )
    return found


def _data(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _pairs(edges: Float64) -> list[tuple[float, float]]:
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
