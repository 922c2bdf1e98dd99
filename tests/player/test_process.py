"""The player process over a sound server of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import soundfile
from helpers.jack_hands import heard_from
from helpers.jack_server import private_jack
from helpers.player_process import ROOT, PlayerProcess, constant, mix, noise
from helpers.waiting import until

from latentcode.protocol import wire
from latentcode.protocol.messages import Record
from latentcode.protocol.player_messages import FromPlayer
from latentcode.protocol.ringbuffer import CHANNELS, PlayerState
from latentcode.testing.spoken import spoken


def wav(path) -> np.ndarray:
    return soundfile.read(path, dtype="float32")[0]


LONG = 2048  # samples, in which a client is hardly ever too late
PCM_STEP = 2.0**-31
"""What jack_rec rounds to: it writes integers."""


def longest_match(sound: np.ndarray, expected: np.ndarray, place: int) -> int:
    """Samples in a row that are equal, when `place` of `sound` is laid over its equal in `expected`."""
    places = np.flatnonzero((np.abs(expected - sound[place]) <= PCM_STEP).all(axis=1))
    if len(places) != 1 or places[0] < place:
        return 0
    expected = expected[places[0] - place :][: len(sound)]
    different = np.flatnonzero((np.abs(sound[: len(expected)] - expected) > PCM_STEP).any(axis=1))
    return int(np.diff(different, prepend=-1, append=len(expected)).max()) - 1


def test_ring_samples_come_out_exactly_and_equal_what_is_heard_outside(session, on_jack, tmp_path):
    with private_jack(48000, LONG) as jack:
        on_jack(jack)
        one = session("--rate", "44100", rate=48000, seconds=20)
        sound = noise(48000 * 20)  # more than a slow machine is late
        one.ring.write(sound)
        assert one.start()[1:4] == (48000, LONG, "jack")
        path = tmp_path / "outside.wav"
        outside = subprocess.Popen(
            f"jack_rec -f {path} -d 2 -b 32 latentcode:output_1 latentcode:output_2".split(),
            env=jack.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        one.record()
        assert outside.wait(60) == 0
        one.play_until(100_000)
        first, heard = one.recorded()
    assert len(heard) > 60_000
    expected = mix(sound)
    np.testing.assert_array_equal(heard, expected[first : first + len(heard)])
    around = wav(path)
    assert max(longest_match(around, expected, place) for place in (1000, 40_000, 80_000)) > 24_000


def test_a_gain_takes_effect_in_the_buffer_of_its_sample_and_only_there(session, on_jack):
    with private_jack() as jack:
        on_jack(jack)
        one = session(seconds=12)
        one.supply(constant(0.05))
        one.start()
        one.record()
        one.wait("recording")
        stamp = (one.ring.playhead // 256 + 100) * 256 - 100
        one.send("gain", stamp, 3, 0.0)
        one.send("pan", stamp + 8000, 4, 1.0)
        one.play_until(stamp + 16000)
        first, heard = one.recorded()
    border = stamp + 100 - first
    np.testing.assert_array_equal(heard[:border], heard[:1].repeat(border, 0))
    assert heard[border, 0] < heard[0, 0]
    step = np.abs(np.diff(heard, axis=0)).max()
    assert step < 0.05 / 400
    assert heard[border + 1000] == pytest.approx(15 * 0.05)
    assert heard[-1] == pytest.approx([14 * 0.05, 15 * 0.05])
    assert one.of("late") == []


def test_missing_samples_are_faded_and_the_counter_goes_on(session, on_jack):
    with private_jack() as jack:
        on_jack(jack)
        one = session()
        one.start()
        one.record()
        one.wait("recording")
        begin = one.ring.playhead + 8192
        sound = np.full((38000, CHANNELS), 0.03, np.float32)
        one.feed(begin, sound, (0, 8000), (16000, 24000), (32000, 38000))
        first, heard = one.recorded()
    gaps = [span for span in one.of("dry") if span[0] < begin + 32000][-2:]  # it is dry again after the last
    for (start, last), wanted in zip(gaps, [(8000, 16000), (24000, 32000)], strict=True):
        assert start <= begin + wanted[0] < start + 256
        assert begin + wanted[1] <= last + 1 < begin + wanted[1] + 2000
        assert (heard[start - first + 300 : last - first] == 0).all()
        assert heard[last - first + 600] == pytest.approx(16 * 0.03)
    assert np.abs(np.diff(heard, axis=0)).max() < 16 * 0.03 / 200
    assert one.ring.dry_buffers >= sum(last + 1 - start for start, last in gaps) // 256


def test_nothing_that_is_not_a_number_or_too_loud_comes_out(session, on_jack):
    with private_jack() as jack:
        on_jack(jack)
        one = session()
        sound = noise(88200, 0.5)
        sound[20000:20010, 5] = np.nan
        sound[30000, 7] = np.inf
        sound[40000:50000] *= 1e6
        one.ring.write(sound)
        one.start()
        one.record()
        one.play_until(70000)
        _, heard = one.recorded()
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1.0
    assert (20000 // 256 * 256, 2, 10) in one.of("sanitised")
    assert one.ring.sanitised > 12


@pytest.mark.parametrize("how", ["killed", "silent"])
def test_when_the_engine_is_gone_the_player_fades_and_ends_and_recordings_end_where_it_noted_no_more(
    session, on_jack, how
):
    with private_jack() as jack:
        on_jack(jack)
        one = session("--patience", "0.3", "--farewell", "0.2", seconds=12)
        one.supply(constant(0.05))
        one.start()
        one.ring.noted = 0
        path = one.record()
        first = one.wait("recording")[2]
        noted = one.ring.noted = one.wait("settled")[1]
        one.play_until(noted + 20_000)  # so that the monitored part does not reach back to the first sample
        if how == "killed":
            one.child.wire.close()
        else:
            one.ring.engine_beat = time.monotonic()
        assert one.child.process.wait(30) == 0
    recorded, heard = wav(path), one.ring.monitored()
    assert len(recorded) == noted - one.ring.latency - first
    assert recorded == pytest.approx(0.8)
    assert heard[-1].tolist() == [0.0, 0.0]
    assert np.abs(np.diff(heard, axis=0)).max() < 0.8 / 4000  # all that is left of it, at the end of the fade
    assert one.ring.state == PlayerState.ENDED


def test_a_player_that_is_killed_leaves_its_recordings_readable(session, no_jack, tmp_path):
    one = session("--driver", "timer", seconds=6.0)
    sound = noise(6 * 44100)
    one.ring.write(sound)
    one.start()
    one.child.wire.send(Record(str(tmp_path / "take.flac"), stems=True))
    first = one.wait("recording")[2]
    one.play_until(first + 66150)
    one.child.process.kill()
    one.child.process.wait(30)
    mix, voice = (soundfile.read(tmp_path / name)[0] for name in ("take.flac", "take-d2.flac"))
    assert min(len(mix), len(voice)) > 44100
    np.testing.assert_allclose(voice[4096:40000], sound[first + 4096 : first + 40000, 2:4], atol=2**-22)
    assert len(list(tmp_path.glob("take-d*.flac"))) == 16


def test_quit_fades_and_says_where(session, no_jack):
    one = session()
    one.ring.write(noise(80000))
    one.start()
    path = one.record()
    one.wait("recording")
    one.send("quit", 0.1)
    assert one.finish() == 0
    [(begin, seconds)] = one.of("ending")
    [(_, first, frames)] = one.of("recorded")
    assert seconds == 0.1
    assert first < begin < first + frames
    assert (wav(path)[begin - first + 4410 + 64 :] == 0).all()


def test_a_player_dies_with_the_process_that_started_it(no_jack, tmp_path):
    code = (
        "import sys, os, time; from latentcode.protocol import player_messages, wire;"
        "from latentcode.protocol.ringbuffer import Ring;"
        "ring = Ring.create();"
        "child = wire.start('latentcode.player', '--ring', ring.handle, '--farewell', '0.1',"
        " hears=player_messages.FromPlayer, pass_fds=ring.pass_fds);"
        "child.wire.receive(); print(child.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    player = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 30
    while running(player):
        assert time.monotonic() < deadline, "the player is still there"
        time.sleep(0.02)


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()[0] != "Z"


def test_without_a_device_a_timer_keeps_time(session, no_jack):
    one = session()
    one.ring.write(noise(80000))
    _, rate, buffer, driver, text, outputs = one.start()
    assert (rate, buffer, driver, outputs) == (44100, 256, "timer", 2)
    assert "no sound device" in text
    began, playhead = time.monotonic(), one.ring.playhead
    one.play_until(playhead + 44100)
    pace = lambda: (one.ring.playhead - playhead) / 44100 / (time.monotonic() - began)  # noqa: E731
    until(lambda: pace() == pytest.approx(1, rel=0.2), 30, pace)  # a loaded machine stands still now and then


def test_when_the_sound_server_dies_a_timer_takes_over_until_it_is_back(session, on_jack):
    with private_jack() as jack:
        on_jack(jack)
        one = session(seconds=12)
        one.supply(constant(0.02))
        one.start()
        one.send("gain", 0, 2, 0.5)
        jack.kill()
        what, text, sample, *_ = one.wait("device")[1:]
        assert (what, one.ring.state) == ("lost", PlayerState.TIMER)
        assert "timer" in text
        one.play_until(sample + 10000)
        jack.start()
        what, text, back, *_ = one.wait("device")[1:]
        assert (what, one.ring.state) == ("back", PlayerState.DEVICE)
        assert "jack" in text
        one.play_until(back + 10000)
        assert "latentcode:output_1" in jack.ports()
        assert one.of("dry") == []


LEFT = """
import os, sys, time
from latentcode.player import drivers
from latentcode.player.transport import Transport
from latentcode.protocol.ringbuffer import CHANNELS, Ring
transport = Transport(Ring.create(CHANNELS, 44100), 0, print)
driver = drivers.Driver("jack", drivers.boot("jack", 44100, 256), transport, transport.advance)
driver.start()
print("started", flush=True)
sys.stdin.readline()
while not driver.lost:
    time.sleep(0.01)
