"""Snapshots of the set: scenes, what back() and undo() come back to. One kind for all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import is_
from typing import TYPE_CHECKING, Protocol

from latentcode.clock.conductor import Pace
from latentcode.clock.groove import Swing
from latentcode.latents.morph import Morph
from latentcode.patterns.digest import digest
from latentcode.set.actions import ControllerAssignments
from latentcode.set.bindings import Bindings, Hold
from latentcode.set.commands import Command
from latentcode.set.effects import Chain
from latentcode.set.event_encoder import Destination
from latentcode.set.faders import Faders, FaderState
from latentcode.set.outgoing import Outgoing, SentPattern
from latentcode.synth.compiled import CompiledPattern

if TYPE_CHECKING:
    from latentcode.protocol.player_messages import PlayerCommand
    from latentcode.set.controller_router import ControllerRouter
    from latentcode.set.gestures import Gestures
    from latentcode.set.grabs import GrabbedSound, Tapes
    from latentcode.set.loops import Loops
    from latentcode.set.racks import Racks
    from latentcode.set.spaces import Spaces
    from latentcode.sounds.hearing import Hearing
    from latentcode.synth.extras import Extra
    from latentcode.synth.renderer import Renderer
    from latentcode.synth.voice import Voice

MOST = 64  # blocks of code that can be undone

Sent = tuple[tuple[Destination, SentPattern], ...]  # what other instruments are sent


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The set as it is meant to be: what plays, or is to take over; faders, effects, tempo, swing,
    and hands.
    """

    parts: tuple[CompiledPattern | None, ...]
    faders: FaderState
    pace: Pace
    swing: Swing
    effects: tuple[Chain, ...]
    hold: Hold
    sent: Sent = ()
    grip: ControllerAssignments = field(default_factory=ControllerAssignments)

    def same(self, other: Snapshot) -> bool:
        """Whether nothing has changed between two snapshots of a set; what takes longest to tell
        is looked at last.
        """
        return (
            all(map(_alike, self.parts, other.parts))
            and self._plain == other._plain
            and self._asked == other._asked
            and (all(map(is_, self.effects, other.effects)) or self._chains == other._chains)
            and self.grip.key == other.grip.key
        )

    @property
    def _plain(self) -> tuple[object, ...]:
        sent = tuple((where, part.key) for where, part in self.sent)
        return (self.faders, self.swing, self.hold.bound, self.hold.rule, self.hold.turn, sent)

    @cached_property
    def _asked(self) -> str:
        return digest(self.pace.asked)

    @cached_property
    def _chains(self) -> str:
        return digest(self.effects)


def _alike(one: CompiledPattern | None, other: CompiledPattern | None) -> bool:
    """Whether a voice plays the same, since the same sample."""
    if one is None or other is None or one is other:
        return one is other
    return one.origin == other.origin and one.pattern.digest == other.pattern.digest


def take(parts: SetParts) -> Snapshot:
    """The set now; of what has been asked for and waits for its boundary, as it will be."""
    renderer, coming = parts.renderer, parts.coming
    playing = tuple(voice.pending.part if voice.pending else voice.playing for voice in renderer.voices)
    swing, sent = renderer.groove.last, parts.outgoing.stand()
    grip = parts.touch.grip()
    if coming is not None:
        snapshot = coming.snapshot
        return Snapshot(
            playing, snapshot.faders, snapshot.pace, swing, snapshot.effects, snapshot.hold, sent, grip
        )
    effects = parts.racks.snapshot()
    pace = renderer.conductor.pace(renderer.position)
    hold = parts.bindings.stand()
    return Snapshot(playing, parts.faders.stand(), pace, swing, effects, hold, sent, grip)


def recall(
    snapshot: Snapshot, voices: list[Voice], cycle: Fraction, morph: Morph | None, exact: bool
) -> None:
    """Let the voices play from `cycle` on what they played then;
    one that does so already is not disturbed.

    `exact`: a drone that has begun again since then goes back to its phase.
    """
    for voice, part in zip(voices, snapshot.parts, strict=True):
        if _same(voice.playing, part, exact):
            voice.pending = None
        else:
            voice.take_over(part, cycle, morph)


