"""The words that sound reach the stage from the socket at which the desk tells editors of them."""

from __future__ import annotations

import json
import threading
from contextlib import suppress

from helpers.waiting import until

from latentcode.remote.address import Listening
from latentcode.stage.view import lit
from latentcode.stage.words import Listener

WORD = {"voice": "d3", "block": 7, "row": 1, "begin": 9, "end": 14, "file": "", "line": 1, "beside": False}


def test_words_are_heard_while_they_are_wanted(tmp_path):
    desk, told, asked, lines = Listening(tmp_path / "1.edit"), [], [], []

    def serve() -> None:
        with suppress(OSError):
            while True:
                line, _ = desk.socket.accept()
                lines.append(line)
                for request in map(json.loads, line.makefile("rb")):
                    asked.append(request.get("events"))
                    answer = {"id": request["id"], "ok": True, "name": "stage"}
                    line.sendall(json.dumps(answer).encode() + b"\n")
                    if request.get("events"):
                        line.sendall(json.dumps({"event": "sounding", "words": [WORD]}).encode() + b"\n")

    threading.Thread(target=serve, daemon=True).start()
    listener = Listener(lambda: desk.path, told.append)
    listener.look(True)
    until(lambda: told == [[WORD]])
    assert lit(told[0]) == {"is": "words", "words": [(2, 7, 1, 9, 14, False)]}
    listener.look(False)
    until(lambda: asked[-1:] == [[]])
    desk.close()
    lines[0].shutdown(2)
    until(lambda: told == [[WORD], []])  # nothing is lit when the desk has gone
