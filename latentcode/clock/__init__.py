"""Time: cycles and samples, tempo, groove, wall time, and what runs out of it."""
