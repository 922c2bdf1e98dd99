"""What exported models offer beside decoding: attributes, which are a row's own affair, and a
prior.
"""

import numpy as np
import pytest
import torch
from helpers.exports import DIMS, ROWS, Listed, Partials

import latentcode as lc
from latentcode.errors import LatentError, RangeError
from latentcode.latents.strategies import as_sounds
from latentcode.models.families.streams.attributes import ModelAttributes
from latentcode.models.families.streams.rows import Rows
from latentcode.synth.building import ModelInUse, build_renderer

COLUMNS = 8


class Learning(Partials):
    """Takes the level of what it plays for its own while `learn` is on; `reset` is a push."""

    learn: bool
    reset: bool

    def __init__(self) -> None:
        super().__init__(noise=0.1)
        self.learn, self.reset = False, False
        self.register_buffer("level", torch.ones(ROWS, 1, 1))
        self.register_buffer("times", torch.zeros(1))

    @torch.jit.export
    def decode(self, z: torch.Tensor) -> torch.Tensor:
        rows = z.shape[0]
        if self.reset:
            self.level.fill_(1.0)
            self.times.zero_()
            self.reset = False
        if self.learn:
            level = z.abs().mean((1, 2), keepdim=True)
            self.level[:rows] += (level - self.level[:rows]) / (self.times + 1)
            self.times += 1
        return self.sounding(z * self.level[:rows])

    @torch.jit.export
    def get_learn(self) -> bool:
        return self.learn

    @torch.jit.export
    def set_learn(self, learn: bool) -> int:
        self.learn = learn
        return 0

    @torch.jit.export
    def get_reset(self) -> bool:
        return self.reset

    @torch.jit.export
    def set_reset(self, reset: bool) -> int:
        self.reset = reset
        return 0


class Sided(Listed):
    """All that a model can offer, and two channels, the right half as loud as the left."""

    @torch.jit.export
    def decode(self, z: torch.Tensor) -> torch.Tensor:
        quiet = 0.0 if self.mute[0] else self.gain[0]
        sides = torch.tensor([1.0, 0.5])[None, :, None]
        return self.sounding(z * quiet * float(2 ** self.octave[0])) * sides


def rows_of(model, types):
    scripted = torch.jit.script(model.eval())
    return Rows(scripted, "decode", 4, (DIMS, COLUMNS), ModelAttributes(scripted, types))


def test_what_one_row_sets_another_does_not_hear():
    types = {"learn": ("bool",), "reset": ("bool",)}
    rows, fresh = rows_of(Learning(), types), rows_of(Learning(), types)
    latents = torch.randn(4, DIMS, 5 * COLUMNS, generator=torch.Generator().manual_seed(1))
    course = [[("learn", (True,))], [], [("learn", (True,))], [("reset", (True,))], []]

    def block(row, number):
        return latents[row, :, number * COLUMNS : (number + 1) * COLUMNS]

    with torch.inference_mode():
        spans = [(0, course[0][:0]), (4, course[0])]
        alone = [fresh.begin(2, block(2, 0), 7, spans)]
        alone += [fresh.step([2], block(2, n)[None], n, course[n])[0] for n in range(1, 5)]
        others = [rows.begin(row, block(row, 0), row) for row in (0, 1, 3)]
        beside = [rows.begin(2, block(2, 0), 7, spans)]
        for number in range(1, 5):
            if not course[number]:
                beside.append(rows.step([1, 2], torch.stack([block(1, number), block(2, number)]), number)[1])
                continue
            rows.step([0, 1, 3], torch.stack([block(row, number) for row in (0, 1, 3)]), number)
            beside.append(rows.step([2], block(2, number)[None], number, course[number])[0])
    assert len(others) == 3
    assert torch.equal(torch.cat(alone, -1), torch.cat(beside, -1))
    plain = rows_of(Learning(), types)
    with torch.inference_mode():
        same = [plain.begin(2, block(2, 0), 7)]
        same += [plain.step([2], block(2, n)[None], n)[0] for n in range(1, 5)]
    loud = [float((one - other).abs().max()) for one, other in zip(alone, same, strict=True)]
    assert min(loud[:3]) > 0.01  # it learned, and kept what it had learned
    assert torch.equal(alone[4], same[4])  # until it was reset, for itself alone


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTCODE_TRUST", "1")
        file = tmp_path_factory.mktemp("exports") / "listed.ts"
        torch.jit.script(Sided(channels=2).eval()).save(str(file))
        model = lc.load_model(file)
        model.decoder  # noqa: B018
        yield model


def heard(pattern, model, seconds=0.3):
    return lc.render(pattern, model=model, seconds=seconds)


