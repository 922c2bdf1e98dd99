"""Inputs of the device: opened when they are first asked for, heard before each block, recorded."""

from __future__ import annotations

import mmap
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from latentcode.arrays import Float32
from latentcode.engine.latency import Seldom
from latentcode.engine.sound import PlayerLink
from latentcode.errors import EngineError
from latentcode.files import atomic
from latentcode.frames import Frames
from latentcode.models.family import DELAY, TOGETHER, Codec, FrameCodec, StreamedCodec
from latentcode.session import records
from latentcode.session.journal import Session
from latentcode.set.recorded import recordings_of
from latentcode.sounds.hearing import Hearing, NotHeardError, Tape, quantised
from latentcode.sounds.recordings import Recorded, RecordedTape, Recorder

KEPT = 40  # seconds of each input that are remembered
PATIENCE = 10.0  # seconds for a device to open its inputs
SLACK = 0.01  # seconds by which a delay may be longer than it must be
WAIT = 3.0  # seconds for a recording to be whole


class LiveTape:
    """The last seconds of each input that is open; what was recorded before lies in `past`.

    Whoever has asked for samples too early has heard silence there, and so it remains.
    """

    def __init__(self, rate: int, past: Tape) -> None:
        self.length, self._past = KEPT * rate, past
        self.head = 0
        self._begun: dict[int, int] = {}
        self._kept: dict[int, Float32] = {}
        self._asked: dict[int, int] = {}

    @property
    def channels(self) -> list[int]:
        """The inputs that are heard."""
        return list(self._begun)

    def open(self, channel: int) -> bool:
        return channel in self._begun

    def begin(self, channel: int) -> None:
        """Hear an input from the head on."""
        memory = mmap.mmap(-1, 4 * self.length)
        self._kept[channel] = np.frombuffer(memory, np.float32)
        self._begun[channel] = self.head

    def put(self, came_in: Float32) -> Float32:
        """The next samples of all inputs, (INPUTS, n); gives them as they are kept."""
        kept, places = quantised(came_in), np.arange(self.head, self.head + came_in.shape[1]) % self.length
        for channel, begun in self._begun.items():
            early = max(self._asked.get(channel, 0), begun) - self.head
            kept[channel - 1, : max(early, 0)] = 0.0
            self._kept[channel][places] = kept[channel - 1]
        self.head += came_in.shape[1]
        return kept

    def samples(self, channel: int, first: int, count: int) -> Float32:
        out = self._past.samples(channel, first, count)
        self._asked[channel] = max(self._asked.get(channel, 0), first + count)
        begun = self._begun.get(channel)
        if begun is None:  # an engine that takes over may read before the device is open again
            return out
        out[max(begun - first, 0) :] = 0.0  # a set that is taken up again has a past that was still to come
        low, high = max(first, begun, self.head - self.length), min(first + count, self.head)
        if low < high:
            out[low - first : high - first] = self._kept[channel][np.arange(low, high) % self.length]
        return out


