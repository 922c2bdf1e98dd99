"""What keys have played becomes a pattern."""

from __future__ import annotations

from fractions import Fraction

from helpers.whole_set import AnsweringSet

from latentcode.inputs.history import Input


def test_what_was_played_goes_round_in_its_grid_and_in_phase():
    evening = AnsweringSet()
    evening.run("pads({36: d9})")
    tempo = evening.performance.renderer.tempo
    played = [  # key, begin and end in cycles
        (60, 1.01, 1.24, 1.0),
        (64, 1.26, 2.1, 0.5),
        (67, 2.49, None, 1.0),
        (36, 1.5, 1.6, 1.0),
        (72, 0.2, 0.4, 1.0),
    ]
    for number, begin, end, velocity in played:
        for at, value in ((begin, velocity), (end, 0.0)):
            if at is not None:
                evening.performance.hear(Input(f"note:{number}@keys/1", value), tempo.sample_of(Fraction(at)))
    while evening.performance.renderer.position <= tempo.sample_of(3):
        evening.render(8)
    assert evening.evaluate("riff = played(2, quant=1/8)") is None
    riff = evening.names.space["riff"]
    found = {
        (*map(float, event.whole), float(event.value.get("note")), event.value.get("gain"))
        for event in riff.query(3, 5)
        if event.whole[0] >= 3
    }
    assert found == {(3, 3.25, 60, 1), (3.25, 4.125, 64, 0.25), (4.5, 5, 67, 1)}
    assert evening.evaluate('d5 >> riff.s("cello")') is None
    assert "no key was played" in evening.evaluate("played(1, ch=7)")
