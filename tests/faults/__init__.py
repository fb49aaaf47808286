"""Every tool against every way in which a program can fail whoever started it."""
