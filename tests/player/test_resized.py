"""JACK changes the size of its buffers while one is computed: the rest of that one reads past nothing."""

from __future__ import annotations

from types import SimpleNamespace

from latentcode.player.drivers import Driver


class Outlet:
    """What a server of another size must not play."""

    buffer, played = 128, True

    def stop(self) -> None:
        self.played = False


def test_a_size_that_changes_while_a_buffer_is_computed_stops_the_outlet_before_pyo_plays_it():
    sizes, outlet, computed = [128], Outlet(), []
    driver = Driver.__new__(Driver)
    driver._server, driver._outlet = SimpleNamespace(getBufferSize=lambda: sizes[-1]), outlet
    driver._settle, driver.graph = SimpleNamespace(step=lambda: None), "graph"
    driver.resized, driver._on, driver._tick = False, True, computed.append
    driver._callback()
    assert (outlet.played, driver.resized) == (True, False)
    driver._tick = lambda graph: sizes.append(4096)
    driver._callback()
    assert (outlet.played, driver.resized) == (False, True)
    driver._tick = computed.append
    driver._callback()  # nothing is computed until there is a graph for it
    assert computed == ["graph"]
