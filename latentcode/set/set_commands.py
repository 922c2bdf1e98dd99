"""What commands about the whole set do: one function for each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from latentcode.clock.groove import Swing
from latentcode.clock.set_aside import ANY
from latentcode.latents.morph import Morph
from latentcode.parameters import VOICES
from latentcode.set.bindings import KINDS as BINDING
from latentcode.set.commands import Command
from latentcode.set.gestures import APPLIED as GESTURES
from latentcode.set.outgoing import Destination
from latentcode.set.scenes import Snapshot, take
from latentcode.set.spaces import APPLIED as SPACES
from latentcode.synth.renderer import HUSH, PANIC, SOON

if TYPE_CHECKING:
    from latentcode.set.performance import Performance

MOST_BEFORE = 64  # changes of the whole set that back() can undo


def quant_of(text: str | None) -> Fraction | None:
    """A quant from its text; None is now."""
    return None if text is None else Fraction(text)


def scene(performance: Performance, command: Command, sample: int) -> None:
    (name,) = command.arguments
    scenes = performance.history.scenes
    if name in scenes:
        if performance.touch.meant(name, command.block):
            return
        performance.history.replaced[name] = (command.block, scenes[name])
        performance.notice(f"the scene {name!r} was there already: it is what sounds now")
    scenes[name] = take(performance)


def go(performance: Performance, command: Command, sample: int) -> None:
    name, quant, *cycles = command.arguments
    snapshot = performance.history.scenes.get(name)
    if snapshot is None:
        performance.notice(f"✗ there is no scene {name!r} yet; scene({name!r}) keeps the set as it is")
        return
    _remember(performance)
    morph = Morph(Fraction(cycles[0])) if cycles else None
    snapshot = replace(snapshot, hold=performance.bindings.again(snapshot.hold))
    performance.restore(snapshot, quant_of(quant), sample, morph, exact=False)


def back(performance: Performance, command: Command, sample: int) -> None:
    before, quant = performance.history.before, quant_of(command.arguments[0])
    if before:
        performance.restore(before.pop(), quant, sample)
        return
    for voice in range(VOICES):
        performance.renderer.back(voice, quant, sample)


def undo(performance: Performance, command: Command, sample: int) -> None:
    steps, quant = command.arguments
    for _ in range(steps):
        if not _restored(performance, performance.history.undo(take(performance)), quant, sample, "undo"):
            return


def redo(performance: Performance, command: Command, sample: int) -> None:
    _restored(performance, performance.history.redo(take(performance)), command.arguments[0], sample, "redo")


def hush(performance: Performance, command: Command, sample: int) -> None:
    _remember(performance)
    performance.coming = None
    if command.arguments:
        for voice in range(VOICES):
            performance.renderer.fade(voice, Fraction(command.arguments[0]), sample)
        performance.touch.fade(Fraction(command.arguments[0]), sample)
        tempo = performance.renderer.tempo
        performance.outgoing.stop_all(tempo.cycle_at(sample) + Fraction(command.arguments[0]))
    else:
        performance.outgoing.silence(sample)
        performance.renderer.silence(sample, PANIC if command.kind == "panic" else HUSH)


def cancel(performance: Performance, command: Command, sample: int) -> None:
    performance.coming = None
    performance.renderer.cancel_all(sample)
    performance.outgoing.cancel()


def once(performance: Performance, command: Command, sample: int) -> None:
    pattern, quant = command.arguments
    performance.renderer.once(free_voice(performance), pattern, quant_of(quant), sample, command.label)


def send(performance: Performance, command: Command, sample: int) -> None:
    place, pattern, quant, options = command.arguments
    where, outgoing = Destination(*place), performance.outgoing
    part = None if pattern is None else outgoing.part(where, pattern, options, command.label)
    outgoing.take_over(where, part, performance.renderer.boundary(quant_of(quant), sample))


def swing(performance: Performance, command: Command, sample: int) -> None:
    amount, steps, quant = command.arguments
    performance.renderer.swing(Swing(Fraction(amount), steps), quant_of(quant), sample)


def tempo(performance: Performance, command: Command, sample: int) -> None:
    performance.renderer.set_tempo(sample, *command.arguments)


def bound(performance: Performance, command: Command, sample: int) -> None:
    performance.bindings.apply(command, sample)


def steer(performance: Performance, command: Command, sample: int) -> None:
    cps, jump = map(Fraction, command.arguments) if command.arguments else (None, Fraction(0))
    performance.renderer.steer(sample, cps, jump)


def transport(performance: Performance, command: Command, sample: int) -> None:
    """Stop: silence, and what played is kept for the next start."""
    history, (what,) = performance.history, command.arguments
    if what == "stop" and history.stopped is None:
        history.stopped = take(performance)
        performance.coming = None
        performance.outgoing.silence(sample)
        performance.renderer.silence(sample, HUSH)
    elif what == "start" and history.stopped is not None:
        found, history.stopped = history.stopped, None
        performance.restore(found, None, sample, exact=False)


def fallback(performance: Performance, command: Command, sample: int) -> None:
    """What took too long when the set was played is gone, where nothing is rendered."""
    place, digest = command.arguments
    renderer, outgoing = performance.renderer, performance.outgoing
    if digest == ANY:  # an engine has died of it, and this one finds out what it was
        digest = renderer.suspect(place) or outgoing.suspect(place) or ANY
        renderer.aside.report(place, sample, digest)
    renderer.set_aside(place, digest)
    outgoing.set_aside(place, digest, sample + SOON)


def _remember(performance: Performance) -> None:
    before, now = performance.history.before, take(performance)
    if not before or before[-1].key != now.key:
        performance.history.before = [*before[1 - MOST_BEFORE :], now]


def _restored(
    performance: Performance, found: Snapshot | None, quant: str | None, sample: int, what: str
) -> bool:
    if found is None:
        performance.notice(f"there is nothing to {what}")
        return False
    performance.restore(found, quant_of(quant), sample)
    performance.touch.restore(found.grip, sample)
    return True


def free_voice(performance: Performance) -> int:
    """The last voice that plays nothing, one whose faders are untouched, and no keys play, if there is one."""
    idle = [v.index for v in performance.renderer.voices if v.playing is None and v.pending is None]
    played = performance.touch.played
    plain = [voice for voice in idle if performance.faders.untouched(voice) and voice not in played]
    return max(plain, default=max(idle, default=VOICES - 1))


WIDE: dict[str, Callable[[Performance, Command, int], None]] = {
    "scene": scene,
    "go": go,
    "back": back,
    "undo": undo,
    "redo": redo,
    "hush": hush,
    "panic": hush,
    "cancel": cancel,
    "once": once,
    "send": send,
    "swing": swing,
    "tempo": tempo,
    "steer": steer,
    "transport": transport,
    "fallback": fallback,
    **dict.fromkeys(BINDING, bound),
    **GESTURES,
    **SPACES,
}
