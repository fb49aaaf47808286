"""What brings a project to the configuration that the guide asks: edits of its files, pure.

The way the data goes: a ``Situation`` (what is known of the project, and which checks it lacks) and
the files as they are, through one module a kind of file, to a ``Plan``: what each file is to hold,
why, and what could not be done. Nothing here reads or writes; nothing knows a terminal.
"""
