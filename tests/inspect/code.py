"""Inspecting one file's source in tests."""

from __future__ import annotations

from collections.abc import Mapping

from doctrine.inspect._inspector import FileInspector, GatheringInspector, ProjectInspector
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Module, Role
from doctrine.model.run import Reading
from doctrine.syntax.parse import parse
from doctrine.syntax.tree import ParsedFile
from tests.inspect.build import look, project, role_of


def inspected(
    inspector: FileInspector,
    source: str,
    *,
    path: str = "src/app/a.py",
    role: Role = Role.SOURCE,
    pyproject: str = "",
) -> list[Finding]:
    parsed = parse(path, role, source.encode())
    assert isinstance(parsed, ParsedFile), parsed
    layout = project({path: source, "pyproject.toml": pyproject}).layout
    found = list(inspector.inspect(parsed, layout))
    assert all(one.tool == inspector.name for one in found if isinstance(one, Finding))
    assert {one.rule for one in found} <= set(inspector.rules)
    return [one for one in found if isinstance(one, Finding)]


def failing(
    inspector: FileInspector, source: str, *, path: str = "src/app/a.py", pyproject: str = ""
) -> list[tuple[str, int]]:
    """Return rule and line of what fails a check."""
    return [
        (one.rule, one.location.line)
        for one in inspected(inspector, source, path=path, pyproject=pyproject)
        if one.severity is not Severity.INFO
    ]


def found_at(inspector: GatheringInspector, files: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return file and line of what an inspector finds in a project."""
    found = gathered(inspector, files).findings
    return [(one.location.path, one.location.line) for one in found]


def gathered(
    inspector: GatheringInspector,
    files: Mapping[str, str],
    *,
    facts: Mapping[str, bool] | None = None,
) -> Reading:
    """Return what an inspector concludes of a project, having checked what must hold always."""
    gathering = inspector.begin()
    modules: list[Module] = []
    bare = project(files).layout
    for path, text in sorted(files.items()):
        if path.endswith(".py"):
            parsed = parse(path, role_of(path), text.encode())
            assert isinstance(parsed, ParsedFile), parsed
            gathering.look(parsed, bare)
            modules.append(parsed.module)
    judged = project(files, modules=tuple(modules), facts=facts)
    judge = ProjectInspector(name=inspector.name, rules=inspector.rules, inspect=gathering.conclude)
    return look(judge, judged)
