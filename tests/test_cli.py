from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from latentcode import cli
from latentcode.errors import SessionError
from latentcode.offline.files import SoundMeasured
from latentcode.prompt.options import Options
from latentcode.prompt.prompt import run

SESSION = """\
# latentcode session 1
# @ seed 7  rate 44100  buffer 256
# @ 1 0
x = 1
# @ 2 100
hush()
# @ 2 hush 17da9a 100
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    return tmp_path


def status(*words: str) -> int:
    try:
        return cli.main(words)
    except SystemExit as error:
        return int(error.code or 0)


def test_help_and_version(capsys):
    assert status("--help") == 0
    for command in ("play", "render", "train", "evaluate", "info", "doctor"):
        assert command in capsys.readouterr().out or status("--help") == 0
    assert status("--version") == 0
    assert capsys.readouterr().out.strip().endswith("latentcode 0.1.0")


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from latentcode import cli\n"
        "try: cli.main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'numpy', 'prompt_toolkit', 'pyo', 'rich', 'soundfile'} & set(sys.modules)\n"
        "sys.exit(' '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "words",
    [
        ("bogus",),
        ("play",),
        ("render", "x.py"),
        ("--rate", "fast"),
        ("--bpm", "quick"),
        ("--lead", "nan"),
        ("--lead", "-3"),
        ("--lead", "5000"),
        ("--noise", "3"),
        ("--noise", "nan"),
        ("--rate", "10"),
        ("--outputs", "0"),
        ("--driver", "radio"),
        ("info",),
    ],
)
def test_a_wrong_call_is_2(words, capsys):
    assert status(*words) == 2
    assert "usage: latentcode" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--lead", "5000"), "argument --lead: a number from 1 to 1000 is needed, not '5000'"),
        (("--outputs", "0"), "a whole number from 1 to 1000000 is needed, not '0'"),
        (("s.py",), "type latentcode play s.py"),
        (("it's.py",), "type latentcode play it's.py"),
        (("help",), "type latentcode --help"),
        (("opne", "last"), "did you mean latentcode open?"),
        (("log", "yesterday"), "no set that was played begins so; latentcode sessions lists them"),
        (("log", "last"), "no set was played yet"),
        (("render", "s.py", "--stem", "x"), "unrecognized arguments: --stem x"),
    ],
)
def test_a_wrong_call_says_what_to_type(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("s.py", "it's.py"):
        Path(name).write_text(SESSION)
    assert status(*words) == 2
    assert said in capsys.readouterr().err


def test_a_journal_may_be_a_folder(tmp_path):
    journal = Path(Options(journal=str(tmp_path)).settled().journal)
    assert journal.parent == tmp_path
    assert journal.suffix == ".py"


@pytest.mark.parametrize("name", ["t.wav", "T.FLAC", "song.m4a", "m.safetensors", "rig.toml"])
def test_a_set_is_not_written_down_as_a_sound_or_a_model(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert status("--journal", name) == 1
    assert f"type --journal {Path(name).stem}.py" in capsys.readouterr().err
    assert not Path(name).exists()
    for fine in ("set", "set.txt", "2026.11.28", os.devnull):
        assert Options(journal=fine).settled().journal == os.path.abspath(fine)


def test_the_rate_of_an_exported_model_is_said_of_no_other(tmp_path, capsys):
    assert status("--model", "raw", "--model-rate", "22050", "--journal", str(tmp_path)) == 1
    assert "--model-rate 22050 is for exported models" in capsys.readouterr().err


def test_a_prompt_without_an_engine_ends_with_1(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("1 + 1\n"))
    options = Options(journal=str(tmp_path / "s.py"), driver="timer")
    assert run(options, engine="no_such_engine") == 1


def test_a_sound_is_not_rendered_to_a_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("s.py").write_text(SESSION)
    Path("out").mkdir()
    assert status("render", "s.py", "-o", "out", "--trust") == 1
    assert "out is a folder; give a file in it" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["DATA", "out", "s.py"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("play", "/nowhere/s.py"), "/nowhere/s.py cannot be read"),
        (("render", "/nowhere/s.py", "-o", "x.wav"), "cannot be read"),
        (("info", "nothing_like_it"), "no sound called 'nothing_like_it'"),
        (("info", "missing.safetensors"), "no model at missing.safetensors"),
    ],
)
def test_an_error_is_one_line_and_1(words, said, capsys):
    assert status(*words) == 1
    err = capsys.readouterr().err
    assert said in err
    assert err.startswith("latentcode: ")
    assert err.count("\n") == 1


def test_ctrl_c_is_130_without_a_traceback(monkeypatch, capsys):
    def interrupted(args):
        raise KeyboardInterrupt

    monkeypatch.setattr("latentcode.doctor.run", interrupted)
    assert status("doctor") == 130
    assert "Traceback" not in capsys.readouterr().err


def test_what_ends_it_from_outside_lets_it_close_what_is_open(monkeypatch, capsys):
    closed = []

    def ended(args):
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            closed.append(True)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("latentcode.doctor.run", ended)
    assert status("doctor") == 143
    assert closed
    assert "Traceback" not in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_options_reach_the_prompt(monkeypatch):
    found = []
    monkeypatch.setattr("latentcode.prompt.prompt.run", lambda options, **more: found.append(options) or 0)
    assert status("--bpm", "93.5", "--seed", "4", "--driver", "timer", "--keep", "--vi", "--lead", "60") == 0
    options = found[0].settled()
    assert (options.bpm, options.seed, options.driver, options.lead) == ("93.5", 4, "timer", 60.0)
    assert options.keep
    assert options.vi
    assert options.arguments()[:2] == ["--model", "default"]


def test_a_session_is_not_run_without_trust(tmp_path, monkeypatch, capsys):
    path = tmp_path / "s.py"
    path.write_text(SESSION.replace("x = 1", f"open({str(tmp_path / 'ran')!r}, 'w')"))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert status("render", str(path), "-o", str(tmp_path / "x.wav")) == 1
    assert "--trust" in capsys.readouterr().err
    assert not (tmp_path / "ran").exists()


def test_a_set_that_goes_on_is_shown_as_any_other(tmp_path, capsys):
    path = tmp_path / "s.py"
    path.write_text(SESSION)
    assert status("open", str(path), "--plain", "--stage", "nowhere:x") == 1
    assert "nowhere:x" in capsys.readouterr().err


def test_rendering_says_the_peak(tmp_path, monkeypatch, capsys):
    path = tmp_path / "s.py"
    path.write_text(SESSION)

    def rendered(session, wanted, report=None, notice=print, model=None):
        report(1.0, 2.0)
        notice("line 3: something is not what it was")
        return [SoundMeasured(wanted.out, 0.5, 0.51, -18.04)]

    monkeypatch.setattr("latentcode.offline.session.render_files", rendered)
    assert status("render", str(path), "-o", "x.wav", "--trust") == 0
    out, err = capsys.readouterr()
    assert out == "x.wav: peak -6.0 dB, true peak -5.8 dBTP, -18.0 LUFS\n"
    assert "line 3" in err


def test_an_error_in_a_session_is_one_line(tmp_path, monkeypatch, capsys):
    path = tmp_path / "s.py"
    path.write_text(SESSION)

    def failing(*_, **__):
        raise SessionError("x.mp3: a sound is written as\n.wav")

    monkeypatch.setattr("latentcode.offline.session.render_files", failing)
    assert status("render", str(path), "-o", "x.wav", "--trust") == 1
    assert capsys.readouterr().err == "latentcode: x.mp3: a sound is written as .wav\n"


def test_info_tells_what_a_file_is(tmp_path, capsys):
    path = tmp_path / "s.py"
    path.write_text(SESSION)
    assert status("info", str(path)) == 0
    assert "2 blocks of code, 1 commands" in capsys.readouterr().out
    assert status("info", "cello") == 0
    assert "sound cello:2, one of 5\n" in capsys.readouterr().out
    assert status("info", "default") == 0
    assert "44100 Hz" in capsys.readouterr().out
    (tmp_path / "x.wav").write_text("no sound")
    assert status("info", str(tmp_path / "x.wav")) == 1
    assert "neither a sound" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "plays"),
    [
        ("", "raw"),
        ("  model house@3f9a", "raw"),
        ("  model spectral", "spectral"),
        ("  default spectral", "spectral"),
    ],
)
def test_info_tells_which_model_an_early_session_plays(tmp_path, capsys, said, plays):
    path = tmp_path / "s.py"
    path.write_text(f"# latentcode session 1\n# @ seed 7  rate 44100{said}\n# @ end 22050\n")
    assert status("info", str(path)) == 0
    assert f"  plays the model {plays}, which its header means\n" in capsys.readouterr().out


def test_it_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "latentcode", "--version"], capture_output=True, text=True)
    assert done.stdout == "latentcode 0.1.0\n"


@pytest.mark.parametrize("sound", [True, False])
def test_the_demo_ends_with_what_to_type_next(monkeypatch, capsys, sound):
    from latentcode import demo

    called = []
    monkeypatch.setattr(demo, "sound_is_there", lambda: sound)
    monkeypatch.setattr(demo.cli, "main", lambda words: called.append(words[0]) or 0)
    assert demo.main("a.py", "a.wav") == 0
    last = capsys.readouterr().out.splitlines()[-2:]
    assert called == ["play" if sound else "render"]
    assert "latentcode" in last[0]
    assert "help()" in last[0]
    assert "guide" in last[0]


EVIL = "\r\x1b[K\x1b]0;title\x07\u202e"


def test_nothing_that_a_terminal_obeys_is_printed(tmp_path, capsys, monkeypatch, home):
    asked = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or "n")
    session = tmp_path / f"a{EVIL}.py"
    session.write_text(
        f"# latentcode session 1\n# @ seed 1  model m%{{1b}}[2K%{{d}}\n# @ 1 0\nx = 1\n# @ dry {EVIL[1:]}\n"
    )
    for words in (["info", str(session)], ["play", str(session)], ["render", str(session), "-o", "x.wav"]):
        cli.main(words)
    cli.main(["info", str(tmp_path / f"none{EVIL}")])
    with pytest.raises(SystemExit):
        cli.main(["info", "a", f"b{EVIL}"])
    out, err = capsys.readouterr()
    for text in (out, err, *asked):
        assert not set(text) & set("\r\x1b\x07\u202e")
    assert len(asked) == 2
    assert "\\r\\x1b[K" in asked[0]
    assert "model: m\\x1b[2K\\r" in out


def test_a_seed_that_no_journal_can_hold_is_refused(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--seed", str(10**30)])
    assert "a whole number from -9223372036854775808 to 9223372036854775807" in capsys.readouterr().err


def test_a_new_file_is_not_said_to_be_there(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("set.py").write_text("# latentcode session 1\n# @ seed 1  rate 44100\n# @ 1 0\nx = 1\n# @ end 256\n")
    assert cli.main(["render", "--trust", "set.py", "-o", "./out.wav"]) == 0
    assert "there already" not in capsys.readouterr().err
    assert Path("out.wav").is_file()
