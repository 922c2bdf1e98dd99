"""How fast a long set renders: sixteen voices that change as `bench/soak.py` changes them, typed by nobody.

    python -m bench.rendering [--full] [--seconds N] [--write FILE]

A journal is made up: the sixteen voices, then a line of the scripted musician every 0.4 to 2.5 s, and a fader that is
always on its way. It is rendered in one process and in as many as `render` takes here, by turns; what both give is
held against one another, sample for sample. A two-hour set is that for longer: goal, ten times as fast as it was
played, by the clock on the wall; processor time is told beside it, as other programs may run. `--write` writes the
journal and renders nothing.
"""
