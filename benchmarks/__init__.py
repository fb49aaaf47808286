"""Measurements of doctrine itself: how fast it is, and how right."""
