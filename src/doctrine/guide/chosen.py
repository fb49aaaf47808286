"""The guide that projects are judged by."""

from __future__ import annotations

from functools import cache

from doctrine.guide.defaults import load_defaults
from doctrine.model.guide import Guide

GUIDE = "python"
"""Its name."""


@cache
def load_guide() -> Guide:
    """Return it; its files belong to doctrine and are read once."""
    from doctrine.guide.loader import load

    return load(GUIDE)


def without_clauses() -> Guide:
    """Return what the first tools need of it: its configuration for tools, no clauses."""
    return Guide(
        id=GUIDE, title="", version="", digest="", registry="", clauses=(),
        defaults=load_defaults(GUIDE),
    )  # fmt: skip
