"""The process in which an exported model runs: one file, one of its methods, one thread of torch.

It is told `ToModel` and says `FromModel` (see `messages.py`). What an export does is its own
affair: when it crashes, hangs or takes more memory than it may, this process ends, and nothing
else. It ends with whoever started it, whatever it is in.
"""

from __future__ import annotations

import hashlib
import io
import os
import queue
import re
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from latentcode.errors import ModelError
from latentcode.models.families.streams.messages import (
    Begin,
    Forget,
    Improvise,
    Load,
    Loaded,
    Made,
    Step,
    ToModel,
    Unloaded,
)
from latentcode.models.family import PRIOR
from latentcode.protocol.wire import Wire, connect

if TYPE_CHECKING:
    from torch import nn

    from latentcode.models.families.streams.attributes import ModelAttributes
    from latentcode.models.families.streams.rows import Rows

RAISED = re.compile(r"[\w.]*(Error|Exception)\b")


def main(address: str) -> None:
    """Serve until whoever started it is gone; a ModelError, or any other, is told to it."""
    wire = connect(address, ToModel)
    asked: queue.SimpleQueue[ToModel] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(wire, asked), daemon=True).start()
    load = asked.get()
    assert isinstance(load, Load)
    try:
        model = _loaded(load)
    except Exception as error:  # whatever torch, or what the file does as it is loaded, has to say
        wire.send(Unloaded(last_line(error)))
        return
    _serve(wire, asked, load, model)


def _serve(wire: Wire, asked: queue.SimpleQueue[ToModel], load: Load, model: nn.Module) -> None:
    import torch

    from latentcode.models.families.streams.attributes import ModelAttributes
    from latentcode.models.families.streams.rows import Rows

    with torch.inference_mode():
        try:
            sizes = load.inputs[0], load.columns
            attributes = ModelAttributes(model, dict(load.attributes)) if load.attributes else None
            rows = Rows(
                _streaming(model, load), load.method, load.rows, sizes, attributes, load.method == PRIOR
            )
            delay = load.delay if load.delay is not None else _measured(rows, load)
        except Exception as error:  # whatever it raises when it is first run
            wire.send(Unloaded(last_line(error)))
            return
        bound = Bound(load.memory)
        wire.send(Loaded(delay, rows.chance))
        while True:
            message = asked.get()
            if isinstance(message, Forget):
                rows.forget(message.row)
            elif isinstance(message, (Begin, Step)):
                wire.send(_made(rows, load, message, attributes))
            elif isinstance(message, Improvise):
                wire.send(_improvised(rows, load, message))
            bound.check()


class Bound:
    """The memory that a process may take beyond what it has taken so far."""

    def __init__(self, more: int) -> None:
        self._most = taken() + more
        with suppress(ImportError, OSError, ValueError):
            import resource

            _, hard = resource.getrlimit(resource.RLIMIT_DATA)
            if (data := _data()) and hasattr(resource, "RLIMIT_DATA"):
                resource.setrlimit(resource.RLIMIT_DATA, (data + more, hard))

    def check(self) -> None:
        """End the process where it has taken more."""
        if taken() > self._most:
            print("the model takes more and more memory", file=sys.stderr, flush=True)
            os._exit(1)


