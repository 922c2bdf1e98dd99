"""Controllers in two halves: which of them belong together, and what both say.

By the MIDI standard controller 32 + n holds the lower seven bits of controller n, 0 to 31. Many
devices have single knobs on these numbers instead, so that a controller is an ordinary one until a
pair gives itself away: where two halves belong together the lower one leaps when it has run through
its range, and the upper one changes beside it. Two such carries, with no lone upper half between,
make a pair; ALONE upper halves in a row make two ordinary controllers of it again. A knob that is
wrongly taken for an upper half is off by a 128th at most, and nothing a lower half has said is
lost: it is told again when the pair ends. The halves of a pair may come in either order; each
counts when it comes, so that between the two the value is off by a 128th at most.
"""

from __future__ import annotations

LEAP = 64  # steps of a lower half that no hand turns a single knob at once
CARRIES = 2
ALONE = 8
HIGHEST = 127
FINEST = 16383
_SWITCH = {0, HIGHEST}  # what buttons send


def fine(value: float) -> bool:
    """Whether a value, 0 to 1, has 14 bits, and not 7."""
    return all(
        (abs(value * steps - round(value * steps)) < 1e-6) == whole
        for steps, whole in ((FINEST, True), (HIGHEST, False))
    )


class Pair:
    """Controllers n and 32 + n of one channel. Values are given from 0 to 1."""

    def __init__(self) -> None:
        self.proven = False
        self._upper = self._lower = -1  # as they came last
        self._moved = self._leapt = 0  # by how much, when they came last
        self._carries = self._alone = 0
        self._answered = True  # whether the last upper half stood beside a lower one

    def upper(self, value: int, beside: bool) -> tuple[float, float | None]:
        """The upper half says `value`; `beside`: the lower one came just before.

        The controller's value, and that of the lower half where it is an ordinary controller again.
        """
        again = self._count_alone()
        before, self._upper = self._upper, value
        self._moved, self._answered = (value - before if before >= 0 else 0), beside
        if beside:
            self._alone = 0
            if self._carried():
                self._leapt = 0
        if not self.proven:
            return value / HIGHEST, again
        return (value << 7 | self._lower) / FINEST, None

    def lower(self, value: int, beside: bool) -> float | None:
        """The lower half says `value`; `beside`: the upper one came just before.

        What both say, of a pair.
        """
        before, self._lower = self._lower, value
        leap = value - before if before >= 0 and {before, value} != _SWITCH else 0
        self._leapt = leap if abs(leap) >= LEAP else 0
        if beside:
            self._answered, self._alone = True, 0
            if self._carried():
                self._moved = 0
        return (self._upper << 7 | value) / FINEST if self.proven else None

    def _count_alone(self) -> float | None:
        if self._answered:
            return None
        self._carries = self._carries if self.proven else 0
        self._alone += 1
        if self.proven and self._alone >= ALONE:
            self.proven, self._carries = False, 0
            return self._lower / HIGHEST
        return None

    def _carried(self) -> bool:
        moved, leapt = self._moved, self._leapt
        if not moved or not leapt or (abs(moved) == 1 and moved * leapt > 0):
            return False
        self._carries += 1
        self.proven = self.proven or self._carries >= CARRIES
        return True


class Parameters:
    """What a channel's data entry (controllers 6, 38, 96, 97) is about,
    and where each NRPN stands.
    """

    def __init__(self) -> None:
        self._chosen: dict[int, int] = {}  # by controller: 98 to 101
        self._registered = False
        self._values: dict[int, tuple[int, bool]] = {}  # by number: 14 bits, whether the lower ones are known
        self._last = -1

    def choose(self, controller: int, value: int) -> bool:
        """One half of a parameter's number (98, 99: NRPN; 100, 101: RPN).

        False where it is none: a controller that comes twice in a row, and never the other half, is
        a knob.
        """
        knob = self._last == controller and controller ^ 1 not in self._chosen
        self._last = controller
        if knob:
            self._chosen.pop(controller, None)
            return False
        self._registered = controller >= 100
        self._chosen[controller] = value
        return True

    def forget_choice(self) -> None:
        """Another controller has come in between."""
        self._last = -1

    @property
    def chosen(self) -> int | None:
        """The NRPN that is chosen; -1 for an RPN, None for nothing."""
        low, high = (100, 101) if self._registered else (98, 99)
        if low not in self._chosen or high not in self._chosen:
            return None
        number = self._chosen[high] << 7 | self._chosen[low]
        return None if number == FINEST else -1 if self._registered else number

    def enter(self, number: int, controller: int, value: int) -> float:
        """Data for an NRPN: 6 the upper half, 38 the lower one, 96 a step up, 97 a step down;
        0 to 1.
        """
        data, fine = self._values.get(number, (0, False))
        if controller == 6:
            data = value << 7 | data & 127
        elif controller == 38:
            data, fine = data & ~127 | value, True
        else:
            step = 1 if fine else 128
            data = min(max(data + (step if controller == 96 else -step), 0), FINEST if fine else HIGHEST << 7)
        self._values[number] = data, fine
        return data / FINEST if fine else (data >> 7) / HIGHEST
