"""How the set's rig stands, as plain values: what is asked where it is to be kept in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from latentcode.engine.live_set import LiveSet
from latentcode.parameters import FADERS, MASTER, VOICES
from latentcode.patterns import Pattern
from latentcode.patterns.digest import digest
from latentcode.set.actions import Action, Bound, Do, Strike
from latentcode.set.commands import SET
from latentcode.set.echoes import PLACES
from latentcode.set.effects import Effect
from latentcode.set.faders import Faders
from latentcode.synth.keyboard import Keyboard

if TYPE_CHECKING:
    from latentcode.engine.latency import Lead
    from latentcode.engine.sync import Sync
    from latentcode.midi_osc.midi_in_client import Listening

NOW, USUAL = "now", "1"  # when a scene comes: at once, and where nothing was said


def rig(live: LiveSet, ports: Listening, timing: Sync, lead: Lead) -> dict[str, Any]:
    """What was set of faders, effects, ports, pads and keys, each as it is typed.

    faders     those that were moved, by name: a number, or the text of what moves them
    fx         effects by d1 … d16 and master
    voices     of each voice that is muted, solo, cued or sent elsewhere: these by name
    pads, transport   (input, what is typed, quant, voice from 0 or −1), in order; a quant is the
               text of a fraction, "now", or None where none was given
    keys       (voice from 0, what is typed, options by name)
    tempo      the text of a pattern that gives it, or None
    digests    of the patterns and effects among these by their texts, which may not say all of them
    swing      its amount and the parts of a cycle, or None
    midi_in    what inputs must have in their names, and those that were made here
    lead       ms, or "auto"; None where nobody has chosen it
    timing     what was asked of Link, clocks, OSC and latency (see `Sync.asked`)
    """
    performance = live.performance
    with live.lock:
        grip = performance.touch.grip()
        racks = {f"d{n + 1}": n for n in range(VOICES)} | {"master": MASTER}
        chains = {name: performance.racks.chain_of(place) for name, place in racks.items()}
        settings = [performance.faders.at(*place).setting for place in PLACES.values()]
        asked, swing = performance.renderer.conductor.asked, performance.renderer.groove.last
        return {
            "faders": _faders(performance.faders),
            "fx": {name: tuple(map(repr, chain)) for name, chain in chains.items() if chain},
            "voices": _voices(performance.faders),
            "pads": _pads(grip.pads),
            "transport": _pads(grip.transport),
            "keys": tuple((index, board.source, _options(board)) for index, board in grip.keys),
            "tempo": next((repr(one) for one in asked if isinstance(one, Pattern)), None),
            "digests": _digests(
                *settings, *asked, *(effect for chain in chains.values() for effect in chain)
            ),
            "swing": (str(swing.amount), swing.steps) if swing.amount else None,
            "midi_in": (ports.chosen, ports.virtual),
            "lead": lead.asked,
            "timing": timing.asked,
        }


def _digests(*things: Any) -> dict[str, str]:
    return {repr(one): digest(one) for one in things if isinstance(one, (Pattern, Effect))}


def _faders(faders: Faders) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, place in PLACES.items():
        setting = faders.at(*place).setting
        if isinstance(setting, (str, Pattern)):
            found[name] = setting if isinstance(setting, str) else repr(setting)
        elif setting != FADERS[place[0]].default:
            found[name] = setting
    return found


def _voices(faders: Faders) -> dict[str, dict[str, Any]]:
    found = {}
    for index in range(VOICES):
        said: dict[str, Any] = {}
        if faders.outs[index]:
            said["out"] = 2 * faders.outs[index] + 1
        for word, chosen in (("mute", faders.muted), ("solo", faders.solo), ("cue", faders.cued)):
            if index in chosen:
                said[word] = True
        if said:
            found[f"d{index + 1}"] = said
    return found


def _pads(bound: Bound) -> tuple[tuple[str, str, str | None, int], ...]:
    return tuple(
        (
            str(name),
            action.source,
            *((action.quant, action.voice) if isinstance(action, Strike) else (_bound(action), SET)),
        )
        for name, action in bound
    )


def _bound(action: Action) -> str | None:
    """When a pad goes to its scene; None where it goes to none, or at the next cycle."""
    commands = action.commands if isinstance(action, Do) else ()
    quants = [command.arguments[1] or NOW for command in commands if command.kind == "go"]
    return quants[0] if len(commands) == 1 and quants and quants[0] != USUAL else None


def _options(board: Keyboard) -> dict[str, Any]:
    return dict(board.options)
