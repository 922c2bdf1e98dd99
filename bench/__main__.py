"""`python -m bench [NAME …] [--full]`: all measurements, or those named, each in a process of its own."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from bench.common import machine

NAMES = {
    "decode": "windows a second through the one decode path",
    "streams": "voices of exported models in real time, beside a call for each",
    "spectral": "what a spectral frame takes, and 64 voices of them",
    "training": "windows and frames a second in training, against plain loops",
    "queries": "events a second from patterns",
    "offline": "the engine's renderer against the bare decode",
    "rendering": "a long set rendered, by one process and by several",
    "strategies": "the three strategies against the public notebook's way",
    "attacks": "attacks through the spectral model, against those of the recordings",
    "low": "pitch of low notes through the spectral model",
    "seams": "sounds that come round as drones, across their seams",
    "motions": "how far motions stray in level from what they move about",
    "onsets": "where onsets fall, against rational arithmetic",
    "start": "time to the prompt and to the first sound",
    "keys": "time from a key to its character on the screen",
    "live": "share of a core that the engine takes",
    "bursts": "whether the sound waits for lines that come at once",
    "inputs": "what live inputs cost: voices and patterns that hands move",
    "control_latency": "from a control change to what is heard",
    "hands_short": "buffers until a fader under a control is obeyed",
    "storm": "what 5000 MIDI messages a second cost",
    "sync": "two sets in Link, a clock that is sent, OSC that arrives",
    "effects": "share of a buffer that effects take in the player",
    "spaces": "how well, and how fast, a space is learned from a few marks",
    "hostile": "dry buffers beside a desk that keeps the interpreter",
}


def main() -> int:
    """Run the measurements one after another; the exit status says how many of them failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--full", action="store_true", help="the long figures")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"no measurement is called {unknown[0]!r}; there are {', '.join(NAMES)}")
    print(machine(), flush=True)
    return sum(_failed(name, options.full) for name in options.names or NAMES)


def _failed(name: str, full: bool) -> bool:
    print(f"\n{name}: {NAMES[name]}", flush=True)
    begun = time.monotonic()
    words = [sys.executable, "-m", f"bench.{name}", "--silent", *(["--full"] if full else [])]
    status = subprocess.run(words).returncode
    ended = f"failed with status {status}" if status else "done"
    print(f"  {ended} after {time.monotonic() - begun:.0f} s", flush=True)
    return status != 0


if __name__ == "__main__":
    sys.exit(main())
