"""A whole set is evaluated again and again while it sounds: what has not changed is not disturbed."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.whole_set import WholeSet

SET = """\
bpm(140)
quant("beat")
low, high = path("cello"), path("choir")
def wobble(p): return p.every(3, lambda q: q.rev()).late(.125)
shift = lambda p: p.add(7)
d1 >> meso(low, high, sine.slow(4))
d2 >> s("kick*4, ~ snare").gain(.8)
d3 >> wobble(n("0 3 7 <10 12>").s("flute"))
d4 >> s("cello(3,8)").degrade_by(.3).sometimes(lambda p: p.rev()).bias(perlin)
d5 >> stack(s("choir(5,8)?"), s("flute*3").scramble(3))
d6 >> n("0 4").off(1/8, shift).jux(rev).s("flute").fmap(lambda value: value)
d7 >> stepwise(s("cello/2"), "<choir flute>/2", 4)
d8 >> low.jitter(.2).scale(1.1)
d9.gain(.7)
d9 >> walk(low, .3)
d10 >> s("kick*2").chop(4).gain(rand.range(.3, .9))
d11 >> note("c e g").s("flute").every(2, fast(2))
d12 >> s("[cello|choir]*2").echo(3, 1/8, .6)"""
EDITS = {  # a line, what it becomes, and the voice that it is about
    6: ('d2 >> s("kick*8")', 2),
    7: ('d3 >> wobble(n("0 5").s("flute"))', 3),
    8: ('d4 >> s("cello(3,8)").degrade_by(.5).bias(perlin)', 4),
    9: ('d5 >> s("choir(7,8)?")', 5),
    11: ('d7 >> stepwise(s("cello/2"), "<choir flute>/2", 5)', 7),
    12: ("d8 >> high", 8),
    16: ('d11 >> note("c e a").s("flute")', 11),
}
EVERY, TIMES = 38, 12  # blocks between two evaluations (0.44 s), evaluations


def edited(number: int) -> str:
    lines = SET.splitlines()
    lines[number] = EDITS[number][0]
    return "\n".join(lines)


def played(*codes: str) -> np.ndarray:
    """The voices of a set in which code is evaluated at regular intervals ("" is none)."""
    one = WholeSet(seed=3)
    assert one.evaluate(SET) is None
    audio = [one.render(EVERY)]
    for code in codes:
        assert one.evaluate(code) is None
        audio.append(one.render(EVERY))
    assert not one.troubles
    return np.concatenate(audio, axis=1)


@pytest.fixture(scope="module")
def undisturbed() -> np.ndarray:
    return played(*[""] * TIMES)


def same(voice: int, one: np.ndarray, other: np.ndarray, until: int | None = None) -> bool:
    return np.array_equal(one[2 * voice - 2 : 2 * voice, :until], other[2 * voice - 2 : 2 * voice, :until])


def test_every_voice_of_the_set_is_heard(undisturbed):
    assert all(undisturbed[2 * voice].any() for voice in range(12))


def test_the_same_text_again_and_again_changes_no_sample(undisturbed):
    assert np.array_equal(played(*[SET] * TIMES), undisturbed)


def test_a_line_that_changes_changes_its_voice_alone(undisturbed):
    numbers = [list(EDITS)[i % len(EDITS)] for i in range(TIMES)]
    audio = played(*map(edited, numbers))
    for voice in range(1, 13):
        changes = [i for i, number in enumerate(numbers) if EDITS[number][1] == voice]
        until = (1 + changes[0]) * EVERY * 512 if changes else None
        assert same(voice, audio, undisturbed, until), f"d{voice}"
        assert not changes or not same(voice, audio, undisturbed), f"d{voice}"


def test_a_change_taken_back_before_its_takeover_changes_no_sample(undisturbed):
    one = WholeSet(seed=3)
    one.evaluate(SET.replace('"beat"', '"cycle"'))
    audio = [one.render(EVERY)]
    one.evaluate('quant("cycle")')
    for _ in range(TIMES):
        here = one.performance.renderer
        left = 4 - int(here.tempo.cycle_at(here.position) * 4 % 4)
        if left > 1:  # beats to the next cycle, where the change would take over
            one.evaluate(edited(6).replace('"beat"', '"cycle"'))
        one.evaluate(SET.replace('"beat"', '"cycle"'))
        audio.append(one.render(EVERY))
    assert np.array_equal(np.concatenate(audio, axis=1), undisturbed)


def test_a_morph_under_way_goes_on():
    line = 'd1 >> s("cello*3")\nd2 >> s("kick*2?")'
    sets = [WholeSet(seed=3) for _ in range(2)]
    heard = []
    for number, one in enumerate(sets):
        one.evaluate('quant("beat")\n' + line)
        audio = [one.render(60)]
        morph = 'd1.morph(4) >> s("choir(5,8)")\nd2 >> s("kick*2?")'
        assert one.evaluate(morph) is None
        for _ in range(6):
            audio.append(one.render(EVERY))
            if number:
                assert one.evaluate(morph) is None
        heard.append(np.concatenate(audio, axis=1))
    assert np.array_equal(heard[0], heard[1])
    assert heard[0][0].any()


def test_functions_and_paths_made_again_are_the_same():
    one = WholeSet()
    code = 'low = path("cello")\nf = lambda p: p.add(3)\ndef g(v):\n    """A note."""\n    return v * 2'
    for text in (
        "low.bias(sine)",
        'n("0 3").off(.25, f).fmap(g).s("kick")',
        'n("0 3").every("<2 3>", f).fmap(lambda v: g(v)).s("kick")',
    ):
        digests = set()
        for _ in range(3):
            assert one.evaluate(f"{code}\nd1 >> {text}") is None
            digests.add(one.names.stage.asked_last[0].digest)
        assert len(digests) == 1, text
