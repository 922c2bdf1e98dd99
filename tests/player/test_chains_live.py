"""Effects in the player process: over the wire, in time, after the device was lost, and the same offline."""

from __future__ import annotations

import numpy as np
from helpers import effect_bench as bench
from helpers.again import assert_same_samples
from helpers.jack_server import private_jack
from helpers.player_process import constant, noise

STEP = 24000  # samples


def test_effects_that_come_go_and_move_are_the_same_offline(session, on_jack, replay):
    chain = bench.spec(("lowpass", {"cutoff": 700.0}), ("chorus", {}), ("delay", {"time": 0.125}))
    with private_jack() as jack:
        on_jack(jack)
        one = session(seconds=8)
        sound = noise(44100 * 8, 0.05)
        one.ring.write(sound)
        one.start()
        one.record()
        one.wait("recording")
        begin = one.ring.playhead + 6000
        commands = [
            ("fx", begin, 2, chain),
            ("fx", begin + 3000, 16, bench.spec(("compressor", {}), ("reverb", {}))),
            ("turn", begin + 9000, ((2, 0, 0, 5000.0), (16, 1, 0, 0.8))),
            ("fx", begin + 16000, 2, bench.spec(("distortion", {}))),
            ("fx", begin + 30000, 2, ()),
        ]
        for command in commands:
            one.send(*command)
        one.play_until(begin + 20000)
        one.send("turn", begin + 5000, ((16, 1, 1, 0.2),))  # comes much too late
        one.play_until(begin + 50000)
        first, heard = one.recorded()
    assert [key.split(":")[0] for key, *_ in one.of("late")] == ["turn"]
    assert one.of("error") == []
    late = [["turn", sample, applied] for _, sample, applied in one.of("late")]
    commands.append(("turn", begin + 5000, ((16, 1, 1, 0.2),)))
    moved = [(sample, 256) for _, _, sample, *_ in one.of("device")]  # a loaded machine may lose its own
    again = replay(
        sound, rate=44100, buffer=256, commands=commands, late=late, dry=one.of("dry"), restarts=moved
    )
    assert_same_samples(heard, again[first : first + len(heard)], first)
    assert not np.allclose(heard[begin - first + 2000 :], bench_mix(sound)[begin + 2000 : first + len(heard)])


def bench_mix(sound: np.ndarray) -> np.ndarray:
    return sound.reshape(len(sound), -1, 2).sum(axis=1)


def test_effects_are_back_on_a_new_device(session, on_jack):
    with private_jack() as jack:
        on_jack(jack)
        one = session(seconds=12)
        one.supply(constant(0.01))
        one.start()
        one.send("fx", 0, 0, bench.spec(("gain_db", {"db": -6.0206})))
        one.send("turn", 10, ((0, 0, 0, -60.0),))
        jack.kill()
        lost = one.wait("device")[3]
        one.record()
        one.play_until(lost + 10000)
        _, heard = one.recorded()
    assert abs(heard[-1, 0] - (0.15 + 0.01 * 0.001)) < 1e-5


def test_building_a_long_chain_makes_no_gap(session, on_jack):
    long = bench.spec(*[("reverb", {}), ("chorus", {}), ("delay", {}), ("phaser", {})] * 2)
    with private_jack() as jack:
        on_jack(jack)
        one = session(seconds=12)
        one.supply(constant(0.01))
        one.start()
        one.play_until(one.ring.playhead + 44100)
        begun = one.ring.xruns
        for number in range(4):
            one.send("fx", one.ring.playhead + STEP - 4000, number, long)
            one.play_until(one.ring.playhead + STEP)
        built = one.ring.xruns
        one.play_until(one.ring.playhead + 4 * STEP)
        played = one.ring.xruns
        assert one.of("late") == []
        assert built - begun <= 4 + 2 * (played - built)  # machines stall by themselves
