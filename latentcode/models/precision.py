"""In which numbers a training multiplies."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import torch


def mixed_precision(device: str = "cpu") -> AbstractContextManager[Any]:
    """Products in bfloat16 where this processor has them, at two to four times the rate."""
    return torch.autocast(device, dtype=torch.bfloat16, enabled=has_bfloat16(device))


def has_bfloat16(device: str = "cpu") -> bool:
    """Whether this processor, or the GPU, multiplies in bfloat16."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    flags = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, flag, bool)() for flag in flags)
