"""A set in which no sound is encoded yet, as on the first evening: what trials of an engine are held against."""

from __future__ import annotations

from latentcode.engine.preparing import LiveRehearsal
from latentcode.set.commands import Command
from latentcode.set.grabs import Grabs, StoreWithGrabs, WithGrabs
from latentcode.set.kinds import kind_of
from latentcode.set.spaces import Spaces
from latentcode.sounds.live import EncoderProcess, LiveStore
from latentcode.sounds.model import default_model
from latentcode.synth.building import ModelInUse, build_renderer

RATE = 44100


class FirstEvening:
    """Tries commands as the engine does before any sound is encoded; an empty cache is the caller's."""

    def __init__(self, **habits: bool) -> None:
        card, self.troubles = default_model().card, []
        self._store, self._grabs = (
            LiveStore(card, EncoderProcess(card, 0, self.troubles.append)),
            Grabs(RATE, card.sample_rate),
        )
        store = StoreWithGrabs(self._store, self._grabs)
        used = ModelInUse(card, store, None, self._store.models.find)
        self._renderer = build_renderer(used, RATE, self.troubles.append, **habits)
        self._spaces = Spaces(lambda: self._renderer.inputs, card.latent_dim)

    def rehearse(self, command: Command) -> int:
        """Try what a command plays; how many sounds it would wait for. Raises what its trial raises."""
        gatherer = self._store.gatherer()
        store = WithGrabs(gatherer, self._grabs)
        trial = LiveRehearsal(self._renderer, self._spaces, store, gatherer.model)
        kind_of(command).rehearse(trial, command)
        return len(gatherer.missing)
