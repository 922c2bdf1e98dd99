"""Learned spaces in the engine: their marks, stamped,
and what is learned from them beside the render thread.
"""

from __future__ import annotations

from collections.abc import Callable

from latentcode.errors import LatentError
from latentcode.inputs.history import InputHistory
from latentcode.latents.spaces import Mark, Marks
from latentcode.patterns.spaces import KNOWN


class Spaces:
    """All spaces of a set; those who read patterns find them by name in `InputHistory.known`.

    What a mark leads to is a function of the marks before it: learned ahead or at its sample, it is
    the same.
    """

    def __init__(self, inputs: Callable[[], InputHistory], dimensions: int) -> None:
        self._inputs, self._dimensions = inputs, dimensions
        self._ready: dict[str, list[tuple[Marks, Mark, Marks]]] = {}  # before, mark, after

    def marks(self, name: str) -> Marks:
        """What is known of a space; without marks where it is not known."""
        found = self._inputs().known.get(KNOWN + name)
        return found if isinstance(found, Marks) else Marks()

    def prepare(self, name: str, mark: Mark) -> None:
        """Learn what a mark that will be applied leads to.

        Raises LatentError for one that cannot be learned.
        """
        check(mark, self._dimensions)
        ready = self._ready.setdefault(name, [])
        before = ready[-1][2] if ready else self.marks(name)
        ready.append((before, mark, before.marked(mark).learned()))

    def mark(self, name: str, mark: Mark) -> None:
        """One mark more, from here on. Raises LatentError for one that cannot be learned."""
        now, ready = self.marks(name), self._ready.pop(name, [])
        found = next((after for before, known, after in ready if before is now and known is mark), None)
        if found is None:
            check(mark, self._dimensions)
            found = now.marked(mark).learned()
        else:
            self._ready[name] = [entry for entry in ready if entry[1] is not mark]
        self._inputs().known[KNOWN + name] = found

    def unmark(self, name: str, index: int | None) -> None:
        """One mark less (None: none is left), from here on."""
        self._ready.pop(name, None)
        marks = self.marks(name)
        if index is None or -len(marks.marks) <= index < len(marks.marks):
            self._inputs().known[KNOWN + name] = marks.without(index).learned()


def check(mark: Mark, dimensions: int) -> None:
    """Raise LatentError for a mark that was set with another model."""
    if mark.latent is not None and dimensions and len(mark.latent) != dimensions:
        raise LatentError(
            f"this mark has {len(mark.latent)} dimensions and the model has {dimensions}: it was set with another "
            "model; start with that one, or mark again"
        )
