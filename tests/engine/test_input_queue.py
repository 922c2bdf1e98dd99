"""What hands do is stamped, thinned, noted and heard in order."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.toy_sounds import LATENT, RATE, WINDOW, First, Sounds

from latentcode.engine.input_queue import InputQueue, record_of
from latentcode.inputs.history import Input
from latentcode.session.journal import read_session
from latentcode.session.writing import Journal
from latentcode.set.commands import Command
from latentcode.set.performance import Performance
from latentcode.synth.renderer import Renderer
from latentcode.synth.settings import Settings


def performance(**settings):
    chosen = Settings(RATE, RATE, WINDOW, latent_dim=LATENT, **settings)
    return Performance(Renderer(chosen, Sounds(9), First(), lambda trouble: None))


def hands():
    """Hands in whose world sample n leaves the player at second n."""
    return InputQueue(lambda moment: moment)


def test_an_input_counts_a_lead_after_the_player_and_never_before_the_render_head():
    ours = hands()
    ours.arrive(Input("note:60@keys/1", 0.5), 1000.0)
    ours.arrive(Input("note:62@keys/1", 0.5), 100.0)
    assert [stamp for _, stamp in ours.drain(head=1500, lead=2048)] == [2148, 3048]
    ours.arrive(Input("note:62@keys/1", 0.0), 1000.0)
    assert ours.drain(head=9000, lead=100) == [(Input("note:62@keys/1", 0.0), 9000)]
    assert ours.drain(head=9512, lead=100) == []


def test_what_is_played_keeps_its_rhythm_and_its_order():
    ours = hands()
    stamps = []
    for head in range(10000, 20000, 512):  # what comes between two blocks
        for place in (head - 2500, head - 2300):
            ours.arrive(Input("note:60@keys/1", 1.0), float(place))
            ours.arrive(Input("cc:64@keys/1", 1.0), float(place))
        stamps += [stamp for given, stamp in ours.drain(head, 2048, 512)]
        ours.arrive(Input("cc:1@keys/1", float(head)), head - 2500.0)
        assert [stamp for _, stamp in ours.drain(head, 2048, 512)] == [head]
    assert set(np.diff(stamps)) == {0, 200, 312}


def test_controllers_are_thinned_and_notes_are_not():
    ours = hands()
    for place in range(64):
        ours.arrive(Input("cc:1@nano/1", (place + 1) / 64), float(place))
        ours.arrive(Input("note:60@nano/1", place % 2), float(place))
    stamped = ours.drain(0, 0)
    assert [value for (name, value), _ in stamped if name.startswith("cc")] == [1.0]
    assert sum(name.startswith("note") for (name, _), _ in stamped) == 64


def test_a_button_that_is_hit_and_let_go_at_once_is_not_lost():
    ours = hands()
    for value in (0.2, 1.0, 0.0):
        ours.arrive(Input("cc:1@nano/1", value), 5.0)
    assert [given.value for given, _ in ours.drain(0, 0)] == [1.0, 0.0]


def test_listeners_are_told_at_once_and_what_is_no_number_is_nothing():
    ours, told = hands(), []
    ours.listeners.append(lambda given, moment: told.append((given, moment)))
    ours.arrive(Input("osc:/x#0", 3), 7.0)
    ours.arrive(Input("osc:/x#0", float("nan")), 8.0)
    assert told == [(Input("osc:/x#0", 3.0), 7.0)]
    assert len(ours.drain(0, 0)) == 1


def test_the_journal_gives_inputs_back_as_they_were(tmp_path):
    stamped = [(Input("cc:1@nano/1", 1 / 3), 44100), (Input("osc:/x/y#0", -2.5e-7), 44101)]
    journal = Journal(tmp_path / "set.py")
    journal.header({"seed": 7})
    journal.block(1, "d1 >> s('one')", 0)
    journal.note(record_of(stamped))
    journal.note(record_of(stamped[:1]))
    journal.close()
    assert list(read_session(tmp_path / "set.py").inputs) == [*stamped, stamped[0]]


def test_inputs_and_commands_take_effect_in_the_order_of_their_stamps():
    ours, order = performance(), []
    ours.on_input.append(lambda given, stamp: order.append((given.value, stamp)))
    ours.notice = lambda text: order.append(("scene", ours.renderer.position))
    ours.schedule(Command("scene", arguments=("a",)), 0)
    ours.schedule(Command("scene", arguments=("a",)), 700)
    for stamp in (900, 700, 699, 100):
        ours.hear(Input("cc:1@nano/1", stamp / 1000), stamp)
    ours.render(1024)
    assert order == [(0.1, 100), (0.699, 699), (0.7, 700), ("scene", 700), (0.9, 900)]
    assert ours.inputs.latest() == {"cc:1@nano/1": 0.9}


def test_a_command_that_an_input_leads_to_takes_effect_at_its_sample():
    ours, scenes = performance(), []
    ours.notice = lambda text: scenes.append(ours.renderer.position)
    command = Command("scene", arguments=("a",))
    ours.schedule(command, 0)
    ours.on_input.append(lambda given, stamp: ours.schedule(command, stamp))
    ours.hear(Input("note:1@pads/1", 1.0), 300)
    ours.hear(Input("note:1@pads/1", 1.0), 400)
    ours.render(512)
    assert scenes == [300, 400]
    assert ours.renderer.position == 512


def test_what_does_not_count_reaches_nobody():
    ours, told = performance(), []
    ours.bindings.taken = lambda given: given if given.value > 0.5 else None
    ours.on_input.append(lambda given, stamp: told.append(given.value))
    for place, value in enumerate((0.1, 0.9, 0.2)):
        ours.hear(Input("cc:1@nano/1", value), place)
    ours.render(512)
    assert told == [0.9]


@pytest.mark.parametrize("here", [1000, 44100])
def test_a_set_that_catches_up_knows_what_hands_did(here):
    ours = performance()
    ours.hear(Input("bend@nano/1", 0.25), 100)
    ours.hear(Input("bend@nano/1", 0.75), 2000)
    ours.renderer.position = here
    ours.catch_up([(500, Command("scene", arguments=("a",)))])
    assert ours.inputs.latest() == {"bend@nano/1": 0.25 if here < 2000 else 0.75}
    ours.render(2048)
    assert ours.inputs.latest() == {"bend@nano/1": 0.75}
