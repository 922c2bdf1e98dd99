"""Editors and other programs that play a running set: a local socket of JSON lines."""
