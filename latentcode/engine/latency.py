"""What decides how soon something is heard, chosen where the musician has chosen nothing.

How far to render ahead is found out: what is left when a block is there tells whether that is
enough, or more than enough.
"""

from __future__ import annotations

import argparse
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from latentcode.checks import whole
from latentcode.engine.sound import PlayerLink
from latentcode.models.card import Card
from latentcode.synth.synthesis import checked_hop

LONGEST = 1000.0  # ms of lead
AUTO = "auto"  # a lead that is found while the set plays
SECONDS = 10  # over which the least that was left counts
RESERVE = 0.75  # of a buffer that should be left in the worst case
RAISE, LOWER = (
    1.15,
    0.5,
)  # a factor on a lead that is too short; of what is more than enough, the share given up
FOUND = 200.0  # ms of a lead that is found by itself, at most
THIN_OUT = (
    'this machine cannot keep up; fewer voices help, as d3.stop(), or a lighter model, as .model("raw")'
)
OFTEN, SELDOM = 3, 60.0  # seconds in which the sound came too late; seconds between two warnings
MORE = 1.5  # the lead that is suggested, as a factor
CALM = 3600.0  # seconds without a block that came too late after which a lead that rose by itself falls by a step


@dataclass(frozen=True)
class Latency:
    """buffer: samples of the device; block: samples rendered at a time; lead: ms."""

    buffer: int = 256
    block: int = 512
    lead: float = 26.0


USUAL = Latency()
LOW = Latency(buffer=128, block=256, lead=14.0)


def settle(options: argparse.Namespace, card: Card) -> None:
    """Fill in what the options leave open.

    Raises EngineError for a hop or a block that cannot be.
    """
    chosen = LOW if options.low_latency else USUAL
    for name in ("buffer", "block", "lead"):
        if getattr(options, name) is None:
            setattr(options, name, getattr(chosen, name))
    whole(options.block, "a block", 32, 8192, "--block 256", of="samples")
    options.hop = checked_hop(options.hop, options.synthesis, card, options.low_latency)


def least_lead(buffer: int, block: int, rate: int) -> float:
    """The lead in ms below which no block can be in time: a buffer,
    and a quarter of a block to render it in.
    """
    return 1000 * (buffer + block / 4) / rate


class Leading:
    """Watches what is left when a block is handed over.

    With `auto` it moves the lead; one not chosen it raises.

    A block that comes with less than a buffer left comes too late. A lead that was raised goes
    back, a step at a time, when an hour has been calm; where a step back was too early, the next
    takes twice as long.
    """

    def __init__(self, rate: int, chosen: bool = True) -> None:
        self.auto, self.rises, self._rate = False, not chosen, rate
        self._least: deque[float] = deque(maxlen=SECONDS)
        self._until = self._told = self._calm = 0.0  # `_calm`: since when no block has come too late
        self._before: list[float] = []  # leads, before each step that raised them
        self._patience, self._fallen = CALM, False
        self._fitted = 0.0, 0.0  # a lead that the device had no room for, and what it was raised to

    def begin(self, auto: bool) -> None:
        """A lead was chosen; what was seen at another does not count."""
        self.auto, self.rises = auto, False
        self._least.clear()
        self._before.clear()

    def fitted(self, lead: float, least: float) -> float:
        """The lead in ms on another device, which needs `least`;
        what was raised for the one before is as it was.
        """
        before, raised = self._fitted
        asked = before if lead == raised else lead
        self._fitted = asked, max(asked, least)
        self._least.clear()
        return self._fitted[1]

    @property
    def spare(self) -> float | None:
        """Samples that were left at worst in the last seconds; None before there are as many."""
        return min(self._least) if len(self._least) == SECONDS else None

    @property
    def _late(self) -> int:
        """In how many of the last seconds a block came too late."""
        return sum(left < 0 for left in self._least)

    def saw(self, left: int, moment: float) -> bool:
        """`left` samples were not yet played when a block was there; whether a second is over."""
        if left < 0 or not self._until:
            self._calm = moment
        if moment < self._until and self._least:
            self._least[-1] = min(self._least[-1], left)
            return False
        self._until = moment + 1.0
        self._least.append(left)
        return True

    @property
    def _calmed(self) -> bool:
        """Whether a lead that rose by itself may fall again."""
        return self.rises and bool(self._before) and self._until - 1.0 - self._calm >= self._patience

    def _raised(self, lead: float) -> float:
        self._least.clear()
        self._before.append(lead)
        if self._fallen:
            self._patience, self._fallen = 2 * self._patience, False
        return longer(lead)

    def _lowered(self, least: float) -> float:
        self._calm, self._fallen = self._until, True
        return max(self._before.pop(), least)

    def warning(self, lead: float, moment: float) -> str | None:
        """What the musician should know of a lead in ms: too short,
        but not more than once in a while; or falling.
        """
        if self._calmed:
            hours = f"{self._patience / 3600:g} h"
            return f"no sound came too late for {hours}: the lead is {self._before[-1]:.0f} ms again"
        more, often = longer(lead), f"in {self._late} of the last {len(self._least)} seconds"
        rises = self.rises and more > lead
        if self.auto or self._late < OFTEN or (moment < self._told and not rises):
            return None
        self._told = moment + SELDOM
        if rises:
            return f"the sound came too late {often}: the lead is {more:.0f} ms now; lead({lead:.0f}) puts it back"
        if more <= lead:
            return f"the sound came too late {often}: {THIN_OUT}"
        return (
            f"the sound came too late {often}: "
            f'lead({more:.0f}) gives it more time, lead("auto") finds out how much it needs'
        )

    def wanted(self, lead: float, buffer: int, least: float) -> float:
        """The lead in ms that should follow a lead in ms, `least` at least;
        the same while it is good.
        """
        if self.rises and self._late >= OFTEN and longer(lead) > lead:
            return max(self._raised(lead), least)
        if self._calmed:
            return self._lowered(least)
        if not self.auto or not self._least:
            return lead
        enough = buffer * (1 + RESERVE)
        if min(self._least) < enough:
            missing = 1000 * (enough - min(self._least)) / self._rate
            self._least.clear()
            return max(lead, least, min(max(lead * RAISE, lead + missing), FOUND))
        if self.spare is None:
            return lead
        excess = 1000 * (self.spare - enough) / self._rate
        self._least.clear()
        return max(lead - LOWER * excess, least) if excess > 1.0 else lead


