"""Every record of the journal as text and back, in the words that journals of before hold."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from latentcode.clock.tempo import TempoMap, cycles_per_second
from latentcode.parameters import MASTER
from latentcode.session import records
from latentcode.session.journal import DONE, read_session
from latentcode.session.marks import (
    KINDS,
    MARK,
    NOTHING,
    CommandMark,
    block_mark,
    cycle_of,
    form,
    text_of,
    value_of,
)
from latentcode.session.records import RECORDS
from latentcode.session.writing import Journal

AS_WRITTEN = {  # a mark as it has always been written, and what it says
    "failed 2": records.Failed(2),
    "by 2 vim-2": records.SentBy(2, "vim-2"),
    "unheard 2 d1 9c41e0": records.Unheard(2, "d1", "9c41e0"),
    "unheard 2": records.Unheard(2),
    "answer 12.1 [0.5,null]": records.Answer("12.1", "[0.5,null]"),
    "timing link [true]": records.Timing("link", "[true]"),
    "bookmark the%{20}bridge 44100": records.Bookmark("the bridge", 44100),
    "grab 12.1 d3 3/2 44100": records.Grab("12.1", 2, Fraction(3, 2), 44100),
    "sound kit:3 9c41e0": records.Sound("kit:3", "9c41e0"),
    "folder ~/my%{20}kit 12": records.Folder("~/my kit", 12),
    "midi_in nano beat%{20}step": records.MidiIn(("nano", "beat step")),
    "midi_in": records.MidiIn(()),
    "midi_port clock": records.MidiPort("clock"),
    "in cc:1@nano/1 512 0.5 note:60@keys/2 700 1.0": records.Inputs(
        (("cc:1@nano/1", 512, 0.5), ("note:60@keys/2", 700, 1.0))
    ),
    "hand 4800 d1.gain 0.5 master 1.0 d4.fx.0.12 812.5": records.DirectValues(
        4800, ((("gain", 0), 0.5), (("master",), 1.0), (("turn", 3, 0, 12), 812.5))
    ),
    "packed in 1744 zlib-base85": records.Packed("in", 1744),
    "tempo 4410 500001/1000000 0": records.LeaderTempo(4410, Fraction(500001, 10**6), Fraction(0)),
    "tempo 4410 -": records.LeaderTempo(4410),
    "transport 4410 stop": records.LeaderTransport(4410, "stop"),
    "dry 512 767": records.Dry(512, 767),
    "jump 512 44100": records.Jump(512, 44100),
    "device -256 512": records.Device(-256, 512),
    "restart 44100": records.Restart(44100),
    "fallback d1.fx.0.1 44100 -": records.Fallback("d1.fx.0.1", 44100),
    "fallback d1 44100 9c41e0": records.Fallback("d1", 44100, "9c41e0"),
    "missed d16 44100 9c41": records.Missed(15, 44100, "9c41"),
    "missed d16 44100": records.Missed(15, 44100),
    "unread d2 44100": records.Unread(1, 44100),
    "behind d1+0 44100": records.Behind("d1+0", 44100),
    "unencoded 9c41e0/1/-60/-6 12 13 14": records.Unencoded("9c41e0/1/-60/-6", (12, 13, 14)),
    "eased 9c41e0/1/-60/-6 44100 512": records.Eased("9c41e0/1/-60/-6", 44100, 512),
    "grab_in 3.1 4 44100 1 2": records.GrabbedInput("3.1", Fraction(4), 44100, (1, 2)),
    "late gain.0 -5 256": records.Late("gain.0", -5, 256),
    "recording -256 44100 /my%{20}takes/a.wav": records.Recording(-256, 44100, "/my takes/a.wav"),
    "reached 000000044100": records.Reached(44100),
    "take -256 /my%{20}takes/a.wav": records.Take(-256, "/my takes/a.wav"),
    "unwritten 0 44100 3": records.Unwritten(0, 44100, 3),
    "model raw 9c41e0 /models/raw%{20}one.safetensors": records.Model(
        "raw", "9c41e0", "/models/raw one.safetensors"
    ),
    "listening 1 4096 set.in1.flac": records.Listening(1, 4096, "set.in1.flac"),
    "delayed 4096 1658": records.Delayed(4096, 1658),
    "delay 0123abcd 1658": records.Delay("0123abcd", 1658),
    "encoding_delay 0123abcd 2048": records.EncodingDelay("0123abcd", 2048),
    "deaf 512 767": records.Deaf(512, 767),
    "end 99999": records.End(99999),
}
TEXTS = ["d1", "a b", "%{20}", "%", "é\u2028x", "\ud800", "\n# @ 9 9", "—", "{}", "\u00a0", "0", "x-y"]


def parsed(text):
    name, *words = text.removeprefix(MARK).split()
    return RECORDS[name].parse(words)


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_a_record_is_written_as_ever_and_read_back(text):
    assert AS_WRITTEN[text].format() == MARK + text
    assert parsed(text) == AS_WRITTEN[text]


def test_each_record_and_each_of_its_forms_is_among_them():
    known = {(type(record), form(one)) for text, record in AS_WRITTEN.items() for one in record.forms}
    assert {(kind, form(one)) for kind in RECORDS.values() for one in kind.forms} == known


def test_early_forms_are_read_for_ever():
    assert parsed("fallback d1 5") == records.Fallback("d1", 5)
    assert parsed("in cc:1@nano/1 5 0.314960") == records.Inputs((("cc:1@nano/1", 5, 0.31496),))
    assert parsed("hand 5 d1.gain 1e-3") == records.DirectValues(5, ((("gain", 0), 0.001),))


VALUES = {
    "SAMPLE": lambda rng: rng.randrange(10 ** rng.randint(1, 12)),
    "FRAMES": lambda rng: rng.randrange(10 ** rng.randint(1, 12)),
    "TIME": lambda rng: rng.randrange(-(10**6), 10**9),
    "NUMBER": lambda rng: rng.randrange(10 ** rng.randint(1, 9)),
    "BUFFER": lambda rng: rng.randint(1, 65536),
    "VALUE": lambda rng: rng.choice([0.0, -0.0, 1e-300, 1e300, rng.random(), rng.gauss(0, 1e6)]),
    "FRACTION": lambda rng: Fraction(rng.randrange(-(10**9), 10**9), rng.randint(1, 10**9)),
    "VOICE": lambda rng: rng.randrange(16),
    "PLACE": lambda rng: rng.choice(
        [
            ("master",),
            (rng.choice(["gain", "pan"]), rng.randrange(16)),
            ("turn", rng.choice([MASTER, *range(16)]), rng.randrange(100), rng.randrange(100)),
        ]
    ),
    "NAME": lambda rng: f"{rng.randrange(10**9)}.{rng.randrange(10**9)}",
    "WORD": lambda rng: "".join(rng.choices(TEXTS, k=rng.randint(1, 5))),
    "JSON": lambda rng: text_of(rng.choice([None, rng.random(), TEXTS, {"a b": [b"\x00%{", 1]}])),
}


def drawn(rng):
    """A record of any kind, in any of its forms."""
    kind = rng.choice(list(RECORDS.values()))
    ways = form(rng.choice(kind.forms))

    def values(kinds):
        return [VALUES[one](rng) if one in KINDS else one for one in kinds if one != NOTHING]

    first, rows = values(ways.first), [values(ways.again) for _ in range(rng.randrange(5))]
    repeated = [tuple(row[0] if len(row) == 1 else tuple(row) for row in rows)] if ways.again else []
    return kind(*first, *repeated)


def test_thousands_of_records_are_read_as_they_were_written(tmp_path):
    rng = random.Random(7)
    made = [drawn(rng) for _ in range(4000)]
    for record in made:
        assert parsed(record.format()) == record
        assert parsed(record.format()).format() == record.format()
    shown = [one for one in made if not isinstance(one, (records.Packed, records.Jump, records.Device))]
    journal = Journal(tmp_path / "set.py")
    journal.header({"seed": 7})
    for record in shown:
        journal.note(record)
    journal.close()
    session = read_session(journal.path)
    assert session.faults == []
    assert session.records == shown
    reached = {sample + isinstance(record, DONE) for record in shown for sample in record.samples()}
    assert {*session.reached} == reached


def test_marks_of_commands_are_read_as_they_were_written(tmp_path):
    rng = random.Random(8)
    marks = [CommandMark(VALUES["WORD"](rng), VALUES["WORD"](rng), VALUES["SAMPLE"](rng)) for _ in range(200)]
    journal = Journal(tmp_path / "set.py")
    journal.header({"seed": 7})
    journal.block(3, "x = 1", 5)
    for mark in marks:
        journal.command(3, mark)
    journal.close()
    assert read_session(journal.path).blocks[0].marks == tuple(marks)


def test_values_are_plain():
    for value in (None, True, 3, 0.5, "a b\n", b"\x00\xff", (1, (2,)), {"a": (b"", None)}):
        assert value_of(text_of(value)) == value


def test_a_long_cycle_is_written_short_and_leads_to_its_sample():
    tempo = TempoMap(44100, cycles_per_second(120))
    for sample in range(0, 4_000_000, 200_000):
        tempo.glide(sample, cycles_per_second(60 + sample % 97), over=Fraction(3))
        exact = tempo.cycle_at(sample + 777)
        word = block_mark(1, sample + 777, exact).split()[-1]
        assert len(word) < 30
        assert tempo.sample_of(cycle_of(word)) == sample + 777
        assert cycle_of(str(exact)) == exact  # as it was written once
    assert cycle_of("1472/11025") == Fraction(block_mark(1, 11776, Fraction(1472, 11025)).split()[-1])
    assert cycle_of("1" * 5000) is None
