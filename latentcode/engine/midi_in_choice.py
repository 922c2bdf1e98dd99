"""Which MIDI inputs a set listens to: as it was started, as the prompt asks,
as it was before an engine died.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable

from latentcode.inputs.keys import ANY, port_name
from latentcode.midi_osc.midi_in_client import NONE, Arrive, Clock, Listening
from latentcode.session.journal import Session
from latentcode.session.records import MidiIn, MidiPort, Record


def listen(
    options: argparse.Namespace,
    before: Session,
    arrive: Arrive,
    realtime: Clock,
    notice: Callable[[str], None],
) -> Listening:
    """Begin to listen, on threads and in a process of its own.

    A replay hears only what it is told to. `before`: the session that this engine takes up.
    """
    listening = Listening(arrive, realtime, notice)
    listening.chosen, listening.virtual = wanted(options.midi)
    _as_before(listening, before)
    asked = options.midi is not None or not options.hold
    if asked and options.midi != NONE:
        listening.start()
    return listening


def wanted(text: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parts of names, with commas between, that the command line gives: those,
    and no virtual inputs.
    """
    if text is None or text == NONE:
        return ((ANY,) if text is None else ()), ()
    return _parts(text.split(",")), ()


def midi_in(ports: Listening, note: Callable[[Record], None], names: tuple[str, ...], virtual: bool) -> None:
    """What the prompt asks: inputs to listen to, or to make."""
    if virtual:
        for name in names:
            ports.make(port_name(name))
            note(MidiPort(port_name(name)))
    else:
        chosen = _parts(names)
        ports.choose(chosen)
        note(MidiIn(chosen))
    if ports.chosen or ports.virtual:
        ports.start()


def _parts(fragments: Iterable[str]) -> tuple[str, ...]:
    return tuple(part if part == ANY else port_name(part) for part in map(str.strip, fragments) if part)


def _as_before(listening: Listening, before: Session) -> None:
    """What was asked of the engine that died, by its journal; a replay needs none of it."""
    for choice in before.of(MidiIn)[-1:]:
        listening.chosen = choice.parts
    if listening.chosen:
        listening.virtual = tuple(dict.fromkeys(virtual.port for virtual in before.of(MidiPort)))
