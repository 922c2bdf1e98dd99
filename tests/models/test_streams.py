"""Exported models as streams: rows that know nothing of one another, in a process that may end."""

import os
import signal
import sys
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from helpers.exports import DELAY, DIMS, RATIO, OneRow, Padded, Paired, Partials, export
from helpers.waiting import until
from torch import Tensor

import latentcode as lc
from latentcode.clock.watchdog import TooSlowError
from latentcode.errors import ModelError
from latentcode.inputs.history import Input
from latentcode.latents.listening import live_in
from latentcode.latents.morph import Morph
from latentcode.latents.strategies import as_sounds
from latentcode.models.families.streams import client, measured
from latentcode.models.families.streams.process import _content, last_line
from latentcode.models.families.streams.rows import Rows
from latentcode.models.family import Job, card_of
from latentcode.models.noted import Noted, delay_of
from latentcode.session.journal import read_session
from latentcode.set.commands import Command
from latentcode.set.performance import Performance
from latentcode.set.recorded import noted_of
from latentcode.sounds.following import Followed
from latentcode.sounds.model import Model
from latentcode.sounds.store import NotEncodedError, NotReadyError
from latentcode.synth.building import ModelInUse, build_renderer
from latentcode.synth.trial import try_out
from latentcode.synth.voice import Voice

ONSET = 100 * RATIO
COLUMNS = 8


class Unruly(Partials):
    """Its first latent is what it does: 5 raises, 6 keeps memory, 7 ends the process, 8 hangs."""

    kept: list[Tensor]

    def __init__(self) -> None:
        super().__init__()
        self.kept = []

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        what = int(z[:, 0].max())
        assert what != 5, "no such sound"
        if what == 6:
            self.kept.append(torch.ones(100 << 20))
        if what == 7:
            beyond = torch.full((1,), 1 << 40, dtype=torch.long)
            return torch.segment_reduce(z[0, 0], "sum", lengths=beyond, axis=0, unsafe=True)
        while what == 8:
            z = z + 0.0
        return self.sounding(z)


