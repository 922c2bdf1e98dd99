"""Models whose files are programs are run once somebody said so, for each content.

`Card.code` marks them. Reading a card runs nothing; loading does.
"""

from __future__ import annotations

import os
import shlex

from latentcode.errors import ModelError
from latentcode.files import trust as files_trust
from latentcode.files.texts import shown
from latentcode.files.trust import Ask
from latentcode.models.card import Card

VARIABLE = "LATENTCODE_TRUST"  # of the environment: 1 in a script, where nobody can be asked
_ask: Ask | None = None


def ask_by(ask: Ask | None) -> None:
    """How `allow` asks in this process from now on: at the prompt there is somebody to answer."""
    global _ask
    _ask = ask


def is_trusted(digest: str) -> bool:
    """Whether a model with this digest may be run."""
    return os.environ.get(VARIABLE, "").strip() == "1" or files_trust.is_trusted(digest)


def trust(digest: str, name: str = "") -> None:
    """Remember that it may. Raises nothing."""
    files_trust.remember(digest, name)


def check_trusted(card: Card) -> None:
    """Return when the model of a card may be run.

    Raises ModelError, with what to type.
    """
    if card.code and not is_trusted(card.digest):
        raise ModelError(
            f"{shown(card.file)} is TorchScript, a program that would run as you, and it was not allowed to yet: "
            f"in a terminal latentcode --model {shlex.quote(card.file)} asks, in a program "
            f"load_model({card.file!r}, trust=True) allows it for good, "
            f"{VARIABLE}=1 in the environment for one run of a script"
        )


def allow(card: Card, trusted: bool = False, ask: Ask | None = None) -> None:
    """Return when the model of a card may be run: a yes is remembered by the digest of the file.

    `trusted`: the musician said so already. `ask`, or what `ask_by` was given, puts the question.
    Raises ModelError otherwise.
    """
    if not card.code or (not trusted and is_trusted(card.digest)):
        return
    question = (
        f"{shown(card.file)} is TorchScript, a program that will run as you. "
        "Do you know where it comes from? Run it? [y/N] "
    )
    put = ask or _ask
    if trusted or (put is not None and put(question)):
        trust(card.digest, card.file)
    check_trusted(card)
