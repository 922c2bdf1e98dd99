"""The journal of a set: written line by line, and read."""
