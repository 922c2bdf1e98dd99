"""A rig as a file: what is set now, in a file that people have written in, too."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from tomlkit import aot, array, comment, document, inline_table, parse, string, table
from tomlkit.items import AoT, Table
from tomlkit.toml_document import TOMLDocument

from latentcode.inputs.encoders import STEP
from latentcode.inputs.keys import ANY, Key, key
from latentcode.inputs.mapping import Binding
from latentcode.latents.spaces import InSpace, Mark
from latentcode.protocol.state import LampState
from latentcode.set.commands import SET

TITLE = "a rig of latentcode: what is plugged in, what hands move and do, and how the set is mixed"
INLINE = frozenset({"controls", "clock"})  # sections whose entries are tables in one line
ONE_LINE = frozenset({"link", "follow", "swing"})  # … and that are such tables themselves
STEPS = 4  # parts of a cycle that swing where nothing else is said


def updated(text: str, wanted: Mapping[str, Any]) -> str:
    """The text of a rig that says what is wanted; comments and order of the one that was there
    stay.
    """
    made = parse(text) if text.strip() else document()
    if not made.as_string().strip():
        made.add(comment(TITLE))
    _update(made, wanted, ())
    return made.as_string()


def _update(made: TOMLDocument | Table, wanted: Mapping[str, Any], inside: tuple[str, ...]) -> None:
    for name in [name for name in made if name not in wanted]:
        made.remove(name)
    for name, value in wanted.items():
        before = made.get(name)
        if isinstance(value, dict) and not set(inside) & INLINE and name not in ONE_LINE:
            if not isinstance(before, Table):
                made[name] = table()
            _update(made[name], value, (*inside, name))
        elif before is None or _plain(before) != value:
            made[name] = _item(value)


def _plain(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value


def _item(value: Any) -> Any:
    if isinstance(value, dict):
        made = inline_table()
        for name, inner in value.items():
            made[name] = _item(inner)
        return made
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return _tables(value)
    if isinstance(value, list):
        row = array()
        row.extend(map(_item, value))
        return row
    if isinstance(value, str) and '"' in value and not set(value) & set("'\n\r"):
        return string(value, literal=True)
    return value


def _tables(rows: list[dict[str, Any]]) -> AoT:
    made = aot()
    for row in rows:
        one = table()
        for name, value in row.items():
            one[name] = _item(value)
        made.append(one)
    return made


def pads_written(pads: Any) -> list[dict[str, Any]]:
    """Pads as they stand in a rig: a table for each port, channel, quant and voice."""
    tables: dict[tuple[Any, ...], dict[str, Any]] = {}
    for name, source, quant, voice in pads:
        where: Key = key(name)
        said = {
            **({} if where.port == ANY else {"port": where.port}),
            **({} if where.channel == ANY else {"ch": int(where.channel)}),
            **({} if quant is None else {"quant": _quant(quant)}),
            **({} if voice == SET else {"voice": f"d{voice + 1}"}),
        }
        row = tables.setdefault(tuple(said.items()), dict(said))
        row[where.what if where.kind == "note" else f"{where.kind}:{where.what}".rstrip(":")] = source
    return list(tables.values())


def encoders_written(known: dict[str, Any], bound: dict[str, Binding]) -> list[dict[str, Any]]:
    """Endless encoders as they stand in a rig, but for those whose bindings say it."""
    said = {one.to for one in bound.values() if one.relative}
    rows = []
    for to, (encoding, step) in known.items():
        where = key(to)
        if to not in said:
            port = {} if where.port == ANY else {"port": where.port}
            channel = {} if where.channel == ANY else {"ch": int(where.channel)}
            far = {} if step == STEP else {"step": step}
            rows.append({"cc": int(where.what), "encoding": encoding, **far, **port, **channel})
    return rows


def leds_written(boards: tuple[LampState, ...]) -> list[dict[str, Any]]:
    """Controllers that are shown the set, as they stand in a rig."""
    words = ("port", "on", "dim", "waiting", "values")
    return [
        {
            **dict(zip(words, board, strict=False)),
            **({} if board[6] == 1 else {"ch": board[6]}),
            "sysex": [one.upper() for one in board[5]],
        }
        for board in boards
    ]


def transport_written(pairs: Any) -> dict[str, Any] | list[dict[str, Any]]:
    """Transport keys as they stand in a rig: a table, or several where ports or quants differ."""
    tables: dict[tuple[Any, ...], dict[str, Any]] = {}
    for name, source, quant, _ in pairs:
        where: Key = key(name)
        said = {
            **({} if where.port == ANY else {"port": where.port}),
            **({} if quant is None else {"quant": _quant(quant)}),
        }
        row = tables.setdefault(tuple(said.items()), dict(said))
        row[{"continue": "resume"}.get(where.kind, where.kind)] = source
    return next(iter(tables.values())) if len(tables) == 1 else list(tables.values())


def timing_written(told: Mapping[str, Any]) -> dict[str, Any]:
    """Ports, time and who it is shared with, as they stand in a rig; None: nothing is said."""
    timing, chosen, swing = told["timing"], list(told["midi_in"][0]), told["swing"]
    follow, link, lead = timing["follow"], timing["link"], told["lead"]
    straight = follow and follow["transport"] and not follow["jump"]
    return {
        "midi_in": None if chosen == [ANY] else chosen,
        "osc": timing["osc"],
        "link": link and (link if link["start_stop"] else True),
        "follow": follow["port"] if straight else follow,
        "latency": _short(timing["latency"]) or None,
        "lead": lead if isinstance(lead, str) or lead is None else _short(lead),
        "swing": swing and _swing(*swing),
        "clock": {name: _short(nudge) for name, nudge in timing["clock"].items()},
    }


def _swing(amount: str, steps: int) -> float | dict[str, Any]:
    return _number(amount) if steps == STEPS else {"amount": _number(amount), "steps": steps}


def _short(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 3)


def keys_written(keys: Any) -> list[dict[str, Any]]:
    """Keyboards as they stand in a rig."""
    return [{"voice": f"d{voice + 1}", "plays": source, **options} for voice, source, options in keys]


def voices_written(faders: dict[str, Any], fx: dict[str, Any], voices: dict[str, Any]) -> dict[str, Any]:
    """Faders, effects and outputs of voices as they stand in a rig."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in faders.items():
        voice, _, what = name.partition(".")
        if what:
            found.setdefault(voice, {})[what] = value
    for name, chain in fx.items():
        if name != "master":
            found.setdefault(name, {})["fx"] = list(chain)
    for name, said in voices.items():
        found.setdefault(name, {}).update(said)
    return dict(sorted(found.items(), key=lambda pair: int(pair[0][1:])))


def space_written(space: InSpace, own_name: str, marks: tuple[Mark, ...]) -> dict[str, Any]:
    """A learned space as it stands in a rig; `own_name`: what it is called where nobody said."""
    called = {} if space.name == own_name else {"called": space.name}
    inputs = [repr(one) for one in space.inputs]
    return {**called, "inputs": inputs, "marks": [_mark(mark) for mark in marks]}


def _mark(mark: Mark) -> dict[str, Any]:
    latent = (
        {}
        if mark.latent is None
        else {"latent": base64.b64encode(mark.latent.astype("<f4").tobytes()).decode()}
    )
    numbers = {"numbers": dict(mark.numbers)} if mark.numbers else {}
    return {"at": list(mark.place), "text": mark.text, **numbers, **latent}


def _quant(quant: str) -> str | float:
    from latentcode.prompt.set_api import quant_spoken

    spoken = quant if quant == "now" else quant_spoken(quant)
    return spoken if spoken.isalpha() else _number(quant)


def _number(quant: str) -> float:
    from fractions import Fraction

    return float(Fraction(quant))
