"""A query is a function of the pattern, the span and the seed, and of nothing else."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from helpers.random_expressions import Expressions

import latentcode
from latentcode.patterns import Compiled, Context, Event, Pattern, compile_pattern, digest, mini

SPAN, WORDS = 4, {name: getattr(latentcode, name) for name in latentcode.__all__}


def made(text: str) -> Pattern:
    return eval(text, dict(WORDS))  # type: ignore[no-any-return]


def edges(events: list[Event]) -> Counter[Any]:
    """Where events begin and end to be there: equal for a span and for its pieces."""
    found: Counter[Any] = Counter()
    for event in events:
        key = event.whole, digest(event.value)
        found[key, event.part[0]] += 1
        found[key, event.part[1]] -= 1
    return Counter({edge: count for edge, count in found.items() if count})


def compiled(text: str, seed: int = 5) -> Compiled:
    return compile_pattern(made(text), Context(seed=seed))


@pytest.mark.parametrize("seed", range(60))
def test_asked_twice_in_any_order_and_in_pieces(seed: int) -> None:
    random, text = Random(seed), Expressions(seed).pattern(2 + seed % 5)
    pattern = compiled(text)
    cuts = sorted(
        {Fraction(random.randrange(1, 400), 97) % SPAN for _ in range(8)} | {Fraction(0), Fraction(SPAN)}
    )
    pieces = list(pairwise(cuts))
    random.shuffle(pieces)
    whole = edges(pattern.query(0, SPAN))
    assert edges([event for piece in pieces for event in pattern.query(*piece)]) == whole, text
    assert edges(pattern.query(0, SPAN)) == edges(compiled(text).query(0, SPAN)) == whole, text
    assert made(text).digest == made(text).digest


RANDOM = ["degrade()", "degrade_by(.4)", "sometimes(add(7))", "shuffle(4)", "scramble(4)", "often(rev)"]


def heard(text: str, seed: int = 0) -> list[Any]:
    return sorted((e.whole, e.part) for e in compiled(text, seed).query(0, 32))


@pytest.mark.parametrize("word", RANDOM)
@pytest.mark.parametrize(
    "edited",
    [
        "{0}.gain(.5)",
        "{0}.s('flute')",
        "{0}.add(0).early(0)",
        "{0}.bias(sine)",
        "{0}.pan(rand)",
        "{0}.every(1, gain(2))",
    ],
)
def test_an_edit_elsewhere_in_the_line_reshuffles_nothing(word: str, edited: str) -> None:
    text = f'n("0 1 2 3*2 4 5 6 7").{word}'
    assert heard(edited.format(text)) == heard(text)


def test_an_edit_of_a_neighbour_reshuffles_nothing() -> None:
    for text in ('stack({0}, mini("b*8?"))', 'cat({0}, mini("b*8?"))', 'seq({0}, mini("b*8?"))'):
        hits = [
            {e.whole for e in compiled(text.format(f'"{other}"')).query(0, 32) if e.value == "b"}
            for other in ("a", "a*3?", "[a|c] d")
        ]
        assert hits[0] == hits[1] == hits[2]


@pytest.mark.parametrize("text", [f"n('0 1 2 3').{word}" for word in RANDOM] + [
    "mini('a*4?')", "mini('a|b|c')", "choose('a', 'b').segment(4)", "wchoose(('a', 2), ('b', 1)).segment(4)",
    "rand.segment(4)", "irand(8).segment(4)", "perlin.segment(4)", "choose_cycles('a', 'b', 'c')",
])  # fmt: skip
def test_another_seed_changes_what_is_random(text: str) -> None:
    values = [[(e.whole, e.value) for e in compiled(text, seed).query(0, 16)] for seed in range(4)]
    assert all(a != b for i, a in enumerate(values) for b in values[:i])


PAIRS = [
    'mini("[a*16?, b*16?]")', 'stack("a*16?", "b*16?")', 'mini("a*16?").stack("b*16?")',
    'stack(mini("a*16").degrade(), mini("b*16").degrade())', 'mini("{a? a? a? a?, b? b? b? b?}%16")',
    'polymeter(["a?", "a?"], ["b?", "b?"], steps=16)', 'mini("[[a*16?], [c, b*16?]]")',
    'stack(mini("a*16").mask("t*16?"), mini("b*16").mask("t*16?"))',
    'stack(mini("a").struct("t*16?"), mini("b").struct("t*16?"))',
    'stack(stack("a*16?", "c"), stack("b*16?", "c"))', 'stack(mini("a*8?").fast(2), mini("b*8?").fast(2))',
    'stack(mini("a*16?").every(2, rev), mini("b*16?"))',
    'stack(mini("a*16").sometimes(mask("0")), mini("b*16").sometimes(mask("0")))',
    'stack(mini("a*16").degrade_by(.5), mini("b*16").undegrade_by(.5))',
]  # fmt: skip


@pytest.mark.parametrize("text", PAIRS)
@pytest.mark.parametrize("seed", [0, 7])
def test_two_chances_do_not_agree_by_accident(text: str, seed: int) -> None:
    """Of 1024 steps either keeps about half; both keep a quarter (deviation 14)."""
    events = compiled(text, seed).query(0, 64)
    a, b = ({e.whole for e in events if e.value == name} for name in "ab")
    assert 440 < len(a) < 584
    assert 440 < len(b) < 584
    for shift in (0, 1, Fraction(1, 2)):
        both = a & {(begin + shift, end + shift) for begin, end in b}
        assert 190 < len(both) < 322, shift


def test_steps_one_after_the_other_do_not_agree() -> None:
    for text in (
        'mini("a*8? b*8?")',
        'seq("a*8?", "b*8?")',
        'mini("a*8? . b*8?")',
        'n("0 1").squeeze(["a*8?", "b*8?"])',
    ):
        events = compiled(text).query(0, 128)
        a, b = ({e.whole[0] for e in events if e.whole and e.value == name} for name in "ab")
        both = a & {begin - Fraction(1, 2) for begin in b}
        assert 190 < len(both) < 322, text


def test_a_pattern_is_what_its_text_is() -> None:
    assert mini("a b").digest == mini(" a  b ").digest
