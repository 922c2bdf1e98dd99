"""What the desk asks of the engine and what the player reports to it:
one function for each message.

A function takes the fields of its message (see `protocol/messages.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from latentcode.clock.set_aside import ANY, standing
from latentcode.engine.lastwords import TRIAL
from latentcode.engine.latency import LONGEST
from latentcode.engine.midi_in_choice import midi_in
from latentcode.engine.parts import EngineParts
from latentcode.engine.preparing import Request
from latentcode.engine.queries import ask
from latentcode.inputs.history import Input
from latentcode.parameters import MASTER
from latentcode.protocol import messages
from latentcode.session import records
from latentcode.session.journal import Session, left_behind
from latentcode.set.commands import Command
from latentcode.set.kinds import unpacked
from latentcode.set.live_ownership import Given
from latentcode.set.recorded import command_of, led

STUCK = "what it played took for ever, and is set aside; simplify it"


def gone(session: Session) -> list[tuple[int, Command]]:
    """The patterns that were set aside in a session,
    as stamped commands for those who do not render.
    """
    found = [one for one in session.of(records.Fallback) if one.digest != ANY]
    return [(one.sample, Command("fallback", arguments=(one.place, one.digest))) for one in found]


def block(engine: EngineParts, number: int, code: str, failed: bool, commands: tuple[bytes, ...]) -> None:
    with engine.lock:  # the code now, in the order of its coming; the marks when all is ready
        sample = engine.renderer.position
        engine.journal.block(number, code, sample, engine.renderer.tempo.cycle_at(sample))
    engine.prepare(Request(number, [unpacked(data) for data in commands]))
    if failed:
        engine.prepare(Request(number, [], failed=True))


def more(engine: EngineParts, number: int, commands: tuple[bytes, ...]) -> None:
    engine.prepare(Request(number, [unpacked(data) for data in commands]))


def done(engine: EngineParts, number: int, failed: bool) -> None:
    if failed:
        engine.prepare(Request(number, [], failed=True))


def unheard(engine: EngineParts, numbers: tuple[int, ...]) -> None:
    """Blocks that were lost with an engine that died over them."""
    for number in numbers:
        engine.note(records.Unheard(number))


def stamped(engine: EngineParts, commands: tuple[tuple[int, bytes], ...]) -> None:
    for stamp, data in commands:
        engine.preparer.put(Request(0, [unpacked(data)], stamp=stamp))


def begin(engine: EngineParts) -> None:
    engine.preparer.put(Request(0, [], begin=True))


def lead(engine: EngineParts, milliseconds: float | None) -> None:
    """None: it is found by itself."""
    engine.leading.begin(auto=milliseconds is None)
    if milliseconds is None:
        return
    least = engine.least_lead
    engine.options.lead = min(max(float(milliseconds), least), LONGEST)
    if milliseconds < least:
        engine.desks.notice(f"a lead below {least:.0f} ms leaves no time; it is {least:.0f} ms now")


def record(engine: EngineParts, path: str | None) -> None:
    engine.takes.record(path)


def grab(engine: EngineParts, name: str, voice: int, cycles: str) -> None:
    with engine.lock:
        stamp = engine.renderer.position
        taken = records.Grab(name, voice, Fraction(cycles), stamp)
        engine.performance.schedule(command_of(taken), stamp)
        engine.note(taken)


def restore(engine: EngineParts, commands: tuple[tuple[int, bytes], ...]) -> None:
    """Put a set back as it was: commands with the stamps that they had,
    then all takes over again.
    """
    session = left_behind(engine.journal.path)  # what is asked counts, whatever has become of the file
    for fault in session.faults:
        engine.desks.notice(f"✗ {engine.journal.path}, {fault}")
    inputs, others, after = list(session.inputs), led(session), gone(session)
    with engine.lock:
        for given, stamp in inputs:
            engine.performance.hear(given, stamp)
        for found in session.of(records.Fallback):
            if standing(found.place):
                engine.performance.renderer.aside.know(found.place, found.sample, found.digest)
        asked = ((stamp, unpacked(data)) for stamp, data in commands)
        engine.performance.catch_up([*others, *asked, *after, *blamed(engine)])
        if missing := _unwritten(session, [stamp for stamp, _ in commands]):
            engine.note(records.Unwritten(min(missing), engine.renderer.position, len(missing)))
        engine.note(records.Restart(engine.renderer.position))
        engine.note(records.Device(engine.renderer.position, engine.sound.buffer))
    engine.begun.set()
    engine.timing.restore(session)


def blamed(engine: EngineParts) -> list[tuple[int, Command]]:
    """What the engine before this one did not come back from is told, and set aside."""
    left = engine.words and engine.words.former
    if not left or left.place.startswith(TRIAL):
        return []
    sample = min(left.sample, engine.renderer.position)
    if standing(left.place):
        engine.performance.renderer.aside.know(left.place, sample)
    engine.desks.tell(messages.Without(left.place))
    engine.desks.notice(f"✗ {left.place.partition('+')[0]} kept the engine from going on: {STUCK}")
    return [(sample, Command("fallback", arguments=(left.place, ANY)))]


def _unwritten(session: Session, stamps: list[int]) -> list[int]:
    """The stamps that are not in the journal: the engine that died could not write it."""
    written = Counter(mark.stamp for block in session.blocks for mark in block.marks)
    return list((Counter(stamps) - written).elements())


def timing(engine: EngineParts, topic: str, values: tuple[Any, ...]) -> None:
    engine.timing.do(topic, *values)


def answered(engine: EngineParts, name: str, word: str) -> None:
    engine.note(records.Answer(name, word))


def hands(engine: EngineParts, inputs: tuple[tuple[str, int, float], ...]) -> None:
    with engine.lock:
        for name, stamp, value in inputs:
            engine.performance.hear(Input(name, value), stamp)


def set_aside(engine: EngineParts, known: tuple[tuple[str, int, str], ...]) -> None:
    with engine.lock:
        for decision in known:
            engine.performance.renderer.aside.know(*decision)


def missed(engine: EngineParts, known: tuple[tuple[int, int, str | None], ...]) -> None:
    with engine.lock:
        for voice, sample, note in known:
            engine.performance.renderer.missed.know(voice, sample, note)


def unread(engine: EngineParts, known: tuple[tuple[int, int, str | None], ...]) -> None:
    with engine.lock:
        for voice, sample, name in known:
            engine.performance.renderer.unread.know(voice, sample, name)


def outlet(engine: EngineParts, name: str, virtual: bool) -> None:
    engine.departures.sender.open(name, virtual)


def held(engine: EngineParts, values: tuple[tuple[int, Given], ...]) -> None:
    with engine.lock:
        for sample, given in values:
            engine.performance.holding.again(sample, given)


def bye(engine: EngineParts, keep: bool) -> None:
    if not keep:
        engine.leave.set()


HANDLERS: dict[type[messages.Message], Callable[..., None]] = {
    messages.Block: block,
    messages.More: more,
    messages.Done: done,
    messages.Unheard: unheard,
    messages.Stamped: stamped,
    messages.Begin: begin,
    messages.Lead: lead,
    messages.Record: record,
    messages.Grab: grab,
    messages.Restore: restore,
    messages.Hands: hands,
    messages.Held: held,
    messages.Decided: set_aside,
    messages.Missed: missed,
    messages.Unread: unread,
    messages.Timing: timing,
    messages.Ask: ask,
    messages.Answered: answered,
    messages.Outlet: outlet,
    messages.MidiIn: midi_in,
    messages.Bye: bye,
}


def dry(engine: EngineParts, first: int, last: int) -> None:
    if engine.leave.is_set():  # after the end there is nothing to be played
        last = min(last, engine.renderer.position - 1)
    first = max(first, engine.options.start)  # what was before was another engine's, or nobody's
    if last >= first:
        engine.note(records.Dry(first, last))


def late(engine: EngineParts, key: str, sample: int, applied: int) -> None:
    engine.note(records.Late(key, sample, applied))


def hand(engine: EngineParts, sample: int, given: Given) -> None:
    engine.note(records.DirectValues(sample, given))


def bad(engine: EngineParts, sample: int, rack: int) -> None:
    name = "master" if rack == MASTER else f"d{rack + 1}"
    engine.desks.notice(f"✗ {name}.fx gave what is no sound; the effects are built anew")


def device(engine: EngineParts, what: str, text: str, sample: int, outputs: int) -> None:
    engine.note(records.Device(sample, engine.sound.buffer))
    if what == "back":
        engine.departures.reopen()
    engine.desks.notice(f"the device is {what}: {text}")
    engine.fit_lead()


def recording(engine: EngineParts, path: str, first: int) -> None:
    engine.recording = path


def recorded(engine: EngineParts, path: str, first: int, frames: int) -> None:
    if engine.recording == path:  # not when another has begun meanwhile
        engine.recording = None
    engine.takes.ended(path)
    engine.note(records.Recording(first, frames, path))
    engine.desks.notice(f"recorded {frames / engine.sound.rate:.1f} s to {path}")


def error(engine: EngineParts, text: str) -> None:
    engine.desks.notice(f"✗ {text}")


def player(engine: EngineParts, what: str) -> None:
    engine.desks.notice("the player died; another one plays on")
    if engine.recording is not None:
        text = f"✗ the recording ended with it: {engine.recording} holds what was heard; record(…) begins another"
        engine.desks.notice(text)
    engine.recording = None
    engine.takes.ended()


def started(engine: EngineParts, sample: int) -> None:
    """Another player plays from a sample on: its effects and limiter begin anew,
    as on another device.
    """
    engine.note(records.Device(sample, engine.sound.buffer))
    engine.fit_lead()
    if engine.shortcut is not None:
        engine.shortcut.again()


REPORTS: dict[str, Callable[..., None]] = {
    "dry": dry,
    "late": late,
    "hand": hand,
    "bad": bad,
    "device": device,
    "recording": recording,
    "recorded": recorded,
    "error": error,
    "player": player,
    "started": started,
}
