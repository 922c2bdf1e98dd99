"""Commands, and what they do at their sample."""
