"""What is shown to a room can be read there: each theme of the page, and the bars of the prompt."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

import latentcode.stage
from latentcode.prompt.colours import BARS

CSS = (Path(latentcode.stage.__file__).parent / "page" / "stage.css").read_text(encoding="utf-8")
READABLE, SEEN = 4.5, 3.0  # of text, of lines and bars
FADED = float(re.findall(r"\.block:not\(\.plays.*opacity: ([.\d]+)", CSS)[0])


def theme(name: str) -> dict[str, str]:
    """The variables of a theme; those that it does not say are the first one's."""
    rules = re.findall(r"(:root|\[data-theme=(\w+)\]) \{([^}]*)\}", CSS)
    said = [body for _, named, body in rules if named in ("", name)]
    return dict(re.findall(r"--(\w+): ([^;]+);", " ".join(said)))


def hexed(text: str) -> tuple[float, ...]:
    digits = text[1:] if len(text) == 7 else "".join(2 * sign for sign in text[1:])
    return tuple(int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))


def of_voice(voice: int, light: float) -> tuple[float, ...]:
    """The colour of a voice, oklch(light .15 hue) as settings.js has it, in sRGB."""
    hue = math.radians((245 + voice * 137.5) % 360)
    a, b = 0.15 * math.cos(hue), 0.15 * math.sin(hue)
    x = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    y = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    z = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
        -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
        -0.0041960863 * x - 0.7034186147 * y + 1.7076147010 * z,
    )
    held = [min(max(part, 0.0), 1.0) for part in linear]
    return tuple(12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in held)


def over(colour: tuple[float, ...], ground: tuple[float, ...], share: float) -> tuple[float, ...]:
    return tuple(share * up + (1 - share) * down for up, down in zip(colour, ground, strict=True))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    dark, light = sorted(
        sum(
            weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
            for weight, part in zip((0.2126, 0.7152, 0.0722), colour, strict=True)
        )
        for colour in (one, other)
    )
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["dark", "light", "contrast"])
def test_all_of_a_theme_can_be_read(name):
    said = theme(name)
    ground, light, glow = hexed(said["ground"]), float(said["light"]), float(said["glow"])
    voices = [of_voice(voice, light) for voice in range(16)]
    assert all(contrast(voice, ground) >= READABLE for voice in voices)
    assert contrast(over(hexed(said["dim"]), ground, FADED), ground) >= READABLE  # code that plays no more
    for word in ("ink", "string", "word", "number"):
        assert all(contrast(hexed(said[word]), over(voice, ground, glow)) >= READABLE for voice in voices), (
            word
        )
    assert contrast(hexed(said["wrong"]), ground) >= READABLE
    assert all(contrast(hexed(said[side]), ground) >= SEEN for side in ("mid", "left", "right"))


def test_the_bars_of_the_prompt_can_be_read():
    for part in ("dim", "good", "warn", "bad", "lit"):
        drawn = BARS.get_attrs_for_style_str(f"class:status-toolbar class:{part}")
        assert contrast(hexed(f"#{drawn.color}"), hexed(f"#{drawn.bgcolor}")) >= 7, part
