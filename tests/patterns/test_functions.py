"""The methods of patterns as functions: transformations to be applied by others."""

from __future__ import annotations

import builtins
import inspect
import pickle

import pytest

import latentcode
from latentcode.errors import PatternError
from latentcode.patterns import Pattern, digest, functions, mini, n, s, sine
from latentcode.patterns.functions import (
    add,
    degrade,
    echo,
    euclid,
    every,
    fast,
    gain,
    jux,
    layer,
    off,
    rev,
    ring,
)
from latentcode.patterns.words import METHODS
from latentcode.words import HOMES

METHOD_NAMES = sorted(name for name in vars(Pattern) if not name.startswith("_"))


@pytest.mark.parametrize("name", METHOD_NAMES)
def test_every_method_has_an_example_and_a_function(name):
    space = {word: getattr(latentcode, word) for word in latentcode.__all__}
    assert METHODS[name].startswith(f"{name}(")
    made = eval(f"n('0 1 2 3').s('flute').{METHODS[name]}", space) if name not in NUMBERS else None
    made = made or eval(f"n('0 1 2 3').{METHODS[name]}", space)
    assert made.query(0, 4)
    assert (HOMES.get(name) == functions.__name__) is hasattr(functions, name)
    if hasattr(functions, name):
        assert (
            getattr(latentcode, name).__doc__.split("\n")[0] == getattr(Pattern, name).__doc__.split("\n")[0]
        )
        assert eval(f"n('0 1 2 3').sometimes({METHODS[name]})", space).query(0, 4)


NUMBERS = {
    "squeeze",
    "fmap",
    "floor",
    "range",
    "choose",
    "mod",
    "pow",
    "scale_of",
    "note",
    "exprange",
    "curve",
    "quantize",
    "switch",
}


def test_no_function_hides_a_builtin():
    assert not {name for name in METHOD_NAMES if hasattr(functions, name)} & set(dir(builtins))


def test_what_players_of_other_systems_type():
    p = n("0 3 7").s("flute")
    assert p.every(3, rev) == p.every(3, lambda q: q.rev())
    assert p.off(1 / 8, add(7)) == p.off(1 / 8, lambda q: q.add(7))
    assert p.jux(fast(2)) == p.jux(lambda q: q.fast(2))
    assert p.every(4, every(2, degrade)) == p.every(4, lambda q: q.every(2, lambda r: r.degrade()))
    assert p.layer(rev, add(12), ring) == p.layer(lambda q: q.rev(), lambda q: q.add(12), lambda q: q.ring())
    assert p.off(0.5, add(7).gain(0.5)) == p.off(0.5, lambda q: q.add(7).gain(0.5))
    assert p.every("<2 3>", fast(2)).query(0, 6) == p.every("<2 3>", lambda q: q.fast(2)).query(0, 6)
    assert p.within(0, "<.5 .7>", rev) == p.within(0, "<.5 .7>", lambda q: q.rev())


def test_a_pattern_as_the_last_argument_is_transformed_at_once():
    p = n("0 3")
    assert fast(2, p) == p.fast(2)
    assert fast(2, "a b") == mini("a b").fast(2)
    assert rev(p) == p.rev()
    assert euclid(3, 8, p) == p.euclid(3, 8)
    assert add(7, p) == p.add(7)
    assert echo(3, 1 / 8, 0.5, s("a")) == s("a").echo(3, 1 / 8, 0.5)
    assert gain(sine, s("a")) == s("a").gain(sine)
    assert s("a").superimpose(gain(sine)) == s("a").superimpose(lambda p: p.gain(sine))
    assert layer(rev, fast(2), p) == p.layer(rev, fast(2))
    assert jux(rev, p) == p.jux(rev)
    assert ring(s("a")) == s("a").ring()


def test_transformations_are_values():
    made = off(1 / 8, add(7).rev())
    assert repr(made) == "off(0.125, add(7).rev())"
    assert pickle.loads(pickle.dumps(made)) == made == off(1 / 8, add(7).rev())
    assert digest(made) == digest(off(1 / 8, add(7).rev())) != digest(off(1 / 4, add(7).rev()))
    assert pickle.loads(pickle.dumps(every)) is every
    assert "every" in dir(made)
    assert list(inspect.signature(every).parameters) == ["cycles", "function", "pattern"]


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (lambda: fast(), "type fast(2)"),
        (lambda: every(3), "type every(3, rev)"),
        (lambda: n("0").every(2, fast), "type fast(2)"),
        (lambda: n("0").every(2, add(1, "left", 2)), "type add(7)"),
        (lambda: n("0").every(2, gain), "type gain(.8)"),
        (lambda: n("0").every(2, 3), "as in every(3, rev)"),
        (lambda: n("0").every(2, fast(0)), "above 0"),
        (lambda: n("0").jux(euclid(3)), "type euclid(3, 8)"),
    ],
)
def test_a_mistake_says_what_to_type(attempt, said):
    with pytest.raises(PatternError) as caught:
        attempt()
    assert said in str(caught.value)
