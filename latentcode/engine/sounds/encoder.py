"""The encoder process: encodes sounds at low priority and leaves their frames in the cache.

From the engine: ("encode", key, name, file or None, sound digest, samples as bytes or None, hop, length or None,
whether the sound is matched in loudness).
To the engine: ("encoding", name, windows done, windows in all), then ("encoded", key) or ("failed", key, text);
("notice", text) when something is amiss with a sound.
"""

from __future__ import annotations

import os
import sys
import warnings
from contextlib import suppress

import numpy as np

from latentcode.engine.sounds import cache
from latentcode.engine.sounds.store import Store, encode
from latentcode.errors import LatentcodeError, LeftOutWarning, on_sound_warning
from latentcode.latent.path import Path
from latentcode.models.loading import load
from latentcode.wire import Wire, connect

NICE = 10


def main(address: str, model: str, rate: str) -> None:
    """Serve until the engine is gone."""
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
                _encode(Store(network, matched), wire, key, name, *rest)
            except (LatentcodeError, OSError, MemoryError) as error:
                wire.send("failed", key, str(error))


def _encode(
    store: Store,
    wire: Wire,
    key: str,
    name: str,
    file: str | None,
    sound: str,
    samples: bytes | None,
    hop: int,
    length: int | None,
) -> None:
    array = None if samples is None else np.frombuffer(samples, np.float32)
    audio = store.audio(Path(name, sound, file, array))
    frames = encode(
        store.network, audio, hop, length, lambda done, total: wire.send("encoding", name, done, total)
    )
    cache.save(key, frames)
    wire.send("encoded", key)


if __name__ == "__main__":
    main(*sys.argv[1:])
