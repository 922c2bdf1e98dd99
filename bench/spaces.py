"""How well a space is learned from a few marks: held-out error of several ways, and what learning and reading cost.

    python -m bench.spaces [--full]

The functions to be learned: sums of cosines of three lengths, blends of six sounds of two softnesses, lines,
parabolas; from 1 to 4 knobs to 32 latents, from 3 to 40 marks in places drawn by chance. A body: 116 numbers that
follow 2 or 4 hidden ones, with noise of 1 %. The way was chosen on other functions of these kinds. The error is
that at 300 places within the marks' range, in deviations of the function: 1 is no better than its mean.
scikit-learn's Gaussian processes are measured where it is installed (pip install scikit-learn).
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from bench.common import run, show
from latentcode.latents.fitting import LearnedMap, Way, chosen

LATENTS, HELD_OUT = 32, 300
MARKS = (3, 5, 10, 20, 40)
Function = Callable[[np.ndarray], np.ndarray]
WAYS: dict[str, Way | None] = {
    "ours": None,
    "multiquadric": ("multiquadric", 0),
    "gaussian": ("gaussian", 0),
    "linear": ("linear", 0),
    "thin plate": ("thin_plate_spline", 1),
    "cubic": ("cubic", 1),
}


def functions(rng: np.random.Generator, inputs: int) -> Iterator[Function]:
    """Seven kinds of functions from (N, inputs), 0 to 1, to (N, LATENTS)."""
    for length in (1.0, 0.5, 0.3):
        yield _cosines(rng, inputs, length)
    for sharp in (4.0, 15.0):
        yield _blend(rng, inputs, sharp)
    slope, curve = rng.normal(size=(inputs, LATENTS)), rng.normal(size=(inputs, LATENTS))
    yield lambda x: (x - 0.5) @ slope
    yield lambda x: (x - 0.5) @ slope + (x**2) @ curve


def _cosines(rng: np.random.Generator, inputs: int, length: float) -> Function:
    waves, phase = rng.normal(size=(24, inputs)) / length, rng.uniform(0, 2 * np.pi, 24)
    weights = rng.normal(size=(24, LATENTS))
    return lambda x: np.cos(x @ waves.T + phase) @ weights


def _blend(rng: np.random.Generator, inputs: int, sharp: float) -> Function:
    places, sounds = rng.random((6, inputs)), rng.normal(size=(6, LATENTS))

    def blend(x: np.ndarray) -> np.ndarray:
        weights = np.exp(-sharp * ((x[:, None] - places) ** 2).sum(axis=2))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True) @ sounds)

    return blend


def knobs(inputs: int, marks: int, seed: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Places and values of marks, and of what is held out."""
    rng = np.random.default_rng((inputs, marks, seed))
    for function in functions(rng, inputs):
        places = rng.random((marks, inputs))
        low, high = places.min(axis=0), places.max(axis=0)
        others = low + (high - low) * rng.random((HELD_OUT, inputs))
        yield places, function(places), others, function(others)


def body(marks: int, seed: int) -> Iterator[tuple[np.ndarray, ...]]:
    """The same, from 116 numbers that follow a few hidden ones."""
    for hidden in (2, 4):
        rng = np.random.default_rng((hidden, marks, seed))
        joints, phase = rng.normal(size=(hidden, 116)), rng.normal(size=116)
        for function in functions(rng, hidden):
            ways, others = rng.random((marks, hidden)), rng.random((HELD_OUT, hidden))
            seen = [
                np.sin(x @ joints + phase) + 0.01 * rng.normal(size=(len(x), 116)) for x in (ways, others)
            ]
            yield seen[0], function(ways), seen[1], function(others)


def error(fit: Callable[[np.ndarray], np.ndarray], others: np.ndarray, values: np.ndarray) -> float:
    """The root mean square error in deviations of the function."""
    return float(np.sqrt(((fit(others) - values) ** 2).mean()) / values.std(axis=0).mean())


def process(places: np.ndarray, values: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """scikit-learn's Gaussian process, its width and height fitted by likelihood."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel

    kernel = ConstantKernel(1.0) * RBF(0.5, (0.05, 10.0))
    low, width = places.min(axis=0), np.ptp(places, axis=0)
    made = GaussianProcessRegressor(kernel, alpha=1e-8, normalize_y=True).fit((places - low) / width, values)
    return lambda x: made.predict((x - low) / width)


def ways() -> dict[str, Callable[..., Callable[[np.ndarray], np.ndarray]]]:
    """All ways by name: (places, values) → a function of places."""
    made: dict[str, Callable[..., Callable[[np.ndarray], np.ndarray]]] = {
        name: lambda x, y, way=way: LearnedMap(x, y, _possible(way, *x.shape)) for name, way in WAYS.items()
    }
    try:
        import sklearn.gaussian_process  # noqa: F401
    except ImportError:
        return made
    return made | {"process": process}


def _possible(way: Way | None, marks: int, inputs: int) -> Way | None:
    """The way itself, without a slope where there are too few marks for one."""
    return way if way is None or marks > inputs else (way[0], 0)


def compare(title: str, cases: list[tuple[np.ndarray, ...]], slow: bool) -> None:
    """Print the mean error of each way, and ours against the best of the others."""
    errors = {}
    for name, way in ways().items():
        some = cases if name != "process" or slow else cases[:7]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            errors[name] = np.mean([error(way(x, y), others, held) for x, y, others, held in some])
    best = min(value for name, value in errors.items() if name != "ours")
    text = "  ".join(f"{name} {value:.3f}" for name, value in errors.items())
    show(f"{title:22} {text}", errors["ours"] / best)


def costs() -> None:
    """Print the time to learn a space, and to read one latent frame, against a block of 512 samples."""
    for inputs, marks, latents in ((3, 12, 16), (4, 40, 128), (116, 40, 128)):
        rng = np.random.default_rng(7)
        places, values, moving = (
            rng.random((marks, inputs)),
            rng.random((marks, latents)),
            rng.random((500, inputs)),
        )
        learned, fit = _seconds(partial(LearnedMap, places, values), 20), LearnedMap(places, values)
        frame, still = _seconds(partial(fit, moving), 5) / 500, _seconds(partial(fit, moving[:1]), 500)
        text = f"{inputs} inputs, {marks} marks, {latents} latents ({chosen(marks, inputs)[0]})"
        show(f"{text}: learned in {learned * 1e3:.2f} ms, a frame {frame * 1e6:.0f} µs, alone {still * 1e6:.0f} µs",
             frame * 44100 / 512, most=0.01)  # fmt: skip


def _seconds(way: Callable[[], object], rounds: int) -> float:
    """Processor seconds, so that other programs do not count."""
    way()
    begun = time.process_time()
    for _ in range(rounds):
        way()
    return (time.process_time() - begun) / rounds


def measure(full: bool) -> None:
    """Print errors and costs."""
    seeds = (0, 2, 4) if full else (0,)
    for inputs in (1, 2, 3, 4):
        for marks in MARKS:
            compare(
                f"{inputs} knobs, {marks} marks",
                [c for seed in seeds for c in knobs(inputs, marks, seed)],
                full,
            )
    for marks in MARKS:
        compare(f"a body, {marks} marks", [c for seed in seeds for c in body(marks, seed)], full)
    costs()


if __name__ == "__main__":
    run(measure)
