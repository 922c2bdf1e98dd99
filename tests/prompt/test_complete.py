from __future__ import annotations

import unicodedata

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from latentcode.prompt import toolbar
from latentcode.prompt.complete import (
    DeskCompleter,
    called,
    never_right,
    open_call,
    open_string,
    signature_of,
)
from latentcode.prompt.helping import in_short
from latentcode.protocol.messages import State
from latentcode.protocol.state import VoiceState
from latentcode.sounds.model import path


@pytest.fixture
def completed(names):
    names.space["cellos"] = [1]
    completer = DeskCompleter(lambda: names.space, lambda: ("cello", "choir", "flute"))

    def complete(text):
        asked = CompleteEvent(completion_requested=True)
        return [c.text for c in completer.get_completions(Document(text), asked)]

    return complete


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("step", "stepwise"),
        ("d1 >> mes", "meso"),
        ("cel", "cellos"),
        ('d1 >> s("ce', "cello"),
        ("d1 >> s('cello [ch", "choir"),
        ('d1 >> "flu', "flute"),
        ('s("cello").rev', "rev"),
        ('d1 >> s("cello").euclid_', "euclid_rot"),
        ("d1.una", None),
        ("d1.unm", "unmute"),
        ("random.choi", "choice"),
        ("whi", "while"),
        ("sort", "sorted"),
    ],
)
def test_completion(completed, text, first):
    assert (completed(text) or [None])[0] == first


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('path("cello", model="str', ["strings"]),
        ('s("cello").model("str', ["strings"]),
        ('s("cello").model("<raw str', ["<raw strings"]),
        ('path("cello").encoded_by("r', ["raw"]),
        ('load_model("', ["default", "house", "spectral", "small", "raw", "strings", "here.ts"]),
        ('load_model("./h', ["ere.ts"]),
    ],
)
def test_names_of_models_are_completed(completed, text, found, tmp_path, monkeypatch):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "strings.ts").touch()
    (tmp_path / "here.ts").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LATENTCODE_MODELS", str(tmp_path / "own"))
    assert completed(text) == found


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("word", "starts"), [("ताल", ["त", "ता"]), ("grün", ["gr", "grü"]), ("हिन्दी", ["हि", "हिन्"])]
)
def test_names_of_all_scripts_are_completed_however_they_are_typed(names, form, word, starts):
    names.space[unicodedata.normalize("NFC", word)] = path("cello")
    completer = DeskCompleter(lambda: names.space, lambda: [f"{word}_2"])
    for start in starts:
        typed = unicodedata.normalize(form, start)
        for before, last in (("", word), ("d1 >> ", word), ('d1 >> s("kick ', f"{word}_2"), ('s("', word)):
            found = list(completer.get_completions(Document(before + typed), CompleteEvent()))
            assert last in [one.text for one in found]
            assert {one.start_position for one in found} == {-len(typed)}
    typed = unicodedata.normalize(form, word)
    found = [one.text for one in completer.get_completions(Document(f'x = s("{typed}").re'), CompleteEvent())]
    assert "rev" in found
    assert "retimed" in [
        one.text for one in completer.get_completions(Document(f"{typed}.re"), CompleteEvent())
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ('go("', ["chorus", "verse"]),
        ('go("v', ["verse"]),
        ('go("verse", quant="', ["cycle", "beat", "now"]),
        ('quant("b', ["beat"]),
        ("d1.play('cello', quant='n", ["now"]),
        ('d1.morph(8, curve="', ["linear"]),
        ('d1.morph(8, "sm', ["smooth"]),
        ('n("0 2").scale_of("c mi', ["c min", "c minor", "c minor blues"]),
        ('n("0 2").scale_of("dor', ["dorian"]),
        ('scale_of("<c:major a:mel', ["<c:major a:melodic_minor"]),
        ('takeover("', ["pickup", "scale", "jump"]),
        ('help("euclid_', ["euclid_rot"]),
        ('d["ba', ["bass"]),
        ("d1.fx(", ["bandpass", "chorus"]),
        ("d1.fx(lowpass(800), re", ["reverb"]),
        ("master.fx(low", ["lowpass"]),
        ('touch("', ["x", "y", "down"]),
        ('d2.fx(lowpass(slider("', ["wah", "cutoff"]),
        ('d2 >> s("', ["cello", "choir", "flute"]),
        ('d2 >> s("cello [', ["cello", "choir", "flute"]),
        ('load("', ["prep.py", "takes"]),
        ('load("./.', ["git"]),
    ],
)
def test_what_can_stand_there_is_offered(completed, names, text, first, tmp_path, monkeypatch, sink):
    monkeypatch.chdir(tmp_path)
    for name in ("prep.py", "a.wav", "takes/", ".git/", ".hidden.py"):
        (tmp_path / name).mkdir() if name[-1] == "/" else (tmp_path / name).touch()
    playing = (VoiceState(0, text='s("kick").gain(slider("wah"))', fx='lowpass(slider("cutoff", 2, 4))'),)
    sink.told = State(voices=playing)
    names.space["scene"]("verse")
    names.space["scene"]("chorus")
    names.space["d"]["bass"]
    assert completed(text)[: len(first)] == first


