from __future__ import annotations

import numpy as np

from latentcode.player.transport import Transport, message_key
from latentcode.protocol.player_messages import Ending, Gain
from latentcode.protocol.ringbuffer import CHANNELS, Ring
from latentcode.testing.spoken import made, spoken


class Tape:
    """A graph that plays its first channels as they are."""

    def __init__(self, buffer: int = 64, latency: int = 0) -> None:
        self.rate, self.buffer, self.latency = 44100, buffer, latency
        self.block = np.zeros((CHANNELS, buffer), np.float32)
        self.applied: list[tuple] = []

    def compute(self):
        pass

    def silence(self):
        self.block[:] = 0.0

    def prepare(self, command):
        pass

    def output(self):
        return self.block[:2].T.copy()

    def apply(self, command):
        name, *fields = spoken(command)
        self.applied.append((name, *fields[1:]))


def setup(written: int, start: int = 0, **tape):
    ring, reports = Ring.create(frames=10000), []
    ring.reset(start)
    ring.write(np.ones((written, CHANNELS), np.float32))
    transport = Transport(ring, start, lambda *report: reports.append(report))
    graph = transport.adopt(lambda mixer: Tape(**tape))
    return transport, graph, ring, reports


def test_a_command_waits_for_the_first_buffer_at_or_after_its_sample():
    transport, graph, _, reports = setup(1000)
    transport.command(made("gain", 128, 1, 0.5))
    transport.command(made("pan", 65, 1, 0.5))
    transport.command(made("master", 0, 0.5))
    applied = []
    for _ in range(4):
        transport.advance(graph)
        applied.append([name for name, *_ in graph.applied])
        graph.applied.clear()
    assert applied == [["master"], [], ["pan", "gain"], []]
    assert reports == []


def test_commands_for_one_buffer_are_applied_in_order_of_sample_then_arrival():
    transport, graph, _, _ = setup(1000)
    for command in [("gain", 60, 1, 0.1), ("gain", 50, 1, 0.2), ("gain", 60, 1, 0.3)]:
        transport.command(made(*command))
    transport.advance(graph)
    transport.advance(graph)
    assert [command[-1] for command in graph.applied] == [0.2, 0.1, 0.3]


def test_a_late_command_is_applied_at_once_and_reported():
    transport, graph, _, reports = setup(1000)
    for _ in range(4):
        transport.advance(graph)
    transport.command(made("gain", 100, 1, 0.5))
    transport.advance(graph)
    assert graph.applied == [("gain", 1, 0.5)]
    assert reports == [("late", message_key(Gain(100, 1, 0.5)), 100, 256)]


def test_what_came_too_late_for_a_small_buffer_is_told_where_the_next_is_a_large_one():
    transport, graph, _, reports = setup(1000)
    for _ in range(4):
        transport.advance(graph)
    larger = transport.adopt(lambda mixer: Tape(buffer=256))
    transport.command(made("gain", 190, 1, 0.5))  # due at 192, where a buffer of 64 began
    transport.command(made("gain", 200, 1, 0.7))  # at 256, where one of 256 begins
    transport.advance(larger)
    assert [command[-1] for command in larger.applied] == [0.5, 0.7]
    assert reports == [("late", message_key(Gain(190, 1, 0.5)), 190, 256)]


def test_the_counter_goes_on_through_dry_buffers_which_are_reported_as_a_span():
    transport, graph, ring, reports = setup(100)
    for _ in range(4):
        transport.advance(graph)
    ring.reset(300)
    ring.write(np.ones((64, CHANNELS), np.float32))
    ring.reset(256)
    ring.write(np.ones((64, CHANNELS), np.float32))
    transport.advance(graph)
    assert transport.position == 320
    assert reports == [("dry", 64, 255)]
    assert transport.dry_buffers == 3


def test_a_long_dry_span_is_reported_while_it_goes_on():
    transport, graph, ring, reports = setup(64)
    for _ in range(1 + 200):
        transport.advance(graph)
    assert reports == [("dry", 64, 11135)]  # a quarter of a second
    transport.report_dry()
    assert reports == [("dry", 64, 11135), ("dry", 11136, 12863)]
    ring.reset(12864)
    ring.write(np.ones((64, CHANNELS), np.float32))
    transport.advance(graph)
    assert len(reports) == 2


def test_silence_before_the_first_sound_is_a_span_but_counts_no_dry_buffers():
    transport, graph, ring, reports = setup(0)
    for _ in range(3):
        transport.advance(graph)
    ring.reset(192)
    ring.write(np.ones((64, CHANNELS), np.float32))
    transport.advance(graph)
    assert reports == [("dry", 0, 191)]
    assert transport.dry_buffers == 0


