"""An exported model whose rows are streams of their own: what each remembers is kept beside it.

The convention has a row of the batch for each voice, and buffers indexed by it. Here these hold a
row only while it is computed: before a call they are given what its rows remember, and after it
that of the rows that took part is taken out again. So a row that does nothing, or whose call
raises, stays as it was, and there can be more of them than the buffers have room for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

import torch
from torch import Tensor, nn

from latentcode.models.families.streams.attributes import ModelAttributes
from latentcode.models.families.streams.messages import Setting

From = tuple[int, Sequence[Setting]]
STATE = ("pad", "cache")  # what buffers are called that hold a stream's past
WARM = 2  # passes before the first that counts


class Rows:
    """A method of a model, and the rows in which it is called.

    `rows` go through it together, always as many, since a row of one batch is not that of another
    size to the bit; `sizes`: channels and values of a row in a call. A further group of as many
    rows has the same buffers in turn. `chance`: whether it draws random numbers, which are a
    function of a call's seed and of the row's place in its group. `attributes` are set for a call;
    rows for which others are set go through the model apart. `alone`: a row is the whole of what
    the model remembers, with rows in it or not.
    """

    def __init__(
        self,
        model: nn.Module,
        method: str,
        rows: int,
        sizes: tuple[int, int],
        attributes: ModelAttributes | None = None,
        alone: bool = False,
    ) -> None:
        self.sizes, self._model, self._call = sizes, model, getattr(model, method)
        self._attributes = attributes
        self._groups: dict[int, list[Tensor]] = {}
        self._learned: dict[int, list[Tensor]] = {}  # by row, what has no rows and is its own (see `Past`)
        self._held = -1  # the group whose past the buffers hold, as all of it went through last
        self._past = Past(model, alone)
        before = torch.random.get_rng_state()
        self.rows = self._warmed(rows)
        self.chance = not torch.equal(before, torch.random.get_rng_state())
        self._past.find(self.rows)

    def _warmed(self, rows: int) -> int:
        """Let the model run; how many rows it takes at once.

        One where it does not give as many as it is given: some exports of two channels do not.
        """
        try:
            given = len(self._call(torch.zeros(rows, *self.sizes)))
        except RuntimeError:
            given = 0  # where one row fails as well, its error is told
        rows = rows if given == rows else 1
        for _ in range(WARM):
            self._call(torch.zeros(rows, *self.sizes))
            self._call(torch.ones(rows, *self.sizes))
        self._past.look()
        self._switch_on(rows)
        return rows

    def _switch_on(self, rows: int) -> None:
        """Let it run once with all switched on that can be, so that what only then remembers is
        found as well.
        """
        if self._attributes is None or not (switches := self._attributes.switched_on()):
            return
        self._attributes.set(switches)
        with suppress(RuntimeError):
            self._call(torch.ones(rows, *self.sizes))
        self._attributes.set(())
        self._attributes.refused.clear()

    def begin(self, row: int, values: Tensor, seed: int, settings: Sequence[From] = ((0, ()),)) -> Tensor:
        """The first values (channels, n) of a row: what comes of them, (channels, m); `settings`:
        from which value on which attributes are set.
        """
        place = row % self.rows
        one, self._held = slice(place, place + 1), -1
        self._past.learn(self._past.unlearned)
        self._past.put([past[one] for past in self._past.pristine])
        torch.manual_seed(seed)
        ends = [first for first, _ in settings[1:]] + [values.shape[-1]]
        made = [
            self._called(values[None, :, first:end], wanted)[0]
            for (first, wanted), end in zip(settings, ends, strict=True)
        ]
        _copy([past[one] for past in self._group(row)], self._past.take(1))
        self._learned[row] = self._past.learned()
        return torch.cat(made, -1)

    def step(
        self, rows: Sequence[int], values: Tensor, seed: int, settings: Sequence[Setting] = ()
    ) -> Tensor:
        """The next values (rows, channels, n) of some rows of one group: (rows, channels, m)."""
        if self.rows == 1 and len(rows) > 1:
            each = zip(rows, values, strict=True)
            return torch.cat([self.step([row], one[None], seed + row, settings) for row, one in each])
        if self._past.unlearned and (apart := self._apart(rows)):
            return self._one_by_one(apart, values, rows, seed, settings)
        group, places = self._group(rows[0]), [row % self.rows for row in rows]
        whole = torch.zeros(self.rows, *self.sizes)
        whole[places] = values
        number = rows[0] // self.rows
        self._past.put([] if self._held == number else group)
        self._past.learn(self._learned.get(rows[0], self._past.unlearned))
        self._held = -1  # where this raises, the group is as it was
        torch.manual_seed(seed)
        made = self._called(whole, settings)
        past = self._past.take(self.rows)
        if len(places) == self.rows:
            _copy(group, past)  # in one go
            self._held = number
        else:
            for place in places:
                _copy([one[place] for one in group], [one[place] for one in past])
        self._learned |= dict.fromkeys(rows, self._past.learned())
        return made[places]

    def _apart(self, rows: Sequence[int]) -> list[list[int]]:
        """The places of rows that have learned the same; none where all have."""
        found: list[tuple[list[Tensor], list[int]]] = []
        for place, row in enumerate(rows):
            own = self._learned.get(row, self._past.unlearned)
            same = next(
                (places for one, places in found if one is own or all(map(torch.equal, one, own))), None
            )
            if same is None:
                found.append((own, [place]))
            else:
                same.append(place)
        return [places for _, places in found] if len(found) > 1 else []

    def _one_by_one(
        self,
        apart: Sequence[list[int]],
        values: Tensor,
        rows: Sequence[int],
        seed: int,
        settings: Sequence[Setting],
    ) -> Tensor:
        made: dict[int, Tensor] = {}
        for places in apart:
            found = self.step([rows[place] for place in places], values[places], seed, settings)
            made |= dict(zip(places, found, strict=True))
        return torch.stack([made[place] for place in range(len(rows))])

    def forget(self, row: int) -> None:
        """No group from this row's on is used."""
        for number in [number for number in self._groups if number * self.rows >= row]:
            del self._groups[number]
            self._held = -1
        self._learned = {known: own for known, own in self._learned.items() if known < row}

    def once(self, values: Tensor) -> Tensor:
        """What comes of values (channels, n) from the beginning on, in no row: (channels, m)."""
        self._held = -1
        self._past.put([past[:1] for past in self._past.pristine])
        torch.manual_seed(0)
        return self._called(values[None], ())[0]

    def through(self, values: Tensor) -> Tensor:
        """The same of what encodes, decoded again."""
        decode: Callable[[Tensor], Tensor] = getattr(self._model, "decode")  # noqa: B009  torch says it is a tensor
        return decode(self.once(values)[None])[0]

    def _group(self, row: int) -> list[Tensor]:
        number = row // self.rows
        if number not in self._groups:
            self._groups[number] = [past.clone() for past in self._past.pristine]
        return self._groups[number]

    def _called(self, values: Tensor, settings: Sequence[Setting]) -> Tensor:
        if self._attributes is not None:
            self._attributes.set(settings)
        made: Tensor = self._call(values)
        return made.float()


