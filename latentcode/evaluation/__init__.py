"""How well a model plays: measured as it is heard, shown on a page."""
