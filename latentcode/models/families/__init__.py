"""The families: a file or a folder each, which registers itself (`models/family.py`)."""
