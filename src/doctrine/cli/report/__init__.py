"""``doctrine report``: what can be done with reports that are stored."""
