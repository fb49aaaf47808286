"""Parsing text in tests."""

from __future__ import annotations

from doctrine.model.project import Module, Role
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile


def parsed(
    source: str | bytes, *, path: str = "src/app/a.py", role: Role = Role.SOURCE
) -> ParsedFile:
    data = source.encode() if isinstance(source, str) else source
    result = parse(path, role, data)
    assert isinstance(result, ParsedFile), result
    return result


def module_of(source: str | bytes) -> Module:
    return parsed(source).module


def flawed(source: str | bytes) -> Module:
    data = source.encode() if isinstance(source, str) else source
    result = parse("src/app/a.py", Role.SOURCE, data)
    assert isinstance(result, Module), "no flaw was seen"
    return result
