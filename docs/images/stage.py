"""Draws stage.png: the stage page of a set that plays, in a browser without a window.

python docs/images/stage.py [-o FILE] [--cycles N]; it needs chromium with its driver, and selenium.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image
from selenium import webdriver

WIDTH, HEIGHT, SCALE = 1280, 720, 1.25
CODE = """
bpm(104)
d1 >> s("kick [~ kick?] ~ ~ kick ~ [~ kick] ~, ~ ~ snare ~")
d2 >> s("hat*8").gain(perlin.fast(4).range(.25, .8))
d3 >> walk(note("<[d4 f4 a4 d5] [d4 f4 bb4 d5]>*2").s("harp"), 1)
d4 >> note("<d3 bb2 g2 a2>/2").s("cello").gain(slider("bow", value=.7))
d5 >> stepwise(s("flute(3,8)"), "<harp vibes>", 4)
d6 >> meso(path("strings"), path("choir"), sine.slow(4))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path(__file__).with_name("stage.png"))
    parser.add_argument(
        "--cycles", type=int, default=16, help="that the set has played, on a machine that keeps up"
    )
    asked = parser.parse_args()
    words = [
        sys.executable,
        "-m",
        "latentcode",
        "--driver",
        "timer",
        "--seed",
        "7",
        "--lead",
        "150",
        "--stage",
    ]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as playing:
        assert playing.stdin is not None
        assert playing.stdout is not None
        found = (re.search(r"the stage is at (\S+)", line) for line in playing.stdout)
        address = next(match[1] for match in found if match)
        playing.stdin.write(CODE)
        playing.stdin.flush()
        picture = Image.open(io.BytesIO(screenshot(address, asked.cycles))).convert("RGB")
        playing.stdin.close()
        playing.stdout.read()  # it fades out
    picture.save(asked.output, optimize=True)


def screenshot(address: str, cycles: int) -> bytes:
    """The page, as a PNG, when the set has played so many cycles."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for word in ("headless", "no-sandbox", "disable-gpu", "hide-scrollbars"):
        options.add_argument(f"--{word}")
    browser = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": SCALE, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.get(address.replace("#", "?size=0.8#"))
        cycle = browser.find_element("id", "cycle")
        while int(cycle.text or 0) < cycles:
            time.sleep(0.1)
        time.sleep(0.3)  # what has just begun is lit
        return browser.get_screenshot_as_png()
    finally:
        browser.quit()


if __name__ == "__main__":
    main()
