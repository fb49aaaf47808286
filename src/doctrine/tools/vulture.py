"""Lines 1-based, no columns; paths absolute, made relative by the driver.

Dead code as the project configured it: paths, exclusions, ignored names and decorators, and the
least confidence of ``[tool.vulture]``; where that is silent, the words of the command in CI, then
the guide's settings. Vulture sees the whole program, so that nothing may be left out of what it
is given: what a file that it cannot parse may use counts as used.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatch

import msgspec

from doctrine.documents import table
from doctrine.model.decoders import converted
from doctrine.model.inputs import Inputs
from doctrine.model.observation import Finding, Location, Severity
from doctrine.model.process import Completed, Invocation
from doctrine.model.project import Role, SourceFile
from doctrine.model.replacing import replace
from doctrine.model.run import Reading
from doctrine.model.tool import Request, Skip, Tool, UnreadableError
from doctrine.tools._commands import (
    below,
    commands_of,
    existing,
    option,
    positionals,
    source_targets,
)
from doctrine.tools._drivers import Job, decode_driver, driver, flawed, require_all
from doctrine.tools._inputs import noted

_NAME = "vulture"
_VALUED = frozenset(
    {"--exclude", "--ignore-decorators", "--ignore-names", "--min-confidence", "--config"}
)
_HIGHEST = 100
_LEFT = "known"
"""Folder of what was seen in each file."""
_WHY_KEPT = {
    "import": "it tells whether the package is there",
    "unreachable_code": "it makes the function a generator",
    "variable": "whoever calls the function decides on it",
}


class Options(msgspec.Struct, kw_only=True):
    """``[tool.vulture]``, as far as it changes what is found."""

    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    ignore_names: tuple[str, ...] = ()
    ignore_decorators: tuple[str, ...] = ()
    min_confidence: int = 0


class Item(msgspec.Struct):
    """A piece of dead code."""

    path: str
    line: int
    end_line: int
    confidence: int
    kind: str
    name: str
    message: str
    dictated: bool


class Output(msgspec.Struct):
    """What the driver prints."""

    items: tuple[Item, ...]
    read: tuple[str, ...]
    failed: dict[str, str]


def _options(request: Request) -> Options:
    """Return the settings; raises ``msgspec.ValidationError`` where vulture would refuse them."""
    pyproject = request.layout.pyproject
    configured = table(pyproject.data if pyproject else None, "tool", _NAME)
    commands = commands_of(request.automation, _NAME)
    if not configured and not commands:
        return converted(dict(request.defaults), Options)
    merged = {**(_from_command(commands[0]) if commands else {}), **_set(configured)}
    return converted(merged, Options)


def _set(configured: Mapping[str, object]) -> Mapping[str, object]:
    """Leave out empty paths, which mean that none are configured."""
    return {key: value for key, value in configured.items() if key != "paths" or value}


def _from_command(arguments: tuple[str, ...]) -> Mapping[str, object]:
    """Return what a command line says, in the shape of the table."""
    found: dict[str, object] = {"paths": tuple(positionals(arguments, _VALUED))}
    for key in ("exclude", "ignore_names", "ignore_decorators"):
        value = option(arguments, f"--{key.replace('_', '-')}")
        if value:
            found[key] = tuple(value.split(","))
    confidence = option(arguments, "--min-confidence")
    if confidence.isdecimal():
        found["min_confidence"] = int(confidence)
    return found


def _chosen(request: Request, options: Options) -> tuple[SourceFile, ...]:
    """Return the files below the paths, except those that a pattern keeps away."""
    layout = request.layout
    paths = existing(options.paths, layout) or source_targets(layout)
    patterns = tuple(map(_exclusion, options.exclude))
    return tuple(
        file
        for file in layout.files
        if _named(file.path, paths) and not _matches(f"{layout.root}/{file.path}", patterns)
    )


def _named(path: str, paths: tuple[str, ...]) -> bool:
    """Return whether vulture reads a file: in a folder, only what ends in ``.py``."""
    return path in paths or (path.endswith(".py") and below(path, paths))


def _exclusion(word: str) -> str:
    """Return the pattern that vulture makes of a word without wildcards."""
    return word if any(char in word for char in "*?[") else f"*{word}*"


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(path, pattern) for pattern in patterns)


def _files(request: Request, options: Options) -> tuple[str, ...]:
    unfit = flawed(request)
    return tuple(file.path for file in _chosen(request, options) if file.path not in unfit)


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the driver's invocation on everything that the configuration names."""
    if request.layout.restricted:
        return Skip(reason="dead code shows only in the whole project: check it without paths")
    try:
        options = _options(request)
    except msgspec.ValidationError as error:
        return Skip(reason=f"vulture refuses [tool.vulture] of pyproject.toml: {error}")
    if not 0 <= options.min_confidence <= _HIGHEST:
        return Skip(reason="vulture refuses a min_confidence that is not between 0 and 100")
    files = _files(request, options)
    if not files:
        return Skip(reason="there is no Python file where vulture is configured to look")
    job = Job(
        root=request.layout.root,
        files=files,
        min_confidence=options.min_confidence,
        exclude=options.exclude,
        ignore_names=options.ignore_names,
        ignore_decorators=options.ignore_decorators,
    )
    return (driver(request, "vulture_driver.py", job),)


