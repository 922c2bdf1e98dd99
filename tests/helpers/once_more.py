"""A test that a busy machine may upset is run once more when it fails, and that is told at the end."""

from __future__ import annotations

import socket

import pytest

from helpers.again import ReplayDiffers

SERVERS = {"jack", "server", "servers", "on_jack", "no_jack"}  # fixtures
OTHERS = {
    "time",
    "subprocess",
    "until",
    "private_jack",
}  # in a module that measures, waits or starts processes
LINES = 20  # of a failure
LIMIT = pytest.StashKey()


def needs_wall_time(item: pytest.Item) -> bool:
    """Whether a test hears a sound server, another process or a clock."""
    held = {*getattr(item, "fixturenames", ()), *vars(getattr(item, "module", item))}
    return "live" in item.path.parts[-2:-1] or not held.isdisjoint(SERVERS | OTHERS)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let the two that count the runs answer at once: TCP waits 40 ms for more, at every test."""
    connection = getattr(getattr(config, "failures_db", None), "sock", None)
    if connection is not None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.usepdb:
        return
    again = pytest.mark.flaky(reruns=1, rerun_except=ReplayDiffers.__name__)
    for item in filter(needs_wall_time, items):
        item.add_marker(again)


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: object) -> None:
    item.stash[LIMIT] = settings


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The second time has a limit of its own: pytest-timeout's is one for both."""
    if getattr(item, "execution_count", 1) > 1 and LIMIT in item.stash:
        item.ihook.pytest_timeout_cancel_timer(item=item)
        item.ihook.pytest_timeout_set_timer(item=item, settings=item.stash[LIMIT])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    stats = terminalreporter.stats
    ended = {report.nodeid for word in ("failed", "error") for report in stats.get(word, ())}
    passed = [report for report in stats.get("rerun", ()) if report.nodeid not in ended]
    if passed:
        terminalreporter.section("failed once, passed when run again", yellow=True)
    for report in passed:
        terminalreporter.line(f"{report.nodeid} ({report.when})", bold=True)
        for line in report.longreprtext.splitlines()[-LINES:]:
            terminalreporter.line(f"  {line}")
