"""Are mypy and pyright strict in effect, and are no blanket suppressions in the way?"""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.inspect import _mypy_strict, _pyright_strict, _ruff_commands, _ruff_weak
from doctrine.inspect._first_party import first_party
from doctrine.inspect._inspector import ProjectInspector
from doctrine.inspect._paths import is_generated, is_material
from doctrine.inspect._sightings import Reporter, Sighting, reading
from doctrine.model.observation import PROJECT_PATH, Finding, Location, Severity
from doctrine.model.project import Flaw, Module, Project, Role, Silencer, Suppression
from doctrine.model.run import Reading

_REPORT = Reporter(tool="strictness")
_CONFIGS = (
    "mypy.ini",
    ".mypy.ini",
    "setup.cfg",
    "pyrightconfig.json",
    ".ruff.toml",
    "ruff.toml",
)
_MYPY, _PYRIGHT, _RUFF = "mypy-blanket-ignore", "pyright-blanket-ignore", "ruff-blanket-noqa"
_SEMGREP = "semgrep-blanket-ignore"


def _inspect(project: Project) -> Reading:
    sightings = (
        *_mypy_strict.mypy_sightings(project, first_party(project.layout), _REPORT),
        *_pyright_strict.pyright_sightings(project, _REPORT),
        *_ruff_weak.ruff_sightings(project, _REPORT),
        *_ruff_commands.narrowed_sightings(project, _REPORT),
        *(
            finding
            for module in project.modules
            if not is_material(module.path) and not is_generated(module.path)
            for finding in _blankets(module)
        ),
    )
    return reading(sightings, _analysed(project))


def _analysed(project: Project) -> Iterator[str]:
    yield PROJECT_PATH
    yield from (path for path in _CONFIGS if path in project.texts)
    if project.layout.pyproject:
        yield project.layout.pyproject.path
    unreadable = {Flaw.UNREADABLE, Flaw.UNDECODABLE}
    yield from (module.path for module in project.modules if module.flaw not in unreadable)


def _blankets(module: Module) -> Iterator[Sighting]:
    for suppression in module.suppressions:
        match suppression.silencer:
            case Silencer.TYPE_IGNORE:
                yield from _type_ignore(suppression, module.role)
            case Silencer.PYRIGHT_IGNORE:
                yield from _pyright_ignore(suppression, module.role)
            case Silencer.NOQA:
                yield from _noqa(suppression, module.role)
            case Silencer.NOSEMGREP:
                yield from _nosemgrep(suppression, module.role)
    yield from _unchecked(module)


def _unchecked(module: Module) -> Iterator[Sighting]:
    line = dict(module.feature_lines).get("no-type-check")
    if line is not None:
        message = (
            "`@no_type_check` hides every error of what it stands on: remove it, and write `Any` for "
            "what cannot be expressed"
        )
        yield _finding(_MYPY, Location.point(module.path, line), message, module.role)


def _nosemgrep(suppression: Suppression, role: Role) -> Iterator[Sighting]:
    if not suppression.rules:
        message = "a bare `nosemgrep` silences every rule of its line: name the rule"
        yield _blanket(_SEMGREP, suppression, message, role)


def _type_ignore(suppression: Suppression, role: Role) -> Iterator[Sighting]:
    if suppression.whole_file and any(map(_is_flag, suppression.rules)):
        shown = ", ".join(suppression.rules)
        message = f"`# mypy: {shown}` takes strictness back for its whole file: remove it"
        yield _blanket(_mypy_strict.WEAKENED, suppression, message, role)
    if suppression.rules:
        return
    what = "`# type: ignore` hides every error of its line"
    if suppression.whole_file:
        what = "a comment (`# mypy: ignore-errors`, or `# type: ignore` above all code) hides every error of its file"
    remedy = "name the error code: `# type: ignore[code]`"
    yield _blanket(_MYPY, suppression, f"{what}: {remedy}", role)


def _is_flag(rule: str) -> bool:
    """Tell a switched-off flag of mypy from an error code, as a ``# mypy:`` comment has both."""
    return "=" in rule or rule.startswith(("allow", "no-strict", "no_strict"))


def _pyright_ignore(suppression: Suppression, role: Role) -> Iterator[Sighting]:
    if not suppression.rules and not suppression.whole_file:
        message = "`# pyright: ignore` hides every error of its line: name the rule in brackets"
        yield _blanket(_PYRIGHT, suppression, message, role)
    elif suppression.whole_file and _pyright_strict.lowers_mode(suppression.rules):
        message = "a `# pyright:` comment takes the file out of strict mode: remove it"
        yield _blanket(_pyright_strict.WEAKENED, suppression, message, role)


def _noqa(suppression: Suppression, role: Role) -> Iterator[Sighting]:
    if suppression.rules:
        return
    what = "the whole file" if suppression.whole_file else "every rule of its line"
    message = f"a bare `noqa` silences {what}: name the rules, `# noqa: RULE`"
    # tests are linted like the rest, so a blanket counts there too
    counted = Role.SOURCE if role is Role.TEST else role
    yield _blanket(_RUFF, suppression, message, counted)


def _blanket(rule: str, suppression: Suppression, message: str, role: Role) -> Finding:
    return _finding(rule, suppression.location, message, role)


def _finding(rule: str, where: Location, message: str, role: Role) -> Finding:
    return Finding(
        tool=_REPORT.tool,
        rule=rule,
        message=message,
        location=where,
        severity=Severity.WARNING if role is Role.SOURCE else Severity.INFO,
    )


INSPECTOR = ProjectInspector(
    name="strictness",
    rules=(
        "mypy-not-strict",
        "mypy-weakened",
        "mypy-blanket-ignore",
        "pyright-not-strict",
        "pyright-weakened",
        "pyright-blanket-ignore",
        "ruff-weakened",
        "ruff-blanket-noqa",
        "semgrep-blanket-ignore",
    ),
    inspect=_inspect,
)
