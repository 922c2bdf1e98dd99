"""A spectral model from its file to sound: encoding, decoding in any company, and bounds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from latentcode.errors import ModelError
from latentcode.models import card_of, load
from latentcode.models.families.spectral.codec import SpectralCodec
from latentcode.models.families.spectral.network import Layers
from latentcode.models.families.spectral.phases import Layer
from latentcode.models.families.spectral.sizes import Sizes, peaks_of
from latentcode.models.family import Glide, Job, Slot
from latentcode.sounds.model import default_model, find_path

LATENTS = 17


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("spectral") / "small.safetensors", 2048)


def written(path: Path, window: int) -> Path:
    """A small model with weights by chance around a mean spectrum that falls."""
    from safetensors.torch import save_file

    torch.manual_seed(3)
    bins = window // 2 + 1
    layers = Layers(Sizes(window, peaks_of(window, 44100), LATENTS, 32))
    with torch.no_grad():
        falling = torch.linspace(-2, -9, bins)
        for part in (layers.encoder, layers.decoder):
            part.centre.copy_(falling)
        layers.encoder.basis.copy_(torch.randn(LATENTS - 1, bins) * 0.02)
        layers.decoder.linear.copy_(torch.randn(bins, LATENTS - 1) * 0.5)
        layers.decoder.heads.weight.copy_(torch.randn(layers.decoder.heads.weight.shape) * 0.2)
    told = {"family": "spectral", "name": "small", "sample_rate": 44100, "window": window, "hop": window // 4}
    metadata = told | {"latent_dim": LATENTS, "units": 32, "notes": json.dumps({})}
    weights = {name: weight.half() for name, weight in layers.state_dict().items()}
    save_file(weights, path, {key: str(value) for key, value in metadata.items()})
    return path


@pytest.fixture(scope="module")
def codec(file: Path) -> SpectralCodec:
    found = load(file)
    assert isinstance(found, SpectralCodec)
    return found


def latents(count: int, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed).standard_normal((count, LATENTS)).astype(np.float32)
    chance[:, 0] = chance[:, 0] * 0.3 - 2
    return chance


def test_a_part_of_the_frames_is_encoded_as_it_is_in_the_whole(codec: SpectralCodec) -> None:
    sound = np.random.default_rng(1).standard_normal(3000).astype(np.float32)
    whole = codec.encode(sound, 10)
    for part in (range(30), range(128, 256), range(256, 300)):
        for found, wanted in zip(codec.encode_part(sound, 10, part), whole, strict=True):
            assert np.array_equal(found, wanted[part.start : part.stop])


@pytest.mark.parametrize("window", [32, 256])
def test_a_window_that_leaves_bands_without_a_bin_sounds(tmp_path: Path, window: int) -> None:
    short = load(written(tmp_path / "short.safetensors", window))
    click = np.zeros(20000, np.float32)
    click[10000:10003] = 0.9
    frames, _ = short.encode(click, window // 4)
    decoder = short.decoder("cpu")
    for shift in (0.0, 3.0):
        (heard,) = decoder.step([Job(decoder.open(0), 0, frames, shift=shift, formants=bool(shift))])
        assert np.isfinite(heard).all()
        assert np.abs(heard).max() > 0


def test_no_formants_make_a_frame_louder_than_any_other(codec: SpectralCodec) -> None:
    wild, decoder = latents(20) * 200, codec.decoder("cpu")
    plain = Job(decoder.open(0), 0, wild)
    low = Job(decoder.open(0), 0, wild, shift=-40.0, formants=True)
    ways = decoder.step([plain, low])
    loudest, heard = (np.sqrt(np.mean(frames**2, axis=1)).max() for frames in ways)
    assert heard < 1.3 * loudest


def test_its_card_says_what_it_is(file: Path) -> None:
    card = card_of(file)
    assert (card.kind, card.family, card.window, card.latent_dim) == ("spectral", "spectral", 2048, LATENTS)
    assert card.hops == (512, 256)
    assert (card.span_at(512), card.span_at(256), card.frames(5000, 512)) == (2048, 1024, 10)


@pytest.mark.parametrize("hop", [512, 128, 300])
def test_frames_of_a_sound_are_centred_on_their_moments(codec: SpectralCodec, hop: int) -> None:
    sound = np.random.default_rng(1).standard_normal(9000).astype(np.float32) * 0.1
    mean, logvar = codec.encode(sound, hop)
    assert logvar is not None
    assert mean.shape == logvar.shape == (codec.card.frames(9000, hop), LATENTS)
    place = 3000 // hop
    around = sound[place * hop - 1024 : place * hop + 1024]
    alone = codec.encode(np.concatenate([around, np.zeros(100, np.float32)]), 1024)[0][1]
    assert np.array_equal(mean[place], alone)


def test_the_first_latent_is_the_level(codec: SpectralCodec) -> None:
    sound = 0.2 * np.sin(2 * np.pi * 440 * np.arange(20000) / 44100).astype(np.float32)
    soft, loud = (codec.encode(sound * gain, 512)[0][15] for gain in (0.5, 1.0))
    assert loud[0] == pytest.approx(2 * soft[0], rel=0.01)
    assert loud[1:] == pytest.approx(soft[1:], abs=0.1)


def test_layers_sound_alone_as_they_do_together(codec: SpectralCodec) -> None:
    decoder = codec.decoder("cpu")
    counts = (1, 3, 1, 17, 2, 40)
    given = [latents(count, seed) for seed, count in enumerate(counts)]
    slots = [decoder.open(seed) for seed in range(len(counts))]
    together = decoder.step([Job(slot, 5, part) for slot, part in zip(slots, given, strict=True)])
    for seed, (part, found) in enumerate(zip(given, together, strict=True)):
        assert found.shape == (len(part), 2048)
        slot = decoder.open(seed)
        rows = [
            decoder.step([Job(slot, 5 + index, part[index : index + 1])])[0] for index in range(len(part))
        ]
        assert np.array_equal(np.concatenate(rows), found)
        decoder.close(slot)


def test_layers_that_glide_sound_alone_as_they_do_together(codec: SpectralCodec) -> None:
    decoder, others, shares = codec.decoder("cpu"), latents(20, 7), np.linspace(0, 1, 20, dtype=np.float32)
    given = [latents(20, seed) for seed in range(3)]
    glide = Glide(others, shares)
    jobs = [Job(decoder.open(seed), 3, part, glide if seed else None) for seed, part in enumerate(given)]
    plain, *together = decoder.step(jobs)
    assert np.array_equal(plain, decoder.step([Job(decoder.open(0), 3, given[0])])[0])
    for seed, found in enumerate(together, 1):
        slot, rows = decoder.open(seed), []
        for first, last in ((0, 1), (1, 8), (8, 20)):
            part = slice(first, last)
            glide = Glide(others[part], shares[part])
            rows += decoder.step([Job(slot, 3 + first, given[seed][part], glide)])
        assert np.array_equal(np.concatenate(rows), found)
        assert np.array_equal(found[0], decoder.step([Job(decoder.open(seed), 3, given[seed][:1])])[0][0])


def test_layers_that_are_shifted_sound_alone_as_they_do_together(codec: SpectralCodec) -> None:
    decoder, glide = codec.decoder("cpu"), Glide(latents(20, 7), np.full(20, 0.5, np.float32))
    ways = [(None, 0.0, False), (None, 5.0, False), (glide, -3.5, True), (None, 0.0, True)]
    given = latents(20)
    jobs = [Job(decoder.open(1), 0, given, *way) for way in ways]
    found = decoder.step(jobs)
    for job, together in zip(jobs, found, strict=True):
        alone = decoder.step([Job(decoder.open(1), 0, given, job.glide, job.shift, job.formants)])[0]
        assert np.array_equal(alone, together)
    assert np.array_equal(found[0], found[3])
    assert not np.array_equal(found[0], found[1])


def test_a_state_built_again_is_the_state_carried_on(codec: SpectralCodec) -> None:
    decoder, given = codec.decoder("cpu"), latents(30)
    carried = decoder.open(8)
    for index in range(20):
        decoder.step([Job(carried, index, given[index : index + 1])])
    again = codec.decoder("cpu").open(8)
    decoder.step([Job(again, 0, given[:20])])
    assert np.array_equal(carried.turns, again.turns)
    one, other = (decoder.step([Job(slot, 20, given[20:])])[0] for slot in (carried, again))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("scale", [10, 1e4, 1e30])
def test_latents_far_outside_give_bounded_sound(codec: SpectralCodec, scale: float) -> None:
    decoder = codec.decoder("cpu")
    far = np.clip(latents(12) * np.float32(scale), -3e38, 3e38)
    far[:6, 0] = np.abs(far[:6, 0])
    frames = decoder.step([Job(decoder.open(1), 0, far)])[0]
    assert np.isfinite(frames).all()
    assert np.abs(frames).max() < 40


def test_layers_with_the_shortest_frames_are_decoded_beside_others(codec):
    decoder, short, given = codec.decoder("cpu"), codec.decoder("cpu", 256), latents(6)
    jobs = [
        Job(decoder.open(1), 0, given),
        Job(decoder.open_as(2, quick=True, onsets=True, stands=True, partials=True, slides=True), 0, given),
        Job(decoder.open(3), 0, given),
    ]
    together = decoder.step(jobs)
    alone = [decoder.step([Job(decoder.open(seed), 0, given)])[0] for seed in (1, 3)]
    alone.insert(1, short.step([Job(short.open(2), 0, given)])[0])
    assert all(np.array_equal(one, other) for one, other in zip(together, alone, strict=True))


def test_what_stays_as_it_is_does_not_begin_again_and_again() -> None:
    decoder = default_model().codec.decoder("cpu")
    attack = default_model().store.frames(find_path("snare"), 512, None)[0][:1].repeat(12, axis=0)
    for stands in (True, False):
        rows = decoder.step([Job(decoder.open_as(1, False, True, stands, True, True), 0, attack)])[0]
        power = np.square(rows[6], dtype=np.float64)
        assert (power[:900].sum() > 0.02 * power.sum()) == stands  # else it is silent before it begins
    slots = [decoder.open(1), decoder.open(1)]
    whole = decoder.step([Job(slots[0], 0, attack)])[0]
    parts = [decoder.step([Job(slots[1], first, attack[first : first + 3])])[0] for first in range(0, 12, 3)]
    assert np.array_equal(whole, np.concatenate(parts))


def test_frames_that_come_twice_as_soon_cover_half(codec: SpectralCodec) -> None:
    decoder = codec.decoder("cpu", 256)
    assert decoder.step([Job(decoder.open(0), 0, latents(3))])[0].shape == (3, 1024)
    with pytest.raises(ModelError, match="512 or 256"):
        codec.decoder("cpu", 100)


def test_a_step_that_fails_leaves_the_layers_as_they_were(
    codec: SpectralCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoder, given = codec.decoder("cpu"), latents(40)
    slots = [decoder.open(0), decoder.open(1)]
    decoder.step([Job(slot, 0, given[:2]) for slot in slots])
    kept = [(slot.turns, slot.next) for slot in slots]
    calls: list[Layer] = []
    real = decoder.phases.frames

    def breaks(heard: object, layers: list[Layer], firsts: object) -> np.ndarray:
        calls.extend(layers)
        if len(calls) > 2:
            raise MemoryError
        return real(heard, layers, firsts)  # type: ignore[arg-type]

    monkeypatch.setattr(decoder.phases, "frames", breaks)
    with pytest.raises(MemoryError):
        decoder.step([Job(slot, 2, given) for slot in slots])
    assert [(slot.turns is turns, slot.next) for slot, (turns, _) in zip(slots, kept, strict=True)] == [
        (True, following) for _, following in kept
    ]


def test_what_does_not_fit_is_said(codec: SpectralCodec) -> None:
    decoder = codec.decoder("cpu")
    with pytest.raises(ModelError, match="17"):
        decoder.step([Job(decoder.open(0), 0, np.zeros((1, 5), np.float32))])
    with pytest.raises(ModelError, match="slot"):
        decoder.step([Job(Slot(0), 0, latents(1))])


def test_a_step_keeps_no_second_thread_waiting(codec: SpectralCodec, monkeypatch: pytest.MonkeyPatch) -> None:
    decoder, seen, before = codec.decoder("cpu"), [], torch.get_num_threads()
    made = decoder.phases.frames

    def frames(*given):
        seen.append(torch.get_num_threads())
        return made(*given)

    monkeypatch.setattr(decoder.phases, "frames", frames)
    decoder.step([Job(decoder.open(1), 0, latents(3))])
    assert seen == [1]
    assert torch.get_num_threads() == before