def test_attributes_are_patterns_of_one_voice(listed):
    here, there = lc.point([0.1, 0, 0.05, 0]), lc.point([0, 0.1, 0, 0])
    usual, half = heard(here, listed), heard(here.attr("gain", 0.5), listed)
    assert np.abs(usual).max() > 0.05
    np.testing.assert_array_equal(half, usual / 2)  # the limiter has nothing to do
    both = heard(lc.stack(here.attr("gain", 0.5), there), listed)
    np.testing.assert_allclose(both, half + heard(there, listed), atol=1e-7)
    moved = heard(here.attr("gain", "[0 .5]*4"), listed)
    assert not moved[:2000].any()
    assert np.abs(moved).max() == pytest.approx(np.abs(half).max(), rel=0.01)
    events = lc.s(here).struct("t*4").attr("mute", "<t f>*4").attr("octave", 1).attr("place", 0.3, lc.sine)
    np.testing.assert_array_equal(heard(events, listed), heard(events, listed))
    words = lc.s(here).attr("colour", "<warm cold>")
    assert [event.value.get("attr") for event in words.query(0, 2)] == [
        ("colour", ("warm",)),
        ("colour", ("cold",)),
    ]
    np.testing.assert_array_equal(heard(here, listed), usual)  # all as it was


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("gian", 1), r"did you mean 'gain'\?\); it has gain \(float\), mute \(bool\)"),
        (("place", 1), r'place takes a number, a number, not 1 of them; as in .attr\("place", .5, .5\)'),
        (("mute", "warm"), "mute takes 0 or 1, not 'warm'"),
        (("colour", 3), r"colour takes a text, not 3"),
        (("wave", 3), "made of a tensor"),
        (("gain", 11), "gain cannot be set to 11"),
    ],
)
def test_what_cannot_be_set_says_what_there_is(listed, given, said):
    with pytest.raises((LatentError, RangeError), match=said):
        heard(lc.point([0.1, 0, 0, 0]).attr(*given), listed, 0.1)


def test_what_is_no_attribute_at_all():
    for given, said in (
        ((), "missing"),
        (("gain",), "still needs a value"),
        ((3, 4), "the name of an attribute"),
    ):
        with pytest.raises((TypeError, lc.PatternError), match=said):
            lc.s("cello").attr(*given)


class Counting(Partials):
    """A prior that counts its steps, in a buffer without rows."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("steps", torch.zeros(1))
        self.register_buffer("last", torch.zeros(()))

    @torch.jit.export
    def prior(self, temperature: torch.Tensor) -> torch.Tensor:
        self.steps += 1
        self.last.copy_(self.last * 0.5 + torch.randn(1)[0] * temperature[0, 0, 0])
        return (self.steps + self.last).reshape(1, 1, 1).repeat(1, self.dims, 1)


def test_a_prior_remembers_all_that_it_remembers():
    def made(others):
        rows = Rows(torch.jit.script(Counting().eval()), "prior", 1, (1, 1), alone=True)
        heat, found = torch.ones(1, 1), []
        for step in range(3):
            for row in (0, 1) if others else (0,):
                one = rows.step([row], heat[None], step)[0] if step else rows.begin(row, heat, row)
                found += [one] if row == 0 else []
        return torch.cat(found, -1)[0]

    with torch.inference_mode():
        alone = made(False)
        assert torch.equal(alone, made(True))
        assert len(alone.unique()) == 3


def test_a_prior_goes_on_from_what_it_made(listed):
    prior = lc.prior(temperature=0.02)
    first = heard(prior, listed)
    assert 0.005 < np.abs(first).max() < 0.5
    np.testing.assert_array_equal(first, heard(prior, listed))  # of the same seed the same
    assert not np.array_equal(first, heard(lc.prior(temperature=0.02, seed=2), listed))
    np.testing.assert_allclose(heard(prior.scale(0.5), listed), first / 2, atol=1e-6)
    rising = heard(lc.prior(temperature=lc.saw.range(0, 0.1)), listed, 1.0)
    assert np.abs(rising[-11025:]).max() > 2 * np.abs(rising[:11025]).max()
    bells = heard(lc.s(prior).struct("t*8"), listed, 0.5)  # each another
    assert not np.allclose(bells[:11025], bells[11025:], atol=1e-3)


def test_a_prior_where_there_is_none_says_so(listed):
    assert repr(lc.prior("rave", temperature=lc.sine)) == "prior('rave', temperature=sine)"
    for pattern, said in (
        (lc.prior(temperature=1).reverse(), "never backwards"),
        (lc.prior(temperature=1).freeze(0.5), "no places"),
    ):
        with pytest.raises(LatentError, match=said):
            heard(pattern, listed, 0.05)
    with pytest.raises(LatentError, match="a model, not 3"):
        lc.prior(3, temperature=1)
    with pytest.raises(LatentError, match="raw has no prior that makes latents"):
        lc.render(lc.prior("raw"), seconds=0.05, model="raw")


def test_two_channels_are_heard_on_both_sides(listed):
    model = listed  # the right half as loud as the left
    place = lc.point([0.1, 0, 0.05, 0])
    plain = heard(place, model)
    assert np.abs(plain).max() > 0.05
    np.testing.assert_array_equal(plain[:, 1], plain[:, 0] / 2)
    assert not heard(place.pan(0), model)[:, 1].any()
    for note in (64, 53):
        moved = lc.render(lc.s(place).note(note), model=model, seconds=0.5, sample_rate=48000)
        assert np.abs(moved).max() > 0.05
        np.testing.assert_allclose(moved[:, 1], moved[:, 0] / 2, atol=1e-5)  # both sides in step
    frames = model.decode(np.tile(np.float32([0.1, 0, 0.05, 0]), (20, 1)))
    assert frames.shape == (20, 64, 2)
    np.testing.assert_array_equal(frames[..., 1], frames[..., 0] / 2)
    used = ModelInUse(model.card, model.store, model.decoder, model.find)
    before = build_renderer(used, 44100, print)  # as sets did at first
    before.play(0, as_sounds(place), None, 0)
    mean = before.render(2048)[:2].T
    np.testing.assert_array_equal(mean[:, 0], mean[:, 1])
    wide = build_renderer(used, 44100, print, wide=True)
    wide.play(0, as_sounds(place), None, 0)
    np.testing.assert_allclose(wide.render(2048)[:2].mean(0), mean[:, 0], atol=1e-6)
