from __future__ import annotations

import threading

import pytest

from latentcode.files import places
from latentcode.stage.serving import Serving


@pytest.fixture
def serving(tmp_path, monkeypatch):
    """A stage page for the set whose door is `x.door`."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    places._found.cache_clear()
    found = Serving("", tmp_path / "x.door")
    thread = threading.Thread(target=found.run, daemon=True)
    thread.start()
    yield found
    found.end()
    thread.join(5)
    assert not thread.is_alive()
