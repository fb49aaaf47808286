"""Breaks doctrine on purpose, one place at a time, and looks whether some test notices.

``python -m benchmarks.mutants`` does it in a copy of the tree and prints a table. What is broken is
the promise that nothing passes falsely: findings get lost, errors are swallowed, files are skipped
or claimed, exit codes ignored, conditions turned round.
"""
