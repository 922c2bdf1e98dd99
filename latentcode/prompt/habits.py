"""Words, signs and sounds of other systems (Tidal, Strudel, FoxDot, Sardine),
and what is typed for them here.
"""

from __future__ import annotations

import ast
import difflib
import linecache
import re
import traceback
from contextlib import suppress
from typing import NamedTuple


class Habit(NamedTuple):
    """What to type instead of a word: `typed` holds {a}, its arguments,
    which are `usual` where none were given.
    """

    typed: str
    usual: str = ""
    said: str = ""  # where there is no such word


VOICED = "{v}.fx("
CODED = 'd1 >> path("cello", model="raw")'
OTHER_EFFECTS = ("notch", "chorus", "phaser", "compressor", "shift", "gain_db")
HABITS: dict[str, Habit] = {
    # effects are a voice's
    **dict.fromkeys(("lpf", "cutoff", "ctf", "lp", "lowpass"), Habit(VOICED + "lowpass({a}))", "800")),
    **dict.fromkeys(("hpf", "hcutoff", "hp", "highpass"), Habit(VOICED + "highpass({a}))", "200")),
    **dict.fromkeys(("bpf", "bandf", "bp", "bandpass"), Habit(VOICED + "bandpass({a}))", "1000")),
    **dict.fromkeys(("lpq", "resonance"), Habit(VOICED + "lowpass(800, resonance=.5))")),
    **dict.fromkeys(("room", "reverb", "verb"), Habit(VOICED + "reverb({a}))", ".4")),
    **dict.fromkeys(("size", "sz", "roomsize"), Habit(VOICED + "reverb(.4, size=.8))")),
    "delay": Habit(VOICED + "delay({a}))", "3/8"),
    **dict.fromkeys(("delaytime", "delayt", "dt"), Habit(VOICED + "delay({a}))", "3/8")),
    **dict.fromkeys(("delayfeedback", "delayfb", "dfb"), Habit(VOICED + "delay(3/8, {a}))", ".5")),
    **dict.fromkeys(("shape", "distort", "distortion", "drive"), Habit(VOICED + "distortion({a}))", ".6")),
    "crush": Habit(VOICED + "crush({a}))", "4"),
    "coarse": Habit(VOICED + "crush(8, rate=.25))"),
    "flanger": Habit(VOICED + "chorus())", said="there is no flanger here, but a chorus"),
    "vowel": Habit(VOICED + "bandpass(800))", said="there are no vowels here, but filters"),
    **{word: Habit(VOICED + word + "())") for word in OTHER_EFFECTS},
    "fx": Habit(VOICED + "reverb(.4))"),
    "orbit": Habit(VOICED + "reverb(.4))", said="each voice has effects of its own"),
    "glide": Habit('meso("cello", "choir", sine, glide=True)', said="meso, stepwise, extend and morphs glide"),
    # time
    **dict.fromkeys(("setbpm", "tempo", "Clock", "clock"), Habit("bpm({a})", "120")),
    **dict.fromkeys(("setcpm", "cpm"), Habit("bpm({a}*4)", "30")),
    **dict.fromkeys(("setcps", "cps"), Habit("bpm({a}*240)", ".5")),
    "Clock.clear": Habit("hush()"),
    **dict.fromkeys(("clear", "cls"), Habit("hush()", said="Ctrl-L clears the screen, hush all sound")),
    "hurry": Habit(".fast({a}).speed({a})", "2"),
    **dict.fromkeys(("rotL", "rotl", "shift_left"), Habit(".early({a})", "1/8")),
    **dict.fromkeys(("rotR", "rotr", "shift_right"), Habit(".late({a})", "1/8")),
    "dur": Habit('n("0@2 3 7")', said="durations are weights of steps"),
    "nudge": Habit(".late({a})", "1/64"),
    "brak": Habit(".last_of(2, lambda p: p.fast_gap(2).late(1/4))"),
    "rib": Habit(".zoom(0, 1/2)", said="there is no ribbon here, but a part of each cycle"),
    "ribbon": Habit(".zoom(0, 1/2)", said="there is no ribbon here, but a part of each cycle"),
    "stut": Habit(".echo(3, 1/8, .5)"),
    "stutter": Habit(".ply({a})", "4"),
    "ghost": Habit(".off(1/8, gain(.3))"),
    "swing": Habit(".swing_by(1/3, 4)"),
    # patterns of patterns
    **dict.fromkeys(("inhabit", "pick", "pickOut", "ur", "squeezeJoin"), Habit('n("0 1").squeeze(["a b", "c"])')),
    "arrange": Habit('cat("kick*4", "snare*2").s("kick")', said="there is no arrangement here, but cat and scenes"),
    **dict.fromkeys(("someCycles", "somecycles"), Habit(".some_cycles_by(.5, rev)")),
    **dict.fromkeys(("foldEvery", "whenmod"), Habit(".every(3, rev)")),
    # pitch and notes
    **dict.fromkeys(("transpose", "trans", "up", "offadd"), Habit(".add({a})", "7")),
    "arp": Habit('n("0 4 7 4")', said="there are no arpeggios by name; chords are written out"),
    "arpeggiate": Habit('n("0 4 7 4")', said="there are no arpeggios by name; chords are written out"),
    **dict.fromkeys(
        ("scaleTranspose", "scaleTrans", "strans"),
        Habit('n("0 2 4").add({a}).scale_of("c minor")', "2", "before scale_of numbers are degrees"),
    ),
    "rolled": Habit(".off(1/16, add(4))", said="there is no roll here; voices come one after another"),
    "chord": Habit('n("[0,4,7]")', said="there are no chords by name; they are written out"),
    "voicing": Habit('n("[0,4,7]")', said="there are no voicings by name; they are written out"),
    "oct": Habit(".add(12)"),
    "octave": Habit(".add(12)"),
    "degree": Habit('n("0 2 4").scale_of("c minor")'),
    "Scale": Habit('n("0 2 4").scale_of("c minor")'),
    "Root": Habit('n("0 2 4").scale_of("d minor")'),
    # what a note carries
    **dict.fromkeys(("clip", "sustain", "sus", "dur_factor"), Habit(".legato({a})", ".5")),
    **dict.fromkeys(("adsr", "ad", "ar"), Habit(".attack(.01).release(.2)")),
    "att": Habit(".attack({a})", ".01"),
    **dict.fromkeys(("rel", "decay", "dec"), Habit(".release({a})", ".2")),
    **dict.fromkeys(("volume", "vol", "amp", "postgain"), Habit(".gain({a})", ".8")),
    "unit": Habit(".fit()"),
    "sound": Habit('s("{a}")', "cello", "a pattern of sounds is s"),
    "bank": Habit('plain("kick808*4")', said="there are no banks; drums of machines have names of their own"),
    "samples": Habit('plain("kick*4")', said="sounds are there from the start; yours are kit = folder(…)"),
    # hands
    **dict.fromkeys(("pc", "progNum"), Habit("program()", said="the last program change is a signal")),
    **dict.fromkeys(("ccn", "midicc", "midi_cc"), Habit("cc({a})", "21")),
    "midi": Habit('midi_out("synth").note(n("0 3 7"))', said="notes go out by a port"),
    **dict.fromkeys(("midikeys", "keyboard"), Habit('keys(d1, "cello")', said="keys play a voice")),
    # voices
    **dict.fromkeys(("xfade", "interpolate", "clutch", "anticipate", "xfadeIn"), Habit('d1.morph(4) >> s("choir")')),
    **dict.fromkeys(("jump", "jumpIn", "jumpMod"), Habit('d1.play(s("choir"), quant="now")')),
    "play": Habit('d1 >> s("{a}")', "cello", "a voice plays sounds by name"),
    **dict.fromkeys(("lerp", "mix", "blend", "crossfade"), Habit('d1 >> meso("cello", "choir", sine)')),
    "morph": Habit('d1.morph(4) >> s("choir")', said="a voice morphs to what comes next"),
    **dict.fromkeys(("latent", "latents"), Habit('d1 >> path("{a}")', "cello", "a sound in latents is a path")),
    "pluck": Habit('d1 >> n("0 4").s("harp")'),
    **dict.fromkeys(("swim", "again"), Habit('d1 >> plain("<kick clap>*8")', said="a pattern counts by itself")),
    # models
    **dict.fromkeys(("nn", "forward", "encode"), Habit(CODED, said="paths are encoded and decoded as they play")),
    "decode": Habit('d1 >> path("cello").dim(0, sine.range(-2, 2))', said="what plays is decoded"),
    "model": Habit('d1 >> s("cello").model("raw")', said="a model is a pattern's, or a set's (--model)"),
    "linvar": Habit("tri.slow(8)"),
    "sinvar": Habit("sine.slow(8)"),
    "var": Habit('n("<0 4>/2")'),
    "P": Habit("run(3) * 3"),
    "PDur": Habit('s("cello(3,8)")'),
    "PRand": Habit("irand(8).segment(8)"),
    "pianoroll": Habit('draw(s("cello(3,8)"))'),
    "_pianoroll": Habit('draw(s("cello(3,8)"))'),
    "punchcard": Habit('draw(s("cello(3,8)"))'),
    "scope": Habit('draw(s("cello(3,8)"))'),
}  # fmt: skip
PLAYER = re.compile(r"([a-ce-z]\w?\d{1,2}|P[a-z])$")  # p1 of FoxDot, Pa of Sardine
VOICE = re.compile(r"d\d+")
VOICED_PART = re.compile(r"d\d+\s*>>")
COMMENT = re.compile(r"#\s*(?P<word>[a-zA-Z]\w*)\s+(?P<value>\"[^\"]*\"|[-+]?[\d.]+)")


