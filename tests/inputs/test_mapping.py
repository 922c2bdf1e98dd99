"""Mappings are read and written as people would; what is wrong is said with its line."""

from __future__ import annotations

import math

import pytest

from latentcode.errors import ControlError
from latentcode.inputs.mapping import Binding, Written, entry_of, parsed, read_mapping, write_mapping

TEXT = """
# my small mixer
brightness = {cc = 21, port = "nano KONTROL2", ch = 1, range = [200, 4000], curve = 4}
"d1.gain" = {cc = 7, range = [0, 0.8], value = 0.25}   # the left fader
takeover = "scale"
wheel = {bend = true, port = "keys"}

[pad]
note = 36

[d2]
pan = {osc = "/2/xy", argument = 1}
gain = {touch = "y", finger = 2}
fx = {slider = "cutoff", range = [200, 4000]}
"""


def test_a_mapping_says_which_control_is_which_name():
    assert parsed(TEXT) == Written(
        {
            "brightness": Binding("cc:21@nano_kontrol2/1", 200.0, 4000.0, 4.0),
            "d1.gain": Binding("cc:7@*/*", 0.0, 0.8, value=0.25),
            "wheel": Binding("bend@keys/*"),
            "pad": Binding("note:36@*/*"),
            "d2.pan": Binding("osc:/2/xy#1"),
            "d2.gain": Binding("touch:y#2"),
            "d2.fx": Binding("slider:cutoff", 200.0, 4000.0),
        },
        "scale",
    )


def test_what_is_written_is_read_again_and_a_musicians_own_lines_stay(tmp_path):
    file = tmp_path / "nano.toml"
    file.write_text(TEXT)
    found = read_mapping(file)
    write_mapping(file, found)
    assert read_mapping(file) == found
    assert "# my small mixer" in file.read_text()
    assert "# the left fader" in file.read_text()
    write_mapping(file, Written({"brightness": Binding("cc:22@nano/1")}, None))
    assert read_mapping(file) == Written({"brightness": Binding("cc:22@nano/1")}, "scale")
    assert "# my small mixer" in file.read_text()
    new = tmp_path / "new.toml"
    write_mapping(new, found)
    assert read_mapping(new) == found


def test_ranges_and_curves_shape_the_values():
    middle = 200 + 200 * (math.exp(2) - 1) / (math.exp(4) - 1)
    bent = [Binding("cc:1@*/*", 200, 400, 4).shaped(value) for value in (0.0, 0.5, 1.0)]
    assert bent == pytest.approx([200, middle, 400])
    assert Binding("cc:1@*/*", 1, 0).shaped(0.25) == 0.75
    assert entry_of(Binding("nrpn:300@p/2", value=1 / 3)) == {
        "nrpn": 300,
        "port": "p",
        "ch": 2,
        "value": 0.3333,
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("takeover = {cc = 21}", "line 1: takeover is one of"),
        ('a = {osc = "/x y"}', "line 1: a: osc is an address without spaces"),
        ("a = {cc = 21}\nb = {cc = 128}", "line 2: b: cc is a control change, 0 to 127, not 128"),
        ("a = {cc = true}", "0 to 127, not True"),
        ("a = {cc = '21'}", "0 to 127, not '21'"),
        ("\n\na = {c = 21}", "line 3: a has an unknown 'c'"),
        ("a = {cc = 21, porst = 'x'}", "did you mean 'port'"),
        ("a = {cc = 21, note = 3}", "a has cc and note at once"),
        ("a = {port = 'x'}", "a has no control; it needs one of cc, nrpn"),
        ("a = 21", "not to 21; as in brightness"),
        ("a = {cc = 1, range = [0]}", "range is two numbers"),
        ("a = {cc = 1, range = [0, 'x']}", "range is two numbers"),
        ("a = {cc = 1, range = [0, nan]}", "range is two numbers"),
        ("a = {cc = 1, ch = 17}", "a channel, 1 to 16, not 17"),
        ("a = {cc = 1, curve = 21}", "a bend from -20 to 20"),
        ("a = {osc = 'x'}", "an address"),
        ('"a b" = {cc = 1}', "cannot be a name"),
        (
            "x = {cc = 1}\n\ntakeover = 'never'",
            "line 3: takeover is one of 'pickup', 'scale', 'jump', not 'never'",
        ),
        ("a = {cc = 1", "line 1"),
        ("a = {cc = 1}\na = {cc = 2}", "exists"),
        ("a = __import__('os').system('x')", "line 1"),
        ("[d1]\ngain = {cc = 1}\npan = {cc = 1, x = 2}", "line 3: d1.pan has an unknown 'x'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, told):
    with pytest.raises(ControlError) as raised:
        parsed(text, "nano.toml")
    assert told in str(raised.value)
    assert str(raised.value).startswith("nano.toml")


def test_files_that_are_none_are_said(tmp_path):
    with pytest.raises(ControlError, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")
    (tmp_path / "other").write_text("this = is = nothing")
    with pytest.raises(ControlError, match="is no mapping"):
        write_mapping(tmp_path / "other", Written({}))
    assert (tmp_path / "other").read_text() == "this = is = nothing"


def test_what_a_range_is_where_none_is_said():
    found = parsed('bpm = {cc = 1}\nmaster = {cc = 2}\nphone = {osc = "/1/fader@2"}').bound
    assert (found["bpm"].low, found["bpm"].high) == (60, 180)
    assert (found["master"].low, found["master"].high) == (0, 1)
    assert found["phone"].to == "osc:/1/fader_2#0"
