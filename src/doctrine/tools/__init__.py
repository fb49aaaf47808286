"""One module per external tool, each a frozen value found by being here.

A module ``tools/<name>.py`` defines ``TOOL: doctrine.model.tool.Tool``. Names that start with an underscore are
shared parts. Nothing here starts a process or reads a file: ``prepare`` turns a request into
invocations, ``read`` turns what they printed into a reading.
"""
