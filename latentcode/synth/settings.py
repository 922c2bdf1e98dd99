"""What a renderer is set up with, and where it finds sounds."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from latentcode.arrays import Float32
from latentcode.frames import Frames
from latentcode.latents.path import Path
from latentcode.latents.sustain import SustainRing
from latentcode.latents.trajectory import Named
from latentcode.models.family import LEVEL
from latentcode.parameters import VOICES
from latentcode.synth.synthesis import Synthesis

AS_SET = (
    "grains", "tunes", "can", "quick", "shortest", "streams", "wide", "bridges", "onsets", "seams",
    "levels", "places", "partials", "slides", "powers", "attacks", "attributes",
    "spans",
)  # fmt: skip
"""What the contexts of its layers have from the settings of a renderer as it is."""

FindFrames = Callable[[Path, int, "int | None"], Frames]
FindSamples = Callable[[Path, int], Float32]


class SoundSource(Protocol):
    """Where the renderer finds sounds and their latent frames."""

    def find(self, named: Named) -> Path: ...
    def length(self, path: Path) -> int: ...
    def frames(self, path: Path, hop: int, length: int | None = None) -> Frames: ...
    def samples(self, path: Path, rate: int) -> Float32: ...
    def ring(self, path: Path) -> SustainRing | None: ...


@dataclass(frozen=True)
class Settings:
    """What a renderer is set up with; `beats` to the cycle, `latent_dim` 0 where it is not known.

    `shape`: how the decoded frames are laid; None: windows as `synthesis` has them usually;
    `shortest`: the shortest of the model, None: it has no others.

    `loops`: whether drones and long notes go on in the loops of their sounds; `lasting`: whether
    what is set between a recall and its boundary stays; `grains`: where windows are aligned, see
    `GRAINS`; `tunes`: whether each source has the pitch of its own note; `quick`: whether what
    hands move has the shortest frames; `onsets`: whether what begins within a frame is put where it
    begins, by what its decoder has learnt of that. None of it is so in sessions of before. `can`,
    `attributes`:
    see `Card`.
    `streams`: samples that streams are decoded ahead. `wide`: whether two channels of a model are
    heard, and not their mean. `bridges`: whether what a morph comes from sounds on until streams
    of the new are decoded. `seams`: whether spectra of what comes round are encoded across its
    seam. `levels`: whether what moves by itself leaves the level alone, where it is a latent.
    `places`: whether spectra that are read at places are mixed between two frames, come round
    without a hole, and stand without beginning again and again. `partials`: whether those of low
    notes are multiples of one frequency; `slides`: whether they are so in glides as well. `powers`:
    whether what is mixed has the power of both, where the level is a latent. `attacks`: whether
    what begins in sounds that are extended goes by at their own speed. `bands`: whether what is fed
    back has the band of whoever hears it. `takes`: whether loops ask for nothing that has not come
    in yet. `spans`: whether streams of short hops read nothing that has not come in yet.
    `zones`: whether pedals of the main channel of MPE hold all its notes. `heard`: the
    voices that are rendered; of others it is known what plays, and no more.
    """

    sample_rate: int
    model_rate: int
    window: int
    synthesis: str = "overlap"
    shape: Synthesis | None = None
    shortest: Synthesis | None = None
    noise: float = 0.0
    seed: int = 0
    bpm: float | str = 120
    beats: int = 4
    latent_dim: int = 0
    loops: bool = False
    lasting: bool = False
    grains: str = "plain"
    tunes: bool = False
    quick: bool = False
    onsets: bool = False
    can: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    streams: int = 0
    wide: bool = False
    bridges: bool = False
    seams: bool = False
    levels: bool = False
    places: bool = False
    partials: bool = False
    slides: bool = False
    powers: bool = False
    attacks: bool = False
    bands: bool = False
    takes: bool = False
    spans: bool = False
    zones: bool = False
    heard: Collection[int] = range(VOICES)

    @property
    def levelled(self) -> tuple[bool, bool, bool]:
        """`levels`, `powers` and `attacks`, where its model has the level as a latent."""
        known = LEVEL in self.can
        return self.levels and known, self.powers and known, self.attacks and known
