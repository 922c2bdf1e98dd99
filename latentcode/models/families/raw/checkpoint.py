"""Checkpoints of rawaudiovae as people have them:
the one state dictionary in them that holds fc1 … fc4.

It may stand under any key, in a module that was pickled whole, and behind the prefixes that
DataParallel, `torch.compile`, Lightning and others put before the names of layers. The file is read
as data (`archives.py`). Does not import torch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from latentcode.arrays import Float32
from latentcode.errors import ModelError
from latentcode.files import limits
from latentcode.models.archives import UNREADABLE, Archive, StoredTensor, read_archive
from latentcode.models.card import Card, checked_rate, chosen_digest, one_line, split_choice
from latentcode.models.families.raw.config import Origin, read_config
from latentcode.models.families.raw.sizes import FAMILY, check_extra, layer_shapes, layer_sizes
from latentcode.models.pickles import Record

WRAPPERS = frozenset(
    ["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module"]
)  # what DataParallel, torch.compile, FSDP, checkpointing and Lightning put into names
USUAL = ("", "state_dict", "model_state_dict")  # where a training keeps the model itself
PLAIN = frozenset(["model", "net", "network", "vae"])  # as good as no name
MARK = "fc1.weight"
SHOWN = 4
DEEPEST = 32  # keys, one in the other

State = dict[str, StoredTensor]


@dataclass(frozen=True)
class Candidate:
    """A model in a checkpoint: where it stands, its tensors by the names of layers,
    and what stands beside it.
    """

    name: str
    tensors: State
    beside: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """How likely it is the one that is meant: the smaller, the more."""
        place = ".".join(part for part in self.name.split(".") if part not in PLAIN)
        return USUAL.index(place) if place in USUAL else len(USUAL)


@dataclass(frozen=True)
class Weights:
    """The weights of a checkpoint by name, still in its file."""

    path: Path
    tensors: State
    archive: Archive

    def arrays(self) -> dict[str, Float32]:
        """Every weight as float32; ModelError when the file does not hold what it promises."""
        try:
            return {name: tensor.array(self.archive) for name, tensor in self.tensors.items()}
        except UNREADABLE as error:
            raise ModelError(f"{self.path} is cut off or damaged: {one_line(error)}") from None


def read_checkpoint(given: Path, sample_rate: int | None = None) -> tuple[Card, Weights]:
    """The card and the weights (read when asked for) of a checkpoint or of a whole pickled module.

    `given` may name one of several models after a #, as in ckpt_00500#ema.

    Raises ModelError for a file that holds none, or more than one.
    """
    path, choice = split_choice(given)
    try:
        archive = read_archive(path)
    except UNREADABLE as error:
        raise ModelError(
            f"{path} is cut off or no model, neither safetensors nor a torch checkpoint: {one_line(error)}"
        ) from None
    candidates = _candidates(archive.content, path)
    found = _chosen(candidates, choice, path)
    window, units, latent = layer_sizes({name: t.shape for name, t in found.tensors.items()}, path)
    wanted = layer_shapes(window, units, latent)
    extra = [name for name, tensor in found.tensors.items() if name not in wanted and not _counter(tensor)]
    check_extra(extra, path)
    weights = Weights(path, {name: found.tensors[name] for name in wanted}, archive)
    _check_sizes(weights)
    origin = read_config(path, window)
    card = Card(
        name=path.stem,
        digest=chosen_digest(path, choice),
        family=FAMILY,
        sample_rate=checked_rate(sample_rate or origin.sample_rate),
        window=window,
        latent_dim=latent,
        units=units,
        hop=origin.hop,
        notes=_notes(origin if sample_rate is None else None, found, candidates),
        file=str(given),
    )
    return card, weights


def _check_sizes(weights: Weights) -> None:
    """Hold what the weights claim against the file and the bound, before anything is allocated."""
    for name, tensor in weights.tensors.items():
        if trouble := tensor.trouble(weights.archive):
            raise ModelError(f"{weights.path} is cut off or damaged: {name} {trouble}")
    if excess := limits.excess(4 * sum(tensor.count for tensor in weights.tensors.values())):
        raise ModelError(f"{weights.path} asks for {excess}")


def _chosen(candidates: list[Candidate], choice: str, path: Path) -> Candidate:
    names = [one.name for one in candidates]
    if choice:
        named = [one for one in candidates if one.name == choice] or [
            one for one in candidates if one.name.endswith(f".{choice}")
        ]
        if len(named) != 1:
            raise ModelError(f"{path} has no one model {choice!r}; it has {_shown(names)}")
        return named[0]
    best = min(one.rank for one in candidates)
    likely = [one for one in candidates if one.rank == best]
    if len(candidates) > 1 and (best == len(USUAL) or len(likely) > 1):
        raise ModelError(
            f"{path} holds {len(candidates)} models, {_shown(names)}; give one, as in {path}#{names[-1]}"
        )
    return likely[0]


def _candidates(content: object, path: Path) -> list[Candidate]:
    """Every model in a checkpoint, in the order of the file.

    Raises ModelError when there is none.
    """
    states = list(_states(content))
    found = [one for place, state in states for one in _models(place, state)]
    if found:
        return found
    names = [name for _, state in states for name in state]
    if not names:
        raise ModelError(
            f"{path} is a torch file without a model's weights; give a checkpoint with a state_dict"
        )
    raise ModelError(
        f"{path} is no raw-audio VAE: it has no layers fc1 and fc21 with two-dimensional weights, "
        f"but {_shown(names)}"
    )


def _models(place: tuple[str, ...], state: State) -> Iterator[Candidate]:
    """The models in one dictionary of tensors: those of one prefix belong together."""
    clean: State = {}
    for name, tensor in state.items():
        short = ".".join(part for part in name.split(".") if part not in WRAPPERS)
        if clean.setdefault(short, tensor) is not tensor and short.endswith(MARK):
            raise ModelError(f"the checkpoint holds {short} twice, once as {name}")
    prefixes = [name.removesuffix(MARK) for name in clean if f".{name}".endswith(f".{MARK}")]
    for prefix in prefixes:
        inner = [other for other in prefixes if other != prefix and other.startswith(prefix)]
        own = {
            name.removeprefix(prefix): tensor
            for name, tensor in clean.items()
            if name.startswith(prefix) and not any(name.startswith(other) for other in inner)
        }
        others = {name for name in clean if not any(name.startswith(known) for known in prefixes)}
        parts = (*(part for part in place if part not in WRAPPERS), *filter(None, prefix.split(".")))
        yield Candidate(".".join(parts), own, tuple(sorted(others)))


def _states(content: object) -> Iterator[tuple[tuple[str, ...], State]]:
    """Every dictionary or pickled module that holds tensors, with the keys that lead to it;
    each once.
    """
    seen: set[int] = set()
    waiting: deque[tuple[tuple[str, ...], object]] = deque([((), content)])
    while waiting:
        place, value = waiting.popleft()
        if id(value) in seen or not isinstance(value, (dict, list, tuple, Record)) or len(place) > DEEPEST:
            continue
        seen.add(id(value))
        if isinstance(value, Record) and (state := dict(_module_tensors(value))):
            yield place, state
            continue
        inside = dict(_inside(value))
        tensors = {str(key): one for key, one in inside.items() if isinstance(one, StoredTensor)}
        if tensors:
            yield place, tensors
        waiting.extend(((*place, str(key)), one) for key, one in inside.items())


def _inside(
    value: dict[object, object] | list[object] | tuple[object, ...] | Record,
) -> Iterator[tuple[object, object]]:
    if isinstance(value, Record):
        yield from value.items.items()
        if isinstance(value.state, dict):
            yield from value.state.items()
        return
    yield from value.items() if isinstance(value, dict) else enumerate(value)


def _module_tensors(module: Record) -> Iterator[tuple[str, StoredTensor]]:
    """The parameters and buffers of a pickled module and of all modules in it,
    by their dotted names.
    """
    seen: set[int] = set()
    waiting: deque[tuple[str, object]] = deque([("", module)])
    while waiting:
        place, inner = waiting.popleft()
        if not isinstance(inner, Record) or not isinstance(inner.state, dict) or id(inner) in seen:
            continue
        if place.count(".") > DEEPEST:
            continue
        seen.add(id(inner))
        for kind in ("_parameters", "_buffers"):
            for name, tensor in _table(inner.state, kind).items():
                if isinstance(tensor, StoredTensor):
                    yield f"{place}{name}", tensor
        waiting.extend((f"{place}{name}.", child) for name, child in _table(inner.state, "_modules").items())


def _table(state: Mapping[object, object], key: str) -> dict[object, object]:
    found = state.get(key)
    return found if isinstance(found, dict) else {}


def _counter(tensor: StoredTensor) -> bool:
    """Whether a tensor only counts something, as an average of weights counts how many
    there were.
    """
    return tensor.shape == () and tensor.storage.dtype.kind in "iu" and tensor.storage.kind != "BFloat16"


def _notes(
    origin: Origin | None, found: Candidate, candidates: list[Candidate]
) -> tuple[tuple[str, str], ...]:
    notes = [("origin", "a rawaudiovae checkpoint"), *(origin.notes if origin else ())]
    others = [one.name for one in candidates if one is not found]
    if others:
        notes.append(
            ("weights", f"{found.name or 'at the top'}; there are {_shown(others)} as well: add #NAME")
        )
    if found.beside:
        notes.append(("left out", f"{_shown(found.beside)}: beside the model, not in it"))
    return tuple(notes)


def _shown(names: list[str] | tuple[str, ...]) -> str:
    """A few names as text."""
    shown = ", ".join(repr(name) if name else "one at the top" for name in names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown
