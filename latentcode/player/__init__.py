"""The player process: one pyo graph that plays what the engine rendered.

It is started as `python -m latentcode.player ADDRESS --ring HANDLE …` (see `process`), and is the
only place that imports pyo.
"""