def told(name: str, error: BaseException | None = None) -> str:
    """What is typed instead of a word of another system, its arguments kept;
    empty where nothing is known.
    """
    if PLAYER.match(name):
        return 'the voices are d1 to d16: type d1 >> n("0 3 7").s("harp")'
    line, given = called(name, error)
    member = re.search(rf"\b{name}\.\w+", line)
    habit = HABITS.get(member[0] if member else name, HABITS.get(name))
    if habit is None:
        return ""
    voice = re.search(r"\b(d\d+)\s*(>>|\.)", line)
    before, arguments = _before(habit, given, error)
    arguments = arguments or habit.usual
    typed = habit.typed.replace("{v}", voice[1] if voice else "d1")
    typed = typed.replace("{a}", arguments.strip("\"'") if '"{a}"' in typed else arguments)
    return f"{habit.said or _lead(habit)}: type {before}{typed}"


def _before(habit: Habit, given: list[str], error: BaseException | None) -> tuple[str, str]:
    """What a method stands after, where it was typed as a function with its pattern last;
    and its arguments.
    """
    alone = isinstance(error, NameError) and habit.typed.startswith(".") and len(given) > 1
    return (given[-1], ", ".join(given[:-1])) if alone else ("", ", ".join(given))


def keyword(name: str, line: str) -> str:
    """What is typed instead of `lpf=800` in a call, its value kept;
    empty where nothing is known.
    """
    from latentcode.patterns.words import METHODS

    value = re.search(rf"\b{name}\s*=\s*(\"[^\"]*\"|[-\w.]+)", line)
    if name in METHODS and value:
        return f"it is a method: type .{name}({value[1]})"
    habit = HABITS.get(name)
    if habit is None:
        return ""
    voice = re.search(r"\b(d\d+)\s*>>", line)
    typed = habit.typed.replace("{v}", voice[1] if voice else "d1")
    return f"{habit.said or _lead(habit)}: type {typed.replace('{a}', value[1] if value else habit.usual)}"