class Past:
    """The buffers of a model in which it remembers.

    What it remembers is what changes while it runs, and what is called as the convention has it.
    What has a row for each stream is theirs; all else is put back before each call, as it would
    make one stream depend on another. But what changes only where attributes are switched on, as
    how often something was learned, is a row's own as well: `unlearned` is what it is at first.
    """

    def __init__(self, model: nn.Module, alone: bool = False) -> None:
        self._rows, self._alone = 1, alone
        self._owners = {
            f"{path}.{name}" if path else name: (owner, name)
            for path, owner in model.named_modules()
            for name, _ in owner.named_buffers(recurse=False)
        }
        self._before = {name: self._now(name).clone() for name in self._owners}
        self._where = {name: self._now(name).data_ptr() for name in self._owners}
        self._each: dict[str, int] = {}  # entries that a row has in each buffer; 0: it is a row as a whole
        self.pristine: list[Tensor] = []  # (rows, entries, …), of each buffer that has rows
        self._still: list[Tensor] = []  # the same views of buffers that stay where they are,
        self._moving: list[str] = []  # and those that are made anew by each call, which come after them
        self._shared: list[tuple[str, Tensor]] = []
        self._usual: set[str] = set()  # what changes while nothing is switched on
        self._own: list[str] = []
        self.unlearned: list[Tensor] = []

    def look(self) -> None:
        """See what it remembers as it is loaded."""
        self._usual = {name for name in self._owners if self._is_past(name)}

    def find(self, rows: int) -> None:
        """See which there are, now that the model has run in so many rows; they are as they were
        before.
        """
        self._rows = rows
        past = [name for name in self._owners if self._is_past(name)]
        own = [name for name in past if self._alone or _has_rows(self._now(name), self._rows)]
        rest = [name for name in past if name not in own]
        self._shared = [(name, self._before[name]) for name in rest if name in self._usual]
        self._own = [name for name in rest if name not in self._usual]
        self.unlearned = [self._before[name] for name in self._own]
        self._moving = [name for name in own if self._now(name).data_ptr() != self._where[name]]
        still = [name for name in own if name not in self._moving]
        self._each = {name: self._entries(name) for name in own}
        self._still = [self._by_row(name) for name in still]
        self.pristine = [self._first(name) for name in (*still, *self._moving)]
        self.put(self.pristine)
        self.learn(self.unlearned)

    def learn(self, own: Sequence[Tensor]) -> None:
        """Let it have learned this."""
        for name, one in zip(self._own, own, strict=True):
            self._set(name, one)

    def learned(self) -> list[Tensor]:
        """What it has learned."""
        return [self._now(name).clone() for name in self._own]

    def put(self, past: Sequence[Tensor]) -> None:
        """Let the model have this behind it, in its first rows; [] where it is there already."""
        for name, one in self._shared:
            self._set(name, one)
        if not past:
            return
        count = len(self._still)
        _copy([buffer[: len(one)] for buffer, one in zip(self._still, past, strict=False)], past[:count])
        for name, one in zip(self._moving, past[count:], strict=True):
            self._set(name, one.flatten(0, 1) if self._each[name] else one[0])

    def take(self, rows: int) -> list[Tensor]:
        """What it has behind it in its first rows, not copied."""
        return [one[:rows] for one in (*self._still, *map(self._by_row, self._moving))]

    def _now(self, name: str) -> Tensor:
        owner, own = self._owners[name]
        found: Tensor = getattr(owner, own)
        return found

    def _set(self, name: str, value: Tensor) -> None:
        owner, own = self._owners[name]
        setattr(owner, own, value.clone())

    def _is_past(self, name: str) -> bool:
        now, before = self._now(name), self._before[name]
        changed = now.shape != before.shape or not torch.equal(now, before)
        return bool(now.numel()) and (changed or name.rpartition(".")[2] in STATE)

    def _entries(self, name: str) -> int:
        """How many entries of a buffer's first dimension belong to a row: what has several channels
        may keep each in one of its own.
        """
        now, before = self._now(name), self._before[name]
        if not _has_rows(now, self._rows):
            return 0
        if now.shape != before.shape:
            return max(len(now) // self._rows, 1)
        changed = (torch.nan_to_num(now) != torch.nan_to_num(before)).flatten(1).any(1).nonzero()
        used = int(changed[-1]) + 1 if len(changed) else 1
        return max(min(-(-used // self._rows), len(now) // self._rows), 1)

    def _by_row(self, name: str) -> Tensor:
        """A buffer as (rows, entries, …)."""
        now, each = self._now(name), self._each[name]
        if not each:
            return now[None]
        return now[: len(now) // each * each].view(-1, each, *now.shape[1:])

    def _first(self, name: str) -> Tensor:
        """What a buffer held at first in its first row, in as many as go through the model
        together.

        Exporters run some rows and not others, and may leave what is no number in them.
        """
        before, each = self._before[name], self._each[name]
        if not each:
            return before[None].clone()
        if before.shape[1:] != self._now(name).shape[1:]:  # it was made by the first call
            return torch.zeros_like(self._by_row(name)[: self._rows])
        row = before[:each] if len(before) >= each else before[:1].expand(each, *before.shape[1:])
        row = torch.nan_to_num(row, 0.0, 0.0, 0.0) if row.is_floating_point() else row
        return row.expand(self._rows, *row.shape).clone()


def _copy(places: Sequence[Tensor], values: Sequence[Tensor]) -> None:
    if places:
        torch._foreach_copy_(list(places), list(values))


def _has_rows(buffer: Tensor, rows: int) -> bool:
    """Whether a buffer has a row for each of so many streams."""
    return buffer.ndim > 1 and len(buffer) >= rows
