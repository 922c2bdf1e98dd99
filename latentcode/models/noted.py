"""What a session says of exported models, beside their files: what decides about their samples and
is not in these.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from latentcode.models.card import Card
from latentcode.models.family import DELAY, ROWS, THROUGH


@dataclass(frozen=True)
class Noted:
    """How many rows of an exported model go together, 0 for as many as usual; and by the digests of
    models how many samples late they were found to be, and their encoders and decoders together.
    """

    rows: int = 0
    delays: tuple[tuple[str, int], ...] = ()
    through: tuple[tuple[str, int], ...] = ()

    def on(self, card: Card) -> Card:
        """A card that says so."""
        if card.kind != "stream":
            return card
        found = {ROWS: str(self.rows)} if self.rows else {}
        for name, noted in ((DELAY, self.delays), (THROUGH, self.through)):
            late = dict(noted).get(card.digest)
            found |= {} if late is None else {name: str(late)}
        return replace(card, details=(*card.details, *found.items()))


def delay_of(card: Card) -> int | None:
    """Samples by which a model is late that is loaded; None of one that is not, or has no delay."""
    text = dict(card.details).get(DELAY) if card.kind == "stream" else None
    return None if text is None else int(text)
