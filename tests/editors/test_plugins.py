"""The plug-ins of editors, each in its own editor where that is installed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from latentcode.remote.incoming import Outcome
from latentcode.remote.server import Server

EDITORS = Path(__file__).parents[2] / "editors"
FIRST = '# ééé\nd1 >> s("e\u0301 [kick]")'  # an accent may be a character of its own
PIECE = f"{FIRST}\n\n\n1 / 0\nx = 2\n"
WORD = {"voice": "d1", "block": 1, "row": 1, "begin": 13, "end": 17, "file": "", "line": 1}

VIM = """
set rtp+={editors}/vim
runtime plugin/latentcode.vim
edit {piece}
LatentcodeFile
call append(0, 'x = 1')
3s/s("/s("oo /
function! Lines()
  let lines = {{}}
  for n in range(1, line('$'))
    if has('nvim')
      let shown = []
      for name in ['sounding', 'results']
        let space = get(nvim_get_namespaces(), 'latentcode-' . name, -1)
        if space >= 0
          let shown += nvim_buf_get_extmarks(0, space, [n - 1, 0], [n - 1, -1], {{'details': v:true}})
        endif
      endfor
      let shown = map(shown,
            \\ 'get(v:val[3], "virt_text", [[getline(n)[v:val[2] : get(v:val[3], "end_col") - 1]]])[0][0]')
    else
      let shown = map(filter(prop_list(n), 'v:val.type !=# "latentcode_place"'),
            \\ 'v:val.type =~# "lit" ? getline(n)[v:val.col - 1 : v:val.col + v:val.length - 2] : v:val.type')
    endif
    if !empty(shown)
      let lines[n] = map(shown, 'trim(v:val)')
    endif
  endfor
  return lines
endfunction
let looks = 0
while looks < 1000 && len(flatten(values(Lines()))) < 4
  let looks += 1
  sleep 20m
endwhile
let lines = Lines()
LatentcodeHush
while looks < 1000 && !filereadable({hushed!r})
  let looks += 1
  sleep 20m
endwhile
call writefile([json_encode(lines)], {out!r})
qall!
"""
EMACS = """
(progn
  (find-file {piece:?})
  (latentcode-send-buffer)
  (goto-char (point-min)) (insert "x = 1\\n")
  (search-forward "s(\\"") (insert "oo ")
  (let ((shown nil) (end (+ (float-time) 20)))
    (while (and (< (float-time) end) (< (length (overlays-in (point-min) (point-max))) 4))
      (accept-process-output nil 0.02))
    (dolist (one (sort (overlays-in (point-min) (point-max))
                       (lambda (a b) (< (overlay-start a) (overlay-start b)))))
      (push (vector (line-number-at-pos (overlay-start one))
                  (string-trim (or (overlay-get one 'after-string)
                                   (buffer-substring (overlay-start one) (overlay-end one)))))
            shown))
    (latentcode-hush)
    (while (and (< (float-time) end) (not (file-exists-p {hushed:?})))
      (accept-process-output nil 0.02))
    (write-region (json-encode (vconcat (nreverse shown))) nil {out:?})))
"""


VIM_AGAIN = """
set rtp+={editors}/vim
runtime plugin/latentcode.vim
edit {piece}
redir > said
function! Said()  " no :messages where nothing is shown
  redir END
  let said = readfile('said')
  redir >> said
  return said
endfunction
let looks = 0
for wanted in ['the set has ended', 'it is back']
  LatentcodeBlock
  while looks < 1000 && join(Said()) !~# wanted
    let looks += 1
    sleep 20m
  endwhile
endfor
call writefile([json_encode(filter(Said() + [v:errmsg], 'v:val !=# ""'))], {out!r})
qall!
"""
EMACS_AGAIN = """
(let ((said nil) (end (+ (float-time) 20)))
  (advice-add 'message :before (lambda (&rest words) (push (apply #'format words) said)))
  (find-file {piece:?})
  (dolist (wanted '("the set has ended" "it is back"))
    (latentcode-send-block)
    (while (and (< (float-time) end) (not (seq-some (lambda (one) (string-search wanted one)) said)))
      (accept-process-output nil 0.02)))
  (write-region (json-encode (vconcat (nreverse said))) nil {out:?}))
"""


class Scripted:
    """A set in which the second block fails, and a word of the first sounds."""

    def __init__(self, hushed):
        self.came, self.words, self._hushed = [], [], hushed

    def put(self, incoming, done):
        self.came.append(incoming)
        number = len(self.came)
        wrong = "no such number" if "/" in incoming.code else ""
        where = {"line": 5, "unrun": 6} if wrong else {}
        done(Outcome("" if wrong else "42", error=wrong, **where, number=number))
        if number == 2:
            here = {**WORD, "file": incoming.file}
            self.words = [here, {**here, "line": 9, "begin": 0, "end": 2}]  # the other is of a set of before
        if number == 3:
            self._hushed.touch()

    def pending(self, number):
        return False

    def refused(self, number):
        return []

    def interrupt(self, whose):
        return False

    def state(self):
        return {}

    def sounding(self):
        return {"words": self.words} if self.words else None


@pytest.fixture
def playing(tmp_path):
    found = Scripted(tmp_path / "hushed")
    server = Server(found, tmp_path / "set.edit")
    (tmp_path / "piece.py").write_text(PIECE)
    yield found
    server.close()


def run(folder, *words):
    """Let an editor play the set; what it shows."""
    env = {**os.environ, "LATENTCODE_SOCKET": str(folder / "set.edit"), "HOME": str(folder)}
    still = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    said = subprocess.run(words, env=env, timeout=100, cwd=folder, **still).stdout.decode()
    assert (folder / "out").exists(), said
    return json.loads((folder / "out").read_text())


def needed(name):
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    return name


def checked(playing, name):
    blocks = [(one.code, Path(one.file).name, one.line) for one in playing.came[:2]]
    assert blocks == [(FIRST, "piece.py", 1), ("1 / 0\nx = 2", "piece.py", 5)]
    assert (playing.came[2].code, playing.came[2].key) == ("hush()", True)
    assert {one.by for one in playing.came} == {name}


@pytest.mark.parametrize(("name", "how"), [("vim", ["-N", "-es"]), ("nvim", ["--headless"])])
def test_vim_sends_blocks_and_shows_what_comes_of_them(name, how, playing, tmp_path):
    files = {one: str(tmp_path / one) for one in ("out", "hushed")}
    script = VIM.format(editors=EDITORS, piece=tmp_path / "piece.py", **files)
    (tmp_path / "script.vim").write_text(script)
    shown = run(tmp_path, needed(name), "-u", "NONE", *how, "-S", "script.vim")
    text = {
        "vim": ["latentcode_told", "latentcode_wrong", "latentcode_told"],
        "nvim": ["42", "✗ no such number", "not run"],
    }[name]
    assert {line: sorted(found) for line, found in shown.items()} == {
        "3": sorted(["kick", text[0]]),
        "6": [text[1]],
        "7": [text[2]],
    }
    checked(playing, name)


def test_emacs_sends_blocks_and_shows_what_comes_of_them(playing, tmp_path):
    script = EMACS
    for name, file in (("piece", "piece.py"), ("out", "out"), ("hushed", "hushed")):
        script = script.replace(f"{{{name}:?}}", json.dumps(str(tmp_path / file)))
    words = ["-Q", "--batch", "-L", f"{EDITORS}/emacs", "-l", "latentcode", "--eval", script]
    shown = run(tmp_path, needed("emacs"), *words)
    assert sorted(map(tuple, shown)) == [
        (3, "42"),
        (3, "kick"),
        (6, "✗ no such number"),
        (7, "not run"),
    ]
    checked(playing, "emacs")


@pytest.fixture
def dying(tmp_path):
    """A set that ends in the middle of a line, with a block unanswered, and another at the same place."""
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("there are no Unix sockets")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "set.edit"))
        listening.listen()

        def serve() -> None:
            for left in (b'{"event": "sound', b""):
                with suppress(OSError), listening.accept()[0] as line, line.makefile("rb") as lines:
                    for request in map(json.loads, lines):
                        if request["op"] == "eval" and left:
                            line.sendall(left)
                            break
                        told = {"ok": True, "block": 1, "value": "'it is back'", "printed": "", "notes": []}
                        line.sendall(json.dumps({"id": request["id"], **told}).encode() + b"\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        (tmp_path / "piece.py").write_text(PIECE)
        yield


def checked_again(said):
    ended = next(line for line in said if line.startswith(("✗", "latentcode")))
    assert ended.endswith("latentcode: the set has ended; what it has not answered may not have run")
    assert said[-1] == "'it is back'"
    assert not any("rror" in line for line in said)


@pytest.mark.parametrize(("name", "how"), [("vim", ["-N", "-es"]), ("nvim", ["--headless"])])
def test_vim_says_that_a_set_has_ended_and_plays_the_next(name, how, dying, tmp_path):
    script = VIM_AGAIN.format(editors=EDITORS, piece=tmp_path / "piece.py", out=str(tmp_path / "out"))
    (tmp_path / "script.vim").write_text(script)
    checked_again(run(tmp_path, needed(name), "-u", "NONE", *how, "-S", "script.vim"))


def test_emacs_says_that_a_set_has_ended_and_plays_the_next(dying, tmp_path):
    script = EMACS_AGAIN
    for name, file in (("piece", "piece.py"), ("out", "out")):
        script = script.replace(f"{{{name}:?}}", json.dumps(str(tmp_path / file)))
    words = ["-Q", "--batch", "-L", f"{EDITORS}/emacs", "-l", "latentcode", "--eval", script]
    checked_again(run(tmp_path, needed("emacs"), *words))


def test_the_parts_of_the_extension_for_vs_code():
    call = [needed("node"), "--test"]
    done = subprocess.run(call, cwd=EDITORS / "vscode", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
