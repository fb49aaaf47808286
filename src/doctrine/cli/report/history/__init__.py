"""``doctrine report history``: how a project has done over time."""
