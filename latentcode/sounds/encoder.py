"""An encoder process: encodes sounds behind what sounds, and leaves their frames in the cache.

It is told `ToEncoder` and says `FromEncoder` (see `protocol/helper_messages.py`): for each sound
how far it is, and in the end that it is encoded, or not.
"""

from __future__ import annotations

import sys
import warnings
from contextlib import suppress
from pathlib import Path as File

import numpy as np

from latentcode.errors import LatentcodeError, LeftOutWarning, on_sound_warning
from latentcode.frames import Frames
from latentcode.latents.path import Path
from latentcode.models.family import load
from latentcode.protocol.helper_messages import Encode, Encoded, NotEncoded, ToEncoder, Unkept
from latentcode.protocol.messages import Encoding, Notice
from latentcode.protocol.priority import behind
from latentcode.protocol.wire import Wire, connect
from latentcode.sounds import cache
from latentcode.sounds.store import Store, encode


def main(address: str, model: str, rate: str, folder: str, nice: str) -> None:
    """Serve until the engine is gone.

    folder  where it looks for frames; on a full disk others may be found
    nice    how far it gives way to others
    """
    wire = connect(address, ToEncoder)
    warnings.simplefilter("ignore", LeftOutWarning)  # the desk has said so
    on_sound_warning(lambda text: wire.send(Notice(text)))
    behind(int(nice))
    codecs = {"": load(model, int(rate) or None)}
    with suppress(EOFError):
        while True:
            asked: Encode = wire.receive()
            try:
                if asked.model not in codecs:
                    codecs[asked.model] = load(asked.model)
                codec = codecs[asked.model]
                _keep(wire, asked.key, _encode(Store(codec, asked.levelled), wire, asked), File(folder))
            except (LatentcodeError, OSError, MemoryError) as error:
                wire.send(NotEncoded(asked.key, str(error)))
            except Exception as error:  # whatever a model raises: other sounds and models go on
                wire.send(NotEncoded(asked.key, f"its model raised {error!r}"))


def _encode(store: Store, wire: Wire, asked: Encode) -> Frames:
    array = None if asked.samples is None else np.frombuffer(asked.samples, np.float32)
    audio = store.audio(Path(asked.name, asked.sound, asked.file, array))

    def tell(done: int, total: int) -> None:
        wire.send(Encoding(done, total, asked.name))

    return encode(store.codec, audio, asked.hop, asked.length, tell)


def _keep(wire: Wire, key: str, frames: Frames, folder: File) -> None:
    try:
        cache.save(key, frames, folder)
    except OSError as error:
        mean, logvar = frames
        spread = None if logvar is None else (logvar.shape, logvar.tobytes())
        wire.send(Unkept(key, error.strerror or str(error), (mean.shape, mean.tobytes()), spread))
    else:
        wire.send(Encoded(key))


if __name__ == "__main__":
    main(*sys.argv[1:])