class Ears:
    """Opens inputs, keeps what comes in, and has it recorded; a set that is replayed hears what was
    recorded then (`again`), and nothing of this device.

    note, notice  into the journal, and to the musician
    session       what an engine before this one has left behind
    least         how far ahead of what comes in is rendered, in samples
    before        samples of the model that its frames begin before their moments
    ahead         samples that streams are decoded ahead
    """

    def __init__(
        self,
        sound: PlayerLink,
        codecs: Callable[[str], Codec],
        journal: Path,
        session: Session,
        note: Callable[[records.Record], None],
        notice: Callable[[str], None],
        least: Callable[[], int],
        before: int,
        block: int,
        ahead: int,
    ) -> None:
        self._sound, self._journal, self._note, self._notice = sound, journal, note, notice
        self._least, self._late, self._before, self._ahead = least, 0, before, ahead
        self._encoder = ThreadPoolExecutor(1, "live encoder")
        self._tape = LiveTape(sound.rate, RecordedTape(recordings_of(session), sound.rate, notice))
        self.hearing = Hearing(sound.rate, self._tape, codecs, self._encoded)
        self.hearing.block = block
        for one in session.of(records.Delayed):
            self.hearing.delay(one.sample, one.samples_late)
        followed, self._again = self.hearing.followed, False
        followed.patient, followed.report, followed.eased = False, self._unencoded, self._eased
        followed.follows = self._follows
        for frames in session.of(records.Unencoded):
            followed.missed.update(frames.each())
        for eased in session.of(records.Eased):
            followed.ease(eased.following, eased.sample, eased.later)
        self._seldom = Seldom()
        self._recorders: dict[int, Recorder] = {}
        self._answer: tuple[int, str] | None = None
        self._changed, self._asking = threading.Condition(), False
        self._wanted = {one.channel for one in session.of(records.Listening)}
        self._lock = threading.Lock()

    def listening(self, inputs: int, text: str) -> None:
        """The player says how many inputs are open."""
        with self._changed:
            asked, self._asking = self._asking, False
            self._answer = inputs, text
            self._changed.notify_all()
        if text and not asked:
            self._notice(text)

    def open(self, missing: NotHeardError) -> None:
        """Have an input heard; never called by the thread that renders. Raises EngineError."""
        channel = missing.channel
        with self._lock:
            if self._sound.ring.inputs < channel:
                self._ask(channel)
            self._wanted.add(channel)
        with self._changed:
            self._changed.wait_for(lambda: self._tape.open(channel), PATIENCE)

    def _ask(self, channel: int) -> None:
        with self._changed:
            self._answer, self._asking = None, True
            self._sound.listen(channel)
            self._changed.wait_for(lambda: self._answer is not None, PATIENCE)
            there, text = self._answer or (0, "the player does not answer")
        if there < channel:
            raise EngineError(f"live_in({channel}) is not there: {text}")

    def hear(self, position: int) -> None:
        """Take what has come in before the block that begins at a position, in the thread that
        renders.
        """
        self._take(position)
        self.hearing.followed.go_on(position if self._again else self._tape.head)

    def _take(self, position: int) -> None:
        if not self._sound.ring.inputs or not (self._wanted or self._tape.channels):
            return
        self._begin(position)
        first, came_in = self._sound.came_in(self._tape.head)
        if first > self._tape.head:
            self._note(records.Deaf(self._tape.head, first - 1))
            came_in = np.pad(came_in, ((0, 0), (first - self._tape.head, 0)))
        kept = self._tape.put(came_in)
        for channel, recorder in self._recorders.items():
            recorder.put(kept[channel - 1])
        self._settle(position)

    def _begin(self, position: int) -> None:
        """Hear the inputs that are wanted from here on."""
        new, self._wanted = self._wanted, set()
        if not self._tape.channels:
            self._tape.head = max(self._sound.input_head, 0)
        for channel in sorted(new - {*self._tape.channels}):
            self._tape.begin(channel)
            self._settle(position)
            late = 1000 * self._latency(self.hearing.model(""))
            self._notice(
                f"input {channel} is open; what comes in is heard {late:.0f} ms later" + self._record(channel)
            )
        if new:
            with self._changed:
                self._changed.notify_all()

    def _latency(self, codec: FrameCodec | StreamedCodec) -> float:
        """Seconds by which a model that hears is heard later than what comes in."""
        card, told = codec.card, dict(codec.card.details)
        reach = self.hearing.after(codec) + self._before
        late = self._late
        if card.kind == "stream":  # its latents are read so much ahead of what is heard
            reach += int(told.get(DELAY, 0)) + 2 * int(told.get(TOGETHER, 1)) * card.hop
            late += self._ahead
        return reach / card.sample_rate + late / self._sound.rate

    def _follows(self, codec: StreamedCodec) -> None:
        late = 1000 * self._latency(codec)
        self._notice(f"{codec.card.name} hears what comes in; it is heard {late:.0f} ms later at the most")

    def _record(self, channel: int) -> str:
        """Have an input recorded, and say where; never in a set without a journal."""
        if os.fspath(self._journal) == os.devnull:
            return ", and is not recorded: the set has no journal"
        path = atomic.unused(self._journal.with_suffix(f".in{channel}.flac"))
        self._recorders[channel] = Recorder(path, self._sound.rate, self._notice)
        self._note(records.Listening(channel, self._tape.head, path.name))
        return f", and recorded to {path.name}"

    def _settle(self, position: int) -> None:
        """Have what comes in heard as soon as it can be, whatever the lead."""
        least = self._least()
        if not least <= self._late <= least + SLACK * self._sound.rate:
            self._late = least
            self.hearing.delay(position, least)
            self._note(records.Delayed(position, least))

    def _encoded(self, encode: Callable[[], Frames]) -> Frames:
        """Encode beside the thread that renders, whose voices have no share in it."""
        return self._encoder.submit(encode).result()

    def _unencoded(self, following: str, numbers: tuple[int, ...]) -> None:
        self._note(records.Unencoded(following, numbers))
        if often := self._seldom.often(time.monotonic()):
            times = "once" if often == 1 else f"{often} times"
            self._notice(
                f"what comes in was not encoded in time ({times}): the frame before is heard instead, and "
                "what goes on so is heard later; a smaller model helps, or fewer inputs"
            )

    def _eased(self, following: str, since: int, later: int) -> None:
        self._note(records.Eased(following, since, later))

    def again(
        self,
        recordings: tuple[tuple[int, int, str], ...],
        delays: tuple[tuple[int, int], ...],
        unencoded: tuple[tuple[str, tuple[int, ...]], ...] = (),
        eases: tuple[tuple[str, int, int], ...] = (),
    ) -> None:
        """Hear what was recorded when the set was first played: (input, first sample, file), and by
        how much later (sample, samples); what was not encoded then is not heard now.
        """
        self._again = True
        for following, numbers in unencoded:
            self.hearing.followed.missed.update((following, number) for number in numbers)
        for eased in eases:
            self.hearing.followed.ease(*eased)
        found = [Recorded(*one) for one in recordings]
        self.hearing.tape = RecordedTape(found, self._sound.rate, self._notice)
        for since, late in delays:
            self.hearing.delay(since, late)

    def close(self) -> None:
        """End the recordings."""
        for recorder in self._recorders.values():
            recorder.close(WAIT)
        self._encoder.shutdown(wait=False)
