"""Judging a project again and again while it is edited.

The middle is pure: ``step`` turns what happened into a new state and what is to be done, ``view``
turns a state into lines. Files, processes and the clock are at the edge, in ``session``.
"""
