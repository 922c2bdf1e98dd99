"""Exported streaming models in nn~'s convention, as RAVE: each remembers what came before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from latentcode.errors import ModelError
from latentcode.models import rates
from latentcode.models.card import Card, Kind, checked_rate, file_digest
from latentcode.models.families.streams import archive
from latentcode.models.family import PRIOR, register
from latentcode.models.trust import check_trusted

if TYPE_CHECKING:
    from latentcode.models.families.streams.archive import Export
    from latentcode.models.families.streams.codec import StreamCodec

FAMILY = "stream"


class Streams:
    """TorchScript with methods that have ratios: a frame is the samples that come next."""

    name = FAMILY
    kind: Kind = "stream"

    def recognises(self, path: Path) -> bool:
        return archive.recognises(path)

    def card(self, path: Path, sample_rate: int | None = None) -> Card:
        """See `Family`. Raises ModelError where nobody says the sampling rate."""
        export = archive.read_export(path)
        decode = export.methods["decode"]
        digest = file_digest(path)
        rate = sample_rate or export.sample_rate or rates.told(digest)
        if rate is None:
            raise ModelError(
                f"{path} does not say its sampling rate; say it once, "
                f"as in load_model({path.name!r}, sample_rate=44100)"
            )
        if decode.out_ratio != 1:
            raise ModelError(f"{path} decodes a sample for every {decode.out_ratio}, which is not played")
        return Card(
            name=path.stem,
            digest=digest,
            family=FAMILY,
            sample_rate=checked_rate(rate),
            window=decode.in_ratio,
            latent_dim=decode.in_channels,
            units=0,
            hop=decode.in_ratio,
            file=str(path),
            kind=self.kind,
            hops=(decode.in_ratio,),
            code=True,
            channels=2 if decode.out_channels == 2 else 1,
            can=(PRIOR,) if _improvises(export) else (),
            attributes=tuple(export.attributes.items()),
        )

    def load(self, card: Card) -> StreamCodec:
        """See `Family`. The file is code, which runs in processes of its own once it is trusted.
        Raises ModelError where it is not.
        """
        from latentcode.models.families.streams.codec import StreamCodec

        check_trusted(card)
        return StreamCodec(card, archive.read_export(Path(card.file)))


def _improvises(export: Export) -> bool:
    """Whether it has a prior of the latents that it decodes."""
    prior, decode = export.methods.get(PRIOR), export.methods["decode"]
    return prior is not None and prior.out_channels == decode.in_channels


register(Streams())