def _lead(habit: Habit) -> str:
    if habit.typed.startswith(VOICED):
        return "effects are a voice's"
    word = re.search(r"[a-z]\w*(?=\()", habit.typed)
    return f"here it is {word[0]}" if word else "here it is another word"


def snake(name: str) -> str:
    """A word in camelCase as it is written here."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)


def spelled(name: str, known: list[str], error: BaseException | None) -> str:
    """The word that was meant in another spelling, with its arguments; else the nearest,
    if there is one.
    """
    if snake(name) != name and snake(name) in known:
        _, given = called(name, error)
        from latentcode.patterns.words import example

        method = "." if isinstance(error, AttributeError) else ""
        typed = f"{snake(name)}({', '.join(given)})" if given else example(snake(name))
        return f"words are written with _: type {method}{typed}"
    near = difflib.get_close_matches(name, known, 1, 0.6)
    return f"did you mean {near[0]!r}?" if near else ""


def called(name: str, error: BaseException | None) -> tuple[str, list[str]]:
    """The line that raised, and what was given to a word in it, or assigned."""
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    frame = next((f for f in reversed(frames) if f.filename.startswith("<line ")), None)
    if frame is None:
        return "", []
    code = "".join(linecache.getlines(frame.filename))
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name:
            parts = [*node.args, *(word.value for word in node.keywords)]
            return code, [ast.get_source_segment(code, part) or "" for part in parts]
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "attr", "") == name:
            return code, [ast.get_source_segment(code, node.value) or ""]
    return code, []


def commented(code: str) -> str:
    """What is said of `# gain .8` after a pattern, which is a comment here;
    empty where there is none.
    """
    found = next(
        (m for line in code.splitlines() if line.split("#")[0].strip() and (m := COMMENT.search(line))), None
    )
    from latentcode.patterns.words import METHODS

    if found is None or not (found["word"] in METHODS or found["word"] in HABITS):
        return ""
    word, value = found["word"], found["value"]
    typed = (
        f".{word}({value})"
        if word in METHODS
        else HABITS[word].typed.replace("{v}", "d1").replace("{a}", value)
    )
    return f"what follows # is a comment: type {typed}"


def unmeant(code: str) -> str:
    """What is said of a line that means something else to Python than to whoever typed it:
    `d1: s("bd")`, `d1, d2 >> s("bd")`, `d1 >> "bd", "hh"`; empty where there is none.
    """
    with suppress(SyntaxError, ValueError, RecursionError):
        for line in ast.parse(code).body:
            if isinstance(line, ast.AnnAssign) and (said := _labelled(line, code)):
                return said
            if isinstance(line, ast.Expr) and isinstance(line.value, ast.Tuple):
                parts = [ast.get_source_segment(code, part) or "" for part in line.value.elts]
                if said := _listed(parts):
                    return said
    return ""


def _labelled(line: ast.AnnAssign, code: str) -> str:
    """Of a voice, or a name like those of Strudel, before a colon."""
    is_music = isinstance(line.annotation, ast.Call | ast.BinOp) or (
        isinstance(line.annotation, ast.Constant) and isinstance(line.annotation.value, str)
    )
    if line.value is not None or not isinstance(line.target, ast.Name) or not is_music:
        return ""
    name, what = line.target.id, ast.get_source_segment(code, line.annotation)
    voice = name if VOICE.fullmatch(name) else f'd["{name}"]'
    return f"nothing plays after a colon: type {voice} >> {what}"


def _listed(parts: list[str]) -> str:
    """Of what a comma parts from what a voice plays."""
    told = [part for part in parts if VOICED_PART.match(part)]
    if len(told) != 1:
        return ""
    voice, what = (part.strip() for part in told[0].split(">>", 1))
    others = [part for part in parts if part != told[0]]
    if all(map(VOICE.fullmatch, others)):
        return f"{voice} alone was told: type {'; '.join(f'{one} >> {what}' for one in (*others, voice))}"
    return f"a comma ends what {voice} plays: type {voice} >> stack({', '.join([what, *others])})"


UNIT = re.compile(
    r"[(,=]\s*\d*\.?\d+\s*(?P<unit>ms|s|k?hz|bpm|db|cycles?|beats?|bars?)\s*[),]", re.IGNORECASE
)
SIGNS = (  # of lines that Python cannot read, or that mean something else to it
    (re.compile(r"^\s*_?\$:\s*(?P<rest>.+)"), "d1 >> {rest}"),
    (
        re.compile(r"^\s*(?P<voice>d\d+)\s*\$\s*(?:sound|s)\s+(?P<rest>\"[^\"]*\")\s*$"),
        "{voice} >> s({rest})",
    ),
    (re.compile(r"^\s*(?P<voice>d\d+)\s*\$"), '{voice} >> s("cello*2")'),
    (re.compile(r"^\s*(?P<voice>d\d+)\s+silence\s*$"), "{voice}.stop()"),
    (re.compile(r"^\s*(?P<voice>d\d+)\s*(?:-+>|>>>+)\s*(?P<rest>.+)"), "{voice} >> {rest}"),
    (re.compile(r"~>"), 's("cello*2").late(.25)'),
    (re.compile(r"<~"), 's("cello*2").early(.25)'),
    (re.compile(r"\|?[-+*/]\|"), 'n("0 3").add_right("0 7")'),
    (re.compile(r"^\s*(?:let|const|var)\s+(?P<name>\w+)\s*=\s*(?P<rest>.+?);?\s*$"), "{name} = {rest}"),
    (re.compile(r"^\s*(?P<name>\w+)\s*=\s*(?:sound|s)\s+(?P<rest>\"[^\"]*\")\s*$"), "{name} = s({rest})"),
    (re.compile(r"^\s*(?:setcps|cps)\s+(?P<value>\d*\.?\d+)\s*$"), "bpm({value}*240)"),
    (re.compile(r"^\s*(?:setcpm|cpm)\s+(?P<value>\d*\.?\d+)\s*$"), "bpm({value}*4)"),
    (re.compile(r"^\s*@swim"), 'd1 >> plain("<kick clap>*8")'),
    (re.compile(r"^\s*once\s*\$\s*(?:sound|s)\s+(?P<rest>\"[^\"]*\")\s*$"), "once(s({rest}))"),
    (re.compile(r"^\s*once\s*\$"), 'once(s("crash"))'),
    (re.compile(r"^\s*(?P<word>(?:un)?(?:solo|mute|cue)|cancel)\s+d?(?P<place>\d+)\s*$"), "{word}(d{place})"),
    (
        re.compile(r"^\s*(?P<word>bpm|swing|master|quant|lead)\s+(?P<value>\d*\.?\d+(?:/\d+)?)\s*$"),
        "{word}({value})",
    ),
    (
        re.compile(r"^\s*(?P<word>go|scene|record|load|bookmark)\s+(?P<value>\"[^\"]*\")\s*$"),
        "{word}({value})",
    ),
    (re.compile(r"^\s*(?P<voice>d\d+)\s+(?P<rest>[a-z_]\w*\s*\(.*|\"[^\"]*\")\s*$"), "{voice} >> {rest}"),
    (re.compile(r"[(,=]\s*(?P<number>\d*\.?\d+)\s*%\s*[),]"), "{number}/100 for {number}%"),
    (re.compile(r"^[^\"'$]*\$"), 'd1 >> s("cello*2").every(4, rev)'),
    (UNIT, "the number without {unit}; F1 tells in what a word counts"),
)


def signs(line: str) -> str:
    """What to type instead of signs of other systems; empty where there are none."""
    for sign, typed in SIGNS:
        if found := sign.search(line):
            return typed.format(**{key: value.strip() for key, value in found.groupdict().items()})
    return ""
