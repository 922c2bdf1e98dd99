"""From a trajectory to a function of moments: one small builder for each kind of node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentcode.arrays import Float32, Float64
from latentcode.errors import LatentError
from latentcode.frames import Frames, Prior
from latentcode.latents import noise
from latentcode.latents import trajectory as t
from latentcode.latents.drones import Looped, children, encoded_by, finer, span_frames
from latentcode.latents.extended import course
from latentcode.latents.moments import Moments
from latentcode.latents.path import Path
from latentcode.patterns import Context, Pattern, compile_pattern

Latents = tuple["Float32 | Float64", "Float32 | Float64 | None"]  # mean (N, D), logvar (N, D) or None
Reader = Callable[[Moments], Latents]
Indices = NDArray[np.int64]
Values = Callable[[Moments], "float | Float64"]  # a parameter: one number, or one for each moment (N,)


@dataclass(frozen=True)
class ReadContext:
    """Where a trajectory is read: the model's sizes, its frames, and the context of its signals.

    `window`: samples from its moment on without which there is no frame; 0 of frames that are
    centred. `frames`: (path, hop, length or None) → the path's latent frames; of each source those
    from `begin` to `end` (0 to 1) are read. `latent_dim` is 0 where it is not known. `even`:
    whether sounds with a pitch are mixed at equal power. `model`: the name of the one whose latents
    they are; "": of the set's. `voice`: which reads, from 0. `prior`: begins what makes latents
    itself, by a seed; None: the model has no such thing. `around`: samples on either side of its
    moment that a frame is of, where what comes round is encoded across its seam; else 0. `level`:
    whether the first latent is the level, which what moves by itself leaves alone. `powers`:
    whether it is, and what is mixed has the power of both. `attacks`: whether what begins in sounds
    that are extended goes by at their own speed; `extended`: in an extension the hop at which its
    frames are laid, which are encoded `hop` apart; else 0. `bands`: whether
    what is fed back has the band of whoever hears it; else that of who heard that moment first.
    """

    frames: Callable[[Path, int, int | None], Frames]
    hop: int
    window: int
    sample_rate: int
    context: Context = field(default_factory=Context)
    reverse: bool = False
    smooth: bool = False
    begin: float = 0.0
    end: float = 1.0
    latent_dim: int = 0
    even: bool = False
    model: str = ""
    voice: int = 0
    prior: Callable[[int], Prior] | None = None
    around: int = 0
    level: bool = False
    powers: bool = False
    attacks: bool = False
    extended: int = 0
    bands: bool = False


def compile_trajectory(node: t.Trajectory, scene: ReadContext) -> Reader:
    """A pure, vectorised function of moments. Raises LatentError for what is no trajectory."""
    build = BUILDERS.get(type(node))
    if isinstance(node, t.Named):
        raise LatentError(f"{node.name!r} is a name; only the engine and lc.render find sounds by name")
    if build is None:
        raise LatentError(f"a trajectory is needed here, not {node!r}; as in path('cello')")
    return build(node, scene)


def own_scene(node: t.Trajectory) -> ReadContext:
    """The scene of a trajectory read outside the engine:
    encoded by the first of its paths that has a model.

    Raises LatentError where no path has a model.
    """
    path = next((p for p in _paths(node) if p.encoder is not None), None)
    if path is None or path.encoder is None:
        raise LatentError("no path in this trajectory has a model; take model.encode(sound), or pass a scene")
    encoder = path.encoder
    dimensions = getattr(encoder, "latent_dim", 0)
    return ReadContext(encoder.frames, path.hop, encoder.reach, encoder.sample_rate, latent_dim=dimensions)


@t.method("at")
def _at(self: t.Trajectory, moments: Moments, scene: ReadContext | None = None) -> Latents:
    """(mean (N, D), logvar (N, D) or None) at each moment; pure and vectorised."""
    return compile_trajectory(self, scene or own_scene(self))(moments)


def _paths(node: t.Trajectory) -> list[Path]:
    return [node] if isinstance(node, Path) else [p for child in children(node) for p in _paths(child)]


def source(node: Path, scene: ReadContext, length: int | None = None, until: int | None = None) -> Reader:
    """A path's frames, round and round, its sound looped to `length` samples first; `until`: how
    many of them are read before others follow.
    """
    mean, logvar = scene.frames(node, scene.hop, length)
    portion = slice(*span_frames(len(mean), scene.begin, scene.end))
    mean, logvar = mean[portion], None if logvar is None else logvar[portion]
    count, rate = len(mean), scene.sample_rate / scene.hop
    way = course(scene, node, length, portion.start, count, until)
    blend = blended if scene.smooth else nearest

    def row(number: Indices) -> Indices:
        return number % count

    def read(moments: Moments) -> Latents:
        if moments.place is None:
            index = moments.seconds * rate
            index = way(count - 1 - index if scene.reverse else index)
        else:
            place = 1.0 - moments.place if scene.reverse else moments.place
            index = np.minimum(place * count, count - 1)
        return blend(mean, index, row), None if logvar is None else blend(logvar, index, row)

    return read


def nearest(frames: Float32, index: Float64, row: Callable[[Indices], Indices]) -> Float32:
    """The frames (N, D) at places (N,) between them; `row`: from whole places to their rows."""
    return frames[row(np.floor(index + 1e-6).astype(np.int64))]


def blended(frames: Float32, index: Float64, row: Callable[[Indices], Indices]) -> Float64:
    """The same, mixed of those on both sides."""
    low = np.floor(index)
    part = (index - low)[:, None]
    whole = low.astype(np.int64)
    return (1 - part) * frames[row(whole)] + part * frames[row(whole + 1)]


def _looped(node: Looped, scene: ReadContext) -> Reader:
    return source(node.path, scene, node.length)


def _point(node: t.Point, scene: ReadContext) -> Reader:
    return lambda moments: (np.broadcast_to(node.mean, (len(moments.cycle), len(node.mean))), None)


def mixed(a: Latents, b: Latents, alpha: float | Float64, powers: bool = False) -> Latents:
    """(1 − α)·a + α·b in mean and log-variance (a missing one is the other's); `powers`: see
    `between_levels`.
    """
    weight = _column(alpha)
    mean = (1 - weight) * a[0] + weight * b[0]
    if powers:
        mean[:, 0] = between_levels(a[0][:, 0], b[0][:, 0], alpha, mean[:, 0])
    if a[1] is None or b[1] is None:
        return mean, a[1] if b[1] is None else b[1]
    return mean, (1 - weight) * a[1] + weight * b[1]


def between_levels(
    a: Float32 | Float64, b: Float32 | Float64, alpha: float | Float64, straight: Float32 | Float64
) -> Float64:
    """The level (N,) of what lies between two: the powers of both add up, as those of sounds do
    that do not know of one another. Half-way to silence it is 3 dB below. Beyond both it goes
    `straight` on.
    """
    inside = (np.asarray(alpha) >= 0) & (np.asarray(alpha) <= 1)
    share = np.clip(alpha, 0.0, 1.0)
    whole = np.sqrt((1 - share) * np.square(a, dtype=np.float64) + share * np.square(b, dtype=np.float64))
    return np.where(inside, whole, straight)


def _mix(node: t.Mix | t.Stepwise, scene: ReadContext) -> Reader:
    a, b = compile_trajectory(node.a, scene), compile_trajectory(node.b, scene)
    share = share_of(node, scene)
    if not (scene.even and _apart(node)):
        return lambda moments: mixed(a(moments), b(moments), share(moments), scene.powers)

    def read(moments: Moments) -> Latents:
        weight = share(moments)
        mean, logvar = mixed(a(moments), b(moments), weight)
        return mean * _column(_equal_power(weight)), logvar

    return read


def _apart(node: t.Mix | t.Stepwise) -> bool:
    """Whether all that sounds has a pitch, and no sound is on both sides, in step with itself."""
    a, b = _paths(node.a), _paths(node.b)
    known = all(path.pitch is not None for path in a + b)
    return bool(a and b) and known and {p.sound for p in a}.isdisjoint(p.sound for p in b)


def _equal_power(weight: float | Float64) -> Float64:
    """What makes up for the power that a mix of two tones lacks, which do not know of one
    another's phase: 3 dB in the middle, nothing at its ends and beyond.
    """
    inside = np.clip(weight, 0.0, 1.0)
    return np.atleast_1d(1 / np.sqrt(inside**2 + (1 - inside) ** 2))


def share_of(node: t.Mix | t.Stepwise, scene: ReadContext) -> Values:
    """How much of the second source there is."""
    if isinstance(node, t.Mix):
        return values(node.alpha, scene)
    steps = node.steps
    stairs = np.linspace(0.0, 1.0, steps) if steps > 1 else np.zeros(1)

    def share(moments: Moments) -> Float64:
        step = np.floor(moments.position * steps + 1e-9).astype(np.int64)
        return np.asarray(stairs[np.clip(step, 0, steps - 1)])

    return share


def _extend(node: t.Extend, scene: ReadContext) -> Reader:
    hop = finer(scene.hop, node.factor)
    extended = (scene.extended or scene.hop) if scene.attacks and scene.around else 0
    child = compile_trajectory(node.child, replace(scene, hop=hop, extended=extended))
    return lambda moments: child(moments.longer(hop / scene.hop))


def _sum(node: t.Sum, scene: ReadContext) -> Reader:
    a, b = compile_trajectory(node.a, scene), compile_trajectory(node.b, scene)

    def read(moments: Moments) -> Latents:
        (mean_a, logvar_a), (mean_b, logvar_b) = a(moments), b(moments)
        if logvar_a is None or logvar_b is None:
            return mean_a + mean_b, logvar_b if logvar_a is None else logvar_a
        return mean_a + mean_b, np.logaddexp(logvar_a, logvar_b)

    return read


def _product(node: t.Product, scene: ReadContext) -> Reader:
    a, b = compile_trajectory(node.a, scene), compile_trajectory(node.b, scene)

    def read(moments: Moments) -> Latents:
        mean, logvar = a(moments)
        return mean * b(moments)[0], logvar

    return read


def _scale(node: t.Scale, scene: ReadContext) -> Reader:
    child, amount = compile_trajectory(node.child, scene), factors(node.amount, scene)

    def read(moments: Moments) -> Latents:
        (mean, logvar), factor = child(moments), amount(moments)
        if logvar is not None:
            with np.errstate(divide="ignore"):
                logvar = logvar + 2 * np.log(np.abs(factor))
        return mean * factor, logvar

    return read


def _bias(node: t.Bias, scene: ReadContext) -> Reader:
    child, amount = compile_trajectory(node.child, scene), factors(node.amount, scene)

    def read(moments: Moments) -> Latents:
        mean, logvar = child(moments)
        return mean + amount(moments), logvar

    return read


def _jitter(node: t.Jitter, scene: ReadContext) -> Reader:
    child, amount = compile_trajectory(node.child, scene), factors(node.amount, scene)
    seed, aside = scene.context.seed, sideways(node.amount, scene)

    def read(moments: Moments) -> Latents:
        mean, logvar = child(moments)
        ticks = np.round(moments.cycle * 2**20).astype(np.int64)
        return mean + aside(amount(moments) * noise.normal(seed, ticks, mean.shape[1])), logvar

    return read


def _dim(node: t.Dim, scene: ReadContext) -> Reader:
    child, value = compile_trajectory(node.child, scene), values(node.value, scene)

    def read(moments: Moments) -> Latents:
        mean, logvar = child(moments)
        if node.index >= mean.shape[1]:
            raise LatentError(f"dim({node.index}, …): this model has dimensions 0 to {mean.shape[1] - 1}")
        changed = np.array(mean, np.float64)
        changed[:, node.index] = value(moments)
        return changed, logvar

    return read


def _reverse(node: t.Reverse, scene: ReadContext) -> Reader:
    return compile_trajectory(node.child, replace(scene, reverse=not scene.reverse))


def _smooth(node: t.Smooth, scene: ReadContext) -> Reader:
    return compile_trajectory(node.child, replace(scene, smooth=True))


def _encoded_by(node: t.EncodedBy, scene: ReadContext) -> Reader:
    return compile_trajectory(encoded_by(node.child, node.model), scene)


def _speed(node: t.Speed, scene: ReadContext) -> Reader:
    scene = replace(scene, reverse=scene.reverse != (node.factor < 0))
    child = compile_trajectory(node.child, scene)
    return lambda moments: child(moments.faster(abs(node.factor)))


def _in_time(node: t.InTime, scene: ReadContext) -> Reader:
    child = compile_trajectory(node.child, scene)
    factor, shift = float(node.factor), float(node.shift)
    return lambda moments: child(moments.through(factor, shift))


def values(parameter: t.Curve, scene: ReadContext) -> Values:
    """A parameter as a function of moments: an array spreads over the whole,
    a pattern is read as a signal.
    """
    if isinstance(parameter, Pattern):
        sample = compile_pattern(parameter, scene.context).sample
        return lambda moments: sample(moments.cycle, moments.live)
    if isinstance(parameter, np.ndarray):
        return lambda moments: spread(parameter, moments)
    return lambda moments: parameter


def spread(points: Float64, moments: Moments) -> Float64:
    """An array as a curve over the whole: its first value at the first frame, its last at the last,
    linear.
    """
    last = max(moments.frames - 1, 1e-9)
    reach = np.clip(moments.position * moments.frames / last, 0.0, 1.0)
    return np.interp(reach * (len(points) - 1), np.arange(len(points)), points)


def factors(parameter: t.Curve, scene: ReadContext) -> Values:
    """An amount for all dimensions at each moment (N, 1), or an array:
    one number for each dimension (D,).
    """
    if isinstance(parameter, np.ndarray):
        return lambda moments: parameter
    read = values(parameter, scene)
    return lambda moments: _column(read(moments))


def sideways(amount: t.Curve, scene: ReadContext, level: bool = False) -> Callable[[Float64], Float64]:
    """What makes an offset (N, D), of an amount for all dimensions, leave the level alone, unless
    it is to change; a number for each dimension means the level's, too.
    """
    kept = int(scene.level and not level and not isinstance(amount, np.ndarray))

    def aside(offset: Float64) -> Float64:
        offset[:, :kept] = 0.0
        return offset

    return aside


def _column(value: float | Float64) -> float | Float64:
    return value[:, None] if isinstance(value, np.ndarray) else value


BUILDERS: dict[type, Callable[[Any, ReadContext], Reader]] = {
    Path: source,
    Looped: _looped,
    t.Point: _point,
    t.Mix: _mix,
    t.Stepwise: _mix,
    t.Extend: _extend,
    t.Sum: _sum,
    t.Product: _product,
    t.Scale: _scale,
    t.Bias: _bias,
    t.Jitter: _jitter,
    t.Dim: _dim,
    t.Reverse: _reverse,
    t.Smooth: _smooth,
    t.Speed: _speed,
    t.EncodedBy: _encoded_by,
    t.InTime: _in_time,
}
