"""A model as a musician holds it: encodes sounds into paths, decodes latents into windows."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from latentcode.arrays import Float32
from latentcode.checks import model_name, whole, wrong
from latentcode.clock.watchdog import GUARD
from latentcode.errors import LatentError, ModelError
from latentcode.frames import Frames
from latentcode.latents.path import OWN, SUSTAIN, Path
from latentcode.models import rates
from latentcode.models.card import BUILT_IN, Card, model_file
from latentcode.models.family import card_of, checked_rows, decoded, load_card
from latentcode.models.noted import Noted
from latentcode.models.trust import allow
from latentcode.words import public, word

MOST_ROWS = 64
NOTHING = Noted()

if TYPE_CHECKING:
    from latentcode.models.family import Codec, Decoder
    from latentcode.sounds.store import LoadedModel, Store


@public
class Model:
    """A model by its card; its weights are loaded, and torch imported, when they are first needed.

    sample_rate (Hz), latent_dim (dimensions) and window (samples per decoded latent frame) come
    from the card; hop is the samples between two frames where no others are asked for: a window, or
    what a model without windows moves on by.
    """

    def __init__(
        self,
        name_or_path: str | os.PathLike[str] = "default",
        sample_rate: int | None = None,
        noted: Noted = NOTHING,
    ) -> None:
        self.name = os.fspath(name_or_path)
        self.known: dict[str, str] = {}  # the files of other models that their names do not lead to
        self.noted = noted  # of this model, and of others that it finds
        self._cached = sample_rate is None  # frames on disk go by the file, whose own rate is meant
        self.card: Card = noted.on(card_of(name_or_path, sample_rate))
        self.sample_rate, self.latent_dim = self.card.sample_rate, self.card.latent_dim
        self.window, self.reach = self.card.window, self.card.reach
        self.hop = self.window if self.card.kind == "window" else self.card.advance

    @cached_property
    def codec(self) -> Codec:
        """The loaded weights."""
        loaded = load_card(self.card)
        self.card = loaded.card  # of a stream, it is known now how late it is
        return loaded

    @property
    def network(self) -> Any:
        """The bare network, where the model has one that takes and gives rows.

        Raises ModelError.
        """
        found = getattr(self.codec, "network", None)
        if found is None:
            raise ModelError(f"{self.card.name} has no network of rows; take model.codec")
        return found

    @cached_property
    def store(self) -> Store:
        """Sounds and latent frames that this model has encoded."""
        from latentcode.sounds.store import Store

        return Store(self.codec, codecs=self._codec, cached=self._cached)

    @cached_property
    def published(self) -> Store:
        """The same of sounds as they are, not matched in loudness: for the published algorithm."""
        from latentcode.sounds.store import Store

        return Store(self.codec, False, self._codec, self._cached)

    def _codec(self, name: str) -> Codec:
        return GUARD.apart(lambda: self.named(name).codec)

    def named(self, name: str) -> Model:
        """A model by its name; this one where it is the same. Raises ModelError."""
        found = named_model(self.known.get(name, name), self.noted)
        return self if found.card.digest == self.card.digest else found

    def find(self, name: str) -> LoadedModel:
        """What a renderer that plays this model plays another by. Raises ModelError."""
        from latentcode.sounds.store import LoadedModel

        found = GUARD.apart(lambda: self.named(name))
        decoder = GUARD.apart(lambda: found.decoder)
        return LoadedModel(found.card, decoder)

    def store_for(self, synthesis: str) -> Store:
        """The sounds and frames for a kind of synthesis."""
        return self.published if synthesis == "concat" else self.store

    @cached_property
    def decoder(self) -> Decoder:
        """The one decode path."""
        return self.codec.decoder()

    def decoder_for(self, hop: int | None) -> Decoder:
        """The same for frames that are `hop` samples apart; windows are laid at any."""
        usual = hop is None or self.card.kind == "window" or hop == self.card.advance
        return self.decoder if usual else self.codec.decoder(hop=hop)

    def encode(self, audio: Any, hop: int | None = None) -> Path:
        """The path of a sound: a name, a file, or a float array (n,) at `sample_rate`.

        `hop`: samples between two frames of `.mean` (N, D) and `.logvar`; the model's own when left
        out.
        Raises SoundError, or LatentError for a hop or an array that cannot be encoded.
        """
        if hop is not None:
            whole(hop, "hop", 1, self.window, f"hop={self.card.advance}", LatentError, "samples")
        path = find_path(audio)
        found = Path(
            path.name,
            path.sound,
            path.file,
            path.samples,
            self.card.digest,
            hop,
            self,
            path.pitch,
            loop=path.loop,
        )
        found.mean  # noqa: B018  what cannot be encoded says so here
        return found

    def decode(self, z: Any) -> Float32:
        """Latents (N, D) → windows (N, window), float32 between −1 and 1; of a stream, which has
        none, the samples of each frame in turn.
        """
        decoder = self.decoder
        return decoded(self.card, decoder, checked_rows(z, self.latent_dim, "latents"))

    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames:
        """The latent frames of a path; what a path asks of the model that encodes it."""
        mean, logvar = self.store.frames(path, hop, length)
        return np.asarray(mean), None if logvar is None else np.asarray(logvar)

    def __fspath__(self) -> str:
        """What it was asked for by: so it can stand wherever a model's name can."""
        return self.name

    def __repr__(self) -> str:
        card = self.card
        return f"<model {card.name}: {card.latent_dim} dimensions, {card.window} samples at {card.sample_rate} Hz>"


