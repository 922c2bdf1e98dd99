"""Seeing: patterns, latents, maps and sound, drawn in the terminal or into a file."""
