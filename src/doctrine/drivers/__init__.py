"""Scripts that run in other interpreters: they import the standard library and one tool only.

Each reads a job (JSON) whose path is its only argument and prints one JSON document. Files are
handled one by one, so that one that cannot be read or parsed costs only itself.
"""