def default_model() -> Model:
    """The model that comes with the package."""
    return named_model("default")


def named_model(name: str, noted: Noted = NOTHING) -> Model:
    """A model by its name or file, loaded once; `noted`: what a session says of it.

    Raises ModelError, also for one that may not run.
    """
    file = str(model_file(name))
    found = _of_file(file, name, NOTHING)
    if found.card.kind == "stream" and noted != NOTHING:
        found = _of_file(file, name, noted)
    allow(found.card)
    return found


@lru_cache(maxsize=8)
def _of_file(file: str, name: str, noted: Noted) -> Model:
    return Model(name, noted=noted)


@word('load_model("default")')
def load_model(
    name: str | os.PathLike[str] = "default",
    sample_rate: int | None = None,
    trust: bool = False,
    rows: int | None = None,
) -> Model:
    """A built-in model ("default", "small", "raw"), one of your own by its name, one of our files,
    an exported streaming model (.ts), or a rawaudiovae checkpoint.

    `sample_rate` (Hz) overrides what the file says; of an exported model whose file does not say
    it, it is remembered. `trust`: an exported model is a program, and may run; that is remembered
    by its content. `rows`: how many layers go through one together in a call, 1 to 64, 4 where
    nothing is said; many at once cost less, and few cost less where few sound. Raises ModelError,
    also for one that may not run.
    """
    if rows is not None:
        whole(rows, "rows", 1, MOST_ROWS, "rows=16", ModelError, "layers")
    noted = NOTHING if rows is None else Noted(rows)
    plain = name == "default" and sample_rate is None
    found = default_model() if plain else Model(name, sample_rate, noted)
    allow(found.card, trust)
    if sample_rate is not None and found.card.code:
        rates.remember(found.card.digest, sample_rate)
    return found


def find_path(sound: Any) -> Path:
    """The path of a sound by name, file or samples, not tied to a model.

    Raises LatentError for an array that is no sound.
    """
    if isinstance(sound, Path):
        return sound
    if isinstance(sound, (str, os.PathLike)):
        from latentcode.sounds.store import named_path

        return named_path(os.fspath(sound))
    samples = np.asarray(sound, np.float32)
    if samples.ndim != 1 or not len(samples) or not np.isfinite(samples).all():
        raise LatentError(
            f"a sound is a name, a file, or a row of finite samples, not an array of shape {samples.shape}"
        )
    digest = hashlib.blake2b(samples.tobytes(), digest_size=16).hexdigest()
    return Path("array", digest, samples=samples)


@word('path("cello")')
def path(sound: Any, model: Model | str | os.PathLike[str] | None = None, loop: str | None = OWN) -> Path:
    """The path of a sound: `path("cello")`, `path("choir.wav")`, `path(samples)`.

    model  whose latents it has, a name, a file or a model: `path("cello", model="raw")`; otherwise
           those of whichever model plays it
    loop  what drones and notes longer than the sound go on in: "own", the loop that built-in sounds
          have which are bowed, blown or sung; "sustain", one that is found in this sound; None, the
          whole sound again

    Nothing is encoded before it is played, or before its `.mean` is asked for. Raises SoundError
    with the nearest names for a sound that is not there, ModelError for a model that is not, and
    LatentError for another loop.
    """
    typed = 'path("x.wav", loop="sustain")'
    if model in (OWN, SUSTAIN):  # a loop without its name would play as if there were none
        raise wrong("path", "a model after the sound", model, typed, LatentError)
    if model is not None:
        model_name(model, "path's model", 'path("cello", model="raw")', LatentError)
    if loop not in (OWN, SUSTAIN, None):
        allowed = '"sustain" (found in the sound), None (the whole) or "own"'
        raise wrong("loop", allowed, loop, typed, LatentError)
    found = find_path(sound)
    found = found if loop == OWN else replace(found, loop=loop)
    if isinstance(model, (str, os.PathLike)) and not _is_default(model):
        found = replace(found, by=os.fspath(model))
    try:
        return found.bound(_chosen(model))
    except ModelError:
        if found.by is not None:
            raise
        return found


def _is_default(model: str | os.PathLike[str]) -> bool:
    """Whether a path need not say whose it is: the model of the package, as an object."""
    return isinstance(model, Model) and model.card.file == str(BUILT_IN["default"])


def _chosen(model: Model | str | os.PathLike[str] | None) -> Model:
    if model is None:
        return default_model()
    return model if isinstance(model, Model) else named_model(os.fspath(model))
