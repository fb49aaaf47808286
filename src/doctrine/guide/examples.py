"""From an ``[[examples]]`` table of a clause file to an example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from doctrine.guide.fields import Fields
from doctrine.model.example import Example
from doctrine.model.outcome import Outcome

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PART = re.compile(r"(?!\.{1,2}$|\.git$)[^\s/\\:]+")
_PLACE = re.compile(r"(?P<path>[^\s:]+)(?::(?P<line>[1-9]\d*))?")
_OUTCOMES = (Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE, Outcome.UNVERIFIED)
_PROJECT = "."


def read_examples(fields: Fields) -> tuple[Example, ...]:
    """Return the examples of a clause file.

    Args:
        fields: The file's top-level table.

    Raises:
        RegistryError: A table contradicts the schema, or two examples have one name.
    """
    examples = tuple(_example(table) for table in fields.tables("examples"))
    seen: set[str] = set()
    for example in examples:
        if example.name in seen:
            raise fields.wrong("examples", f"two examples are called {example.name!r}")
        seen.add(example.name)
    return examples


def _example(fields: Fields) -> Example:
    example = Example(
        name=_name(fields),
        outcome=_outcome(fields),
        files=_files(fields),
        places=fields.texts("places", ()),
        note=fields.paragraph("note", ""),
    )
    fields.finish()
    for place in example.places:
        _need_place(fields, place, example.tree)
    return example


def _name(fields: Fields) -> str:
    name = fields.text("name")
    if not _NAME.fullmatch(name):
        raise fields.wrong("name", f"{name!r} is not in kebab-case")
    return name


def _outcome(fields: Fields) -> Outcome:
    outcome = fields.choice("outcome", Outcome)
    if outcome not in _OUTCOMES:
        raise fields.wrong("outcome", f"expected one of {', '.join(_OUTCOMES)}")
    return outcome


def _files(fields: Fields) -> Mapping[str, str]:
    files = fields.table_of_texts("files")
    if not files:
        raise fields.wrong("files", "must not be empty")
    for path in files:
        if not all(_PART.fullmatch(part) for part in path.split("/")):
            raise fields.wrong("files", f"{path!r} is not a relative path with forward slashes")
    for folder in _folders(files):
        if folder in files:
            raise fields.wrong("files", f"{folder!r} is a file and a folder")
    return files


def _folders(paths: Iterable[str]) -> Iterable[str]:
    return {str(parent) for path in paths for parent in PurePosixPath(path).parents}


def _need_place(fields: Fields, place: str, tree: Mapping[str, str]) -> None:
    """Raise unless a place names a line of one of the files, a whole file, or the project."""
    if place == _PROJECT:
        return
    found = _PLACE.fullmatch(place)
    if found is None:
        raise fields.wrong("places", f"{place!r} is not path:line")
    text = tree.get(found["path"])
    if text is None:
        raise fields.wrong("places", f"{found['path']!r} is no file of the example")
    lines = len(text.splitlines())
    if found["line"] and int(found["line"]) > max(lines, 1):
        raise fields.wrong("places", f"{place!r} lies after the last line, which is {lines}")
