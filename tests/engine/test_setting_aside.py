"""What takes too long while it plays is set aside within half a second, and a replay does the same without it."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest
from helpers.again import assert_same_samples
from helpers.toy_sounds import LATENT, RATE, WINDOW, First, Sounds

import latentcode as lc
from latentcode.clock import watchdog as guard
from latentcode.clock.watchdog import CATCHING_UP, GUARD, LIVE, TooSlowError
from latentcode.engine.lastwords import HUNG, LastWords
from latentcode.engine.taking_over import gone
from latentcode.latents.morph import Morph
from latentcode.session.journal import Session
from latentcode.session.records import Fallback
from latentcode.set.commands import Command
from latentcode.set.performance import BLOCK, Performance
from latentcode.synth.budget import Budget
from latentcode.synth.renderer import Renderer
from latentcode.synth.settings import Settings

playing = False  # what is built is tried at once, and must not hang there


def spin():
    while playing:
        with suppress(BaseException):  # nobody who catches all is spared
            while playing:
                pass
    return 1.0


def hangs_later(value):
    return spin() if value > 0.8 else value


def play(voice, pattern, quant="1", *morph):
    return Command("play", voice, (pattern, quant, *morph))


SLOW = lc.n("<0 1>").fmap(lambda value: spin() if value == 1 else value)
DRIFT = lc.sine.slow(4).fmap(hangs_later)
DAWDLES = lc.n("0 1").fmap(lambda value: time.sleep(0.4 * playing) or value).s("a")
BEAT = (0, play(2, lc.s("a(3,8)")))
TEMPO = Command("tempo", arguments=(lc.sine.slow(2).fmap(lambda x: 100 + 50 * hangs_later(x)),))
PORT = ("midi", "synth", "note", 1)
SETS = {
    "event": (BEAT, (30000, play(2, SLOW.s("a")))),
    "in mid-block": (BEAT, (30000, play(2, SLOW.early(1).s("a"), None))),
    "trajectory": ((0, play(2, lc.s("a*4").bias(DRIFT))),),
    "what a morph comes from": (
        (0, play(2, lc.s("a*4").bias(DRIFT))),
        (20000, play(2, lc.s("b*4"), None, Morph(Fraction(4)))),
    ),
    "once": (BEAT, (0, Command("once", 2, (SLOW.fast(4).s("b"), "1")))),
    "fader": (BEAT, (100, Command("gain", 2, (DRIFT,)))),
    "effect": (BEAT, (100, Command("fx", 2, ((lc.lowpass(DRIFT.range(300, 900)),),)))),
    "tempo": (BEAT, (100, TEMPO)),
    "line": (BEAT, (0, Command("send", arguments=(PORT, SLOW.early(1), "1", ())))),
}


def performed(commands, known=None):
    """The samples of four seconds, what the player was told, what was decided, and the longest block in seconds."""
    renderer = Renderer(
        Settings(RATE, RATE, WINDOW, latent_dim=LATENT), Sounds(50), First(), lambda trouble: None
    )
    performance, decided, blocks, longest = Performance(renderer), [], [], 0.0
    renderer.live, renderer.aside.seconds = known is None, LIVE
    renderer.aside.report = lambda *decision: decided.append(decision)
    for decision in known or ():
        renderer.aside.know(*decision)
    for stamp, command in commands:
        performance.schedule(command, stamp)
    while renderer.position < 4 * RATE:
        begun = time.thread_time()  # not while others are at work
        blocks.append(performance.render(BLOCK))
        longest = max(longest, time.thread_time() - begun)
    return np.concatenate(blocks, axis=1), performance.outbox, decided, longest


@pytest.mark.parametrize("name", SETS)
def test_what_hangs_is_set_aside_and_a_replay_gives_the_same_samples_without_it(name, monkeypatch):
    monkeypatch.setitem(globals(), "playing", True)
    heard, told, decided, _ = performed(SETS[name])
    assert len(decided) == 1
    again, told_again, anew, longest = performed(SETS[name], decided)
    assert not anew  # it was not even tried
    assert longest < LIVE
    assert_same_samples(heard.T, again.T, 0)
    assert told == told_again
    assert name == "trajectory" or np.abs(heard[4][decided[0][1] :]).max() > 0.1 or name.startswith("what")


def test_a_machine_that_stands_still_while_nothing_is_read_sets_nothing_aside(monkeypatch):
    charge, charged = Budget.charge, []

    def watched(budget, action, rendered):
        charge(budget, action, rendered)
        charged.append(rendered)
        if sum(charged) > 20000 / RATE + 1.0:  # a second after the voice was stopped
            raise TooSlowError("it took too long")

    monkeypatch.setattr(Budget, "charge", watched)
    stopped = ((0, play(15, lc.s("a*4"))), (20000, Command("stop", 15, (None,))))
    *_, decided, _ = performed(stopped)
    assert sum(charged) >= 20000 / RATE  # what sounds has its time measured, and what rests has none
    assert not decided


def test_nobody_who_catches_all_holds_a_set_up_for_half_a_second(monkeypatch):
    monkeypatch.setitem(globals(), "playing", True)
    begun = time.thread_time()
    with pytest.raises(TooSlowError, match="too slow"):
        GUARD.run(spin)
    assert time.thread_time() - begun < 1.0  # half of it is for a machine that is loaded
    assert sum(range(1000)) == 499500  # and nothing comes after it


def test_before_a_set_sounds_a_slow_beginning_is_no_pattern_that_is_too_slow(monkeypatch):
    renderer = Renderer(
        Settings(RATE, RATE, WINDOW, latent_dim=LATENT), Sounds(50), First(), lambda trouble: None
    )
    performance, decided = Performance(renderer), []
    performance.catch_up([(0, play(2, DAWDLES, None))])
    monkeypatch.setitem(globals(), "playing", True)
    renderer.live, renderer.aside.seconds = True, CATCHING_UP
    renderer.aside.report = lambda *decision: decided.append(decision)
    performance.render(BLOCK)
    assert not decided


def test_time_in_which_a_sound_is_read_is_not_the_musicians(monkeypatch):
    monkeypatch.setattr(guard, "LOOK", 0.01)
    assert GUARD.run(lambda: GUARD.apart(lambda: time.sleep(0.3) or "read"), 0.05) == "read"


def test_a_render_ends_with_an_error_instead_of_never(monkeypatch):
    monkeypatch.setitem(globals(), "playing", True)
    monkeypatch.setattr(GUARD, "run", lambda action, seconds, *of: guard.Guard.run(GUARD, action, LIVE, *of))
    with pytest.raises(TooSlowError):
        lc.render(SLOW.s("cello").fast(8), seconds=1)


def test_an_engine_that_takes_over_leaves_out_what_was_set_aside():
    commands = [BEAT, (30000, play(2, lc.s("b*4"), None))]
    digest = commands[1][1].arguments[0].digest[:12]
    session = Session(
        records=[Fallback("d3", 40000, digest), Fallback.parse(["d1", "3"]), Fallback("d3.gain", 5)]
    )
    assert session.records[1] == Fallback("d1", 3, "-")
    renderer = Renderer(
        Settings(RATE, RATE, WINDOW, latent_dim=LATENT), Sounds(50), First(), lambda trouble: None
    )
    performance = Performance(renderer)
    renderer.position = 2 * RATE
    performance.catch_up([*commands, *gone(session)])
    performance.render(BLOCK)
    assert renderer.voices[2].playing.pattern.digest == lc.s("a(3,8)").digest


HANGS = """
import sys, time
from pathlib import Path
from latentcode.engine import lastwords
from latentcode.clock.watchdog import GUARD
lastwords.HUNG = 0.3
GUARD.marks = words = lastwords.LastWords(Path(sys.argv[1]))
words.alive(False)
time.sleep(0.6)  # nothing sounds yet: an engine that puts an hour back is none that hangs
words.alive()
GUARD.run(lambda: None, 1.0, "d2", 100)
GUARD.run(lambda: sum(range(10**13)), 1.0, "d3", 44100)
"""


def test_an_engine_that_hangs_in_c_ends_and_the_next_one_knows_where(tmp_path):
    words, begun = tmp_path / "set.words", time.monotonic()
    subprocess.run([sys.executable, "-c", HANGS, str(words)], timeout=100, stderr=subprocess.DEVNULL)
    assert time.monotonic() - begun < 60 + HUNG
    after = LastWords(words)
    assert after.former == ("d3", 44100)
    after.close()
    assert not words.exists()
    killed = LastWords(words)
    killed.enter(0, "d1", 300)
    killed.hands.sent(512, [(("gain", 0), 100, 0.25), (("turn", 16, 0, 1), 900, 0.5), (("pan", 2), 0, 0.0)])
    killed.hands.landed(512, ((("pan", 2), 0.0),))
    killed.hands.sent(768, [(("gain", 0), 100, 0.75)])
    killed.settled(48000)
    after = LastWords(words)
    assert (after.former, after.recorded) == (None, 48000)
    assert [one.format() for one in after.unnoted] == [
        "# @ hand 768 d1.gain 0.75", "# @ hand 900 master.fx.0.1 0.5"
    ]  # fmt: skip
    after.close()


RENDERS = """
import ctypes, re, signal, sys, time
from pathlib import Path
from latentcode.engine import deadman
from latentcode.clock.watchdog import GUARD, TooSlowError
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
deadman.INTERRUPTED, deadman.ENDED = 0.5, 5.0
HANGS = [
    lambda: time.sleep(1e9),
    lambda: re.match("(a|aa)+$", "a" * 60 + "b"),
    lambda: 10**10**8,
    lambda: ctypes.CDLL(None).pause(),
    lambda: GUARD.apart(lambda: None) or time.sleep(1e9),
    lambda: sum(range(10**13)),
]
part = Path(sys.argv[1])
part.touch()
with deadman.ended_when_hung(part):
    for hang in HANGS:
        try:
            GUARD.run(hang, 0.1, "d3", 44100)
        except TooSlowError:
            print("set aside", flush=True)
"""


@pytest.mark.skipif(
    sys.platform == "win32", reason="nobody can be interrupted there: all of them end the render"
)
def test_a_render_goes_on_without_what_hangs_in_c_or_ends_with_a_sentence(tmp_path):
    part = tmp_path / ".take.wav.part"
    command = [sys.executable, "-c", RENDERS, str(part)]
    ended = subprocess.run(command, timeout=100, capture_output=True, text=True)
    assert ended.stdout.split("\n")[:-1] == ["set aside"] * 5
    assert ended.returncode < 0
    assert ended.stderr.strip().startswith("latentcode: d3 at sample 44100 takes for ever")
    assert len(ended.stderr.strip().split("\n")) == 1
    assert not part.exists()


def test_ctrl_c_in_a_piece_that_is_not_too_slow_is_ctrl_c():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        GUARD.run(interrupted, 5.0)
    assert GUARD.run(lambda: "and the next one is run", 5.0)
