"""Names in strings that a musician has given to sounds:
what stands for them goes with the pattern.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from latentcode.latents.drones import rebuilt
from latentcode.latents.trajectory import Named, Pitched, Trajectory
from latentcode.patterns import Controls

Sounds = tuple[Trajectory, ...]  # what a name stands for: one sound, or those of a folder


@dataclass(frozen=True)
class Bound:
    """A value → the same with the sounds that names stand for in the names' place.

    definitions: (name, its sounds), sorted by name. Of several sounds a variant (`n`, "kit:3")
    picks one, from 0, round and round.
    """

    definitions: tuple[tuple[str, Sounds], ...]

    def __call__(self, value: Any) -> Any:
        if isinstance(value, Trajectory):
            return self._inside(value)
        if isinstance(value, (str, tuple)):
            value = Controls.of(value)
        return self._voiced(value) if isinstance(value, Controls) else value

    def _voiced(self, controls: Controls) -> Controls:
        found, variant = controls.get("s"), controls.get("n")
        if isinstance(found, str):
            made: Any = self._sound(found, variant)
        else:
            made = self._inside(found) if isinstance(found, Trajectory) else None
        if made is None or made is found:
            return controls
        return Controls(tuple((name, made if name == "s" else value) for name, value in controls.pairs))

    def _inside(self, node: Trajectory) -> Trajectory:
        if not isinstance(node, Named):
            return rebuilt(node, self._inside)
        found = self._sound(node.name, node.variant)
        if isinstance(node, Pitched) and isinstance(found, Named):
            return Pitched(found.name, found.variant, node.pitch)
        return node if found is None else found

    def _sound(self, name: str, variant: Any) -> Trajectory | None:
        sounds = next((sounds for known, sounds in self.definitions if known == name), None)
        if sounds is None:
            return None
        return sounds[round(variant) % len(sounds)] if isinstance(variant, (int, float)) else sounds[0]
