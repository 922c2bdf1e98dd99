"""A renderer and faders under stamped commands and inputs: the same live,
offline and in a replay.
"""

from __future__ import annotations

import heapq
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import count

from latentcode.arrays import Float32
from latentcode.inputs.history import Input, InputHistory
from latentcode.latents.listening import HEARD
from latentcode.latents.morph import Morph
from latentcode.parameters import VOICES
from latentcode.protocol.player_messages import PlayerCommand
from latentcode.set.bindings import Bindings
from latentcode.set.commands import Command
from latentcode.set.controller_router import ControllerRouter
from latentcode.set.echoes import Echoes
from latentcode.set.faders import Faders
from latentcode.set.gestures import Gestures
from latentcode.set.grabs import GrabbedSound, Tapes
from latentcode.set.kinds import kind_of
from latentcode.set.knobs import Around, read_before
from latentcode.set.live_ownership import Holding
from latentcode.set.loops import Loops
from latentcode.set.outgoing import Outgoing
from latentcode.set.racks import Racks
from latentcode.set.recorded import Break
from latentcode.set.scenes import Coming, History, Snapshot, recall, settle, take
from latentcode.set.spaces import Spaces
from latentcode.sounds.hearing import Hearing
from latentcode.synth.planned import Planned, in_a_row, sounds_of
from latentcode.synth.renderer import Renderer

BLOCK = 512  # samples rendered at a time, live and in a replay: what fails, fails between two blocks
ECHOED = 30  # seconds before an engine takes over in which patterns find where faders stood
LATER = 10**12  # the order of commands that come behind all others at their sample


