"""The model families: loading, encoding and decoding, training.

Importing this room does not import torch.
"""

from __future__ import annotations

from latentcode.models.card import Card
from latentcode.models.family import Job, card_of, load

__all__ = ["Card", "Job", "card_of", "load"]
