"""doctrine judges a Python project against a written standard, clause by clause."""

__version__ = "0.1.0"
