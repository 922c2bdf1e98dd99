"""Who trains a model: this process alone, or several of them together, by Lightning Fabric."""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, Protocol, TypeVar, cast

import torch
from torch import Tensor

from latentcode.errors import LatentcodeError, ModelError
from latentcode.models.target import handled

NEEDED = 'training in several processes needs Lightning Fabric: pip install "latentcode[train]"'
Found = TypeVar("Found")
Tell = Callable[[Any], None]


class Crew(Protocol):
    """Those who train one model: `rank` of `count`; the first of them speaks and writes."""

    rank: int
    count: int
    device: torch.device

    def summed(self, values: Tensor) -> Tensor:
        """The sum over all of them, the same bits for each."""
        ...

    def ended(self) -> bool:
        """Whether the first of them was asked to end."""
        ...


class Alone:
    """A crew of one; `ask` it to end."""

    rank, count = 0, 1

    def __init__(self, accelerator: str = "cpu") -> None:
        if accelerator == "cuda" and not torch.cuda.is_available():
            raise ModelError("no GPU that torch can use was found; train with --accelerator cpu")
        self.device = torch.device(accelerator)
        self._asked = False

    def summed(self, values: Tensor) -> Tensor:
        return values

    def ask(self) -> None:
        """Let the training end after the step that it is at."""
        self._asked = True

    def ended(self) -> bool:
        return self._asked


class Together:
    """One of several processes that Fabric has started."""

    def __init__(self, fabric: Any, stop: Any) -> None:
        self.rank, self.count, self.device = fabric.global_rank, fabric.world_size, fabric.device
        self._fabric, self._stop = fabric, stop

    def summed(self, values: Tensor) -> Tensor:
        return cast(Tensor, self._fabric.all_reduce(values, reduce_op="sum"))

    def ended(self) -> bool:
        parent = multiprocessing.parent_process()
        return self._stop.is_set() or (parent is not None and not parent.is_alive())


def share(batch: Any, crew: Crew) -> Any:
    """What of a batch, a tensor or a dataclass of tensors, is this process's to learn.

    Raises TypeError for anything else.
    """
    step = crew.count if len(batch) >= crew.count else 1  # rows for all, or the same for each
    if isinstance(batch, Tensor):
        return batch[crew.rank % step :: step].to(crew.device)
    if is_dataclass(batch) and not isinstance(batch, type):
        return replace(batch, **{one.name: share(getattr(batch, one.name), crew) for one in fields(batch)})
    raise TypeError(f"a batch is a tensor or a dataclass of tensors, not {type(batch).__name__}")


def asking(end: Callable[[], object], ended: Callable[[int], None]) -> Callable[[int, object], None]:
    """For `handled`: a signal has the training end, and `ended` is told its number."""

    def ask(number: int, frame: object) -> None:
        ended(number)
        end()

    return ask


def together(
    count: int,
    accelerator: str,
    work: Callable[[Crew, Tell], Found],
    hear: Tell,
    ended: Callable[[int], None] = lambda number: None,
) -> Found:
    """What `work` gives in the first of `count` processes, where it is called with its crew and a
    function whose arguments are heard here, by `hear`, in a thread.

    What asks this process to end is heard there as asked for; `ended` is told its number. Raises
    what a LatentcodeError in the first process says, ModelError where Fabric is missing or a
    process fails.
    """
    fabric = _fabric(count, accelerator)
    context = multiprocessing.get_context("spawn")
    told, stop = context.SimpleQueue(), context.Event()
    listener = threading.Thread(target=_listen, args=(told, hear), daemon=True)
    listener.start()
    try:
        with handled(asking(stop.set, ended)):
            found = fabric.launch(_member, pickle.dumps(work), told, stop)
    except Exception as error:  # of a process that failed, or was killed
        last = str(error).strip().splitlines()[-1:] or [type(error).__name__]
        raise ModelError(f"a process of the training failed: {last[0]}; --resume goes on") from error
    told.put(None)
    listener.join()
    result = pickle.loads(found)
    if isinstance(result, LatentcodeError):
        raise result
    return cast(Found, result)


def _fabric(count: int, accelerator: str) -> Any:
    try:
        from lightning_fabric import Fabric
    except ImportError:
        raise ModelError(NEEDED) from None
    try:
        return Fabric(accelerator=accelerator, devices=count, strategy="ddp_spawn")
    except Exception as error:  # whatever it has to say of the devices that there are
        raise ModelError(f"{count} devices ({accelerator}) cannot be had: {error}") from error


def _listen(told: Any, hear: Tell) -> None:
    while (message := told.get()) is not None:
        hear(message)


def _member(fabric: Any, work: bytes, told: Any, stop: Any) -> bytes:
    """What each of the processes does; errors that are meant for people are given, not raised. What
    it takes and gives is packed, as Fabric would look for tensors in it.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # the process that began them is told to end
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    logging.getLogger("lightning_fabric").setLevel(logging.ERROR)
    crew = Together(fabric, stop)
    if crew.device.type == "cpu":
        torch.set_num_threads(max(1, (os.cpu_count() or 1) // crew.count))
    try:
        return pickle.dumps(pickle.loads(work)(crew, told.put))
    except LatentcodeError as error:
        return pickle.dumps(error)
    finally:  # while Python still runs: Gloo's threads let go of tensors, which aborts a process at its end
        torch.distributed.destroy_process_group()
