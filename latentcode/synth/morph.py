"""Morphing: a new pattern's latents begin as the old one's and become its own.

Where both are one line of latents of one model (`history.alone`) each latent is
(1 − m)·old + m·new at its moment (`LatentCrossfade`). Where something sounds at once with something
else, or is decoded by another model or not at all, the sounds cross-fade (`Fade`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from latentcode.latents.glide import GLIDE
from latentcode.latents.morph import Morph, Share
from latentcode.synth.compiled import CompiledPattern
from latentcode.synth.context import FADE, RenderContext, VoiceContext
from latentcode.synth.crossfade import Fade, LatentCrossfade, shortened
from latentcode.synth.history import PatternHistory, alone
from latentcode.synth.reading import cannot_glide
from latentcode.synth.track import Track

SOUNDING = 4  # patterns that cross-fade at once; one more ends the first


def morphed(
    voice: VoiceContext, before: Sequence[Track], part: CompiledPattern | None, cycle: Fraction, morph: Morph
) -> Track | None:
    """The track on which `part` takes over by a morph from those that sound,
    the last of which plays.

    From silence, and to silence (None), it is a fade.
    """
    sample, rendering = voice.rendering.tempo.sample_of(cycle), voice.rendering
    live = rendering.live.at(np.array([float(sample)]))
    share = Share(morph, cycle, replace(rendering.latents.context, seed=voice.seed), live)
    playing = [track for track in before if track.playing]
    model = alone(playing[0].part, cycle, sample) if len(playing) == 1 else None
    if morph.glide:
        _check_glides(voice, model if playing or part is None else alone(part, cycle, sample))
    if part is not None and model is not None and alone(part, cycle, sample) == model:
        track = Track(part, cycle, voice, _crossfade(playing[0], part, cycle, share, model))
        playing[0].leave(sample + _bridge(playing[0]))
    else:
        _fade_out(playing, cycle, share)
        if part is None:
            return None
        track = Track(part, cycle, voice)
        track.fades.append(_fade(voice, cycle, share, True))
    track.share, track.coming_from = share, playing[-1].part.label if playing else ""
    return track


def _crossfade(
    last: Track, part: CompiledPattern, cycle: Fraction, share: Share, model: str
) -> LatentCrossfade:
    again = last.part.pattern.digest == part.pattern.digest
    if again and last.crossfade is not None and share.morph.cycles is None:  # the same with another signal
        return replace(last.crossfade, share=share)
    earlier = None if last.crossfade is None or last.crossfade.share.over(cycle) else last.crossfade
    old = PatternHistory(last.part, last.since, cycle, last.voice, model=model)
    heard = _modelled(last.voice, model)
    width, powers = heard.width, heard.latents.powers
    return LatentCrossfade(old, shortened(earlier), share, last.voice.rendering.tempo, width, powers)


def _bridge(track: Track) -> int:
    """Samples that it sounds on, until what takes over has been decoded."""
    if not track.voice.rendering.bridges:
        return 0
    return max((layer.rendering.ahead for layer in track.layers), default=0)


def _modelled(voice: VoiceContext, model: str) -> RenderContext:
    return voice.rendering.of(model) if model else voice.rendering


def _check_glides(voice: VoiceContext, model: str | None) -> None:
    """Raise where the latents that cross-fade are of a model that cannot; sounds (None) fade."""
    if model is not None and GLIDE not in _modelled(voice, model).can:
        raise cannot_glide(_modelled(voice, model))


def _fade_out(playing: Sequence[Track], cycle: Fraction, share: Share) -> None:
    for track in playing:
        track.fades.append(_fade(track.voice, cycle, share, False))
        track.until = min((end for end in (track.until, share.end) if end is not None), default=None)
    for track in playing[: max(len(playing) + 1 - SOUNDING, 0)]:
        track.leave(track.voice.rendering.tempo.sample_of(cycle))


def _fade(voice: VoiceContext, cycle: Fraction, share: Share, rising: bool) -> Fade:
    rendering = voice.rendering
    soft = round(FADE * rendering.sample_rate)
    return Fade(share, rising, rendering.tempo, rendering.tempo.sample_of(cycle), soft, rendering.live)
