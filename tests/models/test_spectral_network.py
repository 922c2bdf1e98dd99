"""The spectral family: what its analysis says of sounds, what its network begins as, its files."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latentcode import models
from latentcode.errors import ModelError
from latentcode.models import files
from latentcode.models.card import Card
from latentcode.models.dataset import Sounds
from latentcode.models.families.spectral.analysis import FLOOR, Analysis, Features, balance, band_of_bins
from latentcode.models.families.spectral.frames import Pool
from latentcode.models.families.spectral.loss import Loss
from latentcode.models.families.spectral.network import GAIN, Heads, Layers, spectra, unit
from latentcode.models.families.spectral.order import by_variance, permuted
from latentcode.models.families.spectral.sizes import BANDS, Sizes

RATE, WINDOW = 44100, 2048
SMALL = Sizes(256, 5, 12, 32)
EVEN = torch.ones(SMALL.bins)


def sine(hertz: float, count: int = WINDOW, gain: float = 1.0) -> np.ndarray:
    return (gain * np.sin(2 * np.pi * hertz * np.arange(count) / RATE)).astype(np.float32)


def analysed(*frames: np.ndarray, window: int = WINDOW) -> Features:
    return Analysis(window, RATE)(torch.from_numpy(np.stack(frames).astype(np.float32)))


def test_level_and_shape_are_independent_of_each_other():
    loud, soft = sine(1000.0), sine(1000.0, gain=0.1)
    found = analysed(loud, soft)
    assert (found.level[0] - found.level[1]).item() == pytest.approx(np.log(10), abs=1e-3)
    assert torch.allclose(found.shape[0], found.shape[1], atol=0.02)
    norms = (found.shape.exp() - FLOOR).square().sum(dim=1).sqrt()
    assert torch.allclose(norms, torch.ones(2), atol=1e-3)


def test_a_sine_of_full_scale_at_a_bin_has_a_magnitude_of_one():
    found = analysed(sine(100 * RATE / WINDOW))
    assert (found.level[0] + found.shape[0].max()).exp().item() == pytest.approx(1.0, abs=1e-3)


def test_silence_has_a_level_and_no_sound():
    found = analysed(np.zeros(WINDOW))
    assert torch.isfinite(found.shape).all()
    heads = Heads(found.shape, *(torch.zeros(1, count) for count in (BANDS, BANDS, BANDS, 1)))
    assert spectra(GAIN * found.level.exp(), heads).magnitudes.max().item() < 1e-7


def test_tones_are_told_from_noise():
    noise = np.random.default_rng(0).standard_normal(WINDOW)
    chord = sine(440.0) + sine(1320.0) + sine(5280.0)
    tone, hiss = analysed(chord, noise).tonality
    band = band_of_bins(WINDOW, RATE)
    assert tone[band[round(440 * WINDOW / RATE)]] > 0.9
    assert hiss.mean() < 0.1


@pytest.mark.parametrize("hertz", [110.0, 220.0, 440.0, 600.0])
def test_frequencies_are_told_to_a_cent_at_peaks_and_beside_them(hertz):
    found = analysed(sine(hertz))
    peak = int(found.shape[0].argmax())
    for bin_ in (peak - 1, peak, peak + 1):
        if abs(found.deviation[0, bin_]) < 1.4:
            told = (bin_ + found.deviation[0, bin_].item()) * RATE / WINDOW
            assert 1200 * np.log2(told / hertz) == pytest.approx(0, abs=2)
    assert (found.deviation[0] != 0).sum() < 40


@pytest.mark.parametrize(("place", "late"), [(200, -0.8), (1024, 0.0), (1848, 0.8)])
def test_a_click_has_its_delay(place, late):
    click = np.zeros(WINDOW, np.float32)
    click[place] = 1
    found = analysed(click)
    assert found.transience[0].min() > 0.9
    assert torch.allclose(found.delay[0], torch.full((BANDS,), late), atol=0.01)


def test_what_lasts_is_no_transient():
    noise = np.random.default_rng(0).standard_normal(WINDOW)
    found = analysed(sine(440.0) + 0.5 * sine(4000.0), noise, np.zeros(WINDOW))
    band = band_of_bins(WINDOW, RATE)[round(440 * WINDOW / RATE)]
    assert found.transience[0, band] < 0.15
    assert abs(found.delay[0, band]) < 0.05
    assert found.transience[1].mean() < 0.25
    assert found.transience[2].max() == 0


def test_shorter_windows_have_the_same_bands():
    found = analysed(sine(440.0, 1024), window=1024)
    assert found.shape.shape == (1, 513)
    assert found.tonality.shape == found.delay.shape == (1, BANDS)
    assert found.deviation.shape == (1, 17)


@pytest.fixture(scope="module")
def pool() -> Pool:
    time = np.arange(22050) / RATE
    tones = [np.sin(2 * np.pi * f * time) * np.exp(-3 * time) for f in (220, 330, 550)]
    noise = 0.1 * np.random.default_rng(1).standard_normal(22050)
    sounds = [torch.from_numpy(sound.astype(np.float32)) for sound in (*tones, noise)]
    sounds = Sounds.of(sounds, gap=SMALL.window)
    return Pool(sounds, Analysis(SMALL.window, RATE), SMALL.window // 4, batch=64, seed=5, frames=2048)


@pytest.fixture(scope="module")
def begun(pool: Pool) -> tuple[Layers, Features]:
    torch.manual_seed(0)
    layers = Layers(SMALL)
    pool.at(0)
    known = pool.some(2048)
    layers.begin(known.shape, torch.ones(len(known)), EVEN)
    return layers, known


def test_the_shapes_are_those_that_are_promised():
    found = {name: tuple(weight.shape) for name, weight in Layers(SMALL).state_dict().items()}
    assert found == SMALL.shapes


@torch.no_grad()
def test_it_begins_as_principal_components(begun):
    layers, known = begun
    mean, _ = layers.encoder(known)
    made = layers.decoder(mean).shape
    apart = known.shape - known.shape.mean(dim=0)
    _, values, _ = np.linalg.svd(apart.double().numpy(), full_matrices=False)
    left = float((values[SMALL.latent_dim - 1 :] ** 2).sum())
    assert (made - known.shape).double().square().sum().item() == pytest.approx(left, rel=0.02)
    assert mean.std(dim=0)[0].item() == pytest.approx(1, abs=0.05)


@torch.no_grad()
def test_bins_count_as_they_are_balanced(begun, pool):
    """Low bins come out better for it, and all of them together worse."""
    layers, known = begun
    heard = Layers(SMALL)
    heard.begin(known.shape, torch.ones(len(known)), balance(SMALL.window, RATE))
    even, low = (
        (one.decoder(one.encoder(known)[0]).shape - known.shape).square().mean(dim=0)
        for one in (layers, heard)
    )
    assert low[:10].sum() < even[:10].sum()
    assert even.sum() < low.sum()


@torch.no_grad()
def test_latents_are_ordered_by_what_they_bring(begun):
    layers, known = begun
    assert by_variance(layers, known, EVEN)[:3].tolist() == [0, 1, 2]
    mixed = torch.randperm(SMALL.latent_dim - 1)
    other = Layers(SMALL)
    other.load_state_dict(permuted(layers.state_dict(), mixed))
    assert mixed[by_variance(other, known, EVEN)][:3].tolist() == [0, 1, 2]
    there, here = (one.decoder(one.encoder(known)[0]).shape for one in (other, layers))
    assert torch.allclose(there, here, atol=1e-3)


@torch.no_grad()
def test_the_level_goes_past_the_network(begun):
    layers, known = begun
    mean, logvar = layers.encode(known)
    assert mean.shape == logvar.shape == (len(known), SMALL.latent_dim)
    assert torch.allclose(mean[:, 0], GAIN * known.level.exp())
    louder = mean * torch.tensor([3.0] + [1.0] * (SMALL.latent_dim - 1))
    soft, loud, turned = (layers.decode(latents).magnitudes for latents in (mean, louder, -louder))
    heard = known.level > -4
    ratio = loud[heard].norm(dim=1) / soft[heard].norm(dim=1)
    assert torch.allclose(ratio, torch.full_like(ratio, 3.0), rtol=2e-3)
    assert torch.allclose(turned.norm(dim=1), loud.norm(dim=1))


@torch.no_grad()
@pytest.mark.parametrize("size", [1e2, 1e6, 1e30])
def test_no_latents_overflow(begun, size):
    wild = torch.randn(50, SMALL.latent_dim) * size
    made = begun[0].decode(wild)
    for part in (made.magnitudes, made.tonality, made.delay, made.transience, made.deviation):
        assert torch.isfinite(part).all()
    assert made.magnitudes.max() < 500


def test_the_pool_is_a_function_of_its_step(pool):
    follows = [pool.at(step) for step in range(5)]
    again = Pool(Sounds.of([pool.samples], gap=0), pool.analysis, pool.hop, pool.batch, pool.seed, 2048)
    again.samples, again.steps, again.rows = pool.samples, pool.steps, torch.zeros_like(pool.rows)
    assert torch.equal(again.at(4).shape, follows[4].shape)
    assert not torch.equal(follows[3].shape, follows[4].shape)
    assert len(follows[0]) == 64


def test_noise_is_made_with_its_mean_power():
    """Of a spectrum of noise a smooth shape is best whose power is the mean, not the median."""
    torch.manual_seed(0)
    sizes = Sizes(WINDOW, 256, 4, 4)
    noise = Analysis(WINDOW, RATE)(torch.randn(400, WINDOW))
    loss = Loss(Analysis(WINDOW, RATE), RATE)
    mean = noise.shape.sub(FLOOR).exp().square().mean(dim=0).sqrt().log()
    others = [torch.zeros(400, count) for count in sizes.heads[1:]]
    losses = {
        gain: loss.logarithms(Heads((mean + gain).expand(400, -1), *others), noise).mean().item()
        for gain in np.arange(-0.4, 0.41, 0.05)
    }
    assert abs(min(losses, key=losses.__getitem__)) < 0.06  # neper: half a dB


def test_exact_spectra_have_no_loss():
    frames = torch.from_numpy(np.stack([sine(300.0), sine(900.0)]))
    analysis = Analysis(WINDOW, RATE)
    found = analysis(frames)
    sure = [(2 * part - 1) * 20 for part in (found.tonality.round(), found.transience)]
    wanted = Features(
        found.level, found.shape, found.tonality.round(), found.delay, found.transience, found.deviation
    )
    made = Heads(found.shape, sure[0], found.delay, sure[1], found.deviation)
    assert Loss(analysis, RATE)(made, wanted).item() == pytest.approx(0, abs=5e-3)
    assert torch.allclose(unit(found.shape).norm(dim=1), torch.ones(2), atol=1e-3)


def card(path) -> Card:
    return Card("toy", "", "spectral", RATE, 256, 12, 32, 64, (("trained_distance_db", "3.0"),), str(path))


@pytest.fixture
def file(begun, tmp_path):
    sizes = {"window": "256", "latent_dim": "12", "units": "32"}
    files.write(
        card(tmp_path / "toy.safetensors"), begun[0].state_dict(), tmp_path / "toy.safetensors", more=sizes
    )
    return tmp_path / "toy.safetensors"


def test_a_file_has_its_card(file):
    found = models.card_of(file)
    assert (found.name, found.family, found.kind, found.hops) == ("toy", "spectral", "spectral", (64, 32))
    assert (found.window, found.latent_dim, found.units, found.sample_rate) == (256, 12, 32, RATE)
    assert found.note("trained_distance_db") == "3.0"


def test_another_rate_leaves_its_bands_as_they_were_trained(file):
    assert models.card_of(file, sample_rate=22050).sample_rate == 22050
    assert models.load(file, sample_rate=22050).layers.sizes.peaks == SMALL.peaks


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda content: content[:-10], "cut off or damaged"),
        (lambda content: content.replace(b'"latent_dim":"12"', b'"latent_dim":"13"'), "do not fit together"),
        (lambda content: content.replace(b'"units":"32"', b'"units":"3x"'), "a whole number was expected"),
        (lambda content: content.replace(b'"hop":"64"', b'"hop":"65"'), "a quarter of"),
        (lambda content: content.replace(b'"window":"256"', b'"window":"000"'), "a quarter of"),
        (lambda content: content.replace(b"decoder.linear", b"decoder.linoar"), "do not fit together"),
        (
            lambda content: content.replace(b'"sample_rate":"44100"', b'"sample_rate":"00010"'),
            "sampling rate",
        ),
    ],
)
def test_damaged_files_are_told_in_a_sentence(file, change, said):
    content = file.read_bytes()
    assert change(content) != content
    file.write_bytes(change(content))
    with pytest.raises(ModelError, match=said):
        models.card_of(file)
