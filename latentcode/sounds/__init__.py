"""Sounds as a set has them: by name, encoded, cached, ready to be read."""

from latentcode.sounds.library import find, names, nearest

__all__ = ["find", "names", "nearest"]
