"""Walks, circles, ways and places of the prior, and the arithmetic of trajectories."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import latentcode as lc
from latentcode.latents.compile import own_scene
from latentcode.latents.moments import Moments
from latentcode.latents.motions import Prior, Walk, prior_place
from latentcode.latents.note import note_of
from latentcode.latents.trajectory import Mix, Sum
from latentcode.patterns import Context, digest

SOUND = (np.random.default_rng(4).standard_normal(64 * 10) * 0.3).astype(np.float32)
PLACES = np.random.default_rng(5).standard_normal((4, 8))


@pytest.fixture
def path(model):
    return model.encode(SOUND)


def over(count=10, cycles=1.0):
    return Moments.over(count, 64 / 44100, 0.0, cycles)


def read(trajectory, path, moments=None, seed=0):
    scene = replace(own_scene(path), context=Context(seed=seed), latent_dim=8)
    return trajectory.at(moments or over(), scene)[0]


def points():
    return [lc.point(place) for place in PLACES]


def test_a_walk_wanders_about_its_place_with_the_deviation_that_is_asked(path):
    still = lc.point(np.zeros(8))
    many = read(lc.walk(still, 0.5), path, over(60_000, cycles=3000.0))
    assert many.std(axis=0) == pytest.approx(np.full(8, 0.5), rel=0.05)
    assert np.abs(np.corrcoef(many.T) - np.eye(8)).max() < 0.1
    assert np.abs(np.diff(many, axis=0)).max() < 0.5  # smooth: a twentieth of a cycle apart


def test_a_walk_of_any_pace_gives_numbers(path):
    assert np.isfinite(read(lc.walk(path, 0.5, 1e300), path)).all()


def test_a_walk_is_a_function_of_seed_and_cycle(path):
    walk = lc.walk(path, 0.5)
    assert not np.array_equal(read(walk, path, seed=1), read(walk, path))
    assert not np.array_equal(read(lc.walk(path, 0.5, seed=3), path), read(walk, path))
    assert digest(walk) == digest(lc.walk(path, 0.5)) == digest(path.walk(0.5))
    seeded = note_of(lc.s("x").walk(0.5, seed=3).s(lc.pure(path)).query(0, 1)[0].value).trajectory
    assert digest(seeded) == digest(path.walk(0.5, seed=3)) == digest(lc.walk(path, 0.5, seed=3))
    assert path.walk(0.5, "<1 2>").query(0, 1)[0].whole is None


@pytest.mark.parametrize(
    "make",
    [
        lambda p: lc.walk(p, lc.sine),
        lambda p: lc.orbit(p, rate=3),
        lambda p: lc.slerp(p, points()[0], lc.saw),
        lambda p: lc.slerp(*points()[:2], lc.saw),
        lambda p: lc.spline(p, *points()),
        lambda p: lc.plane(p, *points()[:3], lc.saw, lc.tri),
        lambda p: p.begin(0.3).fit().walk(),
        lambda p: p.scrub(lc.sine).smooth(lc.saw),
    ],
)
def test_a_motion_is_the_same_read_at_once_and_moment_by_moment(path, make):
    motion, all_ = make(path), over(40, cycles=0.7)
    singly = [
        read(motion, path, Moments(*(a[i : i + 1] for a in (all_.seconds, all_.position, all_.cycle)), 40.0))
        for i in range(40)
    ]
    assert np.array_equal(np.concatenate(singly), read(motion, path, all_))


def test_walks_beside_each_other_go_their_own_ways():
    cello = lc.path("cello")
    one, two = (e.value for e in lc.stack(lc.walk(cello), lc.walk(cello)).query(0, 1))
    assert digest(one) != digest(two)


def test_a_walk_follows_its_pattern_in_time(path):
    own = lc.walk(lc.pure(path), 0.5)
    faster = own.fast(2).query(0.5, 1)[0].value
    second = Moments.over(10, 64 / 44100, 0.5, 0.5)  # of the second event
    plain = Moments.over(10, 64 / 44100, 1.0, 1.0)
    assert np.array_equal(read(faster, path, second), read(own.query(1, 2)[0].value, path, plain))


def test_a_circle_has_its_radius_and_returns_after_a_turn(path):
    centre = lc.point(np.zeros(8))
    round_ = read(lc.orbit(centre, 2, dims=(3, 5)), path, over(8))
    assert np.hypot(round_[:, 3], round_[:, 5]) == pytest.approx(np.full(8, 2.0))
    assert np.abs(np.delete(round_, (3, 5), 1)).max() == 0
    drawn = read(lc.orbit(centre, 2, rate=4), path, over(8))
    assert np.sqrt((drawn**2).mean(axis=1)) == pytest.approx(np.full(8, 2.0))
    assert drawn[0] == pytest.approx(drawn[2])
    with pytest.raises(lc.LatentError, match="dimensions 0 to 7"):
        read(lc.orbit(centre, dims=(3, 8)), path)


@pytest.mark.parametrize(
    "move",
    [
        lambda p, **kept: lc.walk(p, 0.5, **kept),
        lambda p, **kept: lc.orbit(p, 2, **kept),
        lambda p, **kept: note_of(lc.s("x").walk(0.5, **kept).s(lc.pure(p)).query(0, 1)[0].value).trajectory,
    ],
)
def test_what_moves_by_itself_leaves_the_level_alone_where_it_is_the_first_latent(path, move):
    there = replace(own_scene(path), level=True)
    place = lc.point(np.ones(8))
    moved, swelling = move(place), move(place, level=True)
    found = moved.at(over(8), there)[0]
    assert (found[:, 0] == 1).all()
    assert (found[:, 1:] != 1).all()
    assert np.array_equal(swelling.at(over(8), there)[0], moved.at(over(8), own_scene(path))[0])
    assert digest(moved) != digest(swelling)


def test_noise_leaves_the_level_alone_unless_it_has_a_number_for_it(path):
    there = replace(own_scene(path), level=True)
    place = lc.point(np.ones(8))
    assert (place.jitter(0.5).at(over(8), there)[0][:, 0] == 1).all()
    assert (place.jitter(np.full(8, 0.5)).at(over(8), there)[0][1:, 0] != 1).all()
    assert lc.prior(7).at(over(2), there)[0][:, 0] == pytest.approx([1, 1])
    with pytest.raises(lc.LatentError, match="level takes True or False, not 1"):
        lc.orbit(place, level=1)


@pytest.mark.parametrize(
    ("between", "level"),
    [
        (lambda a, b: lc.meso(a, b, 0.5), np.sqrt(2.5)),
        (lambda a, b: lc.meso(a, b, 1.5), 2.5),
        (lambda a, b: lc.stepwise(a, b, 3), 1),
        (lambda a, b: lc.slerp(a, b, 0.5), np.sqrt(2.5)),
        (lambda a, b: lc.spline(a, b, position=0.5), np.sqrt(2.5)),
        (lambda a, b: lc.plane(a, b, a, b, 0.5, 0.3), np.sqrt(2.5)),
    ],
)
def test_what_is_mixed_has_the_power_of_both_where_the_first_latent_is_the_level(path, between, level):
    there = replace(own_scene(path), powers=True)
    found = between(*(lc.point(np.r_[loud, np.full(7, 0.3 * loud)]) for loud in (1.0, 2.0)))
    assert found.at(over(1), there)[0][0, 0] == pytest.approx(level)
    plain = found.at(over(1), own_scene(path))[0][0]
    if not isinstance(found, lc.latents.motions.Slerp):
        assert found.at(over(1), there)[0][0, 1:] == pytest.approx(plain[1:])


def test_slerp_keeps_the_length_of_its_ends(path):
    a, b = (lc.point(np.eye(8)[k] * 3) for k in (0, 1))
    half = read(lc.slerp(a, b, 0.5), path)[0]
    assert half[:2] == pytest.approx([3 / np.sqrt(2)] * 2)
    assert read(lc.slerp(a, a, 0.3), path)[0] == pytest.approx(np.eye(8)[0] * 3)
    assert read(lc.slerp(a, -a, 0.5), path)[0] == pytest.approx(np.zeros(8))


def test_a_spline_passes_through_its_places_smoothly(path):
    way = lc.spline(*points(), position=lc.saw)
    there = read(way, path, Moments.over(3, 0.1))
    assert there == pytest.approx(PLACES[:3])
    fine = read(way, path, over(3000))
    assert np.abs(np.diff(fine, 2, axis=0)).max() < 1e-4
    end = read(lc.spline(*points()), path, over(10))[-1]
    assert end == pytest.approx(PLACES[3])
    line = read(lc.spline(*points()[:2], position=0.25), path)[0]
    assert line == pytest.approx(0.75 * PLACES[0] + 0.25 * PLACES[1])


def test_a_plane_has_its_corners(path):
    for x, y, corner in [(0, 0, 0), (1, 0, 1), (0, 1, 2), (1, 1, 3)]:
        assert read(lc.plane(*points(), x, y), path)[0] == pytest.approx(PLACES[corner])
    assert read(lc.plane(*points()), path)[0] == pytest.approx(PLACES.mean(axis=0))


def test_a_place_of_the_prior_has_a_number(path, model):
    assert np.array_equal(read(lc.prior(7), path)[0], prior_place(7, 8))
    many = np.stack([prior_place(k, 8) for k in range(2000)])
    assert many.mean(axis=0) == pytest.approx(np.zeros(8), abs=0.1)
    assert many.std(axis=0) == pytest.approx(np.ones(8), abs=0.1)
    said, made = (
        lc.render(x, seconds=0.2, model=model, synthesis="concat") for x in ("prior:7", lc.prior(7))
    )
    assert np.array_equal(said[:4000], made[:4000])
    with pytest.raises(lc.LatentError, match="number of the model's dimensions"):
        lc.prior(7).at(over(), replace(own_scene(path), latent_dim=0))


@pytest.mark.parametrize(
    "make",
    [
        lambda a, b: lc.walk(a, "0 .5", "<1 2>"),
        lambda a, b: lc.orbit(a, lc.sine, "<1 -1>"),
        lambda a, b: lc.slerp(a, b, lc.sine),
        lambda a, b: lc.spline(a, b, b),
        lambda a, b: lc.plane(a, b, b, b, lc.saw, "0 1"),
        lambda a, b: lc.freeze(a, "<.1 .9>"),
        lambda a, b: lc.scrub(a, lc.perlin),
    ],
)
def test_a_string_gives_its_onsets(make):
    events = make("cello(3,8)", "choir").query(0, 1)
    assert [float(event.whole[0]) for event in events if event.has_onset] == [0, 3 / 8, 6 / 8]
    assert note_of(events[0].value) is not None


def test_objects_are_drones():
    cello = lc.path("cello")
    assert isinstance(lc.walk(cello), Walk)
    assert isinstance(lc.prior(3), Prior)
    assert lc.walk(cello, pace="<1 2>").query(0, 1)[0].whole is None


def test_sums_with_patterns_of_sounds_are_made_event_by_event(path):
    first = (lc.s("cello choir").gain(0.5) + path).query(0, 1)[0].value
    assert first.get("gain") == 0.5
    assert isinstance(first.get("s"), Sum)
    assert (path * lc.s("choir*2")).query(0, 1)[0].whole is None
    assert isinstance((lc.meso("cello", "choir", 0.5) + 0.3).query(0, 1)[0].value.child, Mix)


def test_numbers_on_either_side_are_offsets_and_factors(path):
    mean = path.mean
    assert read(path + lc.saw, path)[5] == pytest.approx(mean[5] + 0.5)
    assert read(lc.saw - path, path)[5] == pytest.approx(0.5 - mean[5])
    assert read(path * "2", path) == pytest.approx(mean * 2)
    assert read(path / 4, path) == pytest.approx(mean / 4)
    assert read(np.arange(8.0) + path, path) == pytest.approx(mean + np.arange(8))
    for wrong in (lambda: 1 / path, lambda: path / path, lambda: path / 0):
        with pytest.raises((lc.LatentError, TypeError)):
            wrong()


@pytest.mark.parametrize(
    "word",
    ["attack", "release", "legato", "ring", "cut", "gain", "pan", "noise", "begin", "end", "speed", "freeze"],
)
def test_every_control_is_a_method_of_a_path(word):
    cello = lc.path("cello")
    pattern = getattr(cello, word)("<.25 .5>")
    assert [event.whole for event in pattern.query(0, 2)] == [None, None] or word in ("gain", "pan", "noise")
    assert note_of(pattern.query(0, 1)[0].value) is not None
    assert getattr(cello, word)(0.5) is not None


def test_any_method_of_patterns_works_on_a_path():
    cello = lc.path("cello")
    assert len(cello.jux(lc.rev).every(2, lambda p: p.fast(2)).query(0, 1)) >= 2
    assert [e.whole[0] for e in cello.struct("t*2").query(0, 1)] == [0, 0.5]
    with pytest.raises(AttributeError):
        _ = cello.wlak
    assert "struct" in dir(cello)
    assert lc.s("cello").every(2, lc.walk(0.5)) == lc.s("cello").every(2, lambda p: p.walk(0.5))
    assert lc.s("cello").superimpose(lc.scrub(lc.saw)) == lc.s("cello").superimpose(lambda p: p.scrub(lc.saw))
    assert "walk" in dir(cello)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: lc.point([0.5]),
        lambda path: lc.meso(path, lc.point([0.5, 1, 2]), 0.5),
        lambda path: path + lc.point([0.5, 1]),
        lambda path: path.bias([0.5, 1]),
        lambda path: path.scale([0.5] * 999),
        lambda path: lc.walk(path, [0.1, 0.2]),
        lambda path: lc.orbit(path, [0.1, 0.2]),
    ],
)
def test_numbers_for_other_dimensions_are_refused_before_anything_is_decoded(path, model, make):
    with pytest.raises(
        lc.LatentError, match=rf"numbers?, and this model has {model.latent_dim} dimensions; .*type"
    ):
        lc.render(make(path), model=model, seconds=0.1)


def test_a_row_of_signals_is_told_where_a_signal_goes(path):
    with pytest.raises(lc.LatentError, match=r"type \.dim\(3, sine\)"):
        path.bias([0, lc.sine])
