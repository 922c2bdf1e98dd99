"""What is typed into random sets, turned in them, and loaded by them: the same for the same chance."""

from __future__ import annotations

from random import Random

from helpers.random_expressions import Expressions

VOICES = 5
SOUNDS = ("cello", "choir", "flute", "kick", "snare", "hat", "vibes", "harp")
KEYS = (
    "cc:1@nano/1", "cc:2@nano/1", "bend@nano/1", "note:60@nano/1", "note:64@nano/1", "note:36@nano/1",
    "slider:level", "slider:cutoff", "touch:x", "touch:down",
)  # fmt: skip

TWICE = 'def twice(p):\n    """Faster.\n\n# @ 7 d1"""\n    return p.fast(2).gain(.4)\n\n'
BY = "def by(n):\n    return lambda p: p.fast(n).gain(.5)\n\n"
LINES = (  # what is typed: chance, the voice
    lambda c, v: f'd{v} >> s("{sound(c)}({c.randint(1, 7)},8)").gain({c.random():.2f})',
    lambda c, v: f'd{v} >> s("<{sound(c)} {sound(c)}*3>").gain(cc(1)).pan(sine.slow({c.randint(1, 4)}))',
    lambda c, v: f"d{v} >> {Expressions(c.randrange(10**6)).pattern(c.randint(2, 5))}",
    lambda c, v: f"d{v} >> {Expressions(c.randrange(10**6)).pattern(c.randint(1, 3))}.fmap(trap)",
    lambda c, v: f's("{sound(c)}*4")',
    lambda c, v: f'd{v} >> meso(path("{sound(c)}"), path("{sound(c)}"), {signal(c)})',
    lambda c, v: f'd{v} >> stepwise(s("{sound(c)}*2"), path("{sound(c)}"), 4).gain(.5)',
    lambda c, v: f'd{v} >> s("{sound(c)}*4").bias({signal(c)}).fmap(trap)',
    lambda c, v: f'd{v} >> meso(note("60(3,8)").s("{sound(c)}"), note("67").s("{sound(c)}"), sine, glide=True)',
    lambda c, v: f'd{v} >> freeze("{sound(c)}", {c.random():.2f}).bias({signal(c)})',
    lambda c, v: f'd{v}.morph({c.choice("1234")}) >> s("{sound(c)}*{c.randint(1, 4)}").gain(.4)',
    lambda c, v: f'd{v}.morph({c.choice("1234")}, glide=True) >> s("{sound(c)}(3,8)").bias({signal(c)})',
    lambda c, v: f'd{v}.morph(2) >> s("{sound(c)}*2").fmap(trap)',
    lambda c, v: f'd{v} >> s("{sound(c)}(3,8)").model("{c.choice(MODELS)}").gain(.5)',
    lambda c, v: f'd{v} >> path("{sound(c)}", model="{c.choice(MODELS)}").gain(.3)',
    lambda c, v: f'd{v}.morph(2) >> s("{sound(c)}*2").model("{c.choice(MODELS)}")',
    lambda c, v: f'd{v} >> feedback(path("{sound(c)}"), f={c.randint(200, 3000)}, amount={signal(c)})',
    lambda c, v: f'd{v} >> feedback("{sound(c)}(3,8)", f="<300 1200>", amount=.6)',
    lambda c, v: f"d{v} >> live_in({c.choice('12')}).gain(.5)",
    lambda c, v: f'd{v} >> meso(live_in(1), path("{sound(c)}"), cc(2))',
    lambda c, v: f"loop{v} = looper({c.choice(['1', '2', '1/2'])}); loop{v}.record(); d{v} >> loop{v}",
    lambda c, v: f"loop{v}.{c.choice(LOOPED)}",
    lambda c, v: f'd{v} >> s("loop{v}(3,8)")',
    lambda c, v: f'd{v} >> plain("kick*4, {sound(c)}").note("<60 64.5>")',
    lambda c, v: f'd{v} >> n("0 2 -3").scale_of("c minor").s("{sound(c)}").attack(.05).release(.3)',
    lambda c, v: f'd{v} >> n("0 .. 7").s("{sound(c)}").fmap(lambda x: x if x != {c.randint(3, 9)} else 1 / 0)',
    lambda c, v: f'd{v} >> s("{" ".join(sound(c) for _ in range(3))} <{" ".join(SOUNDS)} trumpet piano guitar>")',
    lambda c, v: f'd{v} >> s("{sound(c)}").loop_at("<1 2>").chop(4)',
    lambda c, v: f"d{v} >> s(\"{sound(c)}*2\").slow(2).jitter(.3).noise(.5)",
    lambda c, v: f'd{v}.once("{sound(c)}*3")',
    lambda c, v: f'once(s("{sound(c)}*{c.randint(1, 5)}").fmap(trap))',
    lambda c, v: f"g{v} = grab(d{v}, {c.choice('12')}); d{c.randint(1, VOICES)} >> g{v}",
    lambda c, v: f"g{v} = grab(live_in(1), 1); d{v} >> g{v}",
    lambda c, v: f"d{v} >> s('g{v}*2')",
    lambda c, v: f"w{v} = capture(cc(1), {c.choice('12')}); d{v} >> s('{sound(c)}*4').gain(w{v})",
    lambda c, v: f"d{v}.gain({c.choice(['.5', 'cc(2)', 'sine.slow(3)', 'cc(1).smooth(40)', '1'])})",
    lambda c, v: f"d{v}.gain(sine.fmap(trap))",
    lambda c, v: f"d{v}.pan({c.choice(['.3', 'cc(1).range(-1, 1)', 'perlin'])})",
    lambda c, v: f"d{v}.fx(lowpass({c.randint(300, 5000)}), reverb(.3))",
    lambda c, v: f"d{v}.fx(lowpass(cc(1).exprange(100, 4000)), delay(1/8, .4))",
    lambda c, v: f"d{v}.fx()",
    lambda c, v: f"master({c.choice(['.7', 'cc(2)', '1', 'sine.slow(2)'])})",
    lambda c, v: f"bpm({c.randint(90, 240)})",
    lambda c, v: f"bpm({c.randint(90, 240)}, over={c.randint(1, 4)})",
    lambda c, v: "bpm(sine.slow(3).range(100, 200))",
    lambda c, v: "bpm(sine.range(100, 200).fmap(trap))",
    lambda c, v: "bpm(cc(2).range(80, 200))",
    lambda c, v: 'bpm("<120 180 90>")',
    lambda c, v: f"swing({c.choice(['1/3', '0', '1/6'])})",
    lambda c, v: f'scene("{c.choice("ab")}")',
    lambda c, v: f'go("{c.choice("ab")}"{c.choice(GOING)})',
    lambda c, v: f"undo({c.choice(['', '2'])})",
    lambda c, v: "redo()",
    lambda c, v: f"hush({c.choice(['', 'over=1', 'over=2'])})",
    lambda c, v: "panic()",
    lambda c, v: "back()",
    lambda c, v: f"d{v}.back()",
    lambda c, v: f"d{v}.restart()",
    lambda c, v: f"d{v}.cancel()",
    lambda c, v: f"d{v}.stop({c.choice(['', 'over=1', 'over=1/2'])})",
    lambda c, v: f"solo(d{v})",
    lambda c, v: f"unsolo(); mute(d{v})",
    lambda c, v: "unmute()",
    lambda c, v: f"cue(d{v})",
    lambda c, v: f"uncue(d{v})",
    lambda c, v: f'quant({c.choice(["now", "beat", "cycle", "1/8"])!r})',
    lambda c, v: f'keys(d{v}, "{sound(c)}")',
    lambda c, v: f'keys(d{v}, s("{sound(c)}").release(.3).bias(cc(1)))',
    lambda c, v: f"keys(d{v}, None)",
    lambda c, v: f'pads({{36: s("{sound(c)}*2").fmap(trap)}})',
    lambda c, v: f'pads({{36: {c.choice(["hush", "undo", "d2", "lambda: d1.back()"])}}})',
    lambda c, v: "1 / 0",
    lambda c, v: f'm{v} = midi_out("synth", ch={v}); m{v}.note(n("0 3 <7 10>*2?").velocity({signal(c)}))',
    lambda c, v: f'midi_out("synth", ch={v}).note(s("60*4").fmap(trap))',
    lambda c, v: f'midi_out("synth").cc({c.choice("12")}, {signal(c)})',
    lambda c, v: f'midi_out("synth", ch={v}).stop()',
    lambda c, v: f'osc_out("127.0.0.1:57120").send("/{v}", n("0 .. 3").s("<a b>"))',
    lambda c, v: f'space = learn_space(cc(1), cc(2)); space.mark("{sound(c)}", at=(0, {c.random():.1f}))',
    lambda c, v: f"d{v} >> space",
    lambda c, v: f'space.mark("{sound(c)}")',
    lambda c, v: f"space.mark(cutoff={c.randint(300, 3000)}, at=({c.random():.1f}, 1))",
    lambda c, v: f'd{v}.fx(lowpass(space["cutoff"]))',
    lambda c, v: f'x = path("{sound(c)}").bias({signal(c)}); d{v} >> s("x*2 {sound(c)}")',
    lambda c, v: f'd{v} >> x.gain(.4)',
    lambda c, v: f'{TWICE}d{v} >> twice(s("{sound(c)}"))',
    lambda c, v: f'for v in (d1, d{v}):\n    v >> s("{sound(c)}").every({c.randint(2, 4)}, rev)',
    lambda c, v: f'bookmark("{c.choice("ab")}")',
    lambda c, v: f'd{v} >> s("{sound(c)}*3"); d{c.randint(1, VOICES)} >> s("{sound(c)}"); bpm({c.randint(100, 200)})',
    lambda c, v: f'd{v}.gain(slider("level", 0, 1, value={c.random():.1f}))',
    lambda c, v: f'd{v}.fx(lowpass(slider("cutoff", 200, 8000, exp=True)))',
    lambda c, v: f'd{v} >> meso("{sound(c)}(3,8)", path("{sound(c)}"), touch("x")).gain(touch("down"))',
    lambda c, v: f'd{v} >> s("{sound(c)}*3"); late(); d{c.randint(1, VOICES)} >> s("{sound(c)}*2"); late()',
    lambda c, v: f'for v in (d1, d{v}):\n    v >> s("{sound(c)}*2").fast(2)\n    late()\n1 / 0',
    lambda c, v: f'n = globals().get("n", 0) + 1; d{v} >> s("{sound(c)}*2").fast(n % 3 + 1).gain(.5)',
    lambda c, v: f'{BY}d{v} >> by({c.choice("23")})(s("{sound(c)}"))',
    lambda c, v: f'd{v} >> by({c.choice("23")})(x)',
    lambda c, v: f'd{v} >> s(random.choice(["{sound(c)}", "{sound(c)}*3"])).gain(random.random())',
    lambda c, v: f'd["{c.choice("pq")}"] >> s("{sound(c)}(5,8)").gain(.4)',
    lambda c, v: f'd["{c.choice("pq")}"].{c.choice(["stop()", "back()", "gain(.2)"])}',
    lambda c, v: "seed" and f'd{v} >> s("{sound(c)}*4?").shuffle(4).gain(rand)',
)  # fmt: skip
STREAMED = (  # chance, the voice, the file of an exported model
    lambda c, v, file: f"d{v} >> live_in(1).encoded_by({file!r}).gain(.5)",
    lambda c, v, file: f'd{v} >> s("{sound(c)}(3,8)").model({file!r}).gain(.5)',
    lambda c, v, file: f'd{v} >> path("{sound(c)}", model={file!r}).bias({signal(c)})',
    lambda c, v, file: f'd{v}.morph(2) >> s("{sound(c)}*2").model({file!r})',
    lambda c, v, file: (
        f'd{v} >> meso(live_in(1).encoded_by({file!r}), path("{sound(c)}", model={file!r}), cc(1))'
    ),
)
LOOPED = (
    "record()", "overdub()", "undo()", "half()", "turn()", "clear()", 'replace("now")', "double()",
)  # fmt: skip
GOING = ("", ', quant="now"', ", morph=2", ', quant="beat", morph=1')
MODELS = ("raw", "small", "spectral")
RIGS = (
    'bpm = 140\nmaster = 0.8\n[controls]\nknob = {cc = 1, port = "nano"}\n"d1.gain" = {cc = 2, port = "nano"}\n',
    '[voices.d2]\ngain = 0.5\npan = "sine.slow(3)"\nfx = ["lowpass(800)", "reverb(.3)"]\n[voices.d9]\ngain = "no"\n',
    '[[pads]]\nport = "nano"\n"note:36" = "hush"\n"note:64" = "s(\'kick*2\')"\n',
)  # fmt: skip


def typed(chance: Random, stream: str = "") -> str:
    """A line as it is typed; often one that plays an exported model, where its file is given."""
    if stream and chance.random() < 0.35:
        return chance.choice(STREAMED)(chance, chance.randint(1, VOICES), stream)
    return chance.choice(LINES)(chance, chance.randint(1, VOICES))


def prepared(chance: Random) -> str:
    """A file of prepared code."""
    return "\n\n".join(typed(chance) for _ in range(chance.randint(1, 3)))


def sound(chance: Random) -> str:
    return chance.choice(SOUNDS)


def signal(chance: Random) -> str:
    return chance.choice(
        ["sine", "saw.slow(2)", "cc(1)", "tri.fast(2)", ".4", "perlin", "live('d1.gain')", "bend()"]
    )