def settle(coming: Coming, parts: SetParts, sample: int) -> None:
    """Put faders, effects and tempo where they were, and what hands are bound to,
    at the boundary.
    """
    snapshot = coming.snapshot
    parts.bindings.restore(snapshot.hold, sample)
    parts.outbox += parts.faders.restore(snapshot.faders, sample)
    parts.outbox += parts.racks.restore(snapshot.effects, sample)
    parts.renderer.restore_tempo(snapshot.pace, sample)
    parts.renderer.end_fades(sample, coming.fading)


def _same(one: CompiledPattern | None, other: CompiledPattern | None, exact: bool) -> bool:
    if one is None or other is None or one is other:
        return one is other
    return (one.origin == other.origin or not exact) and one.pattern.digest == other.pattern.digest


@dataclass(frozen=True)
class Coming:
    """A snapshot that waits for its boundary.

    `fading`: what ends there, if it fades. None, in sessions of before: all, and what is set
    meanwhile does not stay.
    """

    cycle: Fraction
    snapshot: Snapshot
    fading: Sequence[Extra] | None = None


@dataclass
class History:
    """The scenes by name, and what the set was before."""

    scenes: dict[str, Snapshot] = field(default_factory=dict)
    before: list[Snapshot] = field(default_factory=list)  # go, hush and panic
    replaced: dict[str, tuple[int, Snapshot]] = field(
        default_factory=dict
    )  # by which block, and what was there
    gone: str = ""  # the scene that was gone to last
    stopped: Snapshot | None = None  # what another machine's stop has silenced
    undone: list[tuple[Snapshot, Snapshot]] = field(default_factory=list)  # where undo led to, and from
    _past: list[Snapshot] = field(default_factory=list)
    _block: Hashable = None

    def block(self, block: Hashable, now: Callable[[], Snapshot]) -> None:
        """Commands of a block come; `now` gives what the set is before the first of them."""
        if block != self._block:
            self._block = block
            self._keep(now())

    def only_meant(self, names: Iterable[str], block: int) -> None:
        """A block has named scenes only to go there:
        those that it has replaced are what they were.
        """
        for name in names:
            by, snapshot = self.replaced.get(name, (block, None))
            if by == block and snapshot is not None:
                self.scenes[name] = snapshot

    def undo(self, now: Snapshot) -> Snapshot | None:
        """What the set was before the last block that changed it; None when there was none."""
        while self._past and self._past[-1].same(now):
            self._past.pop()
        if not self._past:
            return None
        found = self._past.pop()
        self.undone.append((found, now))
        return found

    def redo(self, now: Snapshot) -> Snapshot | None:
        """What the last undo has taken back; None when something else has changed since."""
        if not self.undone or not self.undone[-1][0].same(now):
            self.undone.clear()
            return None
        self._keep(now)
        return self.undone.pop()[1]

    def _keep(self, now: Snapshot) -> None:
        if not self._past or not self._past[-1].same(now):
            self._past = [*self._past[1 - MOST :], now]


class SetParts(Protocol):
    """The parts of a set, as its commands and snapshots find them (see `Performance`)."""

    renderer: Renderer
    faders: Faders
    racks: Racks
    bindings: Bindings
    touch: ControllerRouter
    outgoing: Outgoing
    gestures: Gestures
    spaces: Spaces
    loops: Loops
    hearing: Hearing | None
    history: History
    coming: Coming | None
    outbox: list[PlayerCommand]
    notice: Callable[[str], None]
    grabbed: Callable[[GrabbedSound], None]
    bookmarked: Callable[[str, int], None]

    @property
    def tapes(self) -> Tapes: ...
    def restore(
        self,
        snapshot: Snapshot,
        quant: Fraction | None,
        sample: int,
        morph: Morph | None = None,
        exact: bool = True,
    ) -> None: ...
    def awaited(self, kind: str) -> Iterable[Command]: ...
    def free_voice(self) -> int: ...
