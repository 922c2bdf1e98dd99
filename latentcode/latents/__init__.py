"""Trajectories through the latent space of a model: sources, strategies, operators."""
