"""What old configuration files say, moved to ``pyproject.toml``: one module a kind of file, pure.

A module ``movers/<name>.py`` defines ``MOVER``; names that start with an underscore are shared parts.
The way the data goes: the old files and the situation, through one mover a kind of file, to ``Move``
values (tables to write, lines to take out), which are carried out one after another: a move is made
whole, with the old lines gone, or not at all, since a tool that still finds its old file never looks
at the table in ``pyproject.toml``.
"""