class Anew(Partials):
    """Makes its buffer anew with each call, as long as the batch, and has one that is nobody's."""

    def __init__(self) -> None:
        super().__init__(delay=0, noise=0.1)
        self.register_buffer("past", torch.zeros(1, 1, RATIO))
        self.register_buffer("calls", torch.zeros(1))

    @torch.jit.export
    def decode(self, z: Tensor) -> Tensor:
        y = self.sounding(z) + self.calls
        past = self.past if self.past.shape[0] == y.shape[0] else self.past[:1].repeat(y.shape[0], 1, 1)
        joined = torch.cat([past, y], -1)
        self.past = joined[..., y.shape[-1] :]
        self.calls += 1
        return joined[..., : y.shape[-1]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(autouse=True)
def trusting(monkeypatch):
    monkeypatch.setenv("LATENTCODE_TRUST", "1")


@pytest.fixture(scope="module")
def plain(exported):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTCODE_TRUST", "1")
        model = lc.load_model(export(exported, "plain"))
        model.decoder  # noqa: B018
        yield model


def tone(length=44100, partial=3):
    """Silence, then one of the partials that the model has."""
    at = np.arange(length)
    return np.where(at >= ONSET, 0.3 * np.sin(2 * np.pi * partial * at / RATIO), 0).astype(np.float32)


@pytest.mark.parametrize("made", [lambda: Partials(noise=0.1), Anew, OneRow, Paired])
def test_a_row_alone_is_the_row_beside_others(made):
    rows = Rows(torch.jit.script(made().eval()), "decode", 4, (DIMS, COLUMNS))
    latents = torch.randn(9, DIMS, 4 * COLUMNS, generator=torch.Generator().manual_seed(1))

    def played(others):
        found = [rows.begin(2, latents[2][:, :COLUMNS], 7)]
        for row in others:
            rows.begin(row, latents[row][:, :COLUMNS], row)
        for block in range(1, 4):
            together = [row for row in (*others, 2) if row // 4 == 0 and (row == 2 or block != 2)]
            part = latents[:, :, block * COLUMNS : (block + 1) * COLUMNS]
            found.append(rows.step(together, part[together], block)[together.index(2)])
            for row in others:
                if row // 4:
                    rows.step([row], part[[row]], block)
        return torch.cat(found, -1)

    with torch.inference_mode():
        alone = played([])
        assert torch.equal(alone, played([0, 1, 3]))
        assert torch.equal(alone, played([5, 0, 7, 8]))
        assert torch.isfinite(alone).all()
        assert not torch.equal(alone[..., :512], alone[..., 512:1024])


def test_what_an_export_has_to_say_is_a_line_of_it():
    raised = (
        "The operation failed:\nTraceback of TorchScript\n\nRuntimeError: AssertionError: no such sound\n"
    )
    assert last_line(RuntimeError(raised)) == "RuntimeError: AssertionError: no such sound"
    unknown = "\nUnknown builtin op: aten::x.\nHere are some suggestions:\n  def decode(self)\n"
    assert last_line(RuntimeError(unknown)) == "Unknown builtin op: aten::x."
    newer = "a file with version 99, but the maximum supported version for reading is 10. The version …"
    assert "pip install -U torch" in last_line(RuntimeError(newer))


def test_a_file_that_was_changed_since_it_was_trusted_is_not_run(exported):
    file = export(exported, name="changed")
    load = SimpleNamespace(file=str(file), digest=card_of(file).digest)
    assert _content(load).read() == file.read_bytes()
    file.write_bytes(export(exported, "noisy", "other").read_bytes())
    with pytest.raises(ModelError, match="another file than when it was asked for"):
        _content(load)


def test_what_comes_late_is_put_where_it_belongs(plain):
    sound = tone()
    latents = plain.encode(sound).mean
    assert latents.shape == (690, DIMS)
    assert dict(plain.card.details)["delay"] == str(DELAY)
    np.testing.assert_allclose(plain.decode(latents).ravel()[:44096], sound[:44096], atol=1e-6)
    half = plain.encode(sound, RATIO // 2).mean  # drawn between
    np.testing.assert_allclose(half[1:401:2], (latents[:200] + latents[1:201]) / 2, atol=1e-6)


def test_a_session_says_how_late_it_is_and_how_many_go_together(plain, tmp_path):
    digest, sound = plain.card.digest, tone()
    marks = f"# @ delay {digest} 0\n# @ encoding_delay {digest} {2 * RATIO}\n"
    (tmp_path / "set.py").write_text(f"# latentcode session 1\n# @ seed 1  rows 2\n{marks}# @ end 100\n")
    noted = noted_of(read_session(tmp_path / "set.py"))
    assert noted == Noted(2, ((digest, 0),), ((digest, 2 * RATIO),))
    model = Model(plain.card.file, noted=noted)
    earlier = plain.encode(sound).mean[2:]  # of which nothing was late
    np.testing.assert_array_equal(model.encode(sound).mean[: len(earlier)], earlier)
    assert (model.codec._rows, delay_of(model.codec.card)) == (2, 0)
    heard = lc.render(lc.point([0.1, 0, 0, 0]), 0.1, model)
    assert not heard[:DELAY].any()
    assert heard[DELAY : 2 * DELAY].any()
    with pytest.raises(ModelError, match="rows takes layers from 1 to 64"):
        lc.load_model(plain.card.file, rows=65)


def test_an_event_begins_where_it_began_in_the_recording(plain):
    sound = lc.path(tone())
    for rhythm, seconds in (("t", 0), ("~ t", 1), ("~ ~ t", 4 / 3)):
        heard = lc.render(lc.s(sound).struct(rhythm), 2, plain)
        first = int(np.flatnonzero(np.abs(heard[:, 0]) > 0.01)[0])
        assert abs(first - ONSET - round(seconds * 44100)) <= 2


STANDS_STILL = {195: "SIGSTOP", 240: "SIGCONT"}  # by block; it plays from block 172 on


EVENTS = lc.s(lc.path(tone()[ONSET:])).struct("t(3,8) t*4")


class Played:
    """A pattern that takes over at the next cycle, as a set with streams renders it.

    `live` it waits for nobody, and one of the model's processes stands still in its middle, the one
    that decodes unless another is given; before and after that all is there in time.
    """

    def __init__(self, model, ahead, behind=(), live=False, pattern=EVENTS, stalls=None):
        used = ModelInUse(model.card, model.store, model.decoder, model.find)
        self.renderer = build_renderer(used, 44100, self.fail, ahead=ahead)
        self.renderer.live, self.renderer.behind.known = live, set(behind)
        self.renderer.render(512)
        self.renderer.play(0, as_sounds(pattern), Fraction(1), 512)
        processes = [model.codec._decoding, *([stalls] if stalls else [])]
        blocks, stands = [], False
        for block in range(280):
            if live and block in STANDS_STILL:
                os.kill(processes[-1]._child.process.pid, signal.Signals[STANDS_STILL[block]])
                stands = not stands
            blocks.append(self.renderer.render(512)[:2])
            if live and not stands:
                until(lambda: not any(process._mail._open for process in processes))
        self.heard = np.concatenate(blocks, 1)

    def fail(self, trouble):
        raise trouble.error


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot make a process stand still")
def test_it_sounds_the_same_decoded_ahead_and_falls_silent_the_same(plain):
    at_once, ahead = Played(plain, 0), Played(plain, 200)
    assert np.abs(at_once.heard).max() > 0.2
    np.testing.assert_array_equal(at_once.heard, ahead.heard)
    hurried = Played(plain, 200, live=True)
    assert hurried.renderer.behind.known
    again = Played(plain, 200, hurried.renderer.behind.known)
    np.testing.assert_array_equal(hurried.heard, again.heard)
    assert np.abs(np.diff(hurried.heard)).max() < 0.2  # no click


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot make a process stand still")
def test_a_prior_is_loaded_for_the_first_that_improvises_and_never_waited_for(exported):
    model = lc.load_model(export(exported, "listed", name="improvising"))
    decoder, process = model.decoder, model.codec._priors.process
    used = ModelInUse(model.card, model.store, decoder, model.find)
    pattern = lc.s(lc.prior(temperature=lc.sine.range(0.01, 0.03))).struct("t(3,8) t*4").bias(0.1)
    decoder.patient = False
    assert process._mail is None
    with pytest.raises(NotReadyError, match="still being loaded") as missing:
        try_out(build_renderer(used, 44100, print, ahead=200), as_sounds(pattern), 0)
    missing.value.wait()
    hurried = Played(model, 200, live=True, pattern=pattern, stalls=process)
    late = sorted(sample // 512 for _, sample in hurried.renderer.behind.known)
    assert 195 < late[0] <= late[-1] < 241
    decoder.patient = True
    again = Played(model, 200, hurried.renderer.behind.known, pattern=pattern)
    np.testing.assert_array_equal(hurried.heard, again.heard)
    assert np.abs(hurried.heard[:, 258 * 512 :]).max() > 0.05  # it plays on
    at_once, ahead = (Played(model, late, pattern=pattern).heard for late in (0, 200))
    np.testing.assert_array_equal(at_once, ahead)
    np.testing.assert_array_equal(at_once[:, : 195 * 512], hurried.heard[:, : 195 * 512])


def test_who_takes_over_has_the_rows_of_its_replay(exported):
    model = lc.load_model(export(exported, "noisy", "taken_over"))  # its chance depends on them
    model.decoder  # noqa: B018
    command = Command("play", 0, (as_sounds(lc.s(lc.path(tone()[ONSET:])).struct("t*8")), "1"))

    def performance():
        used = ModelInUse(model.card, model.store, model.codec.decoder(), model.find)
        return Performance(build_renderer(used, 44100, print, ahead=100))

    def heard(made):
        found = [made.render(512)[0] for _ in range(60)]
        made.renderer.close()
        return np.concatenate(found)

    replay, other = performance(), performance()
    replay.schedule(command, 0)
    for _ in range(60):
        replay.render(512)
    replay.restart(unseen=True)
    other.renderer.position = replay.renderer.position
    other.catch_up([(0, command)])
    first = heard(replay)
    assert np.abs(first).max() > 0.2
    np.testing.assert_array_equal(first, heard(other))


def test_a_model_that_is_loaded_late_is_heard_so_again(plain):
    """As by an engine that takes over: a replay has it from the beginning."""
    pattern = as_sounds(lc.s(lc.path(tone())).struct("t").model("plain"))

    def heard(until, known=()):
        blocks, noted = [], []

        def find(name):
            if len(blocks) < until:
                raise NotEncodedError("the model plain is still being loaded", streams=True)
            return plain.find(name)

        renderer = build_renderer(
            ModelInUse(plain.card, plain.store, plain.decoder, find), 44100, print, ahead=100
        )
        renderer.missed.report = lambda *missed: noted.append(missed[:3])
        for missed in known:
            renderer.missed.know(*missed)
        renderer.play(0, pattern, None, 0)
        while len(blocks) < 200:
            blocks.append(renderer.render(512)[0])
        renderer.close()
        return np.concatenate(blocks), noted

    live, noted = heard(until=168)  # the next cycle is looked at in block 163, and begins in block 172
    assert len(noted) == 2
    again, _ = heard(0, noted)
    np.testing.assert_array_equal(live, again)


def test_what_is_set_aside_takes_nothing_from_what_sounds_beside_it(plain, monkeypatch):
    used, gather, noted = ModelInUse(plain.card, plain.store, plain.decoder, plain.find), Voice.gather, []

    def stands_still(voice, end, batch):  # the machine does, when all has been asked for
        gather(voice, end, batch)
        asked = voice.leaving and not batch.keys().isdisjoint(voice.current.layers)
        if asked and end > 150 * 512 and not noted:
            voice._busy = voice.leaving[0]
            raise TooSlowError("it took too long")

    def heard():
        renderer = build_renderer(used, 44100, lambda trouble: None, ahead=100)
        renderer.aside.report = lambda *decided: noted.append(decided)
        for decided in noted:
            renderer.aside.know(*decided)
        one, other = (lc.s(lc.path(tone(partial=partial)[ONSET:])) for partial in (2, 3))
        renderer.play(0, as_sounds(one.struct("t*3")), None, 0)
        renderer.render(512)
        renderer.play(0, as_sounds(lc.stack(other.struct("t*4"), one)), None, 512, morph=Morph(Fraction(4)))
        found = np.concatenate([renderer.render(512)[0] for _ in range(250)])
        renderer.close()
        return found

    monkeypatch.setattr(Voice, "gather", stands_still)
    live = heard()
    assert len(noted) == 1
    np.testing.assert_array_equal(live, heard())


def test_what_morphs_has_no_gap_although_it_is_decoded_ahead(plain):
    used = ModelInUse(plain.card, plain.store, plain.decoder, plain.find)

    def quietest(bridges):
        renderer = build_renderer(used, 44100, print, ahead=200, bridges=bridges)
        renderer.play(0, as_sounds(lc.point([0.2, 0, 0, 0])), None, 0)
        renderer.render(44100)
        morph = Morph(Fraction(1, 2))
        renderer.play(0, as_sounds(lc.point([0, 0, 0.2, 0])), Fraction(1, 2), 44100, morph=morph)
        heard = renderer.render(44100)[0].reshape(100, -1)
        renderer.close()
        return np.abs(heard).max(1).min()

    assert quietest(bridges=True) > 0.1
    assert quietest(bridges=False) == 0  # as it was in sessions of before


def test_streams_of_short_hops_follow_a_hand_frame_by_frame_wherever_they_begin(plain):
    used = ModelInUse(plain.card, plain.store, plain.decoder, plain.find)

    def longest(begin, spans):
        """Frames in a row that are alike, while the hand moves with each block."""
        set_ = Performance(build_renderer(used, 44100, print, ahead=100, spans=spans))
        set_.schedule(Command("play", 0, (as_sounds(lc.point([0, 0, 0, 0]).dim(0, lc.cc(1))), None)), begin)
        for block in range(120):
            set_.hear(Input("cc:1@nano/1", block / 200), 512 * block)
        heard = np.concatenate([set_.render(512)[0] for _ in range(120)])
        set_.renderer.close()
        levels = np.abs(heard[begin % RATIO + 20000 :][: RATIO * 300].reshape(-1, RATIO)).max(1)
        edges = np.flatnonzero(np.diff(levels) > 1e-4)
        return int(np.diff(edges).max())

    assert max(longest(begin, True) for begin in (0, 600, 1500)) <= 8
    assert longest(1500, False) > 16  # as it was in sessions of before


def test_what_a_model_does_is_its_voices_affair(exported, monkeypatch):
    file = exported / "unruly.ts"
    torch.jit.script(Unruly().eval()).save(str(file))
    monkeypatch.setenv("LATENTCODE_MEMORY", "300")
    decoder = lc.load_model(file).codec.decoder()
    opening = RATIO // 2

    def job(what=0.0, slot=None, first=0):
        return Job(slot or decoder.open(1), first, np.full((opening, DIMS), what, np.float32))

    good, bad = job(), job(5)
    silent, why = decoder.submit([good, bad]).frames()
    assert not silent.any()
    assert "no such sound" in str(why)
    together = decoder.submit([job(slot=good.slot, first=opening), job(5, decoder.open(2))]).frames()
    assert [isinstance(one, ModelError) for one in together] == [False, True]
    if sys.platform == "linux":
        with pytest.raises(ModelError, match="memory"):
            decoder.step([job(6)])
    with pytest.raises(ModelError, match="ended"):
        decoder.step([job(7)])
    with pytest.raises(ModelError, match="anew"):  # what it had behind it is gone
        decoder.step([job(slot=good.slot, first=2 * opening)])
    assert not decoder.step([job()])[0].any()
    monkeypatch.setattr(client, "HANGING", 0.5)
    with pytest.raises(ModelError, match="did not come back"):
        decoder.step([job(8)])


class Remembering(Partials):
    """What it encodes came in before: a part of a block, and with it a little chance."""

    def __init__(self) -> None:
        super().__init__()
        self.earlier = Padded(10 * RATIO)

    @torch.jit.export
    def encode(self, x: Tensor) -> Tensor:
        y = self.earlier(x.mean(1, keepdim=True)).reshape(x.shape[0], -1, self.ratio)
        z = torch.einsum("btn,dn->bdt", y, self.table) * (2.0 / self.ratio)
        return z + 0.001 * torch.randn_like(z)


def test_what_comes_in_is_followed_alike_by_whoever_comes_to_it_and_when(exported):
    file = exported / "remembering.ts"
    torch.jit.script(Remembering().eval()).save(str(file))
    measured.keep(card_of(str(file)).digest, "decode", DELAY)
    codec, sound = lc.load_model(file).codec, np.pad(tone(), (1 << 17, 0))
    what = live_in(1, gate=-200, limit=0)

    def take(channel, first, count):
        return np.pad(sound, (max(-first, 0), max(first + count - len(sound), 0)))[max(first, 0) :][:count]

    live, whole, part = (Followed(44100, take) for _ in range(3))
    live.patient, moments = False, np.arange(100000.0, len(sound) - 2000.0, 700.0)

    def heard(by, at):
        return by.frames(what, codec, np.array([at]), np.array([at]))[0]

    following, found = live.of(what, codec), []
    following.start()
    for at in moments:
        if at > 120000:  # what is read before is late, and what comes after that is read later
            until(lambda at=at: live.go_on(int(at)) or not following._pending)
        found.append(heard(live, at))
    assert live.missed
    assert live._eases
    for other in (whole, part):
        other.missed, other._eases = live.missed, live._eases
    assert np.array_equal(found, [heard(whole, at) for at in moments])
    assert np.array_equal(found[-20:], [heard(part, at) for at in moments[-20:]])
    levels = np.array([heard(Followed(44100, take), moments[-1])])
    assert levels[0, 2] == pytest.approx(0.3, abs=0.01)
    assert np.abs(np.delete(levels, 2)).max() < 0.01
