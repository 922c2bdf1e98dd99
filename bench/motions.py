"""How far motions stray in level from what they move about.

    python -m bench.motions

Frames of sounds under circles, notes under walks, and places of the prior: levels in windows of 93 ms against those
of the same without the motion, the farthest above and below of all windows within 30 dB of the loudest. At first:
`level=True`, as in sets whose header does not say `levels 1`.
"""

from __future__ import annotations

import numpy as np

from bench.common import run, show
from latentcode.arrays import Float32, Float64
from latentcode.latents.improvising import prior
from latentcode.latents.path import Path
from latentcode.latents.strategies import freeze, orbit, walk
from latentcode.latents.trajectory import Trajectory
from latentcode.offline.pattern import render
from latentcode.sounds.model import find_path

NAMES = ("cello", "choir", "piano", "rain")
RADII = (0.5, 1.0, 2.0)
PLACES = 8  # of the prior
SECONDS, WINDOW, AUDIBLE = 4.0, 4096, 30.0  # s, samples, dB
GOAL = 3.0  # dB


def measure(full: bool) -> None:
    """Print how far each motion strays."""
    for name in NAMES:
        path = find_path(name)
        frame = freeze(path, 0.3)
        circles = [
            strayed(frame, *(orbit(frame, radius, 1 / 2, level=level) for level in (True, False)))
            for radius in RADII
        ]
        text = ", ".join(
            f"{radius:g}: {was} → {now}" for radius, (was, now, _) in zip(RADII, circles, strict=True)
        )
        show(f"{name}, circle of radius {text} dB; farthest", max(far for *_, far in circles), most=GOAL)
        was, now, far = strayed(path, *(walk(path, 0.5, 2, level=level) for level in (True, False)))
        show(f"{name}, walk of 0.5: {was} → {now} dB; farthest", far, most=GOAL)
    places = [float(np.median(course(prior(number), 1.0))) for number in range(PLACES)]
    show(
        f"{PLACES} places of the prior; between the loudest and the softest, dB",
        float(np.ptp(places)),
        most=GOAL,
    )


def strayed(rest: Trajectory | Path, before: Trajectory, now: Trajectory) -> tuple[str, str, float]:
    """The levels of both against that of what rests, and how far the second goes at most."""
    still = course(rest)
    heard = still > still.max() - AUDIBLE
    spans = [(course(moved) - still)[heard] for moved in (before, now)]
    texts = (f"{span.min():+.1f} to {span.max():+.1f}" for span in spans)
    return next(texts), next(texts), float(np.abs(spans[1]).max())


def course(trajectory: Trajectory | Path, seconds: float = SECONDS) -> Float64:
    """The level of each window, in dB."""
    sound: Float32 = render(trajectory, seconds)[:, 0]
    parts = sound[: len(sound) // WINDOW * WINDOW].reshape(-1, WINDOW)
    return np.asarray(10 * np.log10(np.square(parts, dtype=np.float64).mean(axis=1) + 1e-9))


if __name__ == "__main__":
    run(measure)
