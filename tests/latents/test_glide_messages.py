"""What a wrong model, a wrong kind of synthesis and a lonely glide are answered with."""

from __future__ import annotations

import pytest

import latentcode as lc
from latentcode.errors import EngineError, LatentError


@pytest.mark.parametrize("wrong", [7, "", None])
def test_a_model_is_a_name_a_file_or_itself(wrong):
    with pytest.raises(LatentError, match=r'encoded_by takes a model.*encoded_by\("raw"\)'):
        lc.path("cello").encoded_by(wrong)


def test_a_path_and_a_rendering_say_what_a_model_may_be():
    with pytest.raises(LatentError, match=r'not 3; as in path\("cello", model="raw"\)'):
        lc.path("cello", model=3)
    with pytest.raises(EngineError, match=r'not 7; as in model="raw"'):
        lc.render("cello", seconds=0.2, model=7)


def test_another_synthesis_is_told():
    with pytest.raises(EngineError, match=r"synthesis.*overlap.*concat"):
        lc.render("cello", seconds=0.2, synthesis="foo")


def test_a_glide_that_cannot_be_says_what_can():
    for settings, hint in (
        ({"synthesis": "concat"}, 'synthesis="overlap"'),
        ({"model": "raw"}, r'\.model\("spectral'),
    ):
        with pytest.raises(LatentError, match=f"only models of spectra glide.*{hint}"):
            lc.render(lc.meso("cello", "choir", 0.5, glide=True), seconds=0.1, **settings)


def test_a_glide_goes_from_one_sound_to_another():
    with pytest.raises(LatentError, match=r"two sounds.*extend\('cello', 'choir'"):
        lc.extend("cello", factor=8, glide=True)
    for call, name in ((lc.stepwise, "stepwise"), (lc.meso, "meso"), (lc.extend, "extend")):
        with pytest.raises(LatentError, match=rf"as in {name}\("):
            call("cello", "choir", 4, glide="on")
