"""The one decode path, live and offline: rows padded to buckets of fixed size,
so that each has one sound.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.models.network import Network
from latentcode.models.rawaudio import SLAB, checked_rows, one_thread

BUCKETS = (4, 8, 16, 32, 64, SLAB)  # rows; which of them agree depends on the machine's matrix products

Device = Literal["auto", "cpu", "cuda"]


class Decoder:
    """Decodes any number of rows of a network, each row bit-identical whatever comes with it.

    `device`: "cpu", "cuda", or "auto" for a GPU where there is one. `buckets` are the sizes whose
    rows were found to agree with those of the largest when the decoder was made.
    Not for two threads at once: the buffers are the decoder's own.
    """

    def __init__(self, network: Network, device: Device = "auto") -> None:
        self.card = network.card
        self.device = _device(device)
        step = _GraphStep if self.device == "cuda" else _CpuStep
        network = network.on(self.device)
        with one_thread():
            steps = {rows: step(network, rows) for rows in BUCKETS}
            self._steps = {rows: step for rows, step in steps.items() if _agree(step, rows, steps[SLAB])}

    @property
    def buckets(self) -> tuple[int, ...]:
        """The batch sizes in use, ascending."""
        return tuple(self._steps)

    def decode(self, latents: Float32) -> Float32:
        """(N, latent_dim) → (N, window) samples within −1 and 1."""
        rows = checked_rows(latents, self.card.latent_dim, "latents")
        windows = np.empty((len(rows), self.card.window), np.float32)
        with one_thread(), torch.inference_mode():
            for start in range(0, len(rows), SLAB):
                part = rows[start : start + SLAB]
                self._step(len(part)).decode(part, windows[start : start + SLAB])
        return windows

    def _step(self, rows: int) -> _CpuStep | _GraphStep:
        return next(step for size, step in self._steps.items() if size >= rows)


class _CpuStep:
    """A batch of fixed size; rows beyond those asked for hold what was there before."""

    def __init__(self, network: Network, rows: int) -> None:
        self.network = network
        self.latents = torch.zeros(rows, network.card.latent_dim)
        self.view = self.latents.numpy()

    def decode(self, rows: Float32, out: Float32) -> None:
        self.view[: len(rows)] = rows
        out[:] = self.network.decode_rows(self.latents).numpy()[: len(rows)]


class _GraphStep:
    """A batch of fixed size, captured as one CUDA graph between pinned buffers."""

    def __init__(self, network: Network, rows: int) -> None:
        self.network = network
        self.latents = torch.zeros(rows, network.card.latent_dim).pin_memory()
        self.windows = torch.zeros(rows, network.card.window).pin_memory()
        self.inputs = self.latents.cuda()
        stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream())
        with torch.inference_mode(), torch.cuda.stream(stream):
            for _ in range(3):  # cuBLAS chooses its kernels and takes its memory before the capture
                self._run()
        torch.cuda.current_stream().wait_stream(stream)
        self.graph = torch.cuda.CUDAGraph()
        with torch.inference_mode(), torch.cuda.graph(self.graph):
            self._run()

    def _run(self) -> None:
        self.inputs.copy_(self.latents, non_blocking=True)
        self.windows.copy_(self.network.decode_rows(self.inputs), non_blocking=True)

    def decode(self, rows: Float32, out: Float32) -> None:
        self.latents.numpy()[: len(rows)] = rows
        self.graph.replay()
        torch.cuda.current_stream().synchronize()
        out[:] = self.windows.numpy()[: len(rows)]


def _agree(step: _CpuStep | _GraphStep, size: int, largest: _CpuStep | _GraphStep) -> bool:
    """Whether rows come out of `step` as of the largest, in any place, whatever is beside them."""
    card = step.network.card
    rows = np.random.default_rng(0).standard_normal((SLAB, card.latent_dim)).astype(np.float32) * 2
    wanted, found = np.empty((2, SLAB, card.window), np.float32)
    whole = [slice(start, start + size) for start in range(0, SLAB, size)]
    with torch.inference_mode():
        largest.decode(rows, wanted)
        for place in (*whole, slice(0, size // 2 + 1), slice(SLAB - 1, SLAB)):
            found[place] = 0
            step.decode(rows[place], found[place])
            if not np.array_equal(wanted[place], found[place]):
                return False
    return True


def _device(wanted: Device) -> str:
    if wanted not in ("auto", "cpu", "cuda"):
        raise ModelError(f"device {wanted!r}; 'auto', 'cpu' or 'cuda' are allowed")
    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise ModelError("no CUDA device was found; give device='auto' or 'cpu'")
    return "cuda" if available and wanted != "cpu" else "cpu"
