"""Files as they are in the world: where they lie, how they are written, what text from outside holds."""
