"""The page in a real browser, of a real engine: where there is Debian's chromium with its driver, and selenium."""

from __future__ import annotations

import re
import shutil

import pytest
from helpers.live_set import LiveSet, heard_again
from helpers.waiting import until

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
pytest.importorskip("websockets", reason="latentcode[stage] is not installed")
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no chromium with its driver here"),
    pytest.mark.timeout(300),  # a browser on a machine that has much else to do
]
ARGUMENTS = (
    "headless", "no-sandbox", "disable-gpu", "disable-quic", "disable-dev-shm-usage", "no-first-run",
    "disable-background-networking", "disable-component-update", "disable-sync", "window-size=900,700",
)  # fmt: skip
CODE = 'd1 >> s("choir*2").gain(slider("loud").smooth(20)).bias(touch("x").range(-.1, .1))'
SIXTEEN = """
const done = arguments[0], voices = [...Array(16).keys()].map((index) => ({ index, playing: true, text: "x" }));
import("/voices.js").then(({ show }) => {
  show({ voices, beats: 4 });
  const pane = document.getElementById("voices"), last = pane.lastElementChild;
  done([last.getBoundingClientRect().bottom, pane.getBoundingClientRect().bottom]);
});
"""
LIT = """
const done = arguments[0], all = [...Array(16).keys()];
const block = (number, code, plays) => ({ number, code, plays, once: [], failed: false, by: "" });
const bass = block(1, "low = note('c2')", []), line = block(2, 'd3 >> low.s("bass")\\nd3.pan("<0 1>")', [2]);
const look = () => ["on", "used"].map((name) => document.querySelectorAll(`#code .${name}`).length);
import("/code.js").then(({ show, words }) => {
  show({ blocks: [bass, line] });
  words([[2, 1, 0, 12, 14], [2, 2, 0, 13, 17], [2, 2, 1, 9, 10]]);
  const seen = [look()];
  show({ blocks: [bass, line, block(3, "x = 1", [])] });  // all stand elsewhere now
  seen.push(look());
  words([]);
  show({ blocks: [bass, block(2, line.code, []), block(3, "x = 1", [])] });  // nothing plays any more
  seen.push(look());
  show({ blocks: [bass, { ...block(2, line.code, []), once: [2] }, block(3, "x = 1", [])] });
  words([[2, 1, 0, 12, 14, true], [2, 2, 0, 13, 17, true]]);  // what plays once, and what it is made of
  seen.push([...look(), document.querySelectorAll(".block.plays .levels i").length]);
  words([]);
  show({ blocks: [block(4, "for d in range(16): pass", all)] });  // the bars of all stand beside it
  const [bar] = [...document.querySelectorAll(".levels i")].slice(-1), text = document.createRange();
  text.selectNodeContents(document.querySelector("#code .line"));
  done([...seen, bar.getBoundingClientRect().right <= text.getBoundingClientRect().left]);
});
"""
TALL = """
const done = arguments[0];
const block = (number, code, plays) => ({ number, code, plays, once: [], failed: false, by: "" });
const rows = Array.from({ length: 90 }, (_, row) => row === 40 ? "d1 >> low.s('bass')" : `x${row} = note('c')`);
const bass = block(1, "low = note('c2')", []), file = block(2, rows.join("\\n"), [0]);
const other = block(3, "d2 >> s('hat')", [1]);
const filling = Array.from({ length: 30 }, (_, place) => block(4 + place, "y = 1", []));
const line = (row) => document.querySelectorAll("#code .block.plays .line")[row];
import("/code.js").then(({ show, words }) => {
  show({ blocks: [bass, file, other, ...filling] });
  words([[0, 1, 0, 12, 14]]);  // what sounds has room, also where it was left out
  const seen = [...code.children].filter((one) => !one.hidden);
  const firsts = seen.slice(0, 3).map((one) => one.querySelector(".line").textContent.trim());
  const found = [firsts, seen[0].offsetTop >= 0, line(40).hidden, line(60).hidden];
  words([[0, 1, 0, 12, 14], [0, 2, 60, 12, 13]]);
  found.push(line(60).hidden, document.querySelectorAll("#code .lamp.on").length);
  show({ blocks: [bass, block(2, file.code, []), other, block(40, "d1 >> s('choir')", [0])] });
  done([...found, document.querySelectorAll("#code .used").length]);  // that sounds no more
});
"""
ROOM = """
const { classList } = document.body;
const hidden = ["code", "voices", "roll", "scope", "spectrum"].map((panel) => `no-${panel}`);
const share = () => (map.clientWidth * map.clientHeight) / (innerWidth * innerHeight);
const before = share();
classList.add(...hidden);
const found = [before, share()];
classList.remove(...hidden);
return found;
"""

MANY = """
const done = arguments[0];
import("/surface.js").then(({ show, allow }) => {
  const row = (name, place) => ({ name: `s${name}`, low: 0, high: 1, exp: false, place });
  const tell = (place) => show([...Array(40).keys()].map((name) => row(name, place)));
  Object.assign(window, { said: [], lifted: [] });
  allow(true, (told) => {
    said.push(...told.sliders);
    lifted.push(...told.lifted);
    tell(.25);  // which another hand has done
  });
  tell(.5);
  const box = document.querySelectorAll(".slider input")[2].getBoundingClientRect();
  done([box.left + .8 * box.width, box.top + box.height / 2]);
});
"""
MOVED = "return [said.map(([name]) => name), document.querySelectorAll('.slider input')[2].valueAsNumber]"
ASLEEP = """
Object.defineProperty(document, "hidden", { configurable: true, value: true });
dispatchEvent(new Event("visibilitychange"));
delete document.hidden;
return lifted.length;
"""


