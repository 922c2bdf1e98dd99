"""The one decode path, live and offline: rows padded to buckets of fixed size, so that each has one sound."""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.models.rawaudio import SLAB, DecodeStep, RawAudioVAE, checked_rows, one_thread

BUCKETS = (16, 32, 64, SLAB)  # rows; below 16 a matrix product gives other bits

Device = Literal["auto", "cpu", "cuda"]


class Decoder:
    """Decodes any number of rows of a network, each row bit-identical whatever comes with it.

    `device`: "cpu", "cuda", or "auto" for a GPU where there is one. `buckets` are the sizes that were
    verified when the decoder was made; where they do not agree it is the largest alone.
    Not for two threads at once: the buffers are the decoder's own.
    """

    def __init__(self, network: RawAudioVAE, device: Device = "auto") -> None:
        self.card = network.card
        self.device = _device(device)
        step = _GraphStep if self.device == "cuda" else _CpuStep
        network = network.on(self.device)
        with one_thread():
            self._steps = {rows: step(network.decode_step(rows)) for rows in BUCKETS}
            if not self._agree():
                self._steps = {SLAB: self._steps[SLAB]}

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

    def _agree(self) -> bool:
        """Whether rows come out the same in every bucket, in any place, whatever is beside them."""
        random = np.random.default_rng(0)
        rows = random.standard_normal((SLAB, self.card.latent_dim)).astype(np.float32) * 2
        wanted, found = np.empty((2, SLAB, self.card.window), np.float32)
        with torch.inference_mode():
            self._steps[SLAB].decode(rows, wanted)
            for size, step in self._steps.items():
                for count in (size, size // 2 + 1, 1):
                    for start in range(0, SLAB - count + 1, count):
                        place = slice(start, start + count)
                        step.decode(rows[place], found[place])
                        if not np.array_equal(wanted[place], found[place]):
                            return False
        return True


class _CpuStep:
    """A step whose buffers numpy sees; rows beyond those asked for hold what was there before."""

    def __init__(self, step: DecodeStep) -> None:
        self.run = step.run
        self.latents, self.windows = step.latents.numpy(), step.windows.numpy()

    def decode(self, rows: Float32, out: Float32) -> None:
        self.latents[: len(rows)] = rows
        self.run()
        out[:] = self.windows[: len(rows)]


class _GraphStep:
    """A step captured as one CUDA graph, between pinned buffers."""

    def __init__(self, step: DecodeStep) -> None:
        self.step = step
        self.latents = torch.zeros_like(step.latents, device="cpu").pin_memory()
        self.windows = torch.zeros_like(step.windows, device="cpu").pin_memory()
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
        self.step.latents.copy_(self.latents, non_blocking=True)
        self.step.run()
        self.windows.copy_(self.step.windows, non_blocking=True)

    def decode(self, rows: Float32, out: Float32) -> None:
        self.latents.numpy()[: len(rows)] = rows
        self.graph.replay()
        torch.cuda.current_stream().synchronize()
        out[:] = self.windows.numpy()[: len(rows)]


def _device(wanted: Device) -> str:
    if wanted not in ("auto", "cpu", "cuda"):
        raise ModelError(f"device {wanted!r}; 'auto', 'cpu' or 'cuda' are allowed")
    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise ModelError("no CUDA device was found; give device='auto' or 'cpu'")
    return "cuda" if available and wanted != "cpu" else "cpu"
