"""The one way through a network, live and offline: rows padded to batches of fixed size,
so that each comes out the same in any company.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.models.family import Device, checked_rows
from latentcode.models.packed import one_thread

SLAB = 128  # rows that go through a network together; fixed, so that a row never depends on its neighbours
CACHED = 2048  # rows: a bar of drums in sixteen voices; of a spectral model some 12 MB
BUCKETS = (4, 8, 16, 32, 64, SLAB)  # rows; which of them agree depends on the machine's matrix products


Network = Callable[[Tensor], Tensor]  # (rows, inputs) → (rows, outputs), in whatever mode torch is


class Rows:
    """Takes any number of rows through a network, each row bit-identical whatever comes with it.

    `sizes`: the inputs and outputs of a row. `buckets` are the batch sizes whose rows were found to
    agree with those of the largest when it was made.
    Not for two threads at once: the buffers are its own.
    """

    def __init__(self, network: Network, sizes: tuple[int, int], device: str) -> None:
        self.sizes = sizes
        step = _GraphStep if device == "cuda" else _CpuStep
        with one_thread():
            steps = {rows: step(network, rows, sizes) for rows in BUCKETS}
            self._steps = {rows: step for rows, step in steps.items() if _agree(step, rows, steps[SLAB])}

    @property
    def buckets(self) -> tuple[int, ...]:
        """The batch sizes in use, ascending."""
        return tuple(self._steps)

    def __call__(self, rows: Float32) -> Float32:
        """(N, inputs) → (N, outputs), float32. Raises ModelError for another width."""
        rows = checked_rows(rows, self.sizes[0], "latents")
        out = np.empty((len(rows), self.sizes[1]), np.float32)
        with one_thread(), torch.inference_mode():
            for start in range(0, len(rows), SLAB):
                part = rows[start : start + SLAB]
                self._step(len(part)).take(part, out[start : start + SLAB])
        return out

    def _step(self, rows: int) -> _CpuStep | _GraphStep:
        return next(step for size, step in self._steps.items() if size >= rows)


class CachedRows:
    """`Rows` that takes none of the last `most` different rows through the network again: points
    that are held, and what loops, ask for the same ones all the time.

    As a row has the same bits in any company, nobody hears which ones were known.
    """

    def __init__(self, rows: Rows, most: int = CACHED) -> None:
        self.rows, self.sizes, self.most = rows, rows.sizes, max(most, SLAB)
        # where what is made of a row is kept, by its bits, the latest last
        self._made: OrderedDict[bytes, int] = OrderedDict()
        self._kept = np.empty((self.most, self.sizes[1]), np.float32)  # takes memory as it fills

    def __call__(self, rows: Float32) -> Float32:
        """See `Rows`."""
        rows = checked_rows(rows, self.sizes[0], "latents")
        found = [
            self._of(rows[start : start + self.most]) for start in range(0, max(len(rows), 1), self.most)
        ]
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _of(self, rows: Float32) -> Float32:
        """What is made of rows, of which no more are new than are kept."""
        keys, known = [row.tobytes() for row in rows], self._made
        new = {key: place for place, key in enumerate(keys) if key not in known}
        made = self.rows(rows if len(new) == len(rows) else rows[list(new.values())])
        for key in keys if len(new) < len(rows) else ():
            if key not in new:
                known.move_to_end(key)  # so that none of them makes room for a new one
        self._kept[[self._place(key) for key in new]] = made
        return made if len(new) == len(rows) else self._kept[[known[key] for key in keys]]

    def _place(self, key: bytes) -> int:
        """Where what is made of a row is kept from now on, perhaps instead of what came first."""
        full = len(self._made) == self.most
        place = self._made[key] = self._made.popitem(last=False)[1] if full else len(self._made)
        return place


class _CpuStep:
    """A batch of fixed size; rows beyond those asked for hold what was there before."""

    def __init__(self, network: Network, rows: int, sizes: tuple[int, int]) -> None:
        self.network, self.sizes = network, sizes
        self.inputs = torch.zeros(rows, sizes[0])
        self.view = self.inputs.numpy()

    def take(self, rows: Float32, out: Float32) -> None:
        self.view[: len(rows)] = rows
        out[:] = self.network(self.inputs).numpy()[: len(rows)]


class _GraphStep:
    """A batch of fixed size, captured as one CUDA graph between pinned buffers."""

    def __init__(self, network: Network, rows: int, sizes: tuple[int, int]) -> None:
        self.network, self.sizes = network, sizes
        self.pinned = torch.zeros(rows, sizes[0]).pin_memory()
        self.outputs = torch.zeros(rows, sizes[1]).pin_memory()
        self.inputs = self.pinned.cuda()
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
        self.inputs.copy_(self.pinned, non_blocking=True)
        self.outputs.copy_(self.network(self.inputs), non_blocking=True)

    def take(self, rows: Float32, out: Float32) -> None:
        self.pinned.numpy()[: len(rows)] = rows
        self.graph.replay()
        torch.cuda.current_stream().synchronize()
        out[:] = self.outputs.numpy()[: len(rows)]


def _agree(step: _CpuStep | _GraphStep, size: int, largest: _CpuStep | _GraphStep) -> bool:
    """Whether rows come out of `step` as of the largest, in any place, whatever is beside them."""
    inputs, outputs = step.sizes
    rows = np.random.default_rng(0).standard_normal((SLAB, inputs)).astype(np.float32) * 2
    wanted, found = np.empty((2, SLAB, outputs), np.float32)
    whole = [slice(start, start + size) for start in range(0, SLAB, size)]
    with torch.inference_mode():
        largest.take(rows, wanted)
        for place in (*whole, slice(0, size // 2 + 1), slice(SLAB - 1, SLAB)):
            found[place] = 0
            step.take(rows[place], found[place])
            if not np.array_equal(wanted[place], found[place]):
                return False
    return True


def chosen_device(wanted: Device) -> str:
    """Where to decode: "cpu" or "cuda".

    Raises ModelError for another, and where there is no GPU.
    """
    if wanted not in ("auto", "cpu", "cuda"):
        raise ModelError(f"device {wanted!r}; 'auto', 'cpu' or 'cuda' are allowed")
    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise ModelError("no CUDA device was found; give device='auto' or 'cpu'")
    return "cuda" if available and wanted != "cpu" else "cpu"
