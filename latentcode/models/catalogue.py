"""The models that are there: those of the package, and the musician's own by name.

Nothing of a model runs, and torch is not imported.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from latentcode.errors import LatentcodeError
from latentcode.models.card import Card, model_file, model_names
from latentcode.models.family import card_of
from latentcode.models.trust import is_trusted


@dataclass(frozen=True)
class Entry:
    """A model by its name; its card, or why it has none."""

    name: str
    card: Card | None
    trouble: str = ""

    @property
    def trusted(self) -> bool | None:
        """Whether it may run; None where it is no program."""
        if self.card is None or not self.card.code:
            return None
        return is_trusted(self.card.digest)


def entries() -> list[Entry]:
    """All models by name, with their cards."""
    return [_entry(name) for name in model_names()]


def _entry(name: str) -> Entry:
    try:
        return Entry(name, card_of(name))
    except (LatentcodeError, OSError) as error:
        said = " ".join(str(error).split())
    with suppress(LatentcodeError):
        said = said.removeprefix(str(model_file(name))).lstrip(" :")  # its name stands before it
    return Entry(name, None, said)
