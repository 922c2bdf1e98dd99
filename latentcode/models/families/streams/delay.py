"""How late what comes out of an exported model is, measured with a step in what goes in.

Convolutions that remember do not say how late they are once they are exported. Three streams are
compared: one that stays, one that has been elsewhere all along, and one that goes there at a
moment. Where the last leaves off being the first and begins to be the second is the moment, late.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

SHORT, LONG = 1 << 13, 1 << 17  # samples after the step: more than a model remembers
TRIES = 3  # steps between different values
FEW = 16  # codes that there are, where nobody says how many
QUIET = 0.01  # of a sound, to what comes after it

Call = Callable[[Tensor], Tensor]  # (channels, n) → (channels, samples of sound), from the beginning on
Drawn = tuple[Tensor, Tensor]


def of_latents(decode: Call, channels: int, ratio: int, kind: str = "continuous", codes: int = 0) -> int:
    """Samples by which a step in the latents is late; `ratio`: samples between two of them; `kind`,
    and how many `codes` there are: see `Export`.

    0 where latents make no difference.
    """

    def drawn(count: int, by: torch.Generator) -> Drawn:
        if kind == "codes":
            here, there = torch.randint(codes or FEW, (2, channels, 1), generator=by).float()
        elif kind == "angles":
            here, there = torch.rand(2, channels, 1, generator=by) * torch.pi
        else:
            here, there = torch.randn(2, channels, 1, generator=by)
        return here.repeat(1, count), there.repeat(1, count)

    return _late(decode, drawn, ratio, SHORT)


def of_sound(through: Call, channels: int, ratio: int, decoding: int) -> int:
    """Samples by which an onset is late that goes into a model and out of it again;
    `ratio`: samples between two latents; `decoding`: how late these are.
    """

    def drawn(count: int, by: torch.Generator) -> Drawn:
        here, there = torch.randn(2, channels, count * ratio, generator=by) * 0.2
        return here * QUIET, there

    return _late(through, drawn, ratio, max(SHORT, 6 * decoding), ratio)


def _late(
    call: Call, drawn: Callable[[int, torch.Generator], Drawn], ratio: int, span: int, fine: int = 1
) -> int:
    """The median of some; `fine`: values of what goes in to `ratio` samples."""
    by = torch.Generator().manual_seed(0)
    before, count = -(-span // (2 * ratio)), -(-span // ratio)
    found = []
    for number in range(TRIES):
        here, there = drawn(before + count, by)
        # Between latents all moments are alike; within one it makes a difference where the step is.
        at = before * fine + number * fine // TRIES
        goes = torch.cat([here[:, :at], there[:, at:]], 1)
        one, other, moved = (call(values).double() for values in (here, there, goes))
        from_one, from_other = (((moved - still) ** 2).sum(0) for still in (one, other))
        found.append(_change(from_one, from_other) - at * ratio // fine)
    late = max(sorted(found)[TRIES // 2], 0)
    return late if late < span // 2 or span >= LONG else _late(call, drawn, ratio, 4 * span, fine)


def _change(from_one: Tensor, from_other: Tensor) -> int:
    """Before which sample it is the one, and from which on the other, with the least error."""
    none = torch.zeros(1, dtype=torch.float64)
    before = torch.cat([none, torch.cumsum(from_one, 0)])
    after = from_other.sum() - torch.cat([none, torch.cumsum(from_other, 0)])
    error = before + after
    return int(torch.argmin(error)) if float(error.max() - error.min()) > 0 else 0
