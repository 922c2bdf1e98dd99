"""What comes in, followed by a model that remembers: encoded block by block, each after the one
before.

A frame is a function of what was recorded, whoever asks for it and from when on: two rows of the
model take turns. Each begins anew every other span, and is heard from the next span on, when it
remembers all that it would if it had heard the set from its beginning. So an engine that takes
over, or a render that begins in the middle, has to go back by two spans and no more.

Blocks are asked for as they come in and are encoded beside the music. Live nobody waits for a frame
(`patient` is False): one that is not there when it is read is never heard, and the one before it is
in its place. Whoever reads keeps account of that (see `hearing.Hearing`).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from math import ceil, gcd
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from latentcode.arrays import Float32, Float64
from latentcode.audio import reading as audio
from latentcode.errors import ModelError
from latentcode.latents.listening import LiveIn
from latentcode.models.family import Asked, StreamedCodec

SPAN = 1 << 16  # samples of the model that a row hears before it is heard: more than exports remember
LOOK, HOLD = 128, 1024  # samples that levels look ahead, and that they hold
MARGIN = 256  # samples on either side of what is resampled
SOFT = 6.0  # dB over which a gate opens
MOST = 6  # blocks that are asked for and not there, live
HANGING = 10.0  # seconds after which they never will be
KEPT = 4  # spans whose frames others may ask for again
EASE = 1024  # samples that encoding a block may take, beside half a block; more where that is too little:
EASIER, EASIEST = 1.5, 1 << 15  # times as many, up to so many,
OFTEN, LATELY = 6, 1.0  # when reading was in vain so often within so many seconds
LOST = 4  # spans behind, after which it is not caught up with block by block
HELD = 32  # frames for which one is held
IDLE = 30.0  # seconds after which one that nobody reads is not followed any more

SILENCE = np.zeros((0, 0), np.float32)  # stands for the frames of silence

Take = Callable[[int, int, int], Float32]  # input, first sample, how many


class Inputs:
    """What comes in at some inputs as a model is given it: (channels, n) at its rate, behind a gate
    and under a limit.

    take  gives the samples of an input at the device's rate
    """

    def __init__(self, what: LiveIn, codec: StreamedCodec, rate: int, take: Take) -> None:
        self._what, self._take = what, take
        self._channels = what.channels if len(what.channels) == codec.channels else None
        self.channels = codec.channels
        self._rates = rate, codec.card.sample_rate
        self._ratio = Fraction(*self._rates)
        self._block, self._step = codec.block, gcd(codec.block, LOOK)

    def whole(self, number: int) -> int:
        """The session sample before which all must have come in that a block is made of."""
        beyond = 0 if self._ratio == 1 else MARGIN
        return ceil(((number + 1) * self._block + LOOK + beyond) * self._ratio) + bool(beyond)

    def block(self, head: int) -> int:
        """The number of the block in which a session sample lies."""
        return int(head / self._ratio) // self._block

    def samples(self, first: int, count: int) -> Float32:
        """The samples (channels, count) from the model's sample `first` on; `count` is a multiple
        of a block's.
        """
        before = HOLD + LOOK
        whole = np.stack(
            [self._at(one, first - before, before + count + LOOK) for one in self._what.channels]
        )
        if self._channels is None:
            whole = whole.mean(0, keepdims=True, dtype=np.float32).repeat(self.channels, 0)
        gain = self._gain(whole, count)
        found = whole[:, before : before + count]
        return found if gain is None else found * gain

    def _at(self, channel: int, first: int, count: int) -> Float32:
        if self._ratio == 1:
            return self._take(channel, first, count)
        unit = self._ratio.denominator  # where both have a sample: so blocks meet
        begin = (first - MARGIN) // unit * unit
        there, span = begin * self._ratio, first + count + MARGIN - begin
        came = self._take(channel, int(there), ceil(span * self._ratio) + 1)
        return audio.resampled(came, *self._rates)[first - begin : first - begin + count]

    def _gain(self, whole: Float32, count: int) -> Float32 | None:
        """The gain (count,) of gate and limit, in lines between steps: it opens early and closes
        late, is turned down early and up late. None where it is 1.
        """
        steps = whole.reshape(len(whole), -1, self._step)
        held = HOLD // self._step + 1
        power = sliding_window_view(np.square(steps, dtype=np.float64).mean((0, 2)), held).mean(1)
        peaks = sliding_window_view(np.abs(steps).max((0, 2)), held).max(1)
        opened = np.clip((10 * np.log10(power + 1e-30) - self._what.gate) / SOFT + 1, 0, 1)
        under = np.minimum(1.0, 10.0 ** (self._what.limit / 20) / np.maximum(peaks, 1e-9))
        first, edges = LOOK // self._step, count // self._step + 1
        before, after = slice(first - 1, first - 1 + edges), slice(first, first + edges)
        gain: Float64 = np.maximum(opened[before], opened[after]) * np.minimum(under[before], under[after])
        if (gain == 1).all():
            return None
        return np.interp(np.arange(count) / self._step, np.arange(edges), gain).astype(np.float32)


def after(codec: StreamedCodec) -> int:
    """The samples of a model from a frame's first on after which it is read: when its block is
    whole, and has been encoded.
    """
    return codec.block + LOOK + codec.block // 2 + EASE


class Block(NamedTuple):
    """A block that was asked for, and when; `heard`: the row whose frames are heard, None while
    none is. One without a number is of silence.
    """

    number: int | None
    asked: Asked
    heard: int | None
    since: float


class Following:
    """One model that follows some inputs. All of it is for one thread, but for `start`.

    patient  whether who reads waits for frames
    """

    def __init__(self, codec: StreamedCodec, inputs: Inputs, patient: bool) -> None:
        self.inputs, self._listener, self._patient = inputs, codec.listener(patient), patient
        self._block, self._context, self._hop = codec.block, codec.context, codec.card.hop
        self._span = max(SPAN // self._block, 1)
        self._frames: dict[int, Float32 | None] = {}
        self._pending: deque[Block] = deque()
        self._going, self._next = False, 0  # whether it goes on, and the block that comes next
        self._first = 0  # the first block whose frames can be known
        self._begun: set[int] = set()
        self._quiet: Float32 | None = None
        self.hopeless = False  # whether it was waited for long enough

    def start(self) -> None:
        """Have its process started, and wait until it is. Raises ModelError."""
        self._listener.start()

    def frame(self, number: int) -> Float32 | None:
        """The frame (D,) of a number; None where it is not there.

        Raises ModelError where the model cannot be had, and it is waited for.
        """
        block, place = divmod(number, self._block // self._hop)
        if self._patient:
            self._have(block)
        found = self._frames.get(block)
        found = self._quiet if found is SILENCE else found
        return None if found is None else found[place]

    def go_on(self, head: int) -> None:
        """Ask for what is whole now that the session's samples before `head` have come in, and take
        what is there; waits for nothing.
        """
        self._collect()
        if self._pending and time.monotonic() - self._pending[0].since > HANGING:
            self._listener.end()
            self._lose()
        if not self._listener.ready:
            return
        here = self.inputs.block(head)
        if not self._going or here > self._next + LOST * self._span:
            self._begin(here // self._span - 2)
        while len(self._pending) < MOST and self.inputs.whole(self._next) <= head and self._ask(self._next):
            pass

    def behind(self, head: int) -> bool:
        """Whether blocks are still to be asked for that have come in before `head` for long."""
        if self.hopeless:
            return False
        return not self._going or self._quiet is None or self.inputs.whole(self._next + MOST) <= head

    def _have(self, block: int) -> None:
        """Wait for the frames of a block. Raises ModelError."""
        for last in (False, True):
            try:
                self._reach(block)
                return
            except ModelError:  # when its process has ended all can be had again, once
                self._lose()
                if last:
                    raise

    def _reach(self, block: int) -> None:
        if block in self._frames:
            return
        if not self._going or not max(self._next, self._first) <= block < self._next + 2 * self._span:
            self._begin(block // self._span - 1)
        while self._next <= block:
            self._ask(self._next)
        while self._pending:
            self._take(self._pending.popleft())

    def _begin(self, span: int) -> None:
        """Go on from the beginning of a span."""
        self._going, self._next, self._first = True, span * self._span, (span + 1) * self._span
        self._begun.clear()
        self._pending.clear()
        if self._quiet is None:
            silence = np.zeros((self.inputs.channels, self._context + self._block), np.float32)
            self._sent(None, self._listener.ask(0, {0}, set(), silence), 0)

    def _sent(self, number: int | None, asked: Asked | None, heard: int | None) -> bool:
        """Whether a block was asked for; where nobody can be asked, all begins anew."""
        if asked is None:
            self._lose()
            return False
        self._pending.append(Block(number, asked, heard, time.monotonic()))
        return True

    def _lose(self) -> None:
        self._pending.clear()
        self._going = False

    def _ask(self, number: int) -> bool:
        """Ask for the next block; False where nobody can be asked."""
        heard = number // self._span % 2
        if number % self._span == 0:
            self._begun.discard(1 - heard)  # it is heard from the next span on
        samples = self.inputs.samples(number * self._block - self._context, self._block + self._context)
        begins, on = self._rows(number, heard, bool(samples.any()))
        known = number >= self._first
        if known and heard not in begins | on:  # there was silence since it was to begin
            self._know(number, SILENCE)
            known = False
        if (begins or on) and not self._sent(
            number, self._listener.ask(number, begins, on, samples), heard if known else None
        ):
            return False
        if not self._context:
            self._begun |= begins
        self._next = number + 1
        return True

    def _rows(self, number: int, heard: int, sounding: bool) -> tuple[set[int], set[int]]:
        """The rows that begin with a block, as it is the first that sounds; those that go on."""
        if self._context:
            return {heard}, set()
        rows = {0, 1} if number >= self._first else {1 - heard}
        return (rows - self._begun if sounding else set()), rows & self._begun

    def _collect(self) -> None:
        """Take what is there; where its process has ended, that is nothing."""
        try:
            while self._pending and self._pending[0].asked.ready:
                self._take(self._pending.popleft())
        except ModelError:
            self._lose()

    def _take(self, block: Block) -> None:
        if block.heard is None:
            block.asked.close()
            return
        frames = block.asked.frames(block.heard)
        if frames is not None:
            frames = frames[-(self._block // self._hop) :]
        if block.number is None:
            self._quiet = frames
        else:
            self._know(block.number, frames)

    def _know(self, number: int, frames: Float32 | None) -> None:
        self._frames[number] = frames
        while len(self._frames) > KEPT * self._span:
            del self._frames[next(iter(self._frames))]


class Followed:
    """All inputs that models follow, each by one name; and what was not there in time.

    patient  whether who reads waits for frames; live nobody does
    missed   names and numbers of frames that were not there when they were first read: the one
             before is heard in their place, then and in a replay
    report   is told of these
    eased    is told of a name, the session sample from which on, and the samples by which its
             frames are read later: what cannot be encoded in time is heard later
    follows  is told when a model has begun to
    head     the session sample before which all has come in, live
    """

    def __init__(self, rate: int, take: Take) -> None:
        self._rate, self._take = rate, take
        self.patient, self.head = True, 0
        self.missed: set[tuple[str, int]] = set()
        self.report: Callable[[str, tuple[int, ...]], None] = lambda name, numbers: None
        self.eased: Callable[[str, int, int], None] = lambda name, since, late: None
        self.follows: Callable[[StreamedCodec], None] = lambda codec: None
        self._eases: dict[str, list[tuple[int, int]]] = {}
        self._late: dict[str, deque[int]] = {}  # when reading was in vain lately
        self._all: dict[str, Following] = {}
        self._read: dict[str, int] = {}  # the head when it was read last
        self._seen: dict[str, int] = {}  # the last sample for which it was read

    def of(self, what: LiveIn, codec: StreamedCodec) -> Following:
        """The one that follows these inputs; from now on, if there was none."""
        name = self._name(what, codec)
        if name not in self._all:
            inputs = Inputs(what, codec, self._rate, self._take)
            self._all.setdefault(name, Following(codec, inputs, self.patient))
        self._read[name] = self.head
        return self._all[name]

    def ease(self, name: str, since: int, late: int) -> None:
        """From a session sample on the frames of a name are read so many of its samples later."""
        self._eases.setdefault(name, []).append((since, late))

    def _eased(self, name: str, seen: Float64) -> Float64:
        eases = self._eases.get(name, [])
        found = np.zeros(len(seen))
        for since, late in eases:
            found[seen >= since] = late
        return found

    def frames(self, what: LiveIn, codec: StreamedCodec, seen: Float64, known: Float64) -> Float32:
        """The frames (N, D) that are the last ones whole, at samples (N,) that are `seen`, when
        what comes in is `known` up to samples (N,).
        """
        following, name = self.of(what, codec), self._name(what, codec)
        ratio = self._rate / codec.card.sample_rate
        last = known / ratio - after(codec) - self._eased(name, seen)
        numbers = np.floor(last / codec.card.hop).astype(int).tolist()
        self._seen[name] = max(self._seen.get(name, 0), int(seen.max()))
        none, late = np.zeros(codec.card.latent_dim, np.float32), list[int]()
        found = np.stack([self._heard(following, name, number, late, none) for number in numbers])
        if late:
            self.missed.update((name, number) for number in late)
            self.report(name, tuple(late))
            self._in_vain(name, self._seen[name] + 1)  # what others have read of it stays as it was
        return found

    def _in_vain(self, name: str, since: int) -> None:
        """Read later from a sample on, where that was in vain again and again."""
        late = self._late.setdefault(name, deque(maxlen=OFTEN))
        late.append(since)
        if len(late) == OFTEN and since - late[0] < LATELY * self._rate:
            late.clear()
            now = EASE + (self._eases[name][-1][1] if self._eases.get(name) else 0)
            if (more := min(round(now * EASIER), EASIEST)) > now:
                self.ease(name, since, more - EASE)
                self.eased(name, since, more - EASE)

    def _heard(self, following: Following, name: str, number: int, late: list[int], none: Float32) -> Float32:
        """A frame, or the last before it that was there in time; what is late now is told."""
        for earlier in range(number, max(number - HELD, -1), -1):
            if (name, earlier) in self.missed or earlier in late:
                continue
            found = following.frame(earlier)
            if found is not None:
                return found
            if not self.patient:
                late.append(earlier)
        return none

    def go_on(self, head: int) -> None:
        """Let all that is listened to go on; see `Following.go_on`."""
        self.head = head
        for name, following in self._all.copy().items():
            if head - self._read[name] < IDLE * self._rate:
                following.go_on(head)

    def wait(self, following: Following, codec: StreamedCodec) -> None:
        """Wait until one follows, but not for ever. Raises ModelError."""
        following.start()
        due = time.monotonic() + HANGING
        while following.behind(self.head) and time.monotonic() < due:
            time.sleep(0.01)
        following.hopeless = True
        self.follows(codec)

    def _name(self, what: LiveIn, codec: StreamedCodec) -> str:
        channels = ",".join(map(str, what.channels))
        return f"{codec.card.digest[:12]}/{channels}/{what.gate:g}/{what.limit:g}"
