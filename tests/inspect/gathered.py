"""Inspecting small projects with inspectors that judge when they have seen all files."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.inspect._inspector import GatheringInspector
from doctrine.model.observation import Severity
from doctrine.model.project import Module
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import project, role_of

Sources = str | Mapping[str, str]


def reading_of(inspector: GatheringInspector, sources: Sources) -> Reading:
    """Return what an inspector makes of Python files; a plain text is ``src/app/a.py``."""
    files = {"src/app/a.py": sources} if isinstance(sources, str) else dict(sources)
    whole = project(files)
    run = inspector.begin()
    modules: list[Module] = []
    for path, source in files.items():
        if not path.endswith((".py", ".pyi")):
            continue
        parsed = parse(path, role_of(path), source.encode())
        assert isinstance(parsed, ParsedFile), parsed
        run.look(parsed, whole.layout)
        modules.append(parsed.module)
    reading = run.conclude(replace(whole, modules=tuple(modules)))
    assert {one.rule for one in reading.findings} | set(reading.undecided) <= set(inspector.rules)
    assert reading.analysed
    return reading


def failing(inspector: GatheringInspector, sources: Sources) -> list[tuple[str, int]]:
    """Return rule and line of what fails a check."""
    return [
        (one.rule, one.location.line)
        for one in reading_of(inspector, sources).findings
        if one.severity is not Severity.INFO
    ]


def advice(inspector: GatheringInspector, sources: Sources) -> list[str]:
    """Return the rules of what is advice."""
    found = reading_of(inspector, sources).findings
    return sorted(one.rule for one in found if one.severity is Severity.INFO)
