# Written by python -m latentcode.stubs, from the words themselves.

from collections.abc import Callable, Sequence
from typing import Any, overload

from latentcode.checks import Number
from latentcode.patterns.arguments import Argument, Function, Transformation, Whole
from latentcode.patterns.pattern import Pattern

def add(other: Argument, pattern: Pattern | str | None = None, *, structure: str = "left") -> Any:
    """Add a number or a pattern."""
@overload
def add_both(other: Argument) -> Transformation:
    """Add a pattern, with the structure of both."""
@overload
def add_both(other: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def add_right(other: Argument) -> Transformation:
    """Add a pattern, with the structure of right."""
@overload
def add_right(other: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def almost_always(function: Function) -> Transformation:
    """Apply a function to nine tenths of the events, at random."""
@overload
def almost_always(function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def almost_never(function: Function) -> Transformation:
    """Apply a function to a tenth of the events, at random."""
@overload
def almost_never(function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def attack(value: Any) -> Transformation:
    """The attack, in seconds. Taken at the onset of each event."""
@overload
def attack(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def begin(value: Any) -> Transformation:
    """Where in the source to begin, 0 to 1. Taken at the onset of each event."""
@overload
def begin(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def bias(value: Any) -> Transformation:
    """An offset on the latent. A number or a signal, read all the time."""
@overload
def bias(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def chop(parts: Whole) -> Transformation:
    """Cut every event into so many pieces, each with its portion of the sound (a drone: every
    cycle).
    """
@overload
def chop(parts: Whole, pattern: Pattern | str) -> Pattern: ...
@overload
def chunk(parts: Whole, function: Function) -> Transformation:
    """Apply a function to one part of the pattern at a time, the next one in every cycle."""
@overload
def chunk(parts: Whole, function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def compress(begin: Argument, end: Argument) -> Transformation:
    """Squeeze each cycle between two positions (0 to 1) and leave the rest silent."""
@overload
def compress(begin: Argument, end: Argument, pattern: Pattern | str) -> Pattern: ...
def cut(value: Any = 1, pattern: Pattern | str | None = None) -> Any:
    """The group whose events end one another. Taken at the onset of each event."""
@overload
def degrade() -> Transformation:
    """Drop every second event, at random."""
@overload
def degrade(pattern: Pattern | str) -> Pattern: ...
@overload
def degrade_by(amount: Argument) -> Transformation:
    """Drop events at random, each with a probability of `amount` (0 to 1)."""
@overload
def degrade_by(amount: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def dim(index: int, value: Argument) -> Transformation:
    """Set one latent dimension (from 0). A number or a signal, read all the time.

    Raises PatternError for an index that is no whole number from 0.
    """
@overload
def dim(index: int, value: Argument, pattern: Pattern | str) -> Pattern: ...
def div(other: Argument, pattern: Pattern | str | None = None, *, structure: str = "left") -> Any:
    """Divide by a number or a pattern, silent while it is 0.

    Raises RangeError for a number that is 0.
    """
@overload
def div_both(other: Argument) -> Transformation:
    """Div a pattern, with the structure of both."""
@overload
def div_both(other: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def div_right(other: Argument) -> Transformation:
    """Div a pattern, with the structure of right."""
@overload
def div_right(other: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def early(cycles: Argument) -> Transformation:
    """Shift to earlier, in cycles.

    Raises PatternError for what is no number.
    """
@overload
def early(cycles: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def echo(times: Whole, time: Argument, feedback: Argument) -> Transformation:
    """Play `times` copies, each `time` cycles later and `feedback` times as loud as the one
    before.
    """
@overload
def echo(times: Whole, time: Argument, feedback: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def echo_with(times: Whole, time: Argument, function: Any) -> Transformation:
    """Play `times` copies, each `time` cycles later, each through function(copy, its number).

    Raises PatternError for a function that cannot be called, and for numbers that are none.
    """
@overload
def echo_with(times: Whole, time: Argument, function: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def end(value: Any) -> Transformation:
    """Where in the source to end, 0 to 1. Taken at the onset of each event."""
@overload
def end(value: Any, pattern: Pattern | str) -> Pattern: ...
def euclid(onsets: Argument, steps: Argument, rotation: Argument = 0, pattern: Pattern | str | None = None) -> Any:
    """Spread so many onsets as evenly as possible over so many steps of a cycle,
    rotated to the right.
    """
def euclid_rot(onsets: Argument, steps: Argument, rotation: Argument = 0, pattern: Pattern | str | None = None) -> Any:
    """Spread onsets over steps, rotated to the right;
    a negative number of onsets swaps onsets and rests.

    Raises PatternError for what is no number, RangeError for steps beyond 0 to 10000.
    """
@overload
def every(cycles: Argument, function: Function) -> Transformation:
    """Apply a function in the first of every so many cycles; also called `every`."""
@overload
def every(cycles: Argument, function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def fast(factor: Argument) -> Transformation:
    """Play `factor` times as fast, not at all while a pattern of factors is at 0.

    Raises PatternError for what is no number, RangeError for a factor that is not above 0.
    """
@overload
def fast(factor: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def fast_gap(factor: Argument) -> Transformation:
    """Play each cycle `factor` times as fast, once, and leave the rest of it silent."""
@overload
def fast_gap(factor: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def first_of(cycles: Argument, function: Function) -> Transformation:
    """Apply a function in the first of every so many cycles; also called `every`."""
@overload
def first_of(cycles: Argument, function: Function, pattern: Pattern | str) -> Pattern: ...
def fit(value: Any = True, pattern: Pattern | str | None = None) -> Any:
    """Spread the source over the event, whatever its length. Taken at the onset of each event."""
@overload
def floor() -> Transformation:
    """Round numbers down to whole ones."""
@overload
def floor(pattern: Pattern | str) -> Pattern: ...
@overload
def fmap(function: Callable[[Any], Any]) -> Transformation:
    """Put every value through a function.

    Raises PatternError for what cannot be called.
    """
@overload
def fmap(function: Callable[[Any], Any], pattern: Pattern | str) -> Pattern: ...
def formant(value: Any = True, pattern: Pattern | str | None = None) -> Any:
    """Keep the formants of a sound that is played at another pitch than its own. Taken at the onset of each event."""
@overload
def gain(value: Any) -> Transformation:
    """The gain, 1 unchanged. A number or a signal, read all the time."""
@overload
def gain(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def inside(factor: Argument, function: Function) -> Transformation:
    """Apply a function as if `factor` cycles were one."""
@overload
def inside(factor: Argument, function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def iter_back(parts: Whole) -> Transformation:
    """Start one part (of so many) earlier in every cycle."""
@overload
def iter_back(parts: Whole, pattern: Pattern | str) -> Pattern: ...
@overload
def jitter(value: Any) -> Transformation:
    """The amount of random offset on the latent. A number or a signal, read all the time."""
@overload
def jitter(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def jux(function: Function) -> Transformation:
    """Play the pattern on the left and a changed copy on the right."""
@overload
def jux(function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def jux_by(width: Argument, function: Function) -> Transformation:
    """Play the pattern on the left and a changed copy on the right, `width` (0 to 1) apart."""
@overload
def jux_by(width: Argument, function: Function, pattern: Pattern | str) -> Pattern: ...
def keep(other: Argument, pattern: Pattern | str | None = None, *, structure: str = "left") -> Any:
    """Keep values, and take from another pattern the controls that are missing."""
@overload
def last_of(cycles: Argument, function: Function) -> Transformation:
    """Apply a function in the last of every so many cycles."""
@overload
def last_of(cycles: Argument, function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def late(cycles: Argument) -> Transformation:
    """Shift to later, in cycles.

    Raises PatternError for what is no number.
    """
@overload
def late(cycles: Argument, pattern: Pattern | str) -> Pattern: ...
def layer(*functions: Function | Pattern | str) -> Any:
    """Play the results of functions at once."""
@overload
def legato(value: Any) -> Transformation:
    """The length of events, as a factor of their whole. Taken at the onset of each event."""
@overload
def legato(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def linger(part: Argument) -> Transformation:
    """Fill each cycle with repetitions of its first `part` (0 to 1), or of its last if negative."""
@overload
def linger(part: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def loop_at(cycles: Argument) -> Transformation:
    """Let sounds last so many cycles, whatever the tempo: slower,
    and each spread over its event.
    """
@overload
def loop_at(cycles: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def mask(structure: Argument) -> Transformation:
    """Silence the pattern where a pattern of truth values is false."""
@overload
def mask(structure: Argument, pattern: Pattern | str) -> Pattern: ...
def mod(other: Argument, pattern: Pattern | str | None = None, *, structure: str = "left") -> Any:
    """Take the remainder of a division by a number or a pattern; it has the sign of the divisor."""
def mul(other: Argument, pattern: Pattern | str | None = None, *, structure: str = "left") -> Any:
    """Multiply by a number or a pattern."""
@overload
def mul_both(other: Argument) -> Transformation:
    """Mul a pattern, with the structure of both."""
@overload
def mul_both(other: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def mul_right(other: Argument) -> Transformation:
    """Mul a pattern, with the structure of right."""
@overload
def mul_right(other: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def noise(value: Any) -> Transformation:
    """How much of the latent's own variance to add, 0 none. A number or a signal, read all the time."""
@overload
def noise(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def off(time: Argument, function: Function) -> Transformation:
    """Play the pattern together with a later, changed copy."""
@overload
def off(time: Argument, function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def often(function: Function) -> Transformation:
    """Apply a function to three quarters of the events, at random."""
@overload
def often(function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def outside(factor: Argument, function: Function) -> Transformation:
    """Apply a function as if one cycle were `factor`."""
@overload
def outside(factor: Argument, function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def palindrome() -> Transformation:
    """Reverse every second cycle."""
@overload
def palindrome(pattern: Pattern | str) -> Pattern: ...
@overload
def pan(value: Any) -> Transformation:
    """The place from left, 0, to right, 1. A number or a signal, read all the time."""
@overload
def pan(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def ply(times: Argument) -> Transformation:
    """Repeat each event so many times within itself."""
@overload
def ply(times: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def rarely(function: Function) -> Transformation:
    """Apply a function to a quarter of the events, at random."""
@overload
def rarely(function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def release(value: Any) -> Transformation:
    """The release, in seconds. Taken at the onset of each event."""
@overload
def release(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def rev() -> Transformation:
    """Reverse every cycle in itself."""
@overload
def rev(pattern: Pattern | str) -> Pattern: ...
def reverse(value: Any = True, pattern: Pattern | str | None = None) -> Any:
    """Run through the frames of the source backwards. Taken at the onset of each event."""
def ring(value: Any = True, pattern: Pattern | str | None = None) -> Any:
    """Let events sound until their source ends. Taken at the onset of each event."""
@overload
def scale(value: Any) -> Transformation:
    """A factor on the latent. A number or a signal, read all the time."""
@overload
def scale(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def scale_of(name: Any) -> Transformation:
    """Degrees, counted from 0, as the notes of a scale: n("0 2 4").scale_of("c minor").

    `name`: a root (with an octave or without: octave 3) and a scale, or a pattern of them,
    "<c:minor f:dorian>", taken at the onset of each event. Degrees beyond the scale, and below 0,
    go on in other octaves; a degree between two is the lower one. Raises PatternError with the
    nearest names.
    """
@overload
def scale_of(name: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def scramble(parts: Whole) -> Transformation:
    """Play parts (so many) of each cycle, each chosen at random."""
@overload
def scramble(parts: Whole, pattern: Pattern | str) -> Pattern: ...
@overload
def segment(steps: Argument) -> Transformation:
    """Sample the pattern so many times a cycle: a signal becomes events."""
@overload
def segment(steps: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def shuffle(parts: Whole) -> Transformation:
    """Play the parts (so many) of each cycle in a random order, each once."""
@overload
def shuffle(parts: Whole, pattern: Pattern | str) -> Pattern: ...
@overload
def slow(factor: Argument) -> Transformation:
    """Spread over `factor` cycles; silent while a pattern of factors is at 0.

    Raises PatternError for what is no number, RangeError for a factor that is not above 0.
    """
@overload
def slow(factor: Argument, pattern: Pattern | str) -> Pattern: ...
def smooth(amount: Any = True, pattern: Pattern | str | None = None) -> Any:
    """Of sounds: blend between latent frames instead of taking the nearest, 0 to 1.

    Of live inputs: glide, in ms.

    A live input reaches 63 % of the way to a new value within that time. A number or, of sounds, a
    signal.

    Raises PatternError for a signal without live inputs, and for what is no number from 0 to 10000
    ms.
    """
@overload
def some_cycles_by(amount: Argument, function: Function) -> Transformation:
    """Apply a function to cycles at random, each with a probability of `amount` (0 to 1)."""
@overload
def some_cycles_by(amount: Argument, function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def sometimes(function: Function) -> Transformation:
    """Apply a function to half of the events, at random."""
@overload
def sometimes(function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def sometimes_by(amount: Argument, function: Function) -> Transformation:
    """Apply a function to events at random, each with a probability of `amount` (0 to 1)."""
@overload
def sometimes_by(amount: Argument, function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def speed(value: Any) -> Transformation:
    """How fast the frames of the source go by: 1 unchanged, below 0 backwards. Taken at the onset of each event."""
@overload
def speed(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def splice(parts: Any, indices: Argument) -> Transformation:
    """Play pieces of a sound by number, each spread over its event."""
@overload
def splice(parts: Any, indices: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def squeeze(patterns: Sequence[Any]) -> Transformation:
    """Pick from a list of patterns by the nearest number;
    a whole cycle of the picked one fills each event.

    Raises PatternError for what is no list, or an empty one.
    """
@overload
def squeeze(patterns: Sequence[Any], pattern: Pattern | str) -> Pattern: ...
@overload
def striate(parts: Whole) -> Transformation:
    """Play so many portions of every sound one after the other,
    the whole pattern once with each.
    """
@overload
def striate(parts: Whole, pattern: Pattern | str) -> Pattern: ...
@overload
def struct(structure: Argument) -> Transformation:
    """Take the onsets of a pattern of truth values, and the values from the pattern."""
@overload
def struct(structure: Argument, pattern: Pattern | str) -> Pattern: ...
def sub(other: Argument, pattern: Pattern | str | None = None, *, structure: str = "left") -> Any:
    """Subtract a number or a pattern."""
@overload
def sub_both(other: Argument) -> Transformation:
    """Sub a pattern, with the structure of both."""
@overload
def sub_both(other: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def sub_right(other: Argument) -> Transformation:
    """Sub a pattern, with the structure of right."""
@overload
def sub_right(other: Argument, pattern: Pattern | str) -> Pattern: ...
def superimpose(*functions: Function | Pattern | str) -> Any:
    """Play the pattern together with the results of functions."""
def swing_by(swing: Argument, slices: Argument = 4, pattern: Pattern | str | None = None) -> Any:
    """Delay the second half of each of `slices` parts of a cycle by `swing` (0 to 1) of
    that half.
    """
@overload
def undegrade_by(amount: Argument) -> Transformation:
    """Drop events at random with a probability of `amount`:
    first those that `degrade_by` keeps longest.
    """
@overload
def undegrade_by(amount: Argument, pattern: Pattern | str) -> Pattern: ...
@overload
def velocity(value: Any) -> Transformation:
    """How hard a note is struck, 0 to 1; of a voice a factor on the gain. Taken at the onset of each event."""
@overload
def velocity(value: Any, pattern: Pattern | str) -> Pattern: ...
@overload
def when(condition: Argument | bool, function: Function) -> Transformation:
    """Apply a function where the condition (a pattern of truth values) holds."""
@overload
def when(condition: Argument | bool, function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def within(begin: Argument, end: Argument, function: Function) -> Transformation:
    """Apply a function to the events that begin between two positions (0 to 1) of their cycle."""
@overload
def within(begin: Argument, end: Argument, function: Function, pattern: Pattern | str) -> Pattern: ...
@overload
def zoom(begin: Argument, end: Argument) -> Transformation:
    """Spread the part of each cycle between two positions (0 to 1) over the whole cycle."""
@overload
def zoom(begin: Argument, end: Argument, pattern: Pattern | str) -> Pattern: ...
