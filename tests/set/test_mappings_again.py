"""A mapping that was saved, on another evening: what is bound is where it was, and what is shown is what is heard."""

from __future__ import annotations

import pytest
from helpers.whole_set import AnsweringSet

FADERS = {
    "d1.gain": "cc:7@nano:out/1",
    "d2.pan": "cc:8@nano:out/16",
    "master": "nrpn:300@nano:out/1",
    "bpm": "cc:9@nano_2/1",
}
OTHERS = {"d3.gain": "osc:/1/fader#1", "d4.gain": "program@nano:out/2"}
SPRUNG = {
    "d5.gain": "note:60@keys/1",
    "d6.gain": "pressure@keys/1",
    "d7.pan": "bend@keys/1",
    "d8.gain": "poly:3@keys/1",
}


@pytest.fixture
def saved(tmp_path, capsys):
    """A file that has every kind of binding, and where all stood."""
    first = AnsweringSet()
    for name, key in {**FADERS, **OTHERS, **SPRUNG}.items():
        first.moved.append(key)
        first.run(f"learn({name})")
        first.hand((key, 0.75))
    first.moved.append("cc:20@nano:out/1")
    first.run("learn('bright', 200, 4000, curve=3)")
    first.hand(("cc:20@nano:out/1", 0.5))
    file = tmp_path / "rig.toml"
    first.run(f"mapping.save({str(file)!r})")
    found = {name: first.stand(name) for name in {**FADERS, **OTHERS, **SPRUNG}}
    assert found["master"] == 0.75
    assert found["bpm"] == 150
    return file, found, first.performance.inputs.present("live:bright")


def test_every_kind_of_binding_comes_back_where_it_stood_and_its_hand_takes_it_up(saved, capsys):
    file, stood, bright = saved
    second = AnsweringSet()
    second.run(f"mapping({str(file)!r})")
    capsys.readouterr()
    for name in {**FADERS, **OTHERS}:
        assert second.stand(name) == pytest.approx(stood[name], abs=1e-3), name
    assert second.performance.inputs.present("live:bright") == pytest.approx(bright, rel=1e-3)
    for name in SPRUNG:  # nobody holds them: their faders stay where they are until somebody does
        assert second.stand(name) == (0.5 if name.endswith("pan") else 1.0)
    second.run("midi()")
    shown = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert " 0.75 " in shown["master"]
    assert " 150 " in shown["bpm"]
    assert "move it to 0.75" in shown["d1.gain"]
    for name, key in FADERS.items():
        second.hand((key, 0.1), (key, 0.2))
        assert second.stand(name) == pytest.approx(stood[name], abs=1e-3)
        second.hand((key, 0.8), (key, 0.25))
        low, high = (60, 180) if name == "bpm" else (0, 1)
        assert second.stand(name) == low + (high - low) * 0.25
    for name, key in {**OTHERS, **SPRUNG}.items():
        second.hand((key, 0.25))
        assert second.stand(name) == pytest.approx(0.625 if "bend" in key else 0.25)


@pytest.mark.parametrize(
    "port",
    [
        "",
        'port = "*",',
        'port = "NANO",',
        'port = "nano:out",',
        'port = "=nano:out",',
        'port = "= Nano:Out 20:0",',
    ],
)
@pytest.mark.parametrize("ch", ["", "ch = 1,"])
@pytest.mark.parametrize("seen", [False, True])
def test_ports_in_every_spelling_bring_their_value_back(tmp_path, port, ch, seen):
    file, key, evening = tmp_path / "rig.toml", "cc:7@nano:out/1", AnsweringSet()
    file.write_text(f"master = {{cc = 7, {port} {ch} value = 0.5}}\n")
    if seen:
        evening.hand((key, 0.125))
    evening.run(f"mapping({str(file)!r})")
    assert evening.stand("master") == 0.5
    evening.hand((key, 0.125), (key, 0.25))
    assert evening.stand("master") == 0.5
    evening.hand((key, 0.75))
    assert evening.stand("master") == 0.75
    evening.run(f"mapping.save({str(file)!r})")
    other = AnsweringSet()
    other.run(f"mapping({str(file)!r})")
    assert other.stand("master") == 0.75


def test_faders_whose_controls_nobody_has_seen_stay_where_they_are(tmp_path):
    file, evening = tmp_path / "rig.toml", AnsweringSet()
    file.write_text(
        "master = {cc = 1}\nbpm = {cc = 2}\nd1.gain = {cc = 3, curve = 4}\nd2.pan = {bend = true}\n"
        'd3.gain = {osc = "/x", range = [0.8, 0]}\nd4.gain = {cc = 5}\n'
    )
    evening.hand(("cc:5@nano/1", 0.25))
    evening.run("d3.gain(.4)", f"mapping({str(file)!r})")
    wanted = {"master": 1, "bpm": 120, "d1.gain": 1, "d2.pan": 0.5, "d3.gain": 0.4, "d4.gain": 0.25}
    assert {name: evening.stand(name) for name in wanted} == pytest.approx(wanted)
    evening.hand(("cc:1@nano/1", 0.5), ("cc:3@nano/1", 0.5), ("osc:/x#0", 1.0))
    assert evening.stand("master") == 1
    assert evening.stand("d3.gain") == 0


def test_two_spellings_of_one_control_are_shown_as_they_are_heard(tmp_path, capsys):
    file, evening = tmp_path / "rig.toml", AnsweringSet()
    file.write_text('master = {cc = 7, value = 0.5}\n"d1.gain" = {cc = 7, port = "nano", value = 0.75}\n')
    evening.run(f"mapping({str(file)!r})")
    capsys.readouterr()
    evening.run("midi()")
    shown = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.strip()}
    for name in ("master", "d1.gain"):
        assert f" {evening.stand(name):.4g} " in shown[name]
