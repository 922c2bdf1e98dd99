"""Names keep their text, numbers stay numbers, and what Python takes for a name is one in mini-notation."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

import pytest

from latentcode.errors import MiniError
from latentcode.latents.strategies import meso
from latentcode.patterns import (
    Context,
    Controls,
    Pattern,
    cat,
    choose,
    mini,
    n,
    plain,
    polymeter,
    s,
    seq,
    stack,
    timecat,
    wchoose,
)
from latentcode.prompt.trial import as_played
from latentcode.set.event_encoder import arguments

LIKE_NUMBERS = ["007", "00", "1e3", "1_000", ".5", "-1", "808", "1.50", "0x10", "1e999", "٣"]


def names(pattern: Pattern) -> list[object]:
    return [event.value.get("s") for event in pattern.query(0, 1)]


@pytest.mark.parametrize("name", LIKE_NUMBERS)
@pytest.mark.parametrize(
    "text",
    ["{0}", "<{0} a>*1.5", "[{0},{0}]", "{0}(3,8)", "{0}!2 {0}@3", "{{{0} {0}}}%4", "{0}*<2 3> {0}/1e0",
     "{0}|{0}", "{0}:1"],
)  # fmt: skip
def test_a_name_keeps_its_text_wherever_it_stands(name: str, text: str) -> None:
    for made in (s(text.format(name)), plain(text.format(name)), s("kick*3").s(text.format(name))):
        assert set(names(made)) - {"a"} == {name}


def test_what_follows_a_name_is_a_number() -> None:
    for pattern in (s("007:2"), plain("808:2"), s("<1e3:2 a>"), mini("007:2").plain()):
        assert pattern.query(0, 1)[0].value.get("n") == 2
    assert len(s("007*03").query(0, 1)) == 3
    assert names(s("0 .. 03")) == ["0", "1", "2", "3"]
    assert names(s("kick").s(808)) == names(s(808)) == ["808"]


def test_numbers_stay_numbers() -> None:
    assert [e.value for e in n("007 1e3 .5 -1").query(0, 1)] == [7, 1000, 0.5, -1]
    assert [e.value for e in mini("00 1.50").query(0, 1)] == [0, 1.5]
    assert n(".5").digest == n("0.5").digest
    assert s("007").digest != s("7").digest


def test_osc_sends_the_name_that_was_typed() -> None:
    for name in LIKE_NUMBERS:
        assert arguments("/x", s(name).query(0, 1)[0].value, Fraction(0), Context()) == (name,)
    assert arguments("/x", s("808:1").query(0, 1)[0].value, Fraction(0), Context()) == ("s", "808", "n", 1.0)
    assert arguments("/x", n("007").query(0, 1)[0].value, Fraction(0), Context()) == (7.0,)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("word", ["grün", "ताल", "हिन्दी", "ก่อน", "é", "ταξί", "音", "l·l", "naïve_2"])
def test_what_python_takes_for_a_name_is_one(form: str, word: str) -> None:
    name = unicodedata.normalize(form, word)
    assert name.isidentifier()
    assert names(s(f"{name} [{name}:2 b]*2 _ ~ {name}(3,8)")).count(name) == 6
    assert [e.value for e in stack(f"{name}.a", f"_{name}").query(0, 1)] == [f"{name}.a", f"_{name}"]


def test_a_mistake_shows_what_was_typed() -> None:
    with pytest.raises(MiniError, match=r"ताल\) a"):
        mini("ताल) a")


@pytest.mark.parametrize("name", LIKE_NUMBERS)
def test_a_name_keeps_its_text_in_whatever_pattern_it_stands_until_it_is_one(name: str) -> None:
    made = [
        cat(name), stack(name, f"{name} {name}"), seq([name, name], name), timecat((1, name), (2, f"<{name}>")),
        polymeter([name], [name, name]), choose(name), wchoose((name, 2)), n("0 1").squeeze([name, name]),
        cat(name).fast("2 3").rev().every("<2 3>", lambda p: p.fast(2)), stack(name).mask("1 0").chop(2),
        mini(f"{name} {name}").sometimes(lambda p: p.gain(0.3)).echo(2, 1 / 8, 0.5), cat(name).gain("1 .5").n("3"),
        mini(name).when("1 0", lambda p: p.shuffle(4)), cat(f"{name} {name}").striate(2).jux(lambda p: p.rev()),
    ]  # fmt: skip
    for pattern in made:
        for named in (s(pattern), plain(pattern), s("kick*3").s(pattern), as_played(pattern, "d1")):
            assert {Controls.of(event.value).get("s") for event in named.query(0, 2)} == {name}
    mixed = meso(cat(name), s("choir"), 0.5).query(0, 1)[0].value
    assert repr(mixed) == f"meso({name}, choir, 0.5)"


def test_what_counts_in_a_pattern_goes_on_to_count() -> None:
    assert [e.value for e in n(cat("007 1e3")).query(0, 1)] == [7, 1000]
    assert [e.value for e in (cat("007 .5") + "1").query(0, 1)] == [8, 1.5]
    cut = s(cat("cello")).slice("8 08", "00 01").gain("0 01").pan(cat(".50"))
    assert [e.value.get("begin") for e in as_played(cut, "d1").query(0, 1)] == [0, 1 / 8]
    played = as_played(cat("007 03").s("cello"), "d1")
    assert [(e.value.get("s"), e.value.get("n")) for e in played.query(0, 1)] == [("cello", 7), ("cello", 3)]
    assert cat("007").digest == cat("7").digest