def taken() -> int:
    """Bytes of memory that this process has taken at most; 0 where that is not told."""
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def last_line(error: BaseException) -> str:
    """What an error in an export says: of what it raised the last line, of what torch cannot read
    the first.
    """
    lines = [" ".join(line.split()) for line in str(error).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    if "maximum supported version" in lines[0]:
        return "it was exported by a newer torch than there is here; pip install -U torch"
    return (lines[-1] if RAISED.match(lines[-1]) else lines[0])[:200]


def _data() -> int:
    """Bytes that count against RLIMIT_DATA, where the system tells."""
    with suppress(OSError, ValueError, StopIteration), open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmData"))
    return 0


def _listen(wire: Wire, asked: queue.SimpleQueue[ToModel]) -> None:
    with suppress(EOFError):
        while True:
            asked.put(wire.receive())
    os._exit(0)


def _loaded(load: Load) -> nn.Module:
    import torch

    torch.set_num_threads(1)
    torch._C._jit_set_profiling_executor(False)  # a call is the same before and after it has warmed up
    model = torch.jit.load(_content(load), map_location="cpu").eval()  # type: ignore[no-untyped-call]
    for name in filter(None, load.inner.split(".")):
        model = getattr(model, name)
    return model  # type: ignore[no-any-return]


def _content(load: Load) -> io.BytesIO:
    """The file as it was trusted: what is loaded is what has that digest."""
    with open(load.file, "rb") as file:
        content = file.read()
    if hashlib.blake2b(content, digest_size=16).hexdigest() != load.digest:
        raise ModelError(f"{load.file} is another file than when it was asked for; ask for it anew")
    return io.BytesIO(content)


def _streaming(model: nn.Module, load: Load) -> nn.Module:
    """The model, or what joins its blocks where they do not join."""
    import torch

    from latentcode.models.families.streams.joining import Joined

    if load.streams or load.method != "decode":
        return model
    decode: Callable[[torch.Tensor], torch.Tensor] = getattr(model, "decode")  # noqa: B009  see rows.py
    return Joined(decode, load.rows, load.inputs[0], load.outputs[0], load.inputs[1])


def _measured(rows: Rows, load: Load) -> int:
    """How late a decoder is; of what encodes, how late it and the decoder are together."""
    from latentcode.models.families.streams import delay

    if load.outputs[1] == 1:
        return delay.of_latents(rows.once, *load.inputs, load.kind, load.codes)
    return delay.of_sound(rows.through, load.inputs[0], load.outputs[1], load.decoding)


def _improvised(rows: Rows, load: Load, message: Improvise) -> Made:
    """What a row makes by itself, of one value after the other."""
    import torch

    values = torch.from_numpy(np.frombuffer(message.values, np.float32).copy())
    found = []
    try:
        for place, one in enumerate(values.reshape(load.inputs[0], -1).unbind(1), message.made):
            drawn = hashlib.blake2b(f"{message.seed} {place}".encode(), digest_size=7).digest()
            seed = int.from_bytes(drawn, "little")
            if place:
                found.append(rows.step([message.row], one[None, :, None], seed)[0])
            else:
                found.append(rows.begin(message.row, one[:, None], seed))
    except Exception as error:  # whatever a model raises
        return Made(message.number, b"", ((0, last_line(error)),))
    return Made(message.number, torch.cat(found, -1).contiguous().numpy().tobytes())


def _made(rows: Rows, load: Load, message: Begin | Step, attributes: ModelAttributes | None) -> Made:
    """What comes of some rows; where they raise an error together, of each alone."""
    import torch

    channels, numbers = load.inputs[0], message.rows if isinstance(message, Step) else (message.row,)
    values = torch.from_numpy(np.frombuffer(message.values, np.float32).copy())
    values = values.reshape(len(numbers), channels, -1)
    parts, spoilt = list[torch.Tensor](), dict[int, str]()
    whole = [range(len(numbers))]
    for attempt in (whole, [range(place, place + 1) for place in range(len(numbers))]):
        parts, spoilt = [], {}
        for places in attempt:
            try:
                if isinstance(message, Begin):
                    made = rows.begin(message.row, values[0], message.seed, message.settings)[None]
                else:
                    some = [numbers[place] for place in places]
                    made = rows.step(some, values[places], message.seed, message.settings)
            except Exception as error:  # whatever a model raises: its voices are told
                spoilt |= dict.fromkeys(places, last_line(error))
                made = torch.zeros(len(places), load.outputs[0], 0)
            parts.append(made)
        if not spoilt:
            break
    longest = max(part.shape[-1] for part in parts)
    parts = [torch.nn.functional.pad(part, (0, longest - part.shape[-1])) for part in parts]
    values, refused = torch.cat(parts).contiguous(), tuple(attributes.refused) if attributes else ()
    if attributes:
        attributes.refused.clear()
    return Made(message.number, values.numpy().tobytes(), tuple(spoilt.items()), refused)


if __name__ == "__main__":
    main(*sys.argv[1:])
