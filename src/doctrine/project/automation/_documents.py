"""The YAML file that configures a CI service."""

from __future__ import annotations

from doctrine.project.automation._walk import Walk
from doctrine.project.automation._yaml import Node, YamlError, parse_yaml


def read_document(walk: Walk, names: tuple[str, ...]) -> tuple[str, str, Node] | None:
    """Return path, text and content of the first of some files that is there.

    Args:
        walk: Where the file is noted, and why it is no YAML.
        names: The files, the one that wins first.
    """
    found = walk.first_text("", *names)
    if found is None:
        return None
    path, source = found
    walk.files[path] = None
    try:
        return path, source, parse_yaml(source)
    except YamlError as error:
        walk.note(path, str(error))
        return path, source, Node()