driver.close(1.0)
print(driver._server.getIsStarted(), driver._server.getIsBooted(), flush=True)
os._exit(0)
"""


def test_what_the_audio_thread_reads_is_kept_when_the_sound_server_dies(on_jack):
    """pyo frees it, whether the audio thread comes once more or not, which was a crash now and then."""
    with private_jack() as jack:
        on_jack(jack)
        command = [sys.executable, "-c", LEFT]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as left:
            assert left.stdout.readline() == "started\n"
            jack.kill()
            assert left.communicate("\n", timeout=20)[0] == "0 1\n"


def test_a_player_that_crashes_in_c_leaves_its_stacks_in_its_log(session, no_jack):
    one = session()
    one.start()
    one.child.process.send_signal(signal.SIGSEGV)
    with pytest.raises(EOFError, match=r"(?s)exit status -11.*Segmentation fault.*process\.py"):
        one.wait("device")


def test_a_sound_server_that_hangs_holds_nothing_up(session, on_jack):
    with private_jack() as jack:
        on_jack(jack)
        one = session(seconds=12)
        one.start()
        jack.hang()
        lost = one.wait("device")
        one.play_until(lost[3] + 3 * 44100)
        one.send("gain", 0, 16, 1.0)  # there is no such voice
        one.wait("error", 5.0)
        jack.hang(signal.SIGCONT)
        assert one.wait("device")[1] == "back"
        until(lambda: "latentcode:output_1" in jack.ports())  # the name that patchbays know
        one.record()
        jack.hang()
        assert one.wait("device")[1] == "lost"
        jack.kill()  # while it stands still: what is taken down then was a crash
        jack.start()
        assert one.wait("device")[1] == "back"
        one.recorded()


def test_other_buffers_of_the_sound_server_are_taken_up_at_once(session, on_jack, tmp_path):
    """With inputs pyo would write past its own memory; without any it would play what lies beyond."""
    with private_jack() as jack:
        on_jack(jack)
        one = session("--inputs", "2", seconds=12)
        one.start()
        one.ring.reset(one.ring.playhead + 4096)
        one.supply(constant(0.05))
        with heard_from(jack, "latentcode:output_1", tmp_path) as heard:
            for period in (2048, 128, 4096, 256):
                jack.set_period(period)
                what, text, sample, *_ = one.wait("device")[1:]
                assert (what, text) == ("changed", f"jack, 44100 Hz, {period} samples a buffer")
                assert one.ring.buffer == period
                one.play_until(sample + 8192)  # the connection is what it was, or nothing would be heard
    sound = heard()
    assert (sound.min(), sound.max()) == (0.0, pytest.approx(0.8))
    edges = np.flatnonzero(np.diff((sound < 0.79).astype(int)))
    assert len(edges) >= 8


def test_without_jack_the_default_device_plays(session, no_jack, monkeypatch, tmp_path):
    (tmp_path / "asound").write_text("pcm.!default { type null }")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound"))
    one = session()
    _, rate, buffer, driver, *_ = one.start()
    if driver == "timer":
        pytest.skip("this pyo has no ALSA")
    assert (rate, buffer, driver) == (44100, 256, "portaudio")
    one.play_until(44100)


def test_a_player_that_was_killed_can_be_started_again_on_its_ring(session, on_jack):
    with private_jack() as jack:
        on_jack(jack)
        one = session()
        one.ring.write(noise(44100 * 4))
        one.start()
        one.child.process.kill()
        with pytest.raises(EOFError):
            one.wait("nothing more")
        one.child.close()
        again = one.ring.playhead + 4410
        one.start("--start", str(again))
        assert one.ring.playhead >= again
        one.play_until(again + 10000)
        assert one.ring.dry_buffers == 0


def tone(first: int, last: int) -> np.ndarray:
    sound = np.full((last - first, CHANNELS), 0.05, np.float32)
    sound[:, :2] += 0.02 * np.sin(np.arange(first, last) * 0.05)[:, None].astype(np.float32)
    return sound


def test_a_server_that_comes_back_at_another_rate_is_heard_and_what_is_recorded_is_as_it_was(
    session, on_jack, tmp_path
):
    with private_jack(44100) as jack:
        on_jack(jack)
        one = session(seconds=12)
        one.supply(tone)
        one.start()
        jack.kill()
        assert one.wait("device")[1] == "lost"
        jack.rate = 48000
        jack.start()
        what, text, begin = one.wait("device")[1:4]
        assert (what, text) == ("back", "jack, 48000 Hz; the set goes on at 44100 Hz, and is converted")
        one.record()
        with heard_from(jack, "latentcode:output_1", tmp_path) as heard:
            one.play_until(begin + 3 * 44100)
            jack.set_period(1024)  # the graph goes on
            one.play_until(begin + 6 * 44100)
        first, recorded = one.recorded()
        assert not one.of("dry")
        assert [each[0] for each in one.of("device")] == ["lost", "back"]
    heard_since, until_then = first + 4410, first + 44100
    np.testing.assert_array_equal(recorded[4410:44100], mix(tone(heard_since, until_then)))
    bins = np.abs(np.fft.rfft(heard()[-65536:] * np.hanning(65536)))[100:]
    assert 100 + bins.argmax() == pytest.approx(65536 * 0.05 / (2 * np.pi) * 44100 / 48000, abs=1)


def test_bad_commands_are_answered_and_the_player_goes_on(session, no_jack, tmp_path):
    one = session()
    one.start()
    one.send("gain", 0, 16, 1.0)
    assert "$.voice" in one.wait("error")[1]
    one.send("fx", 0, 3, (("louder", (3.0,)),))
    assert "louder" in one.wait("error")[1]
    one.send("record", str(tmp_path / "no" / "folder.wav"))
    assert "cannot record" in one.wait("error")[1]
    one.play_until(one.ring.playhead + 4000)


STARTER = """
import sys
from latentcode.protocol import player_messages, wire
from latentcode.protocol.ringbuffer import Ring
ring = Ring.create()
child = wire.start("latentcode.player", "--ring", ring.handle, "--farewell", "0",
    hears=player_messages.FromPlayer, pass_fds=ring.pass_fds, log=sys.argv[1])
