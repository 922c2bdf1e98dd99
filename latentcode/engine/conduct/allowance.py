"""How fast hands can be: what no hand can play is not worth the time that the sound needs."""

from __future__ import annotations

from dataclasses import dataclass

AT_ONCE = 16  # struck together
A_SECOND = 60  # struck on and on: a glissando


@dataclass
class Allowance:
    """Lets AT_ONCE through together, and then A_SECOND; pure in the samples that it is asked for, in order."""

    rate: int
    _left: float = float(AT_ONCE)
    _then: int = 0

    def lets(self, sample: int) -> bool:
        """Whether one more may be struck at a sample."""
        since, self._then = max(sample - self._then, 0), max(sample, self._then)
        self._left = min(self._left + since * A_SECOND / self.rate, AT_ONCE)
        if self._left < 1:
            return False
        self._left -= 1
        return True
