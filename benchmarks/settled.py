"""How long files need until their times tell whether they were changed."""

from __future__ import annotations

SETTLED = 2.5
"""Seconds after which the times of files can be relied on, so that none is read to make sure."""
