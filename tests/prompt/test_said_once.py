"""Messages that say a thing once, and what to type."""

from __future__ import annotations

import pytest

from latentcode.errors import LatentcodeError
from latentcode.prompt.controllers.timing import linked


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ('bpm("fast")', """not 'fast'; as in bpm(120), bpm(140, over=8) or bpm("<120 140>")"""),
        ('bpm("90 bpm")', "a number goes without its unit: 90"),
        ('d1.fx(lowpass("800 hz"))', "as in lowpass(cutoff=1000); a number goes without its unit: 800"),
        (
            'd1.fx(delay("1/8s"))',
            "from 1/1024 to 64 cycles, a signal or a pattern of them, not '1/8s'; as in "
            "delay(time=.375); a number goes without its unit: 1/8",
        ),
        ('d1.gain("loud")', "as in d1.gain(sine.slow(4))"),
        ('lowpass("<800 low>")', """(a signal takes numbers, not 'low'; as in "0 .5 1", or sine)"""),
        (
            'record("/nowhere/x.wav")',
            "there is no folder '/nowhere' for the recording; make it first, or name another",
        ),
    ],
)
def test_what_is_wrong_is_said_once(names, line, end):
    with pytest.raises(LatentcodeError) as raised:
        eval(line, names.space)
    assert str(raised.value).endswith(end)


def test_what_is_right_is_answered(names):
    assert "bridge is where the set comes to" in repr(eval('bookmark("bridge")', names.space))
    assert "bridge is here" in repr(eval('bookmark("bridge", quant="now")', names.space))
    assert linked(1, 120.0, 3.88, 4, False, False) == "in Link, 1 other, 120 bpm, beat 4 of 4"


def test_a_folder_to_look_through_is_there_whether_or_not_something_is_missing(tmp_path, capsys):
    from latentcode.cli import main

    (tmp_path / "s.py").write_text("# latentcode session 1\n# @ seed 7\n# @ 1 0\nx = 1\n# @ end 100\n")
    assert main(["play", str(tmp_path / "s.py"), "--find", str(tmp_path / "gone"), "--trust"]) != 0
    assert "there is no such folder; as in --find ~/samples" in capsys.readouterr().err