def test_the_musicians_words_come_before_what_is_inside(completed, names):
    names.space["zebra"] = names.space["sink"] = 1
    found = completed('s("cello").')
    assert found.index("zoom") < found.index("random_nodes")
    assert found.index("rev") < found.index("retimed")
    assert completed("d1.")[-1] == "index"
    assert completed("s")[0] == "sink"
    assert completed("A")[:1] != completed("a")[:1]
    assert completed("") == []


def test_files_are_completed_where_a_file_is_meant(completed, tmp_path, monkeypatch):
    (tmp_path / "mine.wav").touch()
    monkeypatch.chdir(tmp_path)
    assert completed('path("./mi') == ["ne.wav"]
    assert completed('load_model("mi') == ["ne.wav"]


def test_looking_runs_no_code(completed, names):
    exec(
        "class Bad:\n    @property\n    def x(self): raise SystemExit\n    inner = 3\nbad = Bad()",
        names.space,
    )
    assert completed("bad.i") == ["inner"]
    assert completed("bad.x.") == []


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('s("ce', "ce"),
        ("x = 'a' + 'b", "b"),
        ('"""a\nb', "a\nb"),
        ('"a" "b"', None),
        ("x # 'a", None),
        ("'a\\'b", "a\\'b"),
    ],
)
def test_open_strings(text, inside):
    found = open_string(text)
    assert (found[1] if found else None) == inside


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("extend(", ("extend", 0)),
        ('d1 >> meso("a, b", choir, ', ("meso", 2)),
        ("stepwise(s('a'), ", ("stepwise", 1)),
        ("stepwise((1, 2", None),
        ("s('a')", None),
        ("if (", None),
    ],
)
def test_open_calls(text, call):
    found = open_call(text)
    assert (found[:2] if found else None) == call


def test_signatures_of_functions_and_methods(names):
    assert list(signature_of("extend", names.space)[0].parameters) == ["a", "b", "alpha", "factor", "glide"]
    assert "Source" not in str(signature_of("extend", names.space)[0])
    assert str(signature_of("fast", names.space)[0]).startswith("(")
    assert "self" not in str(signature_of("gain", names.space)[0])
    assert list(signature_of("morph", names.space)[0].parameters) == ["over", "curve", "glide"]
    assert signature_of("nothing_like_it", names.space) is None


def test_the_call_that_is_typed_is_told_in_short(names):
    """A voice's word is not the pattern's of the same name."""
    voices, patterns = called("d1 >> choir; d1.gain("), called('d1 >> s("cello").gain(')
    assert (voices, patterns, called("s('a')")) == ("d1.gain", "gain", "")
    told = [in_short(name, signature_of(name, names.space)[1]) for name in (voices, patterns, "quant")]
    assert ".gain(" in told[0][1]
    assert told[0][1].startswith("d")
    assert not told[1][1].startswith("d1.")
    assert told[0][0] != told[1][0]
    row = "".join(text for _, text in toolbar.told(*told[2], 40))
    assert 'quant("' in row
    assert len(row) <= 40


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("d1 >> s(“kick*4”)", True),
        (">>> d1 >> s('kick')", True),
        ("d1 >> s('kick'))", True),
        ("for d1", True),
        ("d1 >> s('kick')", False),
        ("  d1 >> s('kick')", False),
        ("d1 >> s(", False),
        ("def f(p):", False),
        ("x = (1 +\n2", False),
    ],
)
def test_a_line_that_nothing_can_mend_is_run_so_that_it_is_told(line, wrong):
    assert never_right(line) is wrong
