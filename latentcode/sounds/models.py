"""The models of a live set: its own, and those that paths and events ask for, loaded beside the
music.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from latentcode.clock.watchdog import GUARD
from latentcode.errors import LatentcodeError, ModelError
from latentcode.models.card import Card
from latentcode.models.family import AheadDecoder, Codec, Decoder, StreamedCodec, card_of, load_card
from latentcode.models.noted import Noted, delay_of
from latentcode.sounds.store import LoadedModel, NotEncodedError

NOTHING = Noted()


class LiveModels:
    """Finds models by name. What is not loaded yet is loaded by a thread of its own.

    `own`: the set's, whose decoder is `decoder`. `known`: files of others by names that lead
    elsewhere; `noted`: what the set says of them, or is to say.
    """

    def __init__(self, own: Card, known: Mapping[str, str] | None = None, noted: Noted = NOTHING) -> None:
        self.noted, self._known = noted, known or {}
        self.own = noted.on(own)
        self.decoder: Decoder | None = None
        self._cards: dict[str, Card] = {}
        self._codecs: dict[str, Codec] = {}  # by digest
        self._decoders: dict[str, Decoder] = {}
        self._failed: dict[str, str] = {}
        self._loading: set[str] = set()
        self._lock = threading.Lock()
        self._told: set[str] = set()
        self._measured, self._through = set(dict(noted.delays)), set(dict(noted.through))

    def card(self, name: str | None) -> Card:
        """The card of a model by its name; the set's own where there is none. Raises ModelError."""
        if name is None:
            return self.own
        if name not in self._cards:
            self._cards[name] = GUARD.apart(lambda: self.noted.on(card_of(self._known.get(name, name))))
        return self._cards[name]

    def find(self, name: str) -> LoadedModel:
        """A model that is loaded.

        Raises NotEncodedError, and lets it be loaded, while it is not; ModelError where it cannot
        be.
        """
        card = self.card(name)
        decoder = self._decoder(card)
        if decoder is None:
            if card.digest in self._failed:
                raise ModelError(self._failed[card.digest])
            with self._lock:
                if card.digest not in self._loading:
                    self._loading.add(card.digest)
                    threading.Thread(target=self.load, args=(name,), daemon=True).start()
            raise NotEncodedError(f"the model {name} is still being loaded", card.kind == "stream")
        codec = self._codecs.get(card.digest)
        return LoadedModel(
            card if codec is None else codec.card, decoder
        )  # loaded, it says more than its file

    def ready(self, name: str) -> bool:
        """Whether a model is loaded, or cannot be. Raises ModelError where there is none."""
        card = self.card(name)
        return self._decoder(card) is not None or card.digest in self._failed

    def load(self, name: str) -> None:
        """Load a model; never done by the thread that renders."""
        card = self.card(name)
        try:
            self._codecs[card.digest] = codec = load_card(card)
            decoder = codec.decoder()
            if isinstance(decoder, AheadDecoder):
                decoder.patient = False
            self._decoders[card.digest] = decoder
        except (LatentcodeError, OSError, MemoryError, RuntimeError) as error:
            self._failed[card.digest] = f"the model {name} cannot be loaded: {error}"

    def own_is(self, codec: Codec) -> None:
        """The set's own model, loaded."""
        self._codecs[self.own.digest] = codec

    def codec(self, name: str) -> Codec:
        """A model that encodes, by its name; "": the set's own. Loads what is not loaded.

        Raises ModelError.
        """
        card = self.card(name or None)
        if card.digest not in self._codecs:
            GUARD.apart(lambda: self.load(name))
        if card.digest not in self._codecs:
            raise ModelError(self._failed[card.digest])
        return self._codecs[card.digest]

    def newly_used(self) -> list[tuple[str, Card]]:
        """The names that were asked for since this was last asked, and what they stand for."""
        found = [(name, card) for name, card in self._cards.copy().items() if name not in self._told]
        self._told.update(name for name, _ in found)
        return found

    def newly_measured(self) -> list[tuple[str, int]]:
        """The digests of exported models that were loaded since this was last asked, and how many
        samples late they are.
        """
        loaded = {digest: delay_of(codec.card) for digest, codec in self._codecs.copy().items()}
        found = [(digest, late) for digest, late in loaded.items() if late is not None]
        new = [one for one in found if one[0] not in self._measured]
        self._measured.update(digest for digest, _ in new)
        return new

    def newly_through(self) -> list[tuple[str, int]]:
        """The digests of those that have encoded a sound since this was last asked, and how many
        samples late their encoders and decoders are together.
        """
        codecs = self._codecs.copy().items()
        waiting = {digest: codec for digest, codec in codecs if digest not in self._through}
        asked = [(digest, one.through) for digest, one in waiting.items() if isinstance(one, StreamedCodec)]
        new = [(digest, late) for digest, late in asked if late is not None]
        self._through.update(digest for digest, _ in new)
        return new

    def _decoder(self, card: Card) -> Decoder | None:
        return self.decoder if card.digest == self.own.digest else self._decoders.get(card.digest)
