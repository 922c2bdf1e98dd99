"""What `d1.morph(8)` gives: a voice that takes patterns over by degrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from latentcode.latents.morph import Morph

if TYPE_CHECKING:
    from latentcode.prompt.voices import Voice


@dataclass(frozen=True, eq=False)
class Morphing:
    """A voice and how it morphs; waits for `>>`."""

    voice: Voice
    morph: Morph

    def __rshift__(self, music: Any) -> None:
        """Let a pattern, a path or mini-notation take over from the next boundary on, by degrees."""
        self.voice.play(music, morph=self.morph)

    def __repr__(self) -> str:
        return f"{self.voice}.{self.morph} waits for a pattern: type {self.voice}.{self.morph} >> …"
