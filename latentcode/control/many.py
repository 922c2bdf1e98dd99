"""Many inputs at once: a body of a hundred joints is read as fast as a few knobs."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from latentcode.arrays import Float64
from latentcode.control.line import Line, Newest

Asked: TypeAlias = tuple[tuple[str, float, float], ...]  # (name, time constant in samples, default) of each


def together(lines: list[Line], asked: Asked, samples: Float64) -> Float64:
    """The values of lines at samples (N,), each as `Line.at` gives it, or its default: (N, lines).

    Nearly always only the newest value of each counts. Where an older one does, its line is asked.
    """
    known = [
        line.newest(tau) or Newest(-np.inf, default, default, -np.inf, default)
        for line, (_, tau, default) in zip(lines, asked, strict=True)
    ]
    sample, value, stand, begin, first = np.array(known).T
    taus, defaults = np.array([(tau, default) for _, tau, default in asked]).T
    moments = samples[:, None]
    found = np.broadcast_to(value, (len(samples), len(lines)))
    gliding = taus > 0
    if gliding.any():
        with np.errstate(divide="ignore", invalid="ignore"):
            eased = found + (stand - found) * np.exp(-np.maximum(moments - sample, 0.0) / taus)
            eased = eased + (defaults - first) * np.exp(-np.maximum(moments - begin, 0.0) / taus)
        found = np.where(gliding & np.isfinite(sample), eased, found)
    found = np.where(moments < begin, defaults, found)
    for column in np.flatnonzero((moments < sample).any(axis=0)).tolist():
        found[:, column] = lines[column].at(samples, taus[column], defaults[column])
    return np.asarray(found)
