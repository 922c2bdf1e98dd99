"""The encoder process: encodes sounds at low priority and leaves their frames in the cache.

From the engine: ("encode", key, name, file or None, sound digest, samples as bytes or None, hop, length or None,
whether the sound is matched in loudness).
To the engine: ("encoding", name, windows done, windows in all), then ("encoded", key), ("unkept", key, text, parts)
with the frames themselves where the cache cannot be written, or ("failed", key, text);
("notice", text) when something is amiss with a sound.
"""

from __future__ import annotations

import os
import sys
import warnings
from contextlib import suppress
from pathlib import Path as File

import numpy as np

from latentcode.errors import LatentcodeError, LeftOutWarning, on_sound_warning
from latentcode.latents.path import Frames, Path
from latentcode.models.loading import load
from latentcode.protocol.wire import Wire, connect
from latentcode.sounds import cache
from latentcode.sounds.store import Store, encode

NICE = 10


def main(address: str, model: str, rate: str, folder: str) -> None:
    """Serve until the engine is gone. `folder`: where it looks for frames; on a full disk others may be found."""
    wire = connect(address)
    warnings.simplefilter("ignore", LeftOutWarning)  # the desk has said so
    on_sound_warning(lambda text: wire.send("notice", text))
    with suppress(AttributeError, OSError):
        os.nice(NICE)
    network = load(model, int(rate) or None)
    with suppress(EOFError):
        while True:
            _, key, name, *rest = wire.receive()
            try:
                *rest, matched = rest
                _keep(wire, key, _encode(Store(network, matched), wire, name, *rest), File(folder))
            except (LatentcodeError, OSError, MemoryError) as error:
                wire.send("failed", key, str(error))


def _encode(
    store: Store,
    wire: Wire,
    name: str,
    file: str | None,
    sound: str,
    samples: bytes | None,
    hop: int,
    length: int | None,
) -> Frames:
    array = None if samples is None else np.frombuffer(samples, np.float32)
    audio = store.audio(Path(name, sound, file, array))
    return encode(
        store.network, audio, hop, length, lambda done, total: wire.send("encoding", name, done, total)
    )


def _keep(wire: Wire, key: str, frames: Frames, folder: File) -> None:
    try:
        cache.save(key, frames, folder)
    except OSError as error:
        parts = [None if part is None else (part.shape, part.tobytes()) for part in frames]
        wire.send("unkept", key, error.strerror or str(error), tuple(parts))
    else:
        wire.send("encoded", key)


if __name__ == "__main__":
    main(*sys.argv[1:])
