"""A path: the trajectory that a sound makes through the latent space of a model."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from latentcode.arrays import Float32
from latentcode.errors import LatentError
from latentcode.frames import Frames
from latentcode.latents.trajectory import Trajectory
from latentcode.words import public

GRABBED = "grab "  # what the `sound` of a path begins with whose samples are grabbed when it is played
OWN, SUSTAIN = "own", "sustain"


class PathEncoder(Protocol):
    """What encodes a path: a model, or something that loads one when first asked."""

    @property
    def hop(self) -> int:
        """Samples between two frames where nobody asks for others."""
        ...

    @property
    def reach(self) -> int:
        """Samples from its moment on without which there is no frame; 0 where it is centred."""
        ...

    @property
    def sample_rate(self) -> int: ...

    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames:
        """The latent frames of `path` every `hop` samples;
        its audio looped to `length` samples first.
        """
        ...


@public
@dataclass(frozen=True, repr=False)
class Path(Trajectory):
    """A source: a handle of a sound, encoded at whatever hop is asked of it.

    name      what the musician calls it
    sound     digest of the sound's content; of one that is to be grabbed, GRABBED and its name
    file      where the sound lies, or None when it is in memory
    samples   (n,) float32 at the model's rate, when it is in memory
    model     digest of the model that encodes it; None: whichever plays it
    frame_hop samples between the frames of `.mean` and `.logvar`; None: one window, or the hop of a
              model that has no windows
    pitch     MIDI number of the note that was recorded; None: not known
    detune    semitones from its recording to the pitch that was asked for by name
    loop      what drones and long notes go on in: OWN, that of a built-in that sustains; SUSTAIN,
              one that is found in any; None, the whole sound from its beginning
    by        the name of the model whose latents it has; None: whichever plays it
    wanted    MIDI number of the note of its own that it is to sound at; None: the event's
    """

    name: str
    sound: str
    file: str | None = field(default=None, compare=False)
    samples: Float32 | None = field(default=None, compare=False, repr=False)
    model: str | None = None
    frame_hop: int | None = None
    encoder: PathEncoder | None = field(default=None, compare=False, repr=False)
    pitch: float | None = field(default=None, compare=False)
    detune: float = field(default=0.0, compare=False)
    loop: str | None = field(default=OWN, metadata={"unless_default": True})
    by: str | None = field(default=None, metadata={"unless_default": True})
    wanted: float | None = field(default=None, metadata={"unless_default": True})

    @property
    def hop(self) -> int:
        """Samples between two latent frames of `.mean`.

        Raises LatentError where it belongs to no model, and for what was grabbed and lies in the
        engine.
        """
        return self.frame_hop or self._bound().hop

    @property
    def mean(self) -> Float32:
        """(N, D) float32.

        One row a frame, `.hop` samples apart. Raises LatentError where it belongs to no model, and
        for what was grabbed and lies in the engine.
        """
        return self._bound().frames(self, self.hop)[0]

    @property
    def logvar(self) -> Float32 | None:
        """(N, D) float32, or None for a model without a variance.

        Raises LatentError where it belongs to no model, and for what was grabbed and lies in the
        engine.
        """
        return self._bound().frames(self, self.hop)[1]

    def _bound(self) -> PathEncoder:
        if grabbed(self):
            raise LatentError(f"{self.name} is in the engine, not here; play it, as in d2 >> {self.name}")
        if self.encoder is None:
            raise LatentError(
                f"the path {self.name!r} has no model to encode it here; take model.encode(sound) instead"
            )
        return self.encoder

    def __reduce__(self) -> tuple[object, ...]:
        bare = (self.name, self.sound, self.file, self.samples, self.model, self.frame_hop)
        return (Path, (*bare, None, self.pitch, self.detune, self.loop, self.by, self.wanted))

    def bound(self, encoder: PathEncoder) -> Path:
        """The same path, encoded by `encoder`."""
        return replace(self, encoder=encoder)


def grabbed(path: Path) -> bool:
    """Whether a path's samples are grabbed from a voice, so that only the engine has them."""
    return path.samples is None and path.sound.startswith(GRABBED)
