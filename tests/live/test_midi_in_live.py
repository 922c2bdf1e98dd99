"""Devices that play into a live set, over a jackd of their own."""

from __future__ import annotations

import pytest
from helpers.live_set import LiveSet
from helpers.midi_device import Device
from helpers.waiting import insisting, until

from latentcode.engine.midi_in_choice import wanted
from latentcode.session.journal import read_session


def ports(live):
    return live.state.midi


def notices(live):
    return [message[1] for message in live.messages if message[0] == "notice"]


def test_a_set_hears_what_is_plugged_in_and_listens_to_what_is_asked(tmp_path, model_file, jack):
    pytest.importorskip("rtmidi")
    nano, keys = Device(jack.environment, "nano"), Device(jack.environment, "keys")
    live = LiveSet(tmp_path, model_file)
    # JACK lists ports in the places that others have left
    until(lambda: sorted(ports(live)) == ["keys:out", "nano:out"], 30, lambda: (ports(live), live.messages))
    assert not [text for text in notices(live) if "MIDI" in text or "plugged" in text]
    noted = {("cc:7@nano:out/1", 1.0), ("note:60@keys:out/1", 0.0)}

    def play():
        nano.send([0xB0, 7, 64], [0xB0, 7, 127])
        keys.send([0x90, 60, 127], [0x90, 60, 0])

    insisting(play, lambda: noted <= set(given(live)), 60, lambda: live.messages)
    live.say("midi_in", ("keys",), False)
    until(lambda: ports(live) == ("keys:out",), 20, lambda: live.messages)
    live.say("midi_in", ("way in",), True)
    until(lambda: ports(live) == ("keys:out", "way_in"), 20, lambda: live.messages)
    nano.send([0xB0, 7, 0])

    live.child.process.kill()  # another engine listens to what this one was asked to
    live.child.process.wait()
    again = LiveSet(tmp_path, model_file, "--continue")
    again.say("restore", ())
    until(lambda: ports(again) == ("keys:out", "way_in"), 30, lambda: again.messages)
    keys.kill()
    gone = "keys:out is gone; what is bound to it waits until it is back"
    until(lambda: gone in notices(again), 20, lambda: again.messages)
    again.say("midi_in", (), False)
    until(lambda: ports(again) == (), 20, lambda: again.messages)
    assert again.finish() == 0
    assert ("cc:7@nano:out/1", 0.0) not in given(live)
    nano.close()


def given(live):
    return [tuple(one) for one, _ in read_session(live.journal).inputs]


@pytest.mark.parametrize(
    ("text", "parts"),
    [(None, ("*",)), ("none", ()), ("nano", ("nano",)), ("Launch Pad, nano,", ("launch_pad", "nano"))],
)
def test_the_command_line_chooses_by_parts_of_names(text, parts):
    assert wanted(text) == (parts, ())
