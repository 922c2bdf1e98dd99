"""Trajectories through the latent space of a model: sources, strategies, operators."""

from latentcode.latents import arithmetic, compile, motions, show, strategies  # noqa: F401  (they add methods)