def test_a_sound_that_never_comes_in_time_is_dry_from_the_first_sample_that_was_promised():
    transport, graph, ring, _ = setup(0)
    for _ in range(2):
        transport.advance(graph)
    ring.reset(128)
    for _ in range(5):
        ring.write(np.ones((32, CHANNELS), np.float32))
        transport.advance(graph)
    assert transport.dry_buffers == 5


def test_one_that_takes_over_stands_at_once_where_the_one_before_stood():
    transport, graph, _, reports = setup(1000)
    transport.stand(
        [
            made("gain", 10, 1, 0.5),
            made("fx", 20, 3, (("lowpass", (500.0, 0.7)),)),
            made("turn", 30, ((3, 0, 0, 800.0), (4, 0, 0, 1.0))),
            made("hand", 40, ((("gain", 1), 0.25),)),
        ]
    )
    transport.advance(graph)
    assert graph.applied == reports == []
    assert transport.mixer.gains[1] == 0.25
    assert transport.mixer.chains == {3: (("lowpass", (800.0, 0.7)),)}
    transport.hand(((("gain", 1), 10, 0.75),))  # given to the hand by a command that another player has heard
    transport.advance(graph)
    assert reports == [("hand", 64, ((("gain", 1), 0.75),))]


def test_sinks_are_told_the_session_sample_of_what_was_heard():
    transport, graph, _, _ = setup(1000, latency=10)
    heard = []
    transport.sinks.append(lambda first, block: heard.append((first, len(block))))
    for _ in range(3):
        transport.advance(graph)
    assert heard == [(-10, 64), (54, 64)]


def test_a_new_graph_takes_over_without_losing_a_sample_of_time():
    transport, graph, _, _ = setup(1000)
    heard = []
    transport.sinks.append(lambda first, block: heard.append((first, len(block))))
    transport.advance(graph)
    transport.advance(graph)
    other = transport.adopt(lambda mixer: Tape(32))
    assert not transport.advance(graph)
    transport.advance(other)
    transport.advance(other)
    assert heard == [(0, 64), (64, 64), (128, 32)]
    assert transport.position == 192


def test_sound_fades_in_when_a_session_is_taken_up_in_its_middle():
    transport, graph, _, _ = setup(1000, start=500)
    transport.advance(graph)
    assert graph.output()[0, 0] < 0.05


def test_what_a_hand_does_holds_from_the_next_border_which_is_reported():
    transport, graph, _, reports = setup(1000)
    transport.command(made("gain", 0, 1, 0.5))
    transport.advance(graph)
    transport.hand(((("gain", 1), 0, 0.6),))
    transport.hand(((("gain", 1), 0, 0.7), (("master",), -5, 0.9)))
    transport.advance(graph)
    assert graph.applied == [("gain", 1, 0.5), ("gain", 1, 0.7)]
    assert reports == [("hand", 64, ((("gain", 1), 0.7),))]


def test_a_hand_waits_for_the_command_that_gave_it_the_place_and_lets_go_at_the_one_that_takes_it():
    transport, graph, _, reports = setup(1000)
    transport.hand(((("turn", 2, 0, 1), 128, 0.1),))
    transport.advance(graph)
    assert graph.applied == []
    transport.command(made("fx", 100, 2, ()))
    transport.command(made("fx", 128, 2, ()))
    transport.command(made("turn", 192, ((2, 0, 1, 0.4),)))
    transport.advance(graph)
    transport.advance(graph)
    transport.hand(((("turn", 2, 0, 1), 128, 0.2),))
    transport.advance(graph)
    assert graph.applied == [
        ("fx", 2, ()),
        ("fx", 2, ()),
        ("turn", ((2, 0, 1, 0.1),)),
        ("turn", ((2, 0, 1, 0.4),)),
    ]
    assert reports == [("hand", 128, ((("turn", 2, 0, 1), 0.1),))]


def test_a_hand_again_holds_at_its_border_after_the_commands_that_are_due_there():
    transport, graph, _, _ = setup(1000)
    transport.command(made("hand", 64, ((("pan", 3), 0.5), (("master",), 0.2))))
    transport.command(made("pan", 64, 3, -1.0))
    transport.advance(graph)
    assert graph.applied == []
    transport.advance(graph)
    assert graph.applied == [("pan", 3, -1.0), ("pan", 3, 0.5), ("master", 0.2)]


def test_a_hand_does_not_bring_back_a_set_that_ends():
    transport, graph, _, reports = setup(1000)
    transport.command(made("master", 0, 0.5))
    transport.command(Ending(0, 0.5))
    transport.advance(graph)
    transport.hand(((("master",), 0, 1.0),))
    transport.advance(graph)
    assert [name for name, *_ in graph.applied] == ["master", "ending"]
    assert reports == []