child.wire.receive()
child.wire.send(player_messages.Quit(0.0))
child.process.wait()
"""


def test_what_the_player_prints_goes_to_its_log_alone(no_jack, tmp_path):
    """In a process of its own: the JACK clients of other tests print whenever they like."""
    done = subprocess.run(
        [sys.executable, "-c", STARTER, str(tmp_path / "log")], capture_output=True, cwd=ROOT
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert "jack" in (tmp_path / "log").read_text().lower()


def test_without_its_ring_the_player_says_so_and_ends(tmp_path):
    child = wire.start("latentcode.player", "--ring", "98765", hears=FromPlayer, log=tmp_path / "log")
    kind, text = spoken(child.wire.receive())
    assert kind == "error"
    assert "no ring" in text
    assert child.process.wait(30) == 1
    child.close()


def test_without_pyo_the_player_says_what_to_type(tmp_path, monkeypatch):
    (tmp_path / "pyo.py").write_text("raise ImportError('libsndfile.so.1 is missing')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    child = wire.start("latentcode.player", "--ring", "98765", hears=FromPlayer, log=tmp_path / "log")
    assert "pip install pyo" in child.wire.receive().text
    child.close()


def test_a_session_can_be_taken_up_in_its_middle(session: PlayerProcess, no_jack):
    one = session("--start", "30000", seconds=2)
    one.ring.reset(30000)
    one.ring.write(noise(40000))
    one.start()
    one.play_until(40000)
    assert one.ring.dry_buffers == 0
