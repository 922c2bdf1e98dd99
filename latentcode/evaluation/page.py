"""One page of what an evaluation found: tables, players and rainbowgrams, in a folder."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile

from latentcode.arrays import Float32
from latentcode.errors import LatentcodeError
from latentcode.evaluation.html import NEEDED, rendered
from latentcode.evaluation.tasks import MEDIANS, Results, Tell
from latentcode.files import atomic, texts

EXAMPLES = 12  # sounds on the page, from the best to the worst
RANKED_BY = "mel, dB"
Drawing = Callable[[Float32, int, Path], None]

TEMPLATE = """<p><small>{{ about }}</small></p>
{% for task in tasks %}
<table><caption>{{ task.name }}</caption>
<tr><th></th>{% for model in models %}<th>{{ model }}</th>{% endfor %}</tr>
{% for row in task.rows %}<tr><td>{{ row.key }}</td>
{% for value in row.values_ %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}
</table>
{% endfor %}
<h2>Heard and seen</h2>
<p><small>Rainbowgrams: pitch upwards, time to the right; brightness is the magnitude, the hue how the
phase moves against that of each bin's own frequency: a steady partial has one colour, noise all of
them.</small></p>
{% for example in examples %}
<h3>{{ example.name }}</h3><div class="row">
{% for sound in example.sounds %}<figure><figcaption>{{ sound.label }}</figcaption>
<img src="{{ sound.picture }}" alt="rainbowgram of {{ sound.label }}" loading="lazy">
<audio controls preload="none" src="{{ sound.file }}"></audio></figure>{% endfor %}
</div>
{% endfor %}
</html>
"""


def check() -> None:
    """Raises LatentcodeError where what writes a page is not there."""
    try:
        import jinja2  # noqa: F401

        from latentcode.evaluation import rainbowgram  # noqa: F401
    except ImportError:
        raise LatentcodeError(NEEDED) from None


def write(
    results: Sequence[Results], folder: Path, about: str = "", tell: Tell = lambda done, total, what: None
) -> Path:
    """Write the page of one model, or of several side by side, and all that it shows; returns it.
    `tell` hears how many of how many sounds are drawn.

    FOLDER/index.html, results.json, sounds/*.flac, pictures/*.png; what lies there is replaced.
    Raises LatentcodeError where a library is missing, or the folder cannot be written.
    """
    check()
    from latentcode.evaluation.rainbowgram import draw

    try:
        for name in ("sounds", "pictures"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        atomic.write(folder / "results.json", as_json(results).encode())
        page = rendered(
            TEMPLATE,
            title=" beside ".join(texts.shown(one.model) for one in results),
            about=about,
            models=[texts.shown(one.model) for one in results],
            tasks=_tasks(results),
            examples=_examples(results, folder, draw, tell),
        )
        atomic.write(folder / "index.html", page)
    except OSError as error:
        raise LatentcodeError(f"cannot write the page to {folder}: {error.strerror or error}") from error
    return folder / "index.html"


def as_json(results: Sequence[Results]) -> str:
    """All figures, of each sound too, as JSON; what means nothing is null."""
    table = [
        {
            "model": one.model,
            "digest": one.digest,
            "family": one.family,
            "sample_rate": one.sample_rate,
            "summary": one.summary,
            "sounds": one.notes,
            "pairs": one.pairs,
            "held and extended": one.steady,
        }
        for one in results
    ]
    return json.dumps(_finite(table), indent=1) + "\n"


def said(key: str, value: float | None) -> str:
    """A figure as text: frames whole, all else with two places; – where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if key.startswith("frames") else f"{value:.2f}"


def labelled(key: str) -> str:
    """A figure's name, and whether it is a median."""
    return f"{key} (median)" if key in MEDIANS else key


def keys_of(results: Sequence[Results], task: str) -> list[str]:
    """The figures that any of the models has for a task, in their order."""
    return list(dict.fromkeys(key for one in results for key in one.summary.get(task, {})))


def tasks_of(results: Sequence[Results]) -> list[str]:
    """The tasks that any of the models was tried on, in their order."""
    return list(dict.fromkeys(task for one in results for task in one.summary))


def _tasks(results: Sequence[Results]) -> list[dict[str, object]]:
    return [
        {
            "name": task,
            "rows": [
                {
                    "key": labelled(key),
                    "values_": [said(key, one.summary.get(task, {}).get(key)) for one in results],
                }
                for key in keys_of(results, task)
            ],
        }
        for task in tasks_of(results)
    ]


def _examples(results: Sequence[Results], folder: Path, draw: Drawing, tell: Tell) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    chosen = _shown(results[0])
    for number, (task, name) in enumerate(chosen):
        tell(number, len(chosen), texts.shown(name))
        sounds = []
        original = next((one.sounds[task, name][0] for one in results if (task, name) in one.sounds), None)
        heard = [("original", original, results[0].sample_rate)] if original is not None else []
        heard += [
            (texts.shown(one.model), one.sounds[task, name][1], one.sample_rate)
            for one in results
            if (task, name) in one.sounds
        ]
        for place, (label, samples, rate) in enumerate(heard):
            stem = f"{number:02d}-{place}"
            soundfile.write(folder / "sounds" / f"{stem}.flac", np.clip(samples, -1, 1), rate)
            draw(samples, rate, folder / "pictures" / f"{stem}.png")
            sounds.append({"label": label, "file": f"sounds/{stem}.flac", "picture": f"pictures/{stem}.png"})
        found.append({"name": f"{task}: {texts.shown(name)}", "sounds": sounds})
    return found


def _shown(results: Results) -> list[tuple[str, str]]:
    """What is heard: reconstructions from best to worst, then middles and held latents."""
    heard = [name for task, name in results.sounds if task == "reconstruction"]
    ranked = sorted(heard, key=lambda name: results.notes[name][RANKED_BY])
    chosen = [("reconstruction", name) for name in _spread(ranked, EXAMPLES)]
    for task in ("between", "held and extended"):
        chosen += [
            (task, name) for name in _spread([n for t, n in results.sounds if t == task], EXAMPLES // 3)
        ]
    return chosen


def _spread(names: list[str], most: int) -> list[str]:
    return (
        [names[place] for place in np.unique(np.linspace(0, len(names) - 1, most).astype(int))]
        if names
        else []
    )


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list) else value
