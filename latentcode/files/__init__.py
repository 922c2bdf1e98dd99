"""Files as they are: where they lie, how they are written, what text from outside holds."""
