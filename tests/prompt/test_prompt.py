"""The prompt in a real terminal, as a musician uses it."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.waiting import until

from latentcode.prompt.prompt import Notices
from latentcode.testing.engine import ENGINE, heard

in_a_terminal = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

LOOPING = 'd1 >> "cello"; print("looping", flush=True); [0 for _ in iter(int, 1)]'

PROGRAM = """
import builtins, pathlib, sys, time
from latentcode.prompt.long_lines import tells_itself
from latentcode.prompt.options import Options
from latentcode.prompt.prompt import run

def held(untold=False):
    if untold:  # that the line runs for long
        tells_itself()
    while not pathlib.Path(sys.argv[1]).with_suffix(".go").exists():
        time.sleep(0.01)

builtins.held = held
sys.exit(run(Options(journal=sys.argv[1], keep="keep" in sys.argv, resume="resume" in sys.argv,
    plain="plain" in sys.argv), {engine!r}))
"""

LOOKED_AT = """import os; from latentcode.remote.client import Client; from latentcode.remote.address import listening
page = Client("page", next(str(path) for path in listening() if path.stem == str(os.getpid())))
print(f"seen by pages: {page.ask('listen', events=['sounding'])['ok']}, but:", page.evaluate("1")["error"])
"""


class Terminal:
    """A tmux server of its own, with one window."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.journal = folder, folder / "set.py"
        self._socket = f"latentcode-{os.getpid()}-{folder.name}"
        (folder / "program.py").write_text(PROGRAM.format(engine=ENGINE))

    def tmux(self, *words: str) -> str:
        call = ["tmux", "-L", self._socket, "-f", os.devnull, *words]
        return subprocess.run(call, capture_output=True, text=True, check=True).stdout

    def start(self, *words: str) -> Terminal:
        program = [sys.executable, str(self.folder / "program.py"), str(self.journal), *words]
        modes = "stty -a | grep -oE -- '-?(echo|icanon)\\>'"
        command = f"{shlex.join(program)}; echo left with $?; {modes}; sleep 60"
        self.tmux("new-session", "-d", "-x", "120", "-y", "40", command)
        self.see(">>>")
        return self

    def type(self, *keys: str) -> None:
        self.tmux("send-keys", *keys)

    def line(self, text: str) -> None:
        self.tmux("send-keys", "-l", text)
        self.type("Enter")

    @property
    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    def see(self, text: str) -> None:
        try:
            until(lambda: text in self.screen, 60)
        except AssertionError:
            print(self.screen)
            raise

    def see_and_be_asked(self, text: str) -> None:
        """See an answer, and the prompt below it: between two lines a control key is the terminal's."""
        self.see(f"{text}\n>>>")

    def let_go(self) -> None:
        """Let a line that is held() go on."""
        self.journal.with_suffix(".go").touch()

    @property
    def process(self) -> int:
        """The program's process id."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        call = ["pgrep", "-P", shell, "-f", "program.py"]
        return int(subprocess.run(call, capture_output=True, text=True, check=True).stdout)

    def close(self) -> None:
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], capture_output=True)


@pytest.fixture
def terminal(home):
    found = Terminal(home)
    yield found
    found.close()


def blocks(terminal):
    return [m for m in heard(terminal.journal) if m[0] == "block"]


@in_a_terminal
def test_a_line_plays_and_leaving_asks(terminal):
    terminal.start()
    terminal.see("fake │ 120 bpm")
    terminal.line('d1 >> s("cello")')
    terminal.see('d1 s("cello")')
    terminal.line('s("cello choir")')
    terminal.see_and_be_asked("0–1/2 s:cello | 1/2–1 s:choir")
    terminal.type("C-d")
    terminal.see("The music fades out")
    terminal.type("n")
    until(lambda: "The music fades out" not in terminal.screen)  # or all would come as one paste
    terminal.line("6 * 7")
    terminal.see_and_be_asked("\n42")
    terminal.type("C-d")
    terminal.see("The music fades out")
    terminal.type("y")
    terminal.see("left with 0")
    assert heard(terminal.journal)[-1] == ("bye", False)
    assert [m[2] for m in blocks(terminal)] == ['d1 >> s("cello")', 's("cello choir")', "6 * 7"]


@in_a_terminal
def test_drawings_have_colours_and_the_width_of_the_terminal(terminal):
    terminal.start()
    terminal.line('draw(s("kick*2"), 1)')
    terminal.see("kick ┃" + 55 * "━" + "┃" + 55 * "━")
    assert re.search("\x1b\\[[0-9;]*m┃", terminal.tmux("capture-pane", "-p", "-e"))
    terminal.line("scope()")
    terminal.see("✗ the engine does not answer")


@in_a_terminal
def test_errors_leave_the_prompt_alive(terminal):
    terminal.start()
    terminal.line("d1 >> )")
    terminal.see("✗ SyntaxError: unmatched ')'")
    terminal.line('d1 >> s("celo")')
    terminal.see("✗ d1: no sound called 'celo'; did you mean cello")
    terminal.line('d1 >> s("cello')
    terminal.see("✗ SyntaxError: unterminated string literal")
    terminal.line('d1 >> s("cello"')
    terminal.see("✗ SyntaxError: '(' was never closed")
    terminal.tmux("set-buffer", "print('one',\n\n1)\nprint('two')")
    terminal.tmux("paste-buffer", "-p")
    terminal.type("Enter")
    terminal.see("\none 1\ntwo\n")
    terminal.line("d17 >> 3")
    terminal.see("the voices are d1 to d16")
    terminal.line("import sys; sys.exit(5)")
    terminal.see("✗ a line cannot leave")
    terminal.line("1 + 1 #notice from the engine")
    terminal.see("from the engine")
    terminal.line('print("still here")')
    terminal.see("\nstill here")


@in_a_terminal
def test_ctrl_c_interrupts_the_line_and_not_the_set(terminal):
    terminal.start()
    terminal.see("lead 46 ms")
    terminal.line(LOOPING)
    terminal.see("\nlooping")
    terminal.type("C-c")
    terminal.see("✗ interrupted")
    terminal.line("'still ' + 'there'")
    terminal.see("'still there'")
    first = [m for m in heard(terminal.journal) if m[:2] in (("block", 1), ("done", 1))]
    assert first[0][4][0][:2] == ("play", "d1")
    assert True in (first[0][3], first[-1][2])  # sent early, or when it was interrupted
    terminal.type("C-c")
    terminal.see("Ctrl-D or exit() leaves")


@in_a_terminal
def test_what_is_typed_while_a_line_runs_waits_unseen(terminal):
    terminal.start()
    terminal.line("print('busy', flush=True); held(untold=True); print('idle')")
    terminal.see("\nbusy")
    terminal.type("a", "BSpace", "Left", "6", "Enter")
    terminal.tmux("send-keys", "-l", "7 *")
    terminal.let_go()
    terminal.see("idle\n>>> 6\n6\n>>> 7 *")


@in_a_terminal
@pytest.mark.parametrize("words", [[], ["plain"]], ids=["drawn", "plain"])
def test_a_line_that_runs_for_long_is_told_and_what_is_typed_behind_it_is_kept(terminal, words):
    terminal.start(*words)
    terminal.line("held(); 'it ' + 'ended'")
    terminal.see("the line is still running, and what sounds goes on; Ctrl-C ends it")
    terminal.line("'run ' + 'behind it'")
    terminal.let_go()
    terminal.see("'run behind it'")
    assert terminal.screen.index("'it ended'") < terminal.screen.index("'run behind it'")
    terminal.line("while True: pass" + "\n" * bool(words))
    until(lambda: terminal.screen.count("still running") == 2, 20)
    for line in ("x = 'not yet'", "x + ' run'"):
        terminal.line(line)
    terminal.type("C-c")
    terminal.see("Enter runs it")
    terminal.see("x + ' run'")
    assert "'not yet run'" not in terminal.screen
    terminal.type("Enter")
    terminal.see("'not yet run'")
    assert terminal.screen.count("still running") == 2


@in_a_terminal
def test_a_control_is_learnt_while_the_prompt_waits_and_ctrl_c_ends_that(terminal):
    terminal.start()
    terminal.see("lead 46 ms")  # an engine is there that can be asked
    terminal.line('learn("brightness")')
    terminal.see("\nmove a control … (Ctrl-C ends)")
    until(lambda: any(m[:1] == ("ask",) for m in heard(terminal.journal)), 20)  # it has asked
    terminal.type("C-c")
    terminal.see("✗ interrupted")
    terminal.line('learn("brightness", 0, 8)')
    terminal.see("cc 21 of nano, channel 1 → brightness, 0 to 8")
    terminal.see("\nlive('brightness')")
    asked = [m for m in heard(terminal.journal) if m[0] == "answered"]
    assert asked == [("answered", "2.1", '"cc:21@nano/1"')]
    assert [kind for kind, *_ in blocks(terminal)[-1][-1]] == ["bind"]


@in_a_terminal
def test_controls_are_shown_until_a_key_is_pressed(terminal):
    terminal.start()
    terminal.line("midi(live=True)")
    terminal.see("listening to nano")
    terminal.see("bend of keys, channel 1")
    terminal.see("nano, channel 1")
    for value in ("0.2", "0.6"):
        terminal.see(f" {value}  nano")
    terminal.type("q")
    terminal.line("'over ' + 'now'")
    terminal.see("'over now'")
    terminal.line("midi(live=True)")
    until(lambda: terminal.screen.count("listening to nano") == 2, 20)
    terminal.type("C-c")
    terminal.line("'and ' + 'again'")
    terminal.see("'and again'")
    assert "✗" not in terminal.screen


@in_a_terminal
def test_keys_mute_tell_and_hush(terminal):
    terminal.start()
    terminal.line('d1 >> "cello"')
    terminal.see('d1 "cello"')
    terminal.type("C-x", "1", "C-x", "s", "3")
    terminal.tmux("send-keys", "-l", "sine.fast(")
    terminal.type("F1")
    terminal.see("fast(factor, pattern=None)")
    terminal.type("C-c", "C-x", "h")
    terminal.see("nothing plays")
    terminal.type("C-x", "p")
    pressed = ["mute(d1)", "solo(d3)", "hush()", "panic()"]
    until(lambda: [m[2] for m in blocks(terminal)][1:] == pressed)
    shown = terminal.screen.count('d1 >> "cello"')
    terminal.type("C-x", "e", "1")
    until(lambda: terminal.screen.count('d1 >> "cello"') == shown + 1)
    terminal.type("Enter")
    until(lambda: blocks(terminal)[-1][2] == 'd1 >> "cello"')


@in_a_terminal
def test_a_terminal_that_draws_nothing_has_a_plain_prompt(terminal):
    history = terminal.folder / "data" / "latentcode" / "history"
    history.parent.mkdir(mode=0o700)
    history.write_bytes(b"\n# then\n+a \0 sent by an editor of before\n")
    terminal.start("plain")
    terminal.tmux("send-keys", "-H", "ff", "0d")  # no UTF-8
    terminal.see("✗")
    terminal.line("for v in (d1, d2):")
    terminal.line("  v.gain(.5)")
    terminal.line("")
    terminal.line('d1 >> s("celo")')
    terminal.see("did you mean cello")
    terminal.tmux("send-keys", "-l", 'd1 >> s("cell')
    terminal.type("Tab")
    terminal.line('")')
    until(lambda: [m[2].strip() for m in blocks(terminal)][-1:] == ['d1 >> s("cello")'])
    terminal.type("C-d")
    terminal.see("left with 0")
    assert "│" not in terminal.screen


@in_a_terminal
def test_a_plain_prompt_that_was_stopped_has_its_line_again(terminal):
    program = [sys.executable, str(terminal.folder / "program.py"), str(terminal.journal), "plain"]
    terminal.tmux("new-session", "-d", "-x", "120", "-y", "40", "bash --norc -i")
    terminal.line(shlex.join(program))
    terminal.see("\n>>>")
    terminal.tmux("send-keys", "-l", "d1 >> 'chello")
    terminal.see(">>> d1 >> 'chello")
    terminal.type("C-z")
    terminal.see("Stopped")
    terminal.line("fg; echo left with $?")
    until(lambda: terminal.screen.count(">>> d1 >> 'chello") == 2)
    terminal.type(*["BSpace"] * 5, "e")
    terminal.line("llo'")
    until(lambda: [m[2].strip() for m in blocks(terminal)] == ["d1 >> 'cello'"])
    terminal.see("d1 >> 'cello'")
    terminal.type("C-d")
    terminal.see("left with 0")


def test_what_is_told_leaves_the_line_of_a_plain_prompt_standing(monkeypatch):
    monkeypatch.setattr(sys, "__stdout__", screen := io.StringIO())
    notices = Notices()
    with notices.over(lambda: ">>> d1 >> ce"):
        notices.tell("nano is plugged in")
    notices.tell("nano is gone")
    assert screen.getvalue() == f"\r{' ' * 12}\rnano is plugged in\n>>> d1 >> cenano is gone\n"


@in_a_terminal
def test_what_is_typed_is_not_disturbed_by_notices(terminal):
    terminal.start()
    terminal.line("import threading; threading.Timer(.5, print, ['from a thread']).start()")
    terminal.tmux("send-keys", "-l", "d1 >> 'ce")
    terminal.see("\nfrom a thread")
    terminal.tmux("send-keys", "-l", "llo'")
    terminal.see(">>> d1 >> 'cello'")


@in_a_terminal
@pytest.mark.parametrize("line", ["", LOOPING], ids=["while it waits", "while a line runs"])
def test_sigterm_ends_the_set_and_leaves_the_terminal_as_it_was(terminal, line):
    terminal.start()
    terminal.see("fake │ 120 bpm")
    terminal.line(line)
    if line:
        terminal.see("\nlooping")
    os.kill(terminal.process, signal.SIGTERM)
    terminal.see(f"the set is in {terminal.journal}\nleft with 143\nicanon\necho")
    assert heard(terminal.journal)[-1] == ("bye", False)


@in_a_terminal
def test_stray_signals_end_nothing_and_ctrl_backslash_leaves_the_music_on(terminal):
    terminal.start()
    terminal.see("fake │ 120 bpm")
    for name in ("SIGALRM", "SIGUSR1", "SIGUSR2", "SIGPROF"):
        os.kill(terminal.process, getattr(signal, name))
    terminal.line("import signal; signal.setitimer(signal.ITIMER_REAL, .01); print(6 * 7)")
    terminal.see("\n42")
    terminal.line(LOOPING)
    terminal.see("\nlooping")
    terminal.type("C-\\")
    terminal.see("the music goes on; latentcode --resume comes back to it")
    terminal.see("left with 131\nicanon\necho")
    assert heard(terminal.journal)[-1] == ("bye", True)


@in_a_terminal
def test_a_terminal_that_is_closed_leaves_the_music_on(terminal):
    terminal.start()
    terminal.see("fake │ 120 bpm")
    terminal.close()
    until(lambda: heard(terminal.journal)[-1] == ("bye", True), 10)


@in_a_terminal
def test_the_music_may_go_on_and_be_taken_up_again(terminal):
    terminal.start("keep")
    terminal.line('d1 >> "cello"')
    terminal.see('d1 "cello"')
    terminal.line("exit()")
    terminal.see("the music goes on")
    terminal.see("left with 0")
    terminal.journal.write_text("# latentcode session 1\n# @ seed 1\n# @ 1 0\nmine = 'choir'\n")
    again = Terminal(terminal.folder)
    again._socket += "-again"
    try:
        again.start("resume")
        again.see('d1 "cello"')
        again.line("d2 >> mine")
        again.see("d2 mine")
        again.line("exit()")
        again.see("left with 0")
    finally:
        again.close()


def test_code_may_come_through_a_pipe(home):
    (home / "program.py").write_text(PROGRAM.format(engine=ENGINE))
    code = "d1 >> 'cello'\nfor v in (d1, d2):\n    v.gain(.5)\n\nd2 >> )\nx = [\n1]\nprint(x)\n" + LOOKED_AT
    program = [sys.executable, str(home / "program.py"), str(home / "set.py")]
    done = subprocess.run(program, input=code, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert "[1]\n" in done.stdout
    assert "✗ SyntaxError: unmatched ')'  (d2 >> ▸))" in done.stdout
    assert "seen by pages: True, but: this set takes its lines from a file" in done.stdout
    told = [m for m in heard(home / "set.py") if m[0] == "block"]
    assert [(m[1], m[3], len(m[4])) for m in told] == [
        (1, False, 1),
        (2, False, 2),
        (3, True, 0),
        (4, False, 0),
        *((number, False, 0) for number in (5, 6, 7, 8)),
    ]
