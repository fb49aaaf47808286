"""Small projects as values: files as text, and what other parts would have read from them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from doctrine.documents import parse_toml, strings, table
from doctrine.errors import ConfigError
from doctrine.inspect._inspector import ProjectInspector
from doctrine.model.observation import Evidence, Finding, Location, Severity
from doctrine.model.project import (
    Automation,
    Command,
    CommandKind,
    Dependency,
    DependencyKind,
    Environment,
    Fact,
    Layout,
    Lock,
    Module,
    Project,
    Role,
    Silencer,
    SourceFile,
    Suppression,
    Target,
    TomlFile,
)
from doctrine.model.run import Reading
from doctrine.model.stated import Declaration, OperationKind

CI = ".github/workflows/ci.yml"
_TEXTUAL_PYTHON = {"setup.py", "noxfile.py"}


def project(
    files: Mapping[str, str] | None = None,
    *,
    automation: Automation | None = None,
    minors: tuple[int, ...] = (11, 12, 13, 14),
    facts: Mapping[str, bool] | None = None,
    tracked: Iterable[str] | None = None,
    ignored: Iterable[str] = (),
    unread: Mapping[str, str] | None = None,
    sources: tuple[str, ...] = ("src",),
    modules: tuple[Module, ...] = (),
    packages: Mapping[str, str] | None = None,
    declarations: tuple[Declaration, ...] = (),
) -> Project:
    """Return the project that such files make."""
    files = files or {}
    pyproject = (
        parse_toml("pyproject.toml", files["pyproject.toml"]) if "pyproject.toml" in files else None
    )
    python = sorted(path for path in files if path.endswith((".py", ".pyi")))
    others = sorted({*files, *(unread or {})} - set(python))
    layout = Layout(
        root="/project",
        name="app",
        pyproject=pyproject,
        files=tuple(SourceFile(path=path, role=role_of(path)) for path in python),
        others=tuple(others),
        tracked=frozenset(tracked) if tracked is not None else None,
        ignored=frozenset(ignored),
        sources=sources,
        target=_target(minors),
        environment=_environment(packages),
    )
    texts = {
        path: text
        for path, text in files.items()
        if path not in python or path.rpartition("/")[2] in _TEXTUAL_PYTHON
    }
    return Project(
        layout=layout,
        modules=modules,
        dependencies=tuple(_dependencies(pyproject)) if pyproject else (),
        lock=_lock(files["uv.lock"]) if "uv.lock" in files else None,
        automation=automation or Automation(),
        facts={name: Fact(id=name, value=value) for name, value in (facts or {}).items()},
        texts=texts,
        unread=unread or {},
        declarations={
            kind: tuple(one for one in declarations if one.kind is kind) for kind in OperationKind
        },
    )


def declared(text: str, kind: OperationKind, *, path: str = "", line: int = 0) -> Declaration:
    """Return a declared operation: ``declared("app.pay:charge", OperationKind.CRITICAL)``."""
    module, _, qualname = text.partition(":")
    place = Evidence(path="pyproject.toml", line=1, detail=text)
    return Declaration(
        kind=kind,
        module=module,
        qualname=qualname,
        place=place,
        path=path,
        line=line,
        end_line=line,
    )


def role_of(path: str) -> Role:
    first = path.split("/", maxsplit=1)[0]
    roles = {"tests": Role.TEST, "docs": Role.DOCS, "examples": Role.EXAMPLE}
    return roles.get(first, Role.SOURCE)


def ci(
    *commands: str | Command,
    pythons: tuple[str, ...] = (),
    systems: tuple[str, ...] = (),
    unread: Mapping[str, str] | None = None,
    has_ci: bool = True,
) -> Automation:
    """Return automation that runs the commands, one a line from line 10 on."""
    return Automation(
        commands=tuple(
            run(command, line=line) if isinstance(command, str) else command
            for line, command in enumerate(commands, start=10)
        ),
        pythons=tuple(Evidence(path=CI, line=5, detail=one) for one in pythons),
        systems=tuple(Evidence(path=CI, line=6, detail=one) for one in systems),
        files=(CI,) if has_ci else (),
        unread=unread or {},
        has_ci=has_ci,
    )


def run(command: str, *, line: int = 10, can_fail: bool = True, path: str = CI) -> Command:
    return Command(
        argv=tuple(shlex.split(command)),
        kind=CommandKind.CI,
        place=Evidence(path=path, line=line, detail=command),
        can_fail=can_fail,
    )


def module(path: str, *suppressions: Suppression) -> Module:
    return Module(path=path, role=role_of(path), suppressions=suppressions)


def silence(
    silencer: Silencer, *rules: str, line: int = 3, path: str = "src/app/a.py", whole: bool = False
) -> Suppression:
    location = Location.point(path, line)
    return Suppression(silencer=silencer, rules=rules, location=location, whole_file=whole)


def look(inspector: ProjectInspector, judged: Project) -> Reading:
    """Return the reading, having checked what must hold for every reading."""
    reading = inspector.inspect(judged)
    named = {finding.rule for finding in reading.findings} | set(reading.undecided)
    assert named | {support.rule for support in reading.supports} <= set(inspector.rules)
    for finding in reading.findings:
        assert finding.tool == inspector.name
        assert finding.location.line >= 1
        assert finding.message
    return reading


def seen(reading: Reading) -> list[tuple[str, str, int, str]]:
    """Return findings as rule, path, line and severity."""
    return [
        (one.rule, one.location.path, one.location.line, one.severity.value)
        for one in reading.findings
    ]


def rules(reading: Reading) -> set[str]:
    """Return the rules that have a finding that counts."""
    return {one.rule for one in reading.findings if one.severity is not Severity.INFO}


def only(reading: Reading, rule: str) -> Finding:
    """Return the one finding of a rule."""
    (finding,) = (one for one in reading.findings if one.rule == rule)
    return finding


def _target(minors: tuple[int, ...]) -> Target:
    floor = (3, min(minors)) if minors else None
    specifier = f">=3.{min(minors)}" if minors else ""
    return Target(floor=floor, minors=minors, specifier=specifier)


def _environment(packages: Mapping[str, str] | None) -> Environment | None:
    if packages is None:
        return None
    return Environment(
        python="/env/bin/python", version=(3, 13), site=(), packages=packages, label=".venv"
    )


def _lock(text: str) -> Lock:
    try:
        return Lock(path="uv.lock", data=parse_toml("uv.lock", text).data, text=text)
    except ConfigError as error:
        return Lock(path="uv.lock", data=None, problem=error.message, text=text)


def _dependencies(pyproject: TomlFile) -> Iterable[Dependency]:
    declared = table(pyproject.data, "project")
    for raw in strings(declared.get("dependencies")):
        yield _dependency(pyproject, raw, DependencyKind.RUNTIME)
    for name, group in table(declared, "optional-dependencies").items():
        for raw in strings(group):
            yield _dependency(pyproject, raw, DependencyKind.OPTIONAL, name)
    for name, group in table(pyproject.data, "dependency-groups").items():
        for raw in strings(group):
            yield _dependency(pyproject, raw, DependencyKind.GROUP, name)
    for raw in strings(table(pyproject.data, "build-system").get("requires")):
        yield _dependency(pyproject, raw, DependencyKind.BUILD)


def _dependency(pyproject: TomlFile, raw: str, kind: DependencyKind, group: str = "") -> Dependency:
    place = Evidence(path=pyproject.path, line=_line(pyproject.text, raw), detail=raw)
    try:
        wanted = Requirement(raw)
    except InvalidRequirement as error:
        return Dependency(
            name="", raw=raw, specifier="", url="", kind=kind, group=group, place=place,
            problem=str(error),
        )  # fmt: skip
    return Dependency(
        name=canonicalize_name(wanted.name),
        raw=raw,
        specifier=str(wanted.specifier),
        url=wanted.url or "",
        kind=kind,
        group=group,
        place=place,
    )


def _line(text: str, needle: str) -> int:
    found = re.search(re.escape(needle), text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