class Lead:
    """The lead of a set: `ms`, on the device as it is, when blocks have `block` samples.

    `chosen`: whether the musician has chosen it.
    """

    def __init__(
        self, ms: float, block: int, chosen: bool, sound: PlayerLink, notice: Callable[[str], None]
    ) -> None:
        self.ms, self._block, self._sound, self._notice = ms, block, sound, notice
        self._leading = Leading(sound.rate, chosen)
        self.asked: float | str | None = ms if chosen else None  # what the musician chose; AUTO
        self.fit()

    @property
    def samples(self) -> int:
        return int(self.ms * self._sound.rate / 1000)

    @property
    def _least(self) -> float:
        return least_lead(self._sound.buffer, self._block, self._sound.rate)

    def fit(self) -> None:
        """Have one that the device's buffers leave room for;
        to be called whenever there is another device.
        """
        former, self.ms = self.ms, self._leading.fitted(self.ms, self._least)
        if round(self.ms) != round(former):
            size = f"the device plays {self._sound.buffer} samples at a time"
            self._notice(f"{size}: the lead is {self.ms:.0f} ms now, instead of {former:.0f}")

    def ask(self, milliseconds: float | None) -> None:
        """What the desk asks; None: it is found by itself."""
        self._leading.begin(auto=milliseconds is None)
        self.asked = AUTO if milliseconds is None else milliseconds
        if milliseconds is None:
            return
        least = self._least
        self.ms = min(max(float(milliseconds), least), LONGEST)
        if milliseconds < least:
            self._notice(f"a lead below {least:.0f} ms leaves no time; it is {least:.0f} ms now")

    def saw(self, left: int) -> None:
        """Learn from the `left` samples that were not played yet when a block was there."""
        now = time.monotonic()
        if self._leading.saw(left, now):
            if text := self._leading.warning(self.ms, now):
                self._notice(text)
            self.ms = self._leading.wanted(self.ms, self._sound.buffer, self._least)


def longer(lead: float) -> float:
    """The lead in ms to take after one that is too short."""
    return max(lead, min(lead * MORE, FOUND))


class Seldom:
    """Counts what is worth saying once, but not each time."""

    def __init__(self) -> None:
        self._count, self._told = 0, -SELDOM

    def often(self, moment: float) -> int:
        """How often it has happened since it was said last, for one at a moment in seconds; 0 while
        it has been said lately.
        """
        self._count += 1
        if moment - self._told < SELDOM:
            return 0
        often, self._count, self._told = self._count, 0, moment
        return often


class Lagging:
    """What is said of streams that were not decoded in time: a count, once in a while."""

    def __init__(self) -> None:
        self._seldom = Seldom()

    def told(self, moment: float) -> str | None:
        """The sentence for one at a moment in seconds; None while it has been said lately."""
        if not (often := self._seldom.often(moment)):
            return None
        times = "once" if often == 1 else f"{often} times"
        return (
            f"an exported model was not decoded in time ({times}): fewer of its voices help, or --ahead 400"
        )


class Jumps:
    """What is said of time that was lost: the first time at once, and then once in a while."""

    def __init__(self) -> None:
        self._seldom = Seldom()

    def told(self, moment: float) -> str | None:
        """The sentence for a jump at a moment in seconds; None while it has been said lately."""
        if not (often := self._seldom.often(moment)):
            return None
        if often == 1:
            return "the machine stood still: the set goes on where it would be now"
        return f"time was lost {often} times since this was said last: {THIN_OUT}"
