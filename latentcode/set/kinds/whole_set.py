"""The time of the set, what it was, and silence on all voices."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from latentcode.clock.groove import Swing
from latentcode.clock.set_aside import ANY
from latentcode.latents.morph import Morph
from latentcode.parameters import VOICES
from latentcode.patterns import Pattern
from latentcode.set.commands import Command, quant_of
from latentcode.set.kinds.table import Kind, Rehearsal, register
from latentcode.set.scenes import take
from latentcode.synth.envelope import HUSH, PANIC, SOON

if TYPE_CHECKING:
    from latentcode.set.scenes import SetParts, Snapshot

MOST_BEFORE = 64  # changes of the whole set that back() can undo


def try_tempo(trial: Rehearsal, command: Command) -> None:
    if isinstance(command.arguments[0], Pattern):
        trial.tempo(command.arguments[0])


def keep_tempo(parts: SetParts, command: Command, snapshot: Snapshot, turn: int) -> Snapshot:
    pace = parts.renderer.conductor.pace(parts.renderer.position)
    return replace(snapshot, pace=pace, hold=parts.bindings.but(snapshot.hold, "bpm"))


def swing(parts: SetParts, command: Command, sample: int) -> None:
    amount, steps, quant = command.arguments
    parts.renderer.swing(Swing(Fraction(amount), steps), quant_of(quant), sample)


def steer(parts: SetParts, command: Command, sample: int) -> None:
    cps, jump = map(Fraction, command.arguments) if command.arguments else (None, Fraction(0))
    parts.renderer.steer(sample, cps, jump)


def transport(parts: SetParts, command: Command, sample: int) -> None:
    """Stop: silence; what played is kept for the next start, if nothing has begun until then."""
    history, (what,) = parts.history, command.arguments
    if what == "stop" and history.stopped is None:
        history.stopped = take(parts)
        parts.coming = None
        parts.outgoing.silence(sample)
        parts.renderer.silence(sample, HUSH)
    elif what == "start" and history.stopped is not None:
        found, history.stopped = history.stopped, None
        parts.restore(found, None, sample, exact=False)
    elif what == "begun":
        history.stopped = None


def fallback(parts: SetParts, command: Command, sample: int) -> None:
    """What took too long when the set was played is gone, where nothing is rendered."""
    place, digest = command.arguments
    renderer, outgoing = parts.renderer, parts.outgoing
    if digest == ANY:  # an engine has died of it, and this one finds out what it was
        digest = renderer.suspect(place) or outgoing.suspect(place) or ANY
        renderer.aside.report(place, sample, digest)
    renderer.set_aside(place, digest)
    outgoing.set_aside(place, digest, sample + SOON)


def scene(parts: SetParts, command: Command, sample: int) -> None:
    (name,), history = command.arguments, parts.history
    if name in history.scenes:
        if _only_meant(parts, name, command.block):
            return
        history.replaced[name] = (command.block, history.scenes[name])
        parts.notice(f"the scene {name!r} was there already: it is what sounds now")
    history.scenes[name] = take(parts)


def bookmark(parts: SetParts, command: Command, sample: int) -> None:
    name, quant = command.arguments
    renderer = parts.renderer
    parts.bookmarked(name, renderer.tempo.sample_of(renderer.boundary(quant_of(quant), sample)))


def go(parts: SetParts, command: Command, sample: int) -> None:
    name, quant, *cycles = command.arguments
    snapshot = parts.history.scenes.get(name)
    if snapshot is None:
        parts.notice(f"✗ there is no scene {name!r} yet; scene({name!r}) keeps the set as it is")
        return
    _remember(parts)
    parts.history.gone = name
    morph = Morph(Fraction(cycles[0])) if cycles else None
    snapshot = replace(snapshot, hold=parts.bindings.again(snapshot.hold))
    parts.restore(snapshot, quant_of(quant), sample, morph, exact=False)


def undo(parts: SetParts, command: Command, sample: int) -> None:
    steps, quant = command.arguments
    for _ in range(steps):
        if not _restored(parts, parts.history.undo(take(parts)), quant, sample, "undo"):
            return


def redo(parts: SetParts, command: Command, sample: int) -> None:
    _restored(parts, parts.history.redo(take(parts)), command.arguments[0], sample, "redo")


def hush(parts: SetParts, command: Command, sample: int, seconds: float = HUSH) -> None:
    _remember(parts)
    parts.coming = None
    if command.arguments:
        over = Fraction(command.arguments[0])
        for voice in range(VOICES):
            parts.renderer.fade(voice, over, sample)
        parts.touch.fade(over, sample)
        parts.outgoing.stop_all(parts.renderer.tempo.cycle_at(sample) + over)
    else:
        parts.outgoing.silence(sample)
        parts.renderer.silence(sample, seconds)


def _only_meant(parts: SetParts, name: str, block: int) -> bool:
    """Whether a block of code names a scene only for a pad to go to."""
    mine = (command for command in parts.awaited("pads") if command.block == block)
    return any(name in command.arguments[4] for command in mine)


def _remember(parts: SetParts) -> None:
    before, now = parts.history.before, take(parts)
    if not before or not before[-1].same(now):
        parts.history.before = [*before[1 - MOST_BEFORE :], now]


def _restored(parts: SetParts, found: Snapshot | None, quant: str | None, sample: int, what: str) -> bool:
    if found is None:
        parts.notice(f"there is nothing to {what}")
        return False
    parts.restore(found, quant_of(quant), sample)
    parts.touch.restore(found.grip, sample)
    return True


register(
    Kind("tempo", "text of the beats per minute; with the text of cycles: a ramp; or a pattern of them",
         whole=lambda parts, c, sample: parts.renderer.set_tempo(sample, *c.arguments), lasting=True, fader="bpm",
         prepare=lambda trial, c: trial.unled(*c.arguments), rehearse=try_tempo, kept=keep_tempo),
    Kind("swing", "text of the amount, steps: off-beat events come later", whole=swing, lasting=True),
    Kind("steer", "text of the cycles per second, of the cycles left out: the tempo that others give; without: none",
         whole=steer, undoable=False, rank=-1),
    Kind("transport", "start or stop, as others do; begun: something has begun while they were stopped",
         whole=transport, undoable=False, rank=-1),
    Kind("fallback", "place, digest: what took too long there is gone (see `clock/set_aside.py`)", whole=fallback,
         undoable=False, rank=1),
    Kind("scene", "name: the set as it is now", whole=scene, undoable=False, lasting=True),
    Kind("bookmark", "name, quant: a place of the set has a name", whole=bookmark, undoable=False),
    Kind("go", "name, quant, and the cycles of a morph: the set as it was", whole=go,
         overtakes=True, music="returns"),
    Kind("undo", "steps, quant: what the last blocks have changed", whole=undo, undoable=False, music="returns"),
    Kind("redo", "quant: what undo took back", whole=redo, undoable=False, music="returns"),
    Kind("hush", "all voices stop with a fade; with cycles: one in which the music goes on", whole=hush,
         overtakes=True, music="ends"),
    Kind("panic", "all voices stop at once", whole=partial(hush, seconds=PANIC), overtakes=True, music="ends"),
)  # fmt: skip
