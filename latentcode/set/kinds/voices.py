"""What voices play; their faders and effects, and those of the mix."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from latentcode.parameters import MASTER, VOICES
from latentcode.set.commands import SET, Command, quant_of
from latentcode.set.grabs import came_in
from latentcode.set.kinds.table import Kept, Kind, Rehearsal, register

if TYPE_CHECKING:
    from latentcode.protocol.player_messages import PlayerCommand
    from latentcode.set.scenes import SetParts, Snapshot


def play(parts: SetParts, command: Command, sample: int) -> None:
    pattern, quant, *morph = command.arguments
    parts.renderer.play(command.voice, pattern, quant_of(quant), sample, command.label, *morph)


def try_play(trial: Rehearsal, command: Command) -> None:
    pattern, _, *morph = command.arguments
    trial.play(command.voice, pattern, *morph)


def stop(parts: SetParts, command: Command, sample: int) -> None:
    quant, *over = command.arguments
    if over and over[0] is not None:
        parts.renderer.fade(command.voice, Fraction(over[0]), sample)
    else:
        parts.renderer.stop(command.voice, quant_of(quant), sample)


def once(parts: SetParts, command: Command, sample: int) -> None:
    pattern, quant = command.arguments
    voice = parts.free_voice() if command.voice == SET else command.voice
    parts.renderer.once(voice, pattern, quant_of(quant), sample, command.label)


def back_all(parts: SetParts, command: Command, sample: int) -> None:
    before, quant = parts.history.before, quant_of(command.arguments[0])
    if before:
        parts.restore(before.pop(), quant, sample)
        return
    for voice in range(VOICES):
        parts.renderer.back(voice, quant, sample)


def cancel_all(parts: SetParts, command: Command, sample: int) -> None:
    parts.coming = None
    parts.renderer.cancel_all(sample)
    parts.outgoing.cancel()


def grab(parts: SetParts, command: Command, sample: int) -> None:
    name, cycles, *inputs = command.arguments
    tempo, length = parts.renderer.tempo, Fraction(cycles)
    if inputs:
        taken = came_in(parts.hearing, name, inputs[0], length, sample, tempo)
    else:
        taken = parts.tapes.take(name, command.voice, length, sample, tempo)
    if taken.text:
        parts.notice(taken.text)
    parts.grabbed(taken)


def fade(parts: SetParts, command: Command, sample: int) -> list[PlayerCommand]:
    place = (command.kind,) if command.voice == SET else (command.kind, command.voice)
    return parts.faders.fade(place, command.arguments[0], sample)


def try_fade(trial: Rehearsal, command: Command) -> None:
    trial.settings(command.arguments)


def stands(field: str, fader: str = "") -> Kept:
    """Keeps where a field of `faders.FaderState` stands now,
    and what the fader of a name is bound to.
    """

    def kept(parts: SetParts, command: Command, snapshot: Snapshot, turn: int) -> Snapshot:
        faders = snapshot.faders.but(field, command.voice, parts.faders.stand())
        hold = parts.bindings.but(snapshot.hold, fader.format(command.voice + 1)) if fader else snapshot.hold
        return replace(snapshot, faders=faders, hold=hold)

    return kept


def fx(parts: SetParts, command: Command, sample: int) -> list[PlayerCommand]:
    return parts.racks.change(_rack(command), tuple(command.arguments[0]), sample)


def try_fx(trial: Rehearsal, command: Command) -> None:
    trial.settings(setting for effect in command.arguments[0] for setting in effect.settings)


def keep_fx(parts: SetParts, command: Command, snapshot: Snapshot, turn: int) -> Snapshot:
    rack, effects = _rack(command), snapshot.effects
    return replace(snapshot, effects=(*effects[:rack], parts.racks.chain_of(rack), *effects[rack + 1 :]))


def _rack(command: Command) -> int:
    return MASTER if command.voice == SET else command.voice


register(
    Kind("play", "pattern, quant: the pattern takes over; with a Morph: by degrees", play,
         overtakes=True, music="begins", rehearse=try_play, sounding=lambda c: (c,)),
    Kind("stop", "quant: silence takes over; with cycles: a fade from now on, in which the music goes on", stop,
         overtakes=True),
    Kind("once", "pattern, quant: one cycle of it, beside what the voice plays; of the set: on a free voice", once,
         once, undoable=False, rehearse=lambda trial, c: trial.once(c.voice, c.arguments[0]),
         sounding=lambda c: (c,)),
    Kind("restart", "quant: the voice's drones begin again",
         lambda parts, c, sample: parts.renderer.restart(c.voice, quant_of(c.arguments[0]), sample)),
    Kind("back", "quant: the voice's pattern before this one takes over; of the set: undoes go, hush or panic",
         lambda parts, c, sample: parts.renderer.back(c.voice, quant_of(c.arguments[0]), sample), back_all,
         music="returns"),
    Kind("cancel", "what is pending is forgotten, on a voice or on all",
         lambda parts, c, sample: parts.renderer.cancel(c.voice), cancel_all, overtakes=True),
    Kind("grab", "name, text of cycles: what the voice has played in them becomes a sound; of the set: what came in",
         grab, grab, undoable=False),
    Kind("gain", "number: the voice's fader, 1 is unity", fade,
         fader="d{}.gain", rehearse=try_fade, kept=stands("gains", "d{}.gain")),
    Kind("pan", "number: the voice's place, 0 left to 1 right", fade,
         fader="d{}.pan", rehearse=try_fade, kept=stands("pans", "d{}.pan")),
    Kind("master", "number: the set's fader", whole=fade,
         fader="master", rehearse=try_fade, kept=stands("master", "master")),
    Kind("mute", "true or false", kept=stands("muted"), voice=lambda parts, c, sample:
         parts.faders.switch(parts.faders.muted, c.voice, c.arguments[0], sample)),
    Kind("solo", "true or false: of the voices that are solo, or of all when none is, those not muted are heard",
         lambda parts, c, sample: parts.faders.switch(parts.faders.solo, c.voice, c.arguments[0], sample),
         kept=stands("solo")),
    Kind("out", "number: the voice's pair of outputs, from 0", kept=stands("outs"),
         voice=lambda parts, c, sample: parts.faders.out(c.voice, c.arguments[0], sample)),
    Kind("cue", "true or false: the voice is heard on the second pair of outputs alone", kept=stands("cued"),
         voice=lambda parts, c, sample: parts.faders.cue(c.voice, c.arguments[0], sample)),
    Kind("fx", "effects, in the order of the flow: the voice's, or of the set those on the mix", fx, fx,
         rehearse=try_fx, kept=keep_fx),
)  # fmt: skip
