"""latentcode: live coding in the latent space of neural audio models."""