def carrying(request: Request, planned: tuple[Invocation, ...]) -> tuple[Invocation, ...]:
    """Return the driver's invocation so that it parses only what its last run has not."""
    del request
    (one,) = planned
    return (replace(one, argv=(*one.argv, "--left", f"{{scratch}}/{_LEFT}"), carry=_LEFT),)


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return the dead code.

    Raises:
        CrashedError: The driver did not finish.
        UnreadableError: The output is not the driver's.
    """
    output = decode_driver(completed[0], Output, tool=_NAME)
    options = _options(request)
    require_all(_files(request, options), output.read, output.failed)
    chosen = frozenset(file.path for file in _chosen(request, options))
    kept_away = {path: why for path, why in flawed(request).items() if path in chosen}
    known = frozenset(output.read)
    items = tuple(item for item in output.items if item.path in known)
    if len(items) < len(output.items):
        message = "it found dead code in a file that it did not read"
        raise UnreadableError(message)
    return Reading(
        findings=tuple(_finding(item) for item in items),
        analysed=known,
        unread={**kept_away, **output.failed},
        excluded=sum(
            file.role is Role.SOURCE and file.path not in chosen for file in request.layout.files
        ),
    )


def _finding(item: Item) -> Finding:
    kind = item.kind.replace("_", "-")
    line = max(item.line, 1)
    # Vulture takes an argument for dead that its function has to have, used or not.
    kept = _WHY_KEPT.get(item.kind) if item.dictated else None
    note = f", but {kept}" if kept else ""
    return Finding(
        tool=_NAME,
        rule=kind if kind.startswith("un") else f"unused-{kind}",
        message=f"{item.message} ({item.confidence} % confidence){note}",
        location=Location(path=item.path, line=line, end_line=max(item.end_line, line)),
        severity=Severity.INFO if item.dictated else Severity.WARNING,
        symbol="" if kind == "unreachable-code" else item.name,
    )


def inputs(request: Request) -> Inputs:
    """Return what dead code depends on: every file that it looks at, since each may use another."""
    chosen = _chosen(request, _options(request))
    return Inputs(files=noted(chosen), facts={"count": len(request.layout.files)})


TOOL = Tool(
    own_parser=False,
    name=_NAME,
    distribution="vulture",
    program="vulture",
    prepare=prepare,
    read=read,
    cost=3.6,
    supported=">=2.14,<3",
    inputs=inputs,
    carrying=carrying,
    brief_again=True,
)
