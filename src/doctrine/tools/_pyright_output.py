"""Pyright's JSON: what is decoded of it, and its diagnostics as findings."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from sys import intern

import msgspec
from packaging.utils import canonicalize_name

from doctrine.model.observation import Finding, Location, Severity
from doctrine.model.project import Layout
from doctrine.tools._decode import relative_path
from doctrine.tools._generated import absolute, generated
from doctrine.tools._packages import is_complete, is_within, mentioned, own_modules, third_party

_NAME = "pyright"
_UNRULED = "syntax"
_SEVERITIES = {
    "error": Severity.ERROR,
    "warning": Severity.WARNING,
    "information": Severity.INFO,
}
_MISSING = frozenset(
    {"reportMissingImports", "reportMissingModuleSource", "reportMissingTypeStubs"}
)
_INDEPENDENT = frozenset(
    {
        "reportConstantRedefinition", "reportDeprecated", "reportInvalidStringEscapeSequence",
        "reportMissingParameterType", "reportMissingTypeArgument", "reportPrivateUsage",
        "reportSelfClsParameterName", "reportTypeCommentUsage", "reportUndefinedVariable",
        "reportUnsupportedDunderAll", "reportUnusedClass", "reportUnusedFunction",
        "reportUnusedImport", "reportUnusedVariable",
    }
)  # fmt: skip
"""Rules that only report what is known: a package that is not there cannot be their cause."""
_OF_MODULE = "attribute of module"
_ATTRIBUTE = re.compile(r'attribute of module "([\w.]+)"')
_OTHERS_RULE = "is an unknown diagnostic rule for pyright comment"
"""What pyright says to a comment that names a rule of its fork, basedpyright."""
_IMPORT = re.compile(r'"([\w.]+)"')


class Position(msgspec.Struct):
    """A place in a file."""

    line: int
    character: int


class Range(msgspec.Struct):
    """A span of a file."""

    start: Position
    end: Position


class Diagnostic(msgspec.Struct):
    """One entry of the JSON."""

    file: str
    severity: str
    message: str
    range: Range | None = None
    rule: str | None = None


class Summary(msgspec.Struct):
    """The end of the JSON."""

    filesAnalyzed: int  # noqa: N815 - pyright's own spelling
    errorCount: int  # noqa: N815 - pyright's own spelling
    warningCount: int  # noqa: N815 - pyright's own spelling
    informationCount: int  # noqa: N815 - pyright's own spelling


class Output(msgspec.Struct):
    """The JSON, as far as it is needed."""

    generalDiagnostics: list[Diagnostic]  # noqa: N815 - pyright's own spelling
    summary: Summary


def missing_packages(output: Output, layout: Layout) -> tuple[str, ...]:
    """Return the packages that only an environment, or a build, could have provided."""
    modules = tuple(_module(one, layout) for one in output.generalDiagnostics)
    unbuilt = generated(layout).intersection(modules)
    if is_complete(layout):
        return tuple(sorted(unbuilt))
    shadowed = tuple(_shadowed(output, layout))
    # A folder outside the import roots finds the project's own packages where it is installed.
    own = {module.partition(".")[0] for module in own_modules(layout).intersection(modules)}
    foreign = third_party((module for module in modules if module), layout)
    return tuple(sorted({*own, *foreign, *shadowed, *unbuilt}))


def _shadowed(output: Output, layout: Layout) -> Iterator[str]:
    """Yield packages in whose place pyright took the project's file or folder of the same name.

    Where an import cannot be resolved, pyright looks beside the file that imports it: without
    numpy installed, `import numpy` in `app/`, or in `app/numpy/`, is the folder `app/numpy`.
    """
    distributions, own = mentioned(layout), own_modules(layout)
    paths = frozenset(file.path for file in layout.files)
    for one in output.generalDiagnostics:
        found = _attribute(one.message)
        name = found[1].partition(".")[0] if found else ""
        if not name or name in own:
            continue
        folder = (relative_path(one.file, layout.root) or "").rpartition("/")[0]
        if canonicalize_name(name) in distributions or _is_sibling(name, folder, paths):
            yield name


def _is_sibling(name: str, folder: str, paths: Container[str]) -> bool:
    """Return whether a package has a module of a name, which no absolute import of it can mean."""
    own = (f"{folder}/{name}.py", f"{folder}/{name}/__init__.py")
    return f"{folder}/__init__.py" in paths and any(one in paths for one in own)


def _attribute(message: str) -> re.Match[str] | None:
    # Hardly any of a hundred thousand messages is about a module.
    return _ATTRIBUTE.search(message) if _OF_MODULE in message else None


def _module(diagnostic: Diagnostic, layout: Layout) -> str:
    """Return the module that a diagnostic misses; empty if it is about something else."""
    found = _IMPORT.search(diagnostic.message) if diagnostic.rule in _MISSING else None
    if found is None:
        return ""
    return absolute(found[1], relative_path(diagnostic.file, layout.root) or "")


def findings_of(output: Output, layout: Layout, missing: frozenset[str]) -> Iterator[Finding]:
    """Yield the diagnostics about files of the project.

    Args:
        output: The JSON.
        layout: The project's files.
        missing: Packages that are not there.
    """
    known = frozenset(file.path for file in layout.files) | frozenset(layout.others)
    forked = "basedpyright" in mentioned(layout)
    for one in output.generalDiagnostics:
        path = relative_path(one.file, layout.root)
        if path is not None and path in known:
            yield Finding(
                tool=_NAME,
                rule=intern(one.rule) if one.rule else _UNRULED,
                # The same words thousands of times: one copy keeps the memory of large runs down.
                message=intern(one.message),
                location=_location(one.range, intern(path)),
                severity=_severity(one, forked=forked),
                needs_environment=_needs_environment(one, missing, layout),
            )


def _location(span: Range | None, path: str) -> Location:
    if span is None:
        return Location(path=path)
    return Location(
        path=path,
        line=max(span.start.line, 0) + 1,
        column=max(span.start.character, 0) + 1,
        end_line=max(span.end.line, span.start.line, 0) + 1,
        end_column=max(span.end.character, 0) + 1,
    )


def _severity(diagnostic: Diagnostic, *, forked: bool) -> Severity:
    if forked and diagnostic.message.endswith(_OTHERS_RULE):
        return Severity.INFO
    return _SEVERITIES.get(diagnostic.severity, Severity.ERROR)


def _needs_environment(diagnostic: Diagnostic, missing: frozenset[str], layout: Layout) -> bool:
    """Whether a finding may be due to a package that is not there, and unknown to pyright."""
    if not missing or not diagnostic.rule:
        return False
    if diagnostic.rule in _MISSING:
        return is_within(_module(diagnostic, layout), missing)
    attribute = _attribute(diagnostic.message)
    if attribute is not None:
        # A module that pyright can name only from where it is used was found beside the file.
        return attribute[1].startswith(".") or is_within(attribute[1], missing)
    return diagnostic.rule not in _INDEPENDENT
