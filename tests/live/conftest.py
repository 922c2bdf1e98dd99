from __future__ import annotations

import pytest
from helpers.jack_server import servers_of


@pytest.fixture(scope="session")
def servers():
    """Sound servers that the sets of a run share, by rate and period: servers(44100, 256)."""
    with servers_of() as give:
        yield give


@pytest.fixture
def jack(servers, monkeypatch, request):
    """A sound server whose clients the processes of a test are; `indirect` gives it (rate, period)."""
    server = servers(*getattr(request, "param", (44100, 256)))
    for name in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER"):
        monkeypatch.setenv(name, server.environment[name])
    return server


@pytest.fixture
def own_folders(tmp_path, monkeypatch, runtime_folder):
    """The folders of a desk, and the one it stands in."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def begin(own_folders, tmp_path, model_file):
    """Begins a set with a desk of its own, which is left at the end: begin(driver="jack")."""
    from helpers.linked_set import LinkedSet

    sets = []

    def made(engine="helpers.touched_engine", **options):
        sets.append(LinkedSet(tmp_path, model_file, engine, **options))
        return sets[-1]

    yield made
    for one in sets:
        print(*one.said, sep="\n")  # shown where a test fails
        one.link.leave()