@pytest.fixture
def browser(tmp_path):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (*ARGUMENTS, f"user-data-dir={tmp_path / 'browser'}"):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    found = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    found.set_script_timeout(100)  # of a machine that has much else to do
    yield found
    found.quit()


@pytest.fixture
def live(tmp_path, model_file):
    return LiveSet(tmp_path, model_file, "--door", str(tmp_path / "x.door"), driver="timer")


@pytest.fixture
def addresses(live, serving):
    return [line.split()[-1] for line in serving.told]


def test_a_slider_and_the_map_are_touched_and_heard_and_replay(tmp_path, browser, live, addresses):
    looking, touching = addresses
    with heard_again(live, tmp_path / "set.wav", least=1.0):
        live.block(CODE)
        browser.get(looking)
        (shown,) = until(lambda: browser.find_elements("css selector", ".slider input"), 30)
        assert not shown.is_enabled()  # who may only look has nothing to move
        assert "d1" in browser.find_element("id", "voices").text
        for _ in range(2):  # what plays no more goes where there is no room, and what plays is seen whole
            live.block("\n".join(f"x{row} = {row}" for row in range(12)))
        shown = "return [...code.children].filter((one) => !one.hidden).map((one) => [one.offsetTop, one.innerText])"
        blocks = until(lambda: _as_played(browser.execute_script(shown)), 30)
        assert blocks[0][0] >= 0
        assert len(blocks) == 2
        low, room = browser.execute_async_script(SIXTEEN)  # voices are all seen
        assert low <= room + 1
        assert browser.execute_async_script(LIT) == [[3, 2], [3, 2], [0, 0], [2, 0, 1], True]
        assert browser.execute_async_script(TALL) == [
            ["low = note('c2')", "x0 = note('c')", "d2 >> s('hat')"], True, False, True, False, 2, 0
        ]  # fmt: skip
        small, large = browser.execute_script(ROOM)  # what is hidden leaves its room to the map
        assert 2 * small < large
        _sliders_are_moved_by_those_who_mean_it(browser)
        _a_page_that_falls_asleep_lifts_its_fingers_at_once(browser)
        browser.get("about:blank")
        browser.get(touching)
        (slider,) = until(lambda: browser.find_elements("css selector", ".slider input:enabled"), 30)
        assert live.state.voice_peaks[0] < 1e-3
        _drag(browser, slider, slider.size["width"] // 3)
        until(lambda: live.state.voice_peaks[0] > 0.01, 30)  # the sound follows
        _drag(browser, browser.find_element("id", "map"), 40)
        until(lambda: "touch:down" in live.journal.read_text(), 30)
        live.play_on(1.0)
        assert float(slider.get_attribute("value")) > 0.7
        assert [line for line in browser.get_log("browser") if line["level"] == "SEVERE"] == []
    journal = live.journal.read_text()
    values = [float(value) for value in re.findall(r"slider:loud \d+ (\S+)", journal)]
    assert 0.7 < values[-1] <= 1
    assert len(re.findall(r"touch:down \d+ [01]", journal)) == 2
    assert len(re.findall(r"touch:x \d+ ", journal)) >= 1


def _as_played(blocks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """The blocks that are seen, once what plays and the last one are among them."""
    return blocks if blocks and "choir*2" in blocks[0][1] and "x11" in blocks[-1][1] else []


def _sliders_are_moved_by_those_who_mean_it(browser) -> None:
    x, y = browser.execute_async_script(MANY)
    _touch(browser, [(x, y - 20 * step) for step in range(7)])
    assert browser.execute_script(MOVED) == [[], 0.5]  # scrolled past
    assert browser.execute_script("return sliders.scrollTop") > 0
    browser.execute_script("sliders.scrollTop = 0")
    _touch(browser, [(x - 10 * step, y) for step in range(7)])
    until(lambda: browser.execute_script(MOVED)[1] == 0.25, 30)
    assert set(browser.execute_script(MOVED)[0]) == {"s2"}


def _a_page_that_falls_asleep_lifts_its_fingers_at_once(browser) -> None:
    box = browser.find_element("id", "map").rect
    _finger(browser, "touchStart", [{"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}])
    assert browser.execute_script(ASLEEP) == 1
    _finger(browser, "touchEnd", [])


def _touch(browser, way: list[tuple[float, float]]) -> None:
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * len(way)], way, strict=False):
        _finger(browser, kind, [{"x": x, "y": y}])
    _finger(browser, "touchEnd", [])


def _finger(browser, kind: str, points: list[dict[str, float]]) -> None:
    browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def _drag(browser, element, by: int) -> None:
    chain = webdriver.ActionChains(browser, duration=100)
    chain.move_to_element(element).click_and_hold().move_by_offset(by, 0).release().perform()
