"""Live inputs and signals are shown as they are typed."""

from __future__ import annotations

import numpy as np
import pytest

import latentcode as lc
from latentcode.errors import LatentcodeError
from latentcode.patterns.nodes import Live

NAMES = {name: getattr(lc, name) for name in lc.__all__}


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("cc:21@nano/1", "cc(21, ch=1, port='nano')"),
        ("cc:21@*/*", "cc(21)"),
        ("note:36@pads/10", "pressed(36, ch=10, port='pads')"),
        ("bend@*/2", "bend(ch=2)"),
        ("poly:60@keys/1", "pressure(60, ch=1, port='keys')"),
        ("pressure@*/*", "pressure()"),
        ("program@keys/1", "program(ch=1, port='keys')"),
        ("nrpn:300@p/1", "nrpn(300, ch=1, port='p')"),
        ("osc:/1/x#0", "osc('/1/x')"),
        ("osc:/1/x#2", "osc('/1/x', 2)"),
        ("live:brightness", "live('brightness')"),
        ("touch:y", "touch('y')"),
        ("touch:x#2", "touch('x', 2)"),
    ],
)
def test_what_is_shown_can_be_typed(key, typed):
    assert repr(Live(key)) == typed
    assert eval(typed, NAMES).digest == Live(key).digest


def test_defaults_and_gliding_are_shown():
    assert repr(lc.cc(1, default=0.5).smooth(30)) == "cc(1, default=0.5).smooth(30)"


def test_a_port_is_named_as_its_device_is():
    assert lc.cc(1, port="nano KONTROL2").name == "cc:1@nano_kontrol2/*"


@pytest.mark.parametrize(
    "typed",
    ["sine", "perlin", "sine.slow(4)", "saw.fast(3).late(1/8)", "sine.range(100, 800)", "tri.range(0.2, 0.8).slow(8)",
     "sine * saw + 1", "(sine + 1) * 2", "2 / (1 + sine)", "1 - sine", "sine - (saw - tri)", "sine ** (-1)",
     "sine * -1",
     "cc(1).exprange(20, 200) * sine", "perlin.curve(2)", "sine.quantize([0, 0.5, 1])", "cc(1).switch(0.5)",
     "slider('a')", "slider('a', 200, 4000, value=800)", "slider('a', 20, 2000, exp=True).smooth(50) * 2",
     "slider('a', 1, 0, value=0.25)", "slider('a').range(2, 3)",
     "sine.range(-1, 1)", "sine.floor()", "cc(1).smooth(20).range(0, 2)", "live('d1.gain') * square"],
)  # fmt: skip
def test_a_signal_is_shown_as_it_is_typed(typed):
    made = eval(typed, NAMES)
    assert repr(made) == typed
    assert repr(lc.s("a").pan(made)) == f"0–1 s:a pan:{typed}"


def test_what_cannot_be_told_is_shown_as_its_events():
    assert repr(lc.sine.fmap(lambda x: x)) == "~ 0.5"
    assert repr(lc.n("0 1") * lc.sine) == "0–1/2 0 | 1/2–1 0.5"
    assert repr(lc.pure(3)) == "0–1 3"
    assert len(repr(sum([lc.sine] * 60, lc.sine))) < 20


def test_a_slider_goes_from_end_to_end():
    read = {0.0: 20, 0.5: 200, 1.0: 2000}
    for place, value in read.items():
        hand = lambda *asked, at=place: np.array([at])  # noqa: E731
        assert lc.slider("a", 20, 2000, exp=True).query(0, 0, live=hand)[0].value == pytest.approx(value)
        assert lc.slider("a", 20, 2000).query(0, 0, live=hand)[0].value == pytest.approx(20 + 1980 * place)
    assert lc.slider("a", 20, 2000, 200, exp=True).query(0, 0)[0].value == pytest.approx(200)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("slider('a b')", "a name of one word"),
        ("slider('a\\n')", "a name of one word"),
        ("slider('a', 'low', 1)", "takes numbers, not 'low'"),
        ("slider('a', 0, float('nan'))", "takes numbers, not nan"),
        ("slider('a', 3, 3)", "not from 3 to 3"),
        ("slider('a', 0, 10, exp=True)", "two ends above 0"),
        ("slider('a', 200, 4000, value=20)", "goes from 200 to 4000, and cannot begin at 20"),
        ("touch('z')", "'x', 'y' or 'down', not 'z'"),
        ("touch('x', 11)", "from 1 to 10, not 11"),
    ],
)
def test_what_no_slider_and_no_finger_can_be(typed, told):
    with pytest.raises(LatentcodeError, match=told):
        eval(typed, dict(NAMES))
