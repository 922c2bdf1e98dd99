"""Notes by name, degrees of scales, and what arithmetic does to them."""

from __future__ import annotations

import pytest

from latentcode.errors import PatternError
from latentcode.patterns import mini, n, note, plain, s
from latentcode.patterns.scales import SCALES


def notes(pattern, cycle=0):
    events = sorted(pattern.query(cycle, cycle + 1), key=lambda event: event.part[0])
    return [event.value.get("note") for event in events]


def test_names_and_numbers():
    names = "c4 eb3 f#5 cs4 Bb-1 c a 60.5 61"
    assert notes(note(names)) == [60, 51, 78, 61, 10, 48, 57, 60.5, 61]


def test_a_note_can_be_set_on_what_sounds():
    assert notes(s("cello*2").note("c4 <e4 g4>"), 1) == [60, 67]
    assert notes(mini("c4 e4").note()) == [60, 64]
    assert notes(s("cello").note(note("d4"))) == [62]
    assert note("c4").s("cello").query(0, 1)[0].value.get("s") == "cello"


def test_degrees_wrap_with_octaves_and_are_rounded_down():
    assert notes(n("0 2 4 7 -1 -7 7.9").scale_of("c minor")) == [48, 51, 55, 60, 46, 36, 60]
    assert notes(n("0 5").scale_of("c4 major pentatonic")) == [60, 72]
    assert notes(n("0 1").scale_of("f#5 whole tone")) == [78, 80]


def test_the_scale_is_a_pattern_too():
    pattern = n("0 2").scale_of("<c:minor d4:harmonic_minor>")
    assert notes(pattern, 0) == [48, 51]
    assert notes(pattern, 1) == [62, 65]


def test_the_other_controls_stay():
    value = n("0 2").s("cello").gain(0.5).scale_of("c minor").query(0, 1)[1].value
    assert (value.get("s"), value.get("gain"), value.get("note"), value.get("n")) == ("cello", 0.5, 51, None)


def test_every_scale_begins_on_its_root_and_stays_within_the_octave():
    assert len(SCALES) > 35
    for steps in SCALES.values():
        assert steps[0] == 0
        assert list(steps) == sorted(set(steps))
        assert steps[-1] < 12


@pytest.mark.parametrize(
    "pattern",
    [
        note("c4 e4").add(12),
        note("c4 e4") + 12,
        12 + note("c4 e4"),
        note("c4 e4").add("12"),
        note("c4 e4").add(note("12")),
        note("c5 e5").sub(0),
    ],
)
def test_numbers_count_as_semitones(pattern):
    assert notes(pattern) == [72, 76]


def test_beside_an_n_a_number_is_an_n():
    value = (n("0").note("c4") + 7).query(0, 1)[0].value
    assert (value.get("n"), value.get("note")) == (7, 60)


def test_plain_marks_sounds():
    assert plain("kick*2, ~ hat") == s("kick*2, ~ hat").plain()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: note("c4 h4"), "no note is called 'h4'; type a name such as"),
        (lambda: s("a").note("x9"), "no note is called 'x9'"),
        (lambda: n("0").scale_of("c minr"), 'type "c minor"'),
        (lambda: n("0").scale_of("<c:doriann>"), 'type "c dorian"'),
        (lambda: n("0").scale_of(3), 'as in "c minor"'),
        (lambda: s("cello").scale_of("c minor").query(0, 1), "scale_of takes degrees"),
    ],
)
def test_a_mistake_says_what_to_type(make, told):
    with pytest.raises(PatternError, match=told):
        make()
