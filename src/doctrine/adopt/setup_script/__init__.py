"""``setup.py`` as values, read and never run: what it says, and what is left of it without that."""
