# Written by python -m latentcode.stubs, from the words themselves.

from collections.abc import Callable, Sequence
from typing import Any

from latentcode.checks import Number
from latentcode.patterns.arguments import Argument, Function, Whole
from latentcode.patterns.tree import Tree

class Pattern(Tree):
    """Events or a signal as a function of time in cycles; every method returns a new pattern."""

    def __add__(self, other: Argument, structure: str = "left") -> Pattern:
        """Add a number or a pattern."""
    def __mod__(self, other: Argument, structure: str = "left") -> Pattern:
        """Take the remainder of a division by a number or a pattern; it has the sign of the divisor."""
    def __mul__(self, other: Argument, structure: str = "left") -> Pattern:
        """Multiply by a number or a pattern."""
    def __neg__(self) -> Pattern:
        """Return the pattern with all numbers negated."""
    def __pow__(self, other: Argument, structure: str = "left") -> Pattern:
        """Raise to a power."""
    def __radd__(self, other: Argument) -> Pattern:
        """"""
    def __repr__(self) -> str:
        """Return one line: `0–1/2 a | 1/2–1 b`; `~` for a drone, `…` where an event goes on.

        Signals are shown as they are typed, `sine.slow(4) * 2`, unless a function of the musician's is
        in them.
        """
    def __rmod__(self, other: Argument) -> Pattern:
        """"""
    def __rmul__(self, other: Argument) -> Pattern:
        """"""
    def __rpow__(self, other: Argument) -> Pattern:
        """"""
    def __rsub__(self, other: Argument) -> Pattern:
        """"""
    def __rtruediv__(self, other: Argument) -> Pattern:
        """"""
    def __sub__(self, other: Argument, structure: str = "left") -> Pattern:
        """Subtract a number or a pattern."""
    def __truediv__(self, other: Argument, structure: str = "left") -> Pattern:
        """Divide by a number or a pattern, silent while it is 0.

        Raises RangeError for a number that is 0.
        """
    def add(self, other: Argument, structure: str = "left") -> Pattern:
        """Add a number or a pattern."""
    def add_both(self, other: Argument) -> Pattern:
        """Add a pattern, with the structure of both."""
    def add_right(self, other: Argument) -> Pattern:
        """Add a pattern, with the structure of right."""
    def almost_always(self, function: Function) -> Pattern:
        """Apply a function to nine tenths of the events, at random."""
    def almost_never(self, function: Function) -> Pattern:
        """Apply a function to a tenth of the events, at random."""
    def attack(self, value: Any = None) -> Pattern:
        """The attack, in seconds. Taken at the onset of each event."""
    def attr(self, name: str, *values: Any) -> Pattern:
        """Set an attribute of the exported model that plays, by its name, to a value or several.

        Numbers and signals are read all the time; a text is one of its values as it is, and a pattern
        of texts is taken at the onset of each event. Which attributes there are stands in the file:
        `latentcode info rave`. Raises PatternError for what is neither.
        """
    def begin(self, value: Any = None) -> Pattern:
        """Where in the source to begin, 0 to 1. Taken at the onset of each event."""
    def bias(self, value: Any = None) -> Pattern:
        """An offset on the latent. A number or a signal, read all the time."""
    def cat(self, *patterns: Any) -> Pattern:
        """Play patterns in turn, one per cycle; none of them loses a cycle. Also called `slowcat`."""
    def choose(self, *patterns: Any) -> Pattern:
        """Choose one of some patterns by number, 0 (the first) to 1 (the last).

        Raises PatternError where nothing is given to choose from.
        """
    def chop(self, parts: Whole) -> Pattern:
        """Cut every event into so many pieces, each with its portion of the sound (a drone: every
        cycle).
        """
    def chunk(self, parts: Whole, function: Function) -> Pattern:
        """Apply a function to one part of the pattern at a time, the next one in every cycle."""
    def compress(self, begin: Argument, end: Argument) -> Pattern:
        """Squeeze each cycle between two positions (0 to 1) and leave the rest silent."""
    def curve(self, bend: Argument) -> Pattern:
        """Bend a signal of 0 to 1, which stays in its ends: above 0 it begins slowly, below 0 fast;
        0 leaves it.

        (e^(bend·x) − 1) / (e^bend − 1), as envelopes of synthesizers have it.

        Raises PatternError for what is no number, RangeError for a bend beyond -20 to 20.
        """
    def cut(self, value: Any = 1) -> Pattern:
        """The group whose events end one another. Taken at the onset of each event."""
    def degrade(self) -> Pattern:
        """Drop every second event, at random."""
    def degrade_by(self, amount: Argument) -> Pattern:
        """Drop events at random, each with a probability of `amount` (0 to 1)."""
    def dim(self, index: int, value: Argument) -> Pattern:
        """Set one latent dimension (from 0). A number or a signal, read all the time.

        Raises PatternError for an index that is no whole number from 0.
        """
    def div(self, other: Argument, structure: str = "left") -> Pattern:
        """Divide by a number or a pattern, silent while it is 0.

        Raises RangeError for a number that is 0.
        """
    def div_both(self, other: Argument) -> Pattern:
        """Div a pattern, with the structure of both."""
    def div_right(self, other: Argument) -> Pattern:
        """Div a pattern, with the structure of right."""
    def early(self, cycles: Argument) -> Pattern:
        """Shift to earlier, in cycles.

        Raises PatternError for what is no number.
        """
    def echo(self, times: Whole, time: Argument, feedback: Argument) -> Pattern:
        """Play `times` copies, each `time` cycles later and `feedback` times as loud as the one
        before.
        """
    def echo_with(self, times: Whole, time: Argument, function: Any) -> Pattern:
        """Play `times` copies, each `time` cycles later, each through function(copy, its number).

        Raises PatternError for a function that cannot be called, and for numbers that are none.
        """
    def end(self, value: Any = None) -> Pattern:
        """Where in the source to end, 0 to 1. Taken at the onset of each event."""
    def euclid(self, onsets: Argument, steps: Argument, rotation: Argument = 0) -> Pattern:
        """Spread so many onsets as evenly as possible over so many steps of a cycle,
        rotated to the right.
        """
    def euclid_rot(self, onsets: Argument, steps: Argument, rotation: Argument = 0) -> Pattern:
        """Spread onsets over steps, rotated to the right;
        a negative number of onsets swaps onsets and rests.

        Raises PatternError for what is no number, RangeError for steps beyond 0 to 10000.
        """
    def every(self, cycles: Argument, function: Function) -> Pattern:
        """Apply a function in the first of every so many cycles; also called `every`."""
    def exprange(self, low: Argument, high: Argument) -> Pattern:
        """Spread a signal of 0 to 1 over low to high, by equal ratios: for frequencies and times.

        Raises RangeError where 0 lies between the ends, or is one of them.
        """
    def fast(self, factor: Argument) -> Pattern:
        """Play `factor` times as fast, not at all while a pattern of factors is at 0.

        Raises PatternError for what is no number, RangeError for a factor that is not above 0.
        """
    def fast_gap(self, factor: Argument) -> Pattern:
        """Play each cycle `factor` times as fast, once, and leave the rest of it silent."""
    def fastcat(self, *patterns: Any) -> Pattern:
        """Play patterns one after the other within each cycle; a list is a step of its own.

        Also `fastcat`.
        """
    def first_of(self, cycles: Argument, function: Function) -> Pattern:
        """Apply a function in the first of every so many cycles; also called `every`."""
    def fit(self, value: Any = True) -> Pattern:
        """Spread the source over the event, whatever its length. Taken at the onset of each event."""
    def floor(self) -> Pattern:
        """Round numbers down to whole ones."""
    def fmap(self, function: Callable[[Any], Any]) -> Pattern:
        """Put every value through a function.

        Raises PatternError for what cannot be called.
        """
    def formant(self, value: Any = True) -> Pattern:
        """Keep the formants of a sound that is played at another pitch than its own. Taken at the onset of each event."""
    def freeze(self, value: Any = 0.5) -> Pattern:
        """Hold one frame of the source, the one at a place from 0 to 1. Taken at the onset of each event."""
    def gain(self, value: Any = None) -> Pattern:
        """The gain, 1 unchanged. A number or a signal, read all the time."""
    def inside(self, factor: Argument, function: Function) -> Pattern:
        """Apply a function as if `factor` cycles were one."""
    def iter(self, parts: Whole) -> Pattern:
        """Start one part (of so many) later in every cycle."""
    def iter_back(self, parts: Whole) -> Pattern:
        """Start one part (of so many) earlier in every cycle."""
    def jitter(self, value: Any = None) -> Pattern:
        """The amount of random offset on the latent. A number or a signal, read all the time."""
    def jux(self, function: Function) -> Pattern:
        """Play the pattern on the left and a changed copy on the right."""
    def jux_by(self, width: Argument, function: Function) -> Pattern:
        """Play the pattern on the left and a changed copy on the right, `width` (0 to 1) apart."""
    def keep(self, other: Argument, structure: str = "left") -> Pattern:
        """Keep values, and take from another pattern the controls that are missing."""
    def last_of(self, cycles: Argument, function: Function) -> Pattern:
        """Apply a function in the last of every so many cycles."""
    def late(self, cycles: Argument) -> Pattern:
        """Shift to later, in cycles.

        Raises PatternError for what is no number.
        """
    def layer(self, *functions: Function) -> Pattern:
        """Play the results of functions at once."""
    def legato(self, value: Any = None) -> Pattern:
        """The length of events, as a factor of their whole. Taken at the onset of each event."""
    def linger(self, part: Argument) -> Pattern:
        """Fill each cycle with repetitions of its first `part` (0 to 1), or of its last if negative."""
    def loop_at(self, cycles: Argument) -> Pattern:
        """Let sounds last so many cycles, whatever the tempo: slower,
        and each spread over its event.
        """
    def mask(self, structure: Argument) -> Pattern:
        """Silence the pattern where a pattern of truth values is false."""
    def mod(self, other: Argument, structure: str = "left") -> Pattern:
        """Take the remainder of a division by a number or a pattern; it has the sign of the divisor."""
    def model(self, value: Any) -> Pattern:
        """The model that plays each event: a name, as `.model("<house raw>")`, a file, or a model.

        Taken at the onset of each event. Raises PatternError for what names no model.
        """
    def mul(self, other: Argument, structure: str = "left") -> Pattern:
        """Multiply by a number or a pattern."""
    def mul_both(self, other: Argument) -> Pattern:
        """Mul a pattern, with the structure of both."""
    def mul_right(self, other: Argument) -> Pattern:
        """Mul a pattern, with the structure of right."""
    def n(self, value: Any = None) -> Pattern:
        """The number: a step, a pitch or an index. Taken at the onset of each event."""
    def noise(self, value: Any = None) -> Pattern:
        """How much of the latent's own variance to add, 0 none. A number or a signal, read all the time."""
    def note(self, value: Any = None) -> Pattern:
        """The note, by name or MIDI number; without one, the pattern's own values are taken as notes.

        Taken at the onset of each event.
        """
    def off(self, time: Argument, function: Function) -> Pattern:
        """Play the pattern together with a later, changed copy."""
    def often(self, function: Function) -> Pattern:
        """Apply a function to three quarters of the events, at random."""
    def outside(self, factor: Argument, function: Function) -> Pattern:
        """Apply a function as if one cycle were `factor`."""
    def palindrome(self) -> Pattern:
        """Reverse every second cycle."""
    def pan(self, value: Any = None) -> Pattern:
        """The place from left, 0, to right, 1. A number or a signal, read all the time."""
    def plain(self, value: Any = True) -> Pattern:
        """Sound as it was recorded, past the model. Taken at the onset of each event."""
    def ply(self, times: Argument) -> Pattern:
        """Repeat each event so many times within itself."""
    def pow(self, other: Argument, structure: str = "left") -> Pattern:
        """Raise to a power."""
    def quantize(self, steps: Whole | list[float] | tuple[float, ...]) -> Pattern:
        """Let a signal take the nearest of some values: a list of them,
        or so many steps over its range.

        The range is what `range` has made it, of a bare input or signal 0 to 1.

        Raises PatternError for an empty list, RangeError for fewer than 2 steps.
        """
    def range(self, low: Argument, high: Argument) -> Pattern:
        """Spread a signal of 0 to 1 over low to high.

        Raises PatternError for an end that is no number or pattern of them.
        """
    def rarely(self, function: Function) -> Pattern:
        """Apply a function to a quarter of the events, at random."""
    def release(self, value: Any = None) -> Pattern:
        """The release, in seconds. Taken at the onset of each event."""
    def rev(self) -> Pattern:
        """Reverse every cycle in itself."""
    def reverse(self, value: Any = True) -> Pattern:
        """Run through the frames of the source backwards. Taken at the onset of each event."""
    def ring(self, value: Any = True) -> Pattern:
        """Let events sound until their source ends. Taken at the onset of each event."""
    def s(self, value: Any = None) -> Pattern:
        """The source, by name. Taken at the onset of each event."""
    def scale(self, value: Any = None) -> Pattern:
        """A factor on the latent. A number or a signal, read all the time."""
    def scale_of(self, name: Any) -> Pattern:
        """Degrees, counted from 0, as the notes of a scale: n("0 2 4").scale_of("c minor").

        `name`: a root (with an octave or without: octave 3) and a scale, or a pattern of them,
        "<c:minor f:dorian>", taken at the onset of each event. Degrees beyond the scale, and below 0,
        go on in other octaves; a degree between two is the lower one. Raises PatternError with the
        nearest names.
        """
    def scramble(self, parts: Whole) -> Pattern:
        """Play parts (so many) of each cycle, each chosen at random."""
    def scrub(self, value: Any = None) -> Pattern:
        """The place in the source, 0 to 1, instead of the time since the onset. A number or a signal, read all the time."""
    def segment(self, steps: Argument) -> Pattern:
        """Sample the pattern so many times a cycle: a signal becomes events."""
    def seq(self, *patterns: Any) -> Pattern:
        """Play patterns one after the other within each cycle; a list is a step of its own.

        Also `fastcat`.
        """
    def set(self, other: Argument, structure: str = "left") -> Pattern:
        """Replace values by those of another pattern; controls are replaced one by one."""
    def shuffle(self, parts: Whole) -> Pattern:
        """Play the parts (so many) of each cycle in a random order, each once."""
    def slice(self, parts: Any, indices: Argument) -> Pattern:
        """Play pieces of a sound by number, from 0; the onsets are those of the numbers.

        `parts`: how many pieces, or the places (0 to 1) at which they begin. Beyond the last piece it
        goes round.

        Raises PatternError for parts that are no count and no places from 0 to 1.
        """
    def slow(self, factor: Argument) -> Pattern:
        """Spread over `factor` cycles; silent while a pattern of factors is at 0.

        Raises PatternError for what is no number, RangeError for a factor that is not above 0.
        """
    def slowcat(self, *patterns: Any) -> Pattern:
        """Play patterns in turn, one per cycle; none of them loses a cycle. Also called `slowcat`."""
    def smooth(self, amount: Any = True) -> Pattern:
        """Of sounds: blend between latent frames instead of taking the nearest, 0 to 1.

        Of live inputs: glide, in ms.

        A live input reaches 63 % of the way to a new value within that time. A number or, of sounds, a
        signal.

        Raises PatternError for a signal without live inputs, and for what is no number from 0 to 10000
        ms.
        """
    def some_cycles_by(self, amount: Argument, function: Function) -> Pattern:
        """Apply a function to cycles at random, each with a probability of `amount` (0 to 1)."""
    def sometimes(self, function: Function) -> Pattern:
        """Apply a function to half of the events, at random."""
    def sometimes_by(self, amount: Argument, function: Function) -> Pattern:
        """Apply a function to events at random, each with a probability of `amount` (0 to 1)."""
    def speed(self, value: Any = None) -> Pattern:
        """How fast the frames of the source go by: 1 unchanged, below 0 backwards. Taken at the onset of each event."""
    def splice(self, parts: Any, indices: Argument) -> Pattern:
        """Play pieces of a sound by number, each spread over its event."""
    def squeeze(self, patterns: Sequence[Any]) -> Pattern:
        """Pick from a list of patterns by the nearest number;
        a whole cycle of the picked one fills each event.

        Raises PatternError for what is no list, or an empty one.
        """
    def stack(self, *patterns: Any) -> Pattern:
        """Play patterns at once; text is mini-notation. Raises PatternError for anything else."""
    def striate(self, parts: Whole) -> Pattern:
        """Play so many portions of every sound one after the other,
        the whole pattern once with each.
        """
    def struct(self, structure: Argument) -> Pattern:
        """Take the onsets of a pattern of truth values, and the values from the pattern."""
    def sub(self, other: Argument, structure: str = "left") -> Pattern:
        """Subtract a number or a pattern."""
    def sub_both(self, other: Argument) -> Pattern:
        """Sub a pattern, with the structure of both."""
    def sub_right(self, other: Argument) -> Pattern:
        """Sub a pattern, with the structure of right."""
    def superimpose(self, *functions: Function) -> Pattern:
        """Play the pattern together with the results of functions."""
    def swing_by(self, swing: Argument, slices: Argument = 4) -> Pattern:
        """Delay the second half of each of `slices` parts of a cycle by `swing` (0 to 1) of
        that half.
        """
    def switch(self, threshold: Argument = 0.5) -> Pattern:
        """1 where a signal reaches a threshold, else 0."""
    def undegrade_by(self, amount: Argument) -> Pattern:
        """Drop events at random with a probability of `amount`:
        first those that `degrade_by` keeps longest.
        """
    def velocity(self, value: Any = None) -> Pattern:
        """How hard a note is struck, 0 to 1; of a voice a factor on the gain. Taken at the onset of each event."""
    def walk(self, reach: Any = 0.5, pace: Any = 1, seed: int = 0, level: bool = False) -> Pattern:
        """Wander about the latents: `reach` is the deviation in each dimension,
        `pace` the new goals a cycle.

        The reach is a number or a signal, read all the time; smooth noise that is a function of seed
        and cycle. Another `seed` is another walk. `level`: whether the level wanders as well.

        Raises PatternError for what is no number.
        """
    def when(self, condition: Argument | bool, function: Function) -> Pattern:
        """Apply a function where the condition (a pattern of truth values) holds."""
    def within(self, begin: Argument, end: Argument, function: Function) -> Pattern:
        """Apply a function to the events that begin between two positions (0 to 1) of their cycle."""
    def zoom(self, begin: Argument, end: Argument) -> Pattern:
        """Spread the part of each cycle between two positions (0 to 1) over the whole cycle."""
