"""The renderer: sixteen voices, one tempo map and one decode path,
from patterns to blocks of samples.

It knows no device and no wall time: live, offline and in tests it is driven block by block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from latentcode.arrays import Float32
from latentcode.checks import wrong
from latentcode.clock.conductor import Conductor, Pace
from latentcode.clock.groove import Groove, Swing
from latentcode.clock.set_aside import ANY, Aside
from latentcode.clock.tempo import TempoMap, cycles_per_second
from latentcode.clock.watchdog import TooSlowError
from latentcode.errors import RangeError
from latentcode.inputs.history import InputHistory
from latentcode.inputs.reader import Reader
from latentcode.latents import noise
from latentcode.latents.compile import ReadContext
from latentcode.latents.feedback import OUTPUTS
from latentcode.latents.morph import Morph
from latentcode.models.family import Decoder
from latentcode.parameters import VOICES
from latentcode.patterns import Context, Pattern
from latentcode.synth.context import (
    FADE,
    Behind,
    FindModel,
    Missed,
    RenderContext,
    VoiceContext,
    around,
    prior_of,
)
from latentcode.synth.decoding import Batch, Decoding
from latentcode.synth.envelope import HUSH, PANIC, SOON, Ramp
from latentcode.synth.extras import Extra, OneCycle, StruckPad, StruckVoice
from latentcode.synth.keyed import KeysExtra, KeyVoice
from latentcode.synth.layer import Layer
from latentcode.synth.outputs import VoiceOutputs
from latentcode.synth.planned import Block, Planned
from latentcode.synth.settings import AS_SET, Settings, SoundSource
from latentcode.synth.synthesis import CONTINUOUS, STREAM, evened, synthesis
from latentcode.synth.voice import Voice

NAMES = tuple(f"d{index + 1}" for index in range(VOICES))


@dataclass(frozen=True)
class Trouble:
    """A voice whose pattern failed, where, why, and whether an earlier pattern took its place."""

    voice: int
    sample: int
    error: Exception
    replaced: bool


class Renderer:
    """Renders voices block by block; `position` is the first sample not yet rendered.

    `beyond` is told, once for each pattern, of what moves and has come to where it cannot be
    played; it is silent there. `live`: whether a voice that takes more than its share of the time
    is set aside. `watch` is called when all is there that sounds in a block, `between` between two
    steps of a trial. `aside` sees to those that do not come back at all, in a render as well.
    """

    live = False
    watch: Callable[[], None] | None = None
    between: Callable[[], None] = staticmethod(lambda: None)

    def __init__(
        self,
        settings: Settings,
        store: SoundSource,
        decoder: Decoder,
        report: Callable[[Trouble], None],
        models: FindModel | None = None,
    ) -> None:
        self.settings, self.store, self.position = settings, store, 0
        self.inputs, self.aside = InputHistory(settings.sample_rate), Aside()
        self.outputs = self.inputs.known[OUTPUTS] = VoiceOutputs()
        self._decoding, self._report = Decoding(), report
        self._planned: list[tuple[Planned, Batch, Block]] = []
        self.beyond: Callable[[int, RangeError], None] = lambda voice, error: None
        self._told: set[tuple[int, str | None]] = set()
        self.tempo = TempoMap(settings.sample_rate, cycles_per_second(settings.bpm, settings.beats))
        seed = noise.key(settings.seed, VOICES)
        asked, live = (str(settings.bpm),), Reader(self.inputs)
        self.conductor = Conductor(self.tempo, asked, settings.beats, seed, live, self.aside)
        self.groove, self.extras = Groove(), list[Extra]()
        shape = settings.shape or synthesis(settings.synthesis, settings.window)
        reach = 0 if shape.kind in (CONTINUOUS, STREAM) else settings.window
        level, powers, attacks = settings.levelled
        latents = ReadContext(
            store.frames, shape.hop, reach, settings.model_rate, latent_dim=settings.latent_dim,
            even=evened(shape.kind, settings.grains), prior=prior_of(settings.can, decoder, settings.streams),
            around=around(shape.kind, settings.window, settings.seams), level=level,
            powers=powers, attacks=attacks, bands=settings.bands,
        )  # fmt: skip
        self.rendering = RenderContext(
            latents, decoder, store.find, store.length, shape, self.tempo, settings.sample_rate, settings.noise,
            lambda path: store.samples(path, settings.sample_rate), live, store.ring if settings.loops else None,
            kind=settings.synthesis, **{name: getattr(settings, name) for name in AS_SET},
        )  # fmt: skip
        if models is not None:
            self.rendering = replace(self.rendering, models=models)
        self.missed, self.unread, self.behind = Missed(), Missed(), Behind()
        self.voices = [self.new_voice(index, self.rendering) for index in range(VOICES)]

    def render(self, count: int) -> Float32:
        """The next `count` samples of all voices: (2 · VOICES, count) float32,
        left and right of each in turn.

        A voice whose pattern fails goes back to its last good one and is told of; nothing is raised
        for it.
        """
        self.finish()
        return self._rendered(self._wanted(count), count)

    def plan(self, count: int) -> Planned:
        """The next `count` samples as `render` gives them, but only once they are finished, with
        those planned before and after them. What hears the set itself is not planned ahead.

        Raises UnforeseenError: see `finish`.
        """
        begin, batch = self.position, self._wanted(count)
        if self._decoding.waits or self.outputs.asked or any(layer.at_once for layer in self._layers):
            self.finish()
            return Planned(begin, self._rendered(batch, count))
        for layer, wanted in batch.items():
            layer.promised(len(wanted.latents))
        self._planned.append((planned := Planned(begin), batch, self._parted(count)))
        return planned

    def finish(self) -> None:
        """Let all that is planned have its samples.

        Raises UnforeseenError where something cannot be decoded: nothing that was planned since
        holds, and nothing more can be rendered here.
        """
        if not self._planned:
            return
        planned, self._planned = self._planned, []
        batches = [batch for _, batch, _ in planned]
        made = self._decoding.decode_together(batches, self.aside.seconds, planned[0][0].begin)
        for layer, pieces in made.items():
            for rows in pieces:
                layer.place(rows)
        for found, _, block in planned:
            found.sound = block.mixed()  # not for `outputs`: nobody had asked for them when it was planned
        self._decoding.keep(self._layers)

    def _wanted(self, count: int) -> Batch:
        """What layers want decoded for the next samples."""
        begin, end = self.position, self.position + count
        batch: Batch = {}
        if self.settings.streams:
            self._fall_behind(begin, end)
        for place, voice in self._places():
            self._ask(voice, place, begin, end, batch)
        if self.watch is not None:
            self.watch()
        return batch

    def _rendered(self, batch: Batch, count: int) -> Float32:
        begin = self.position
        self._decode_all(batch, begin, begin + count)
        out = self._parted(count).mixed()
        self.outputs.write(out, begin)
        self._decoding.keep(self._layers)
        return out

    def _parted(self, count: int) -> Block:
        """What all add to the next samples, which are planned by then."""
        begin, self.position = self.position, self.position + count
        voices = [voice.parts(begin, self.position) for voice in self.voices]
        extras = [extra.beside(begin, self.position) for extra in self.extras]
        self.extras = [extra for extra in self.extras if not extra.over(self.position)]
        return Block(begin, count, voices, extras)

    def close(self) -> None:
        """No more is rendered, or another engine goes on: its decoders are as they were before."""
        self._planned = []
        self._decoding.forget()
        self.outputs.close()

    @property
    def _layers(self) -> list[Layer]:
        return [layer for voice in self.sounding for layer in voice.layers]

    @property
    def sounding(self) -> list[Voice]:
        """The voices, and what sounds beside their patterns."""
        return [*self.voices, *(extra.voice for extra in self.extras)]

    def _places(self) -> list[tuple[str, Voice]]:
        """What sounds, each with its name: d1, and d1+0, d1+1,
        … for what sounds beside its pattern.
        """
        found, beside = list(zip(NAMES, self.voices, strict=True)), [0] * VOICES
        for extra in self.extras:
            index = extra.voice.index
            found.append((f"{NAMES[index]}+{beside[index]}", extra.voice))
            beside[index] += 1
        return found

    def play(
        self,
        voice: int,
        pattern: Pattern,
        quant: Fraction | None,
        sample: int,
        label: str = "",
        morph: Morph | None = None,
    ) -> None:
        """Let a pattern take over, unless it plays already: then what is pending is forgotten.

        `quant`: see `boundary`; `label`: what the musician typed; `morph`: how it takes over, None:
        at once.
        """
        target = self.voices[voice]
        if target.plays(pattern, morph, self.tempo.cycle_at(sample)):
            target.pending = None
        elif not target.expects(pattern, morph):
            origin = target.playing.origin if target.playing else 0
            target.take_over(target.part(pattern, origin, label), self.boundary(quant, sample), morph)

    def stop(self, voice: int, quant: Fraction | None, sample: int) -> None:
        """Let silence take over at the first multiple of `quant` cycles from `sample` on; None:
        there.
        """
        self.voices[voice].take_over(None, self.boundary(quant, sample))

    def restart(self, voice: int, quant: Fraction | None, sample: int) -> None:
        """Let the drones of a voice begin again from their beginning."""
        target = self.voices[voice]
        if target.playing is not None:
            cycle = self.boundary(quant, sample)
            target.take_over(replace(target.playing, origin=self.tempo.sample_of(cycle)), cycle)

    def back(self, voice: int, quant: Fraction | None, sample: int) -> None:
        """Let the pattern before the present one take over; nothing happens where there is none."""
        target = self.voices[voice]
        if target.past:
            target.take_over(target.past.pop(), self.boundary(quant, sample))

    def cancel(self, voice: int) -> None:
        """Forget what is pending on a voice."""
        self.voices[voice].pending = None

    def set_aside(self, place: str, digest: str) -> None:
        """Let a pattern that took too long be gone, where nothing is rendered.

        Beside a voice all are meant that play it, as the number in a place counts those that sound.
        """
        name, beside, _ = place.partition("+")
        for known, voice in self._places():
            if known == place or (beside and known.startswith(f"{name}+")):
                voice.set_aside(self.position, self.position + SOON, digest)

    def suspect(self, place: str) -> str | None:
        """The digest of what sounds there, or takes over within a block;
        None where nothing has that name.
        """
        return next(
            (voice.suspect(self.position + SOON) for known, voice in self._places() if known == place), None
        )

    def silence(self, sample: int, seconds: float = HUSH) -> None:
        """All voices fall silent at once, with a fade."""
        for voice in self.sounding:
            voice.silence(sample, seconds)

    def fade(self, voice: int, over: Fraction, sample: int) -> None:
        """Let what a voice plays fade away within `over` cycles,
        while it plays on beside the voice.
        """
        leaving = self.voices[voice]
        if leaving.playing is None and not leaving.layers:
            leaving.pending = None
            return
        end = self.tempo.sample_of(self.tempo.cycle_at(sample) + over)
        self.voices[voice] = stays = self.new_voice(voice, self.rendering)
        stays.past = leaving.past if leaving.playing is None else [*leaving.past, leaving.playing]
        leaving.past, leaving.pending = [], None
        self.extras.append(Extra(leaving, Ramp(sample, max(end - sample, 1), False)))

    def end_fades(self, sample: int, extras: Sequence[Extra] | None = None) -> None:
        """What fades away, all of it or among some, is gone at once."""
        for extra in self.extras if extras is None else extras:
            if extra.fade is not None:
                extra.voice.silence(sample, PANIC)

    def cancel_all(self, sample: int) -> None:
        """Forget all that is pending."""
        for voice in self.voices:
            voice.pending = None
        self.extras = [extra for extra in self.extras if extra.voice.pending is None]
        self.groove.cancel(self.tempo.cycle_at(sample))

    def once(
        self, voice: int, pattern: Pattern, quant: Fraction | None, sample: int, label: str = ""
    ) -> None:
        """Play one cycle of a pattern, from its cycle 0, beside what a voice plays."""
        self._one_cycle(self.new_voice(voice, self.rendering), pattern, self.boundary(quant, sample), label)

    def strike(
        self, voice: int, pattern: Pattern, quant: Fraction | None, sample: int, turn: int, level: float
    ) -> StruckPad:
        """Play cycle `turn` of a pattern beside what a voice plays, `level` times as loud.

        Where it is to begin at `sample` (`quant` None) it does not swing.
        """
        place = self.beside(voice)
        beside = StruckVoice(place if quant else replace(place, groove=Groove()))
        cycle = self.boundary(quant, sample)
        struck = self._one_cycle(beside, pattern, cycle, turn=turn)
        struck.level = level
        return StruckPad(beside, struck, self.tempo.sample_of(cycle))

    def manual(self, voice: KeyVoice) -> None:
        """Let what keys play be heard."""
        if not any(extra.voice is voice for extra in self.extras):
            self.extras.append(KeysExtra(voice))

    def beside(self, index: int, rendering: RenderContext | None = None) -> VoiceContext:
        """Where something sounds beside a voice's pattern."""
        return self.new_voice(index, rendering or self.rendering).context

    def _one_cycle(
        self, beside: Voice, pattern: Pattern, cycle: Fraction, label: str = "", turn: int = 0
    ) -> Extra:
        part = beside.part(pattern.retimed(Fraction(1), turn - cycle), self.tempo.sample_of(cycle), label)
        beside.take_over(replace(part, compiled=OneCycle(part.compiled, cycle)), cycle)
        self.extras.append(extra := Extra(beside, until=cycle + 1))
        return extra

    def swing(self, swing: Swing, quant: Fraction | None, sample: int) -> None:
        """Let all voices swing from the next boundary on."""
        self.groove.change(self.boundary(quant, sample), swing)

    def set_tempo(self, sample: int, *asked: object) -> None:
        """Change the tempo from `sample` on, which has not been rendered yet; see `Asked`."""
        self._tempo_is(self.conductor.ask(asked, sample))

    def follow_tempo(self, until: int) -> None:
        """Read the tempo's pattern, where there is one, up to a sample, which comes next."""
        self._tempo_is(self.conductor.advance(until))

    def restore_tempo(self, pace: Pace, sample: int) -> None:
        """Let the tempo be what it was."""
        self._tempo_is(self.conductor.restore(pace, sample))

    def steer(self, sample: int, cps: Fraction | None = None, jump: Fraction = Fraction(0)) -> None:
        """Let others give the tempo from `sample` on; None: they give it no longer."""
        if cps is None:
            self.conductor.leave(sample)
        else:
            self.conductor.lead(cps, jump, sample)
        self._tempo_is(cps is not None)

    def _tempo_is(self, changed: bool) -> None:
        for voice in self.sounding if changed else ():
            voice.tempo_changed()

    @property
    def cycle(self) -> Fraction:
        """The cycle that has begun last."""
        return Fraction(self.tempo.cycle_at(self.position) // 1)

    def boundary(self, quant: Fraction | None, sample: int) -> Fraction:
        """The first multiple of `quant` cycles not before `sample`; with None, the sample itself.

        Raises EngineError for a quant that is not above 0.
        """
        cycle = self.tempo.cycle_at(sample)
        if quant is None:
            return cycle
        if quant <= 0:
            raise wrong("a quant", "a number of cycles above 0", quant, "quant(1/4)")
        return -(-cycle // quant) * quant

    def new_voice(self, index: int, rendering: RenderContext) -> Voice:
        """A voice that plays nothing yet."""
        seed = noise.key(self.settings.seed, index)
        beyond = rendering.beyond if rendering.live.foreseen else partial(self._went_beyond, index)
        latents = replace(rendering.latents, context=Context(seed), voice=index)
        own = replace(rendering, latents=latents, beyond=beyond)
        heard = index in self.settings.heard
        return Voice(VoiceContext(index, own, seed, self.missed, self.groove, self.unread, heard))

    def _went_beyond(self, index: int, error: RangeError) -> None:
        playing = self.voices[index].playing
        pattern = index, None if playing is None else playing.digest
        if pattern not in self._told:
            self._told.add(pattern)
            self.beyond(index, error)

    def _ask(self, voice: Voice, place: str, begin: int, end: int, batch: Batch) -> None:
        """Let a voice plan, and say what it wants decoded; when it fails, what takes its place."""
        while (decided := self.aside.next(place, end)) is not None:
            if decided == ANY:  # as sets once noted it
                voice.fail(begin)
            else:
                voice.set_aside(begin, end, decided)
        rendered = (end - begin) / self.settings.sample_rate
        if voice.rests(end) and not self.settings.streams:
            voice.budget.rest(rendered)
            return

        def action() -> None:
            voice.plan(begin, end)
            if self.settings.streams:
                voice.foresee(begin, end)
            voice.gather(end, batch)

        def charged() -> None:
            voice.budget.charge(action, rendered)

        try:
            self.aside.run(
                charged if self.live and self.aside.hurried else action, place, begin, lambda: voice.blamed
            )
        except TooSlowError as error:
            if (blamed := voice.blamed) is not None:
                self._without(voice, blamed, error, begin, end, batch)
            self._ask(voice, place, begin, end, batch)
        except Exception as error:  # whatever a pattern raises: it is set aside, the other voices play on
            blamed = voice.blamed if self.live else None
            if blamed is None:
                replaced = bool(voice.past)
                voice.fail(begin)
                self._report(Trouble(voice.index, begin, error, replaced))
            else:  # who takes over, and has not heard it, is told
                self.aside.report(place, begin, blamed)
                self._without(voice, blamed, error, begin, end, batch)
            self._ask(voice, place, begin, end, batch)

    def _without(
        self, voice: Voice, blamed: str, error: Exception, begin: int, end: int, batch: Batch
    ) -> None:
        """Let a voice go on without a pattern."""
        asked = voice.layers
        replaced = voice.set_aside(begin, end, blamed)
        for layer in voice.ended(asked):
            batch.pop(layer, None)
        self._report(Trouble(voice.index, begin, error, replaced))

    def _fall_behind(self, begin: int, end: int) -> None:
        """Let voices fall silent whose frames are not there, now or when the set was played."""
        margin = round(FADE * self.settings.sample_rate)
        late = self._decoding.late(end + margin) if self.live else set()
        for place, voice in self._places():
            own = voice.layers if self.live else ()
            if any((one in late and not one.abandoned) or one.late(end + margin) for one in own):
                self.behind.add(place, begin)
            if self.behind.has(place, begin):
                voice.fall_behind(begin)

    def _decode_all(self, batch: Batch, begin: int, end: int) -> None:
        """Decode what layers want, and lay it down, or what takes its place."""
        while batch or self._decoding.due(end):
            found = self._decoding.decode(batch, self.aside.seconds, begin)
            self._decoding.collect(end, found)
            batch = {}
            for place, voice in self._places() if found.spoilt else ():
                layers = voice.layers
                lost = next((layer for layer in layers if layer in found.spoilt), None)
                if lost is not None:
                    aside = self._lose(voice, place, lost, found.spoilt[lost], begin, end)
                    for layer in voice.ended(layers) if aside else layers:
                        found.frames.pop(layer, None)
                    self._ask(voice, place, begin, end, batch)
            for layer, pieces in found.frames.items():
                for rows in pieces:
                    layer.place(rows)

    def _lose(self, voice: Voice, place: str, layer: Layer, error: Exception, begin: int, end: int) -> bool:
        """Set the pattern aside of a layer that could not be decoded; whether a replay is told: of
        all that a set has not heard, as it may well be decoded then.
        """
        voice.blame(layer)
        aside = self.live or isinstance(error, TooSlowError) or layer.rendering.ahead > 0
        if aside and (blamed := voice.blamed) is not None:
            self.aside.report(place, begin, blamed)
            replaced = voice.set_aside(begin, end, blamed)
        else:
            replaced = bool(voice.past)
            voice.fail(begin)
        self._report(Trouble(voice.index, begin, error, replaced))
        return aside
