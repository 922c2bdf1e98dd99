"""The state of the set, as the desk is told it."""

from __future__ import annotations

from pathlib import Path

from latentcode.engine.rounds import Rounds
from latentcode.engine.sound import PlayerLink
from latentcode.inputs.keys import key
from latentcode.parameters import MASTER, VOICES
from latentcode.protocol.messages import State
from latentcode.protocol.state import Assignments, ExtraState, Preparing, TimingState, VoiceState
from latentcode.set.performance import Performance
from latentcode.synth.extras import Extra
from latentcode.synth.voice import Voice


def state_of(
    performance: Performance,
    sound: PlayerLink,
    timing: TimingState,
    lead: float,
    load: float,
    recording: str | None,
    midi: tuple[str, ...],
    rounds: Rounds | None = None,
    preparing: Preparing = ((), ""),
) -> State:
    """What a desk is told ten times a second; of a span played in `rounds`, where it is."""
    ring, renderer = sound.ring, performance.renderer
    playhead = max(sound.playhead, 0)
    cps = renderer.tempo.cps_at(playhead)
    state = State(
        bpm=float(cps * 60 * renderer.settings.beats),
        cycle=float(renderer.tempo.cycle_at(playhead)),
        beats=renderer.settings.beats,
        sample=renderer.position,
        playhead=playhead,
        lead=lead,
        load=load,
        player_load=ring.load,
        dry=ring.dry_buffers,
        xruns=ring.xruns,
        peak=tuple(float(peak) for peak in ring.peaks),
        held=ring.held,
        over=ring.over,
        voice_peaks=tuple(float(peak) for peak in ring.voice_peaks),
        voices=voices_of(performance),
        scenes=tuple(performance.history.scenes),
        hands=Assignments(**performance.touch.shown()),
        swing=float(renderer.groove.last.amount),
        master=performance.faders.at("master").shown,
        faders=performance.faders.shown(),
        waiting=waiting_of(performance),
        capturing=_taken(performance, float(renderer.tempo.cycle_at(playhead))),
        recording=recording,
        fx=fx_of(performance, MASTER),
        outputs=sound.outputs,
        timing=timing,
        midi=midi,
        device=sound.text,
        preparing=preparing,
    )
    return state if rounds is None else rounds.state(state)


def _taken(performance: Performance, cycle: float) -> tuple[tuple[str, float, float], ...]:
    """The gestures and loops that are being taken at a cycle."""
    return (*performance.gestures.state(cycle), *performance.loops.state(cycle))


def morph_of(voice: Voice, sample: int) -> tuple[str, float] | None:
    """What a voice is coming from and how far it is, 0 to 1; None where it does not morph."""
    cycle = voice.rendering.tempo.cycle_at(sample)
    share = voice.morphing(cycle)
    return (
        None if share is None or voice.current is None else (voice.current.coming_from, share.progress(cycle))
    )


def models_of(voice: Voice) -> tuple[str, ...]:
    """The names of the models that a voice is heard by, where they are not the set's."""
    own = voice.rendering.decoder
    others = (layer.rendering for layer in voice.layers if layer.rendering.decoder is not own)
    return tuple(dict.fromkeys(Path(other.model).stem for other in others))


def voices_of(performance: Performance) -> tuple[VoiceState, ...]:
    """What each voice that is in use plays."""
    found = []
    for index in range(VOICES):
        voice, faders = performance.renderer.voices[index], performance.faders
        pending = voice.pending
        beside = beside_of(performance, index)
        if not (voice.playing or pending or voice.layers or beside):
            continue
        found.append(
            VoiceState(
                index=index,
                playing=voice.playing is not None,
                text=voice.playing.label if voice.playing else "",
                morph=morph_of(voice, performance.renderer.position),
                pending=None if pending is None else pending[0].label if pending[0] else "stop",
                pending_cycle=None if pending is None else float(pending[1]),
                beside=beside,
                layers=len(voice.layers),
                muted=index in faders.muted,
                solo=index in faders.solo,
                gain=faders.at("gain", index).shown,
                pan=faders.at("pan", index).shown,
                fx=fx_of(performance, index),
                out=2 * faders.outs[index] + 1,
                cued=index in faders.cued,
                models=models_of(voice),
            )
        )
    return tuple(found)


def waiting_of(performance: Performance) -> tuple[tuple[str, float, int], ...]:
    """What waits for its hand: its name, where its control is to be moved to,
    and which way (1 up, −1 down).
    """
    waiting = performance.bindings.takeover.waiting
    if not waiting:
        return ()
    led = {knob.what: knob.keys for knob in performance.faders.in_hand().values()}
    moved = {**led, **{name: (key(bound.to),) for name, bound in dict(performance.bindings.bound).items()}}
    return tuple(
        (name, stands.stored, stands.turn)
        for name, keys in moved.items()
        for control, stands in waiting.items()
        if any(wanted.matches(key(control)) for wanted in keys)
    )


def beside_of(performance: Performance, index: int) -> tuple[ExtraState, ...]:
    """What sounds beside a voice's pattern."""
    extras = (extra for extra in performance.renderer.extras if extra.voice.index == index)
    return tuple(dict.fromkeys(map(_extra, extras)))


def _extra(extra: Extra) -> ExtraState:
    pending, playing = extra.voice.pending, extra.voice.playing
    part = pending.part if pending else playing
    return ExtraState(
        extra.kind,
        begins=float(pending.cycle) if pending else None,
        text=part.label if part else "",
        first=0.0 if extra.until is None else float(extra.until - 1),
    )


def fx_of(performance: Performance, place: int) -> str:
    """The effects of a voice, or of the mix, as they are typed."""
    return ", ".join(map(repr, performance.racks.chain_of(place)))
