"""Every decoder and parser against bytes from anybody: a value or the documented problem.

``python -m tests.fuzz TARGET`` looks for more with atheris, for as long as it is given; the suite
tries the seeds, what was found once, and a few that Hypothesis draws.
"""
