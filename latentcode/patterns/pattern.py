"""Pattern: the methods by name. What they do is in the modules of their families."""

from __future__ import annotations

from latentcode.patterns import algebra, chance, combine, inputs, pitch, setters, slicing, structure, time
from latentcode.patterns.arguments import patternable
from latentcode.patterns.tree import Tree


class Pattern(Tree):
    """Events or a signal as a function of time in cycles; every method returns a new pattern."""

    # time
    fast, slow = patternable(time.fast), patternable(time.slow)
    early, late = patternable(time.early), patternable(time.late)
    rev, palindrome = time.rev, time.palindrome
    compress, fast_gap = patternable(time.compress), patternable(time.fast_gap)
    zoom, linger = patternable(time.zoom), patternable(time.linger)
    inside, outside = patternable(time.inside), patternable(time.outside)
    swing_by, ply = patternable(time.swing_by), patternable(time.ply)
    iter, iter_back = patternable(time.iter_), patternable(time.iter_back)
    every = first_of = time.first_of
    last_of, when = time.last_of, time.when
    chunk, within = patternable(time.chunk), patternable(time.within)

    # several at once
    stack, cat, slowcat, seq, fastcat = combine.stack, combine.cat, combine.cat, combine.seq, combine.seq
    off, superimpose, layer = patternable(combine.off), combine.superimpose, combine.layer
    jux, jux_by = combine.jux, patternable(combine.jux_by)
    echo, echo_with = patternable(combine.echo), patternable(combine.echo_with)
    squeeze = combine.squeeze

    # structure
    struct, mask, segment = structure.struct, structure.mask, patternable(structure.segment)
    euclid, euclid_rot = patternable(structure.euclid), patternable(structure.euclid_rot)

    # chance
    degrade, degrade_by, undegrade_by = chance.degrade, chance.degrade_by, chance.undegrade_by
    sometimes, sometimes_by, often, rarely = (
        chance.sometimes,
        chance.sometimes_by,
        chance.often,
        chance.rarely,
    )
    almost_never, almost_always = chance.almost_never, chance.almost_always
    some_cycles_by = chance.some_cycles_by
    shuffle, scramble = patternable(chance.shuffle), patternable(chance.scramble)
    choose = chance.choose_with

    # arithmetic and values
    add, sub, mul, div, mod, pow = (
        algebra.add,
        algebra.sub,
        algebra.mul,
        algebra.div,
        algebra.mod,
        algebra.pow_,
    )
    add_right, sub_right, mul_right, div_right = (
        algebra.ADD[1],
        algebra.SUB[1],
        algebra.MUL[1],
        algebra.DIV[1],
    )
    add_both, sub_both, mul_both, div_both = algebra.ADD[2], algebra.SUB[2], algebra.MUL[2], algebra.DIV[2]
    set, keep, range, fmap = algebra.set_, algebra.keep, algebra.range_, algebra.fmap
    floor = algebra.floor
    exprange, curve = patternable(inputs.exprange), patternable(inputs.curve)
    quantize, switch = patternable(inputs.quantize), patternable(inputs.switch)
    __add__, __sub__, __mul__, __truediv__ = algebra.add, algebra.sub, algebra.mul, algebra.div
    __mod__, __pow__ = algebra.mod, algebra.pow_
    __radd__, __rsub__, __rmul__ = (
        algebra.from_right("add"),
        algebra.from_right("sub"),
        algebra.from_right("mul"),
    )
    __rtruediv__, __rmod__ = algebra.from_right("div"), algebra.from_right("mod")
    __rpow__, __neg__ = algebra.from_right("pow"), algebra.negative

    # controls
    note, scale_of, plain = pitch.note_, pitch.scale_of, setters.plain_
    s, n, begin, end = setters.s_, setters.n_, setters.begin, setters.end
    attack, release, legato = setters.attack, setters.release, setters.legato
    ring, cut, reverse, velocity = setters.ring, setters.cut, setters.reverse, setters.velocity
    gain, pan, speed, noise = setters.gain, setters.pan, setters.speed, setters.noise
    scale, bias, jitter = setters.scale, setters.bias, setters.jitter
    smooth, dim = inputs.smooth, setters.dim
    fit, freeze, scrub, walk = setters.fit, setters.freeze, setters.scrub, setters.walk

    # portions of sounds
    chop, striate = patternable(slicing.chop), patternable(slicing.striate)
    slice, splice, loop_at = slicing.slice_, slicing.splice, patternable(slicing.loop_at)
