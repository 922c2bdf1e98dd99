"""pyo, without what it says about the windows that we never open."""

from __future__ import annotations

import contextlib
import io
import os

os.environ.setdefault("PYO_GUI_WX", "0")
with contextlib.redirect_stdout(io.StringIO()):  # that neither wxPython nor Tkinter is installed
    import pyo

__all__ = ["pyo"]
