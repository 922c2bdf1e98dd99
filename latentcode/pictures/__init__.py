"""Pictures of patterns, sounds and latent spaces, in the terminal and in files."""
