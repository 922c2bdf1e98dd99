"""Glides on their way from a pattern to what decodes them, and models that cannot."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.toy_sounds import LATENT, WINDOW, First, Sounds, rendered

import latentcode as lc
from latentcode.errors import LatentError
from latentcode.latents.morph import as_morph
from latentcode.latents.strategies import as_sounds
from latentcode.set.commands import Command
from latentcode.synth.trial import try_out

CYCLE = 88200  # samples at 120 beats per minute


class Gliding(First):
    """Windows that hold what a frame comes from, ten times what it goes to, and a hundred times its share."""

    def step(self, jobs):
        return [np.repeat(self._level(job)[:, None], WINDOW, axis=1).astype(np.float32) for job in jobs]

    @staticmethod
    def _level(job):
        level = job.latents[:, 0]
        assert job.latents.shape[1] == LATENT
        return level if job.glide is None else level + 10 * job.glide.latents[:, 0] + 100 * job.glide.share


def play(performance, music, morph=None, at=0):
    more = () if morph is None else (morph,)
    performance.schedule(Command("play", 0, (as_sounds(music), "1", *more)), at)


def heard(perform, music, samples=CYCLE, block=256, **settings):
    performance = perform(Gliding(), can=("glide",), latent_dim=LATENT, **settings)
    play(performance, music)
    return rendered(performance, samples, block)


def test_both_ends_and_the_share_come_to_what_decodes(perform):
    audio = heard(perform, lc.meso("one", "half", 0.25, glide=True))
    assert audio[1000:-500] == pytest.approx(1 + 5 + 25)


def test_its_share_is_read_all_the_time_through_maps_of_time(perform):
    audio = heard(perform, lc.meso("one", "half", lc.saw, glide=True).fast(2))
    for place in (0.1, 0.4, 0.6, 0.9):
        assert audio[int(place * CYCLE)] == pytest.approx(6 + 100 * (2 * place % 1), abs=0.2)


def test_the_size_of_the_blocks_changes_nothing(perform):
    music = lc.meso("ramp(3,8)", "half", lc.sine, glide=True)
    one = heard(perform, music, store=Sounds(50))
    assert np.array_equal(one, heard(perform, music, block=1000, store=Sounds(50)))


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        (lambda music: music.bias(1), 2 + 15 + 50),
        (lambda music: music.scale(2), 2 + 10 + 50),
        (lambda music: lc.walk(music, 0), 1 + 5 + 50),
        (lambda music: lc.meso(music, "half", 0.5), 0.75 + 5 + 50),
    ],
)
def test_what_stands_above_it_is_done_to_both_ends(perform, above, expected):
    audio = heard(perform, above(lc.meso("one", "half", 0.5, glide=True)))
    assert audio[1000:-500] == pytest.approx(expected)


def test_steps_and_extensions_glide(perform):
    steps = heard(perform, lc.stepwise("one", "half", 5, glide=True))
    assert sorted({round(float(level)) for level in steps[1000:-500]}) == [6, 31, 56, 81, 106]
    longer = heard(perform, lc.extend("one", "half", 0.5, factor=4, glide=True))
    assert longer[1000:-500] == pytest.approx(56)


def test_a_morph_glides_and_when_it_has_arrived_is_the_pattern(perform):
    performance = perform(Gliding(), can=("glide",), latent_dim=LATENT)
    play(performance, "one")
    play(performance, "half*4", as_morph(4, glide=True), 100)
    audio = rendered(performance, 6 * CYCLE)
    for cycle, share in [(2, 0.25), (3, 0.5), (4.5, 0.875)]:
        assert audio[int(cycle * CYCLE) + 500] == pytest.approx(6 + 100 * share, abs=0.5)
    assert audio[int(5.5 * CYCLE) + 500] == pytest.approx(0.5)


@pytest.mark.parametrize("glide", [False, True])
def test_a_morph_from_a_glide_mixes_what_there_is(perform, glide):
    performance = perform(Gliding(), can=("glide",), latent_dim=LATENT)
    play(performance, lc.meso("one", "half", 0.5, glide=True))
    play(performance, "half*4", as_morph(4, glide=glide), 100)
    audio = rendered(performance, 6 * CYCLE)
    assert audio[3 * CYCLE + 500] == pytest.approx(0.75 + 5 + 50, abs=0.1)
    assert audio[int(5.5 * CYCLE) + 500] == pytest.approx(0.5)


def test_where_it_is_shown_it_is_what_lies_between(perform):
    performance = perform(Gliding(), can=("glide",), latent_dim=LATENT)
    play(performance, lc.meso("one", "half", 0.5, glide=True))
    rendered(performance, 1000)
    layer = performance.renderer.voices[0].layers[0]
    assert layer.latest is not None
    assert layer.latest.shape[1] == LATENT
    assert layer.latent_at(500) == pytest.approx(0.75)


def test_noise_is_added_to_both_ends(perform):
    class Noisy(Sounds):
        def frames(self, path, hop, length=None):
            mean, _ = super().frames(path, hop, length)
            return mean, np.zeros_like(mean)

    audio = heard(perform, lc.meso("one", "half", 0.5, glide=True), store=Noisy(), noise=0.1)
    assert 0.3 < np.std(audio[1000:-500]) < 3


@pytest.mark.parametrize(
    ("synthesis", "told"), [("concat", 'take synthesis="overlap"'), ("overlap", r'.*\.model\("spectral"\)')]
)
def test_a_model_that_cannot_says_what_to_type(perform, synthesis, told):
    performance = perform(First(), latent_dim=LATENT, synthesis=synthesis)
    play(performance, "one")
    rendered(performance, 1000)
    glide = as_sounds(lc.meso("one", "half", 0.5, glide=True))
    for pattern, morph in ((glide, None), (as_sounds("half"), as_morph(4, glide=True))):
        with pytest.raises(LatentError, match=rf"leave out glide=True, or {told}"):
            try_out(performance.renderer, pattern, 0, morph=morph)


def test_a_glide_in_a_glide_is_refused(perform):
    inner = lc.meso("one", "half", 0.5, glide=True)
    with pytest.raises(LatentError, match="more than one glide"):
        try_out(
            perform(Gliding(), can=("glide",)).renderer, as_sounds(lc.meso(inner, "one", 0.5, glide=True)), 0
        )


@pytest.mark.parametrize(
    "typed", [lambda: lc.meso("one", "half", 0.5, glide=1), lambda: as_morph(4, glide="yes")]
)
def test_glide_is_true_or_false(typed):
    with pytest.raises(LatentError, match="glide takes True or False"):
        typed()


def test_how_it_is_shown_and_that_others_are_what_they_were():
    a, b = lc.path("cello"), lc.path("choir")
    assert repr(lc.meso(a, b, 0.5, glide=True)) == f"meso({a}, {b}, 0.5, glide=True)"
    assert repr(lc.stepwise(a, b, 4, glide=True)) == f"stepwise({a}, {b}, 4, glide=True)"
    assert repr(lc.extend(a, b, 0.5, 8, glide=True)) == f"extend({a}, {b}, 0.5, factor=8, glide=True)"
    assert repr(as_morph(8, glide=True)) == "morph(8, glide=True)"
    plain, glides = (as_sounds(lc.meso("cello", "choir", 0.5, glide=on)).digest for on in (False, True))
    assert plain == as_sounds(lc.meso("cello", "choir", 0.5)).digest != glides


def test_from_silence_the_model_of_what_begins_says_whether_it_glides(perform):
    renderer = perform(First(), latent_dim=LATENT).renderer
    with pytest.raises(LatentError, match="only models of spectra glide"):
        try_out(renderer, as_sounds("one"), 0, morph=as_morph(4, glide=True))


def test_what_only_fades_is_not_refused_for_a_glide(perform):
    performance = perform(First(), latent_dim=LATENT)
    play(performance, lc.stack("one", "half"))
    rendered(performance, 1000)
    try_out(performance.renderer, as_sounds("half"), 0, morph=as_morph(4, glide=True))
