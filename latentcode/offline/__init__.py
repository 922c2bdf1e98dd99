"""Rendering without a sound card: a pattern, or a session."""