class Performance:
    """Applies each command exactly at its stamp, and renders in between.

    `outbox` collects what the player must be told; whoever drives the performance empties it.
    `notice` is told what the musician should know, `grabbed` is given what was grabbed, and
    `bookmarked` the name of a place and its sample. `coming` is a snapshot that waits for its
    boundary.

    Inputs do not cut blocks: those before the end of a piece are put into `inputs` before it is
    rendered, each after `bindings` have let it through (it may not count), and then `on_input` are
    called in turn with it and its sample. They must be pure in inputs and commands.
    """

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.outbox: list[PlayerCommand] = []
        self.history = History()
        self.coming: Coming | None = None
        self.notice: Callable[[str], None] = lambda text: None
        self.grabbed: Callable[[GrabbedSound], None] = lambda taken: None
        self.bookmarked: Callable[[str, int], None] = lambda name, sample: None
        self._tapes = Tapes(renderer.settings.sample_rate)
        self._planned: list[Planned] = []
        seed, live = renderer.settings.seed, renderer.inputs
        around = Around(seed, lambda: renderer.tempo, lambda text: self.notice(text), live, renderer.aside)
        self.faders, self.racks = Faders(around), Racks(around)
        self.echoes = Echoes(renderer, self.faders, replace(around, say=lambda text: None))
        renderer.conductor.trouble = lambda text: self.notice(text)
        self.outgoing = Outgoing(renderer, renderer.settings.seed)
        self.outgoing.trouble = lambda text: self.notice(text)
        self.bindings = Bindings(lambda: self.inputs, lambda text: self.notice(text))
        self.holding = Holding(live, self.bindings, self.faders, self.racks)
        self.touch = ControllerRouter(self)
        self.spaces = Spaces(lambda: self.inputs, renderer.settings.latent_dim)
        self.gestures = Gestures(lambda: self.inputs, renderer.tempo, lambda: self.renderer.position)
        self.on_input: list[Callable[[Input, int], None]] = [self.touch.heard, self.gestures.hear]
        self.hearing: Hearing | None = None
        self.loops = Loops(
            lambda: self.inputs, renderer.tempo, lambda text: self.notice(text), renderer.settings.takes
        )
        self._due: list[tuple[int, int, Command]] = []
        self._kinds = defaultdict[str, dict[int, Command]](dict)  # the same by kind and order
        self._heard: list[tuple[int, int, Input]] = []
        self._order = count()
        self._begun = 0  # where the first block began
        self._echoed = sys.maxsize  # from where on faders are read for patterns while time passes unheard

    def schedule(self, command: Command, stamp: int) -> None:
        """Let a command take effect at sample `stamp`;
        commands with one stamp in the order of their coming.
        """
        order = next(self._order) + kind_of(command).rank * LATER
        heapq.heappush(self._due, (stamp, order, command))
        self._kinds[command.kind][order] = command

    def hear(self, given: Input, stamp: int) -> None:
        """Let an input count from session sample `stamp` on;
        before the commands with this stamp.
        """
        heapq.heappush(self._heard, (stamp, next(self._order), given))

    def listen(self, hearing: Hearing) -> None:
        """Let what comes in be heard."""
        self.hearing = self.inputs.known[HEARD] = hearing

    def awaited(self, kind: str) -> Iterable[Command]:
        """The commands of a kind that are still to come, in no order."""
        return self._kinds[kind].values()

    @property
    def inputs(self) -> InputHistory:
        """What hands have done so far."""
        return self.renderer.inputs

    def render(self, samples: int) -> Float32:
        """The next samples of all voices, (32, samples) float32 at the set's rate:
        left and right in turn.

        What is due in between is applied at its sample. A pattern that fails is set aside, and told
        of by `notice`; nothing is raised for it.
        """
        pieces = []
        for begin, until in self._pieces(samples):
            pieces.append(self.renderer.render(until - begin))
            self.tapes.write(pieces[-1], begin)
        return in_a_row(pieces)

    def together(
        self, samples: int, blocks: int, begin: Callable[[int], None], end: Callable[[int, int], None]
    ) -> Float32:
        """So many blocks of so many samples, as `render` gives them one after another; more than
        one are decoded together. `begin` is called with the first sample of each before it is
        planned, `end` with that and the next one's, when it is. Raises UnforeseenError where more
        than one cannot be decoded.
        """
        pieces: list[Float32] = []
        planned: list[Planned] = []
        for _ in range(blocks):
            begin(before := self.renderer.position)
            if blocks == 1:
                pieces.append(self.render(samples))
            else:
                planned += self.plan(samples)
            end(before, self.renderer.position)
        self.finish()
        return in_a_row([*pieces, *sounds_of(planned)])

    def plan(self, samples: int) -> list[Planned]:
        """The next samples as `render` gives them, in pieces whose samples are there once they are
        finished. Raises UnforeseenError, as `finish` does.
        """
        found = []
        for begin, until in self._pieces(samples):
            found.append(self.renderer.plan(until - begin))
            self._planned.append(found[-1])
        return found

    def finish(self) -> None:
        """Let all that is planned have its samples. Raises UnforeseenError: see `Renderer`."""
        self.renderer.finish()
        planned, self._planned = self._planned, []
        if sounds := sounds_of(planned):
            self._tapes.write(in_a_row(sounds), planned[0].begin)

    @property
    def tapes(self) -> Tapes:
        """What voices have played of late."""
        if self._planned:
            self.finish()
        return self._tapes

    def _pieces(self, samples: int) -> Iterator[tuple[int, int]]:
        """The next samples in pieces within which nothing changes, each when all is done that is
        due before it is rendered.
        """
        end = self.renderer.position + samples
        if self.hearing is not None:
            self.hearing.until = end
            self.loops.keep(self.renderer.position)
        while self.renderer.position < end:
            self._apply_due()
            begin, until = self.renderer.position, self._listen(min([end, *self._changes()]))
            if until <= begin:
                continue
            self.echoes.advance(begin, until)
            self.outbox += self.holding.due(until)
            self.outbox += self.faders.advance(begin, until)
            self.outbox += self.racks.advance(begin, until)
            self.outgoing.advance(until)
            yield begin, until

    def catch_up(self, commands: list[tuple[int, Command]], breaks: Sequence[Break] = ()) -> None:
        """Put back what an engine that died had been told, without rendering,
        and let all take over here; what was lost in `breaks` is as it was heard.
        """
        here, notice = self.renderer.position, self.notice
        self._echoed = here - ECHOED * self.renderer.settings.sample_rate
        turned, self.holding.turned = self.holding.turned, lambda turn: None  # hands were told, too
        self.notice = lambda text: None  # it was said when it happened
        for stamp, command in sorted(commands, key=lambda pair: pair[0]):
            self.schedule(command, stamp)
        self.pass_breaks(breaks)
        self._hasten(here)
        read_where = partial(read_before, sorted(breaks))
        self.faders.catch_up(here, read_where)
        self.racks.catch_up(here, read_where)
        self.restart(unseen=True)
        self.notice, self.outbox = notice, self.told(here)
        self.holding.turned = turned
        self.holding.begin(here)

    def pass_breaks(self, breaks: Sequence[Break]) -> None:
        """Let time pass unheard up to the last of some breaks, and be lost in them as it was."""
        reached = 0
        for before, after in breaks:
            if before < reached:  # in the middle of another one
                continue
            self._hasten(before)
            self.renderer.position = reached = after
            self.restart(unseen=after == before)
            self._due = [(max(stamp, after), order, command) for stamp, order, command in self._due]
            heapq.heapify(self._due)

    def told(self, sample: int) -> list[PlayerCommand]:
        """What a new player must be told at a sample."""
        return [*self.faders.told(sample), *self.racks.told(sample)]

    def ring_out(self) -> None:
        """Nothing begins any more: what plays makes way as for another pattern, and what rings on
        ends by itself.
        """
        self._due, self._heard, self.coming = [], [], None
        self._kinds.clear()
        self.outgoing.silence(self.renderer.position)
        for voice in self.renderer.sounding:
            voice.ring_out(self.renderer.position)

    def restart(self, unseen: bool = False) -> None:
        """All layers are gone (an engine died, or time was lost):
        what plays or is pending takes over here.

        `unseen`: nobody has seen the hands for a while, so their controls hold until they are met.
        """
        self.finish()
        self._listen(self.renderer.position)
        if unseen:
            self.bindings.lose()
            self.renderer.close()  # the decoders of another engine are new
        self._begin_again()

    def pass_to(self, cycle: Fraction) -> int:
        """Let time pass unheard up to a cycle, with all that is due before; returns its sample."""
        tempo = self.renderer.tempo
        while (change := min(self._changes(), default=None)) is not None and change < tempo.sample_of(cycle):
            self._hasten(max(change, self.renderer.position) + 1)
        sample = max(tempo.sample_of(cycle), self.renderer.position)
        self._hasten(sample)
        return sample

    def pass_until(self, sample: int) -> None:
        """Let time pass unheard up to a sample, with all that is due before."""
        while (change := min(self._changes(), default=sample)) < sample:
            self._hasten(max(change, self.renderer.position) + 1)
        self._hasten(sample)

    def _hasten(self, until: int) -> None:
        """Apply commands and inputs before a sample, and what was to hold by itself, unheard."""
        if self.renderer.position == self._begun < until:  # a first block begins so, too
            self._apply_due()
        while (next_one := self._listen(min([until, *self._awaited()]), unheard=True)) < until:
            self._approach(next_one)
            self._apply_due()
        self._approach(until)

    def _awaited(self) -> list[int]:
        """Where time that passes unheard may not be passed over: commands, and what is to come."""
        return self._changes() if self.coming else [due[0] for due in self._due[:1]]

    def _echo(self, until: int) -> None:
        """Have patterns find where faders stood while time passes unheard, up to a sample."""
        begun = max(self.renderer.position, self._echoed)
        for begin in range(begun, until, self._block) if self.echoes.wanted else ():
            self.renderer.follow_tempo(begin)
            self.echoes.advance(begin, min(begin + self._block, until))

    @property
    def _block(self) -> int:
        return BLOCK if self.hearing is None else self.hearing.block

    def _borders(self, sample: int) -> bool:
        """Whether a block begins with a sample that time has yet to come to."""
        return sample > self.renderer.position and (sample - self._begun) % self._block == 0

    def _begin_again(self) -> None:
        renderer = self.renderer
        self._begun = renderer.position
        self.tapes.forget()
        renderer.outputs.forget(renderer.position)
        renderer.follow_tempo(renderer.position)
        self._arrive()
        cycle = renderer.tempo.cycle_at(renderer.position)
        renderer.extras = [extra for extra in renderer.extras if not extra.lost(renderer.position)]
        for voice in renderer.sounding:
            part = voice.pending[0] if voice.pending else voice.playing
            voice.forget()
            voice.take_over(part, cycle)
        self.outgoing.restart(renderer.position)

    # the set as it is, and as it was

    def free_voice(self) -> int:
        """The last voice that plays nothing; one whose faders are untouched, and no keys play,
        if there is one.
        """
        idle = [v.index for v in self.renderer.voices if v.playing is None and v.pending is None]
        played = self.touch.played
        plain = [voice for voice in idle if self.faders.untouched(voice) and voice not in played]
        return max(plain, default=max(idle, default=VOICES - 1))

    def restore(
        self,
        snapshot: Snapshot,
        quant: Fraction | None,
        sample: int,
        morph: Morph | None = None,
        exact: bool = True,
    ) -> None:
        """Let the set be what it was from the next boundary on; see `scenes.recall`."""
        renderer = self.renderer
        cycle = renderer.boundary(quant, sample)
        self.outgoing.recall(snapshot.sent, cycle)
        recall(snapshot, renderer.voices, cycle, morph, exact)
        renderer.groove.change(cycle, snapshot.swing)
        self.coming = Coming(cycle, snapshot, renderer.extras[:] if renderer.settings.lasting else None)
        if renderer.tempo.sample_of(cycle) <= sample:
            self._arrive()

    # applying

    def _changes(self) -> list[int]:
        """Samples at which something else holds than before."""
        return [self._due[0][0], *self._own_changes()] if self._due else self._own_changes()

    def _own_changes(self) -> list[int]:
        tempo = self.renderer.tempo
        found = [tempo.sample_of(self.coming.cycle)] if self.coming else []
        return found if tempo.next_step is None else [*found, tempo.next_step]

    def _apply_due(self) -> None:
        renderer = self.renderer
        self._listen(renderer.position + 1)
        self._come_due()
        while self._due and self._due[0][0] <= renderer.position:
            if self._due[0][1] >= LATER:
                self._listen(renderer.position + 1)  # it was heard before this was known
            stamp, order, command = heapq.heappop(self._due)
            del self._kinds[command.kind][order]
            self._apply(command, max(stamp, renderer.position))

    def _listen(self, until: int, unheard: bool = False) -> int:
        """Apply the inputs before sample `until`, or before a command that one of them leads to;
        returns that. Where time passes `unheard` it passes up to each, and stops where a block
        begins with one: what is due there comes first, and what it leads to before the next.
        """
        while self._heard and self._heard[0][0] < until:
            if unheard and self._borders(self._heard[0][0]):
                return self._heard[0][0]
            stamp, _, given = heapq.heappop(self._heard)
            if unheard and stamp > self.renderer.position:
                self._approach(stamp)
            self._take(given, stamp)
            until = min([until, *(due[0] for due in self._due[:1] if due[1] < LATER)])
        return until

    def _take(self, given: Input, stamp: int) -> None:
        counts = self.bindings.taken(given)
        if counts is None:
            return
        self.inputs.put(counts, stamp)
        for react in self.on_input:
            react(counts, max(stamp, self.renderer.position))

    def _apply(self, command: Command, sample: int) -> None:
        turn = self.bindings.turn
        self.holding.before()
        self.echoes.asked(command)
        self.echoes.follow(sample)
        self._do(command, sample)
        if self.coming is not None and self.coming.fading is not None:
            snapshot = kind_of(command).kept(self, command, self.coming.snapshot, turn)
            self.coming = replace(self.coming, snapshot=snapshot)
        self.echoes.follow(sample)
        self.outbox += self.holding.after(sample)

    def _do(self, command: Command, sample: int) -> None:
        kind = kind_of(command)
        if kind.undoable:
            self.history.block(command.block or ("at", sample), lambda: take(self))
        if kind.fader:
            self.bindings.release(kind.fader.format(command.voice + 1))
        self.outbox += kind.doing(command)(self, command, sample) or ()

    def _come_due(self) -> None:
        """What is to hold from here on without being asked again: a pattern's tempo,
        a snapshot that waited.
        """
        renderer = self.renderer
        renderer.follow_tempo(renderer.position)
        if self.coming and renderer.tempo.sample_of(self.coming.cycle) <= renderer.position:
            self._arrive()

    def _arrive(self) -> None:
        if self.coming is not None:
            coming, self.coming = self.coming, None
            self.holding.before()
            settle(coming, self, self.renderer.position)
            self.echoes.follow(self.renderer.position)
            self.outbox += self.holding.after(self.renderer.position)

    def _approach(self, sample: int) -> None:
        """Let time pass unheard until `sample`: what comes there is still to count, once, as where
        it is rendered.
        """
        renderer = self.renderer
        self._echo(sample)
        renderer.position = sample
        renderer.follow_tempo(sample - 1)
        for voice in renderer.sounding:
            voice.settle(sample)
        self.outgoing.settle(sample)
        renderer.extras = [extra for extra in renderer.extras if not extra.lost(sample)]
