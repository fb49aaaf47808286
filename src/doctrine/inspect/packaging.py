"""Is uv the one package manager: project table, lock, rivals, commands, CI and runners."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doctrine.documents import line_of, table
from doctrine.inspect._inspector import ProjectInspector
from doctrine.inspect._installs import foreign_installs, scanned_files
from doctrine.inspect._managers import rival_files, rival_tables
from doctrine.inspect._paths import is_specimen, name_of
from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, reading, support
from doctrine.lockable import first_lock
from doctrine.model.observation import PROJECT_PATH
from doctrine.model.project import Automation, Project
from doctrine.model.run import Reading

_REPORT = Reporter(tool="packaging")
_USES_UV = re.compile(
    r"\buvx\b|\buv\s+(?:run|sync|pip|lock|venv|tool|build|publish|export|python|add)\b"
    r"|setup-uv\b|astral-sh/uv|\btox-uv\b|\bnox-uv\b|venv_backend\s*=\s*[\"'](?:uv|.*\|uv)"
)
_NOX_UV = re.compile(r"""venv_backend["']?\s*[=:]\s*["'](?:[\w|]*\|)?uv\b""")
_INSTALLERS = ("pip", "pip3", "pip-sync", "poetry", "pdm", "pipenv", "conda", "hatch")
_SHOWN = 3
_TESTERS = ("pytest", "coverage", "tox", "nox")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)


def _inspect(project: Project) -> Reading:
    sightings = (
        *_project_table(project),
        *_lock(project),
        *_rivals(project),
        *_installs(project),
        *_ci(project),
        *_runners(project),
    )
    return reading(sightings, _analysed(project))


def _analysed(project: Project) -> Iterator[str]:
    yield PROJECT_PATH
    if project.layout.pyproject:
        yield project.layout.pyproject.path
    if project.lock:
        yield project.lock.path
    yield from scanned_files(project)
    yield from project.automation.files


def _project_table(project: Project) -> Iterator[Sighting]:
    rule = "uv-missing-project"
    pyproject = project.layout.pyproject
    if pyproject is None:
        where = Spot(path=PROJECT_PATH)
        message = (
            "there is no pyproject.toml, so uv has no project to manage: "
            f"{_gathering(project) or '`doctrine init` or `uv init --bare` writes one'}"
        )
        yield _REPORT.finding(rule, where, message)
    elif table(pyproject.data, "tool", "uv").get("managed") is False:
        where = Spot(path=pyproject.path, line=line_of(pyproject, ("tool", "uv", "managed")))
        message = "`managed = false` tells uv to keep its hands off: remove the key"
        yield _REPORT.finding(rule, where, message)
    elif table(pyproject.data, "project"):
        where = Spot(path=pyproject.path, line=line_of(pyproject, ("project",)))
        yield support(rule, where, "the project is described in [project]")
    elif "workspace" in table(pyproject.data, "tool", "uv"):
        where = Spot(path=pyproject.path, line=line_of(pyproject, ("tool", "uv", "workspace")))
        yield support(rule, where, "root of a uv workspace")
    else:
        message = (
            "pyproject.toml has no [project] table, so uv cannot manage the project: "
            f"{_gathering(project) or 'add one with name, version, requires-python and dependencies'}"
        )
        yield _REPORT.finding(rule, Spot(path=pyproject.path, line=1), message)


def _gathering(project: Project) -> str:
    """Return how the projects below the root are managed together; empty where there is none."""
    folders = [member.path.rpartition("/")[0] for member in project.layout.members]
    if not folders:
        return ""
    named = ", ".join(f'"{folder}"' for folder in folders[:_SHOWN])
    more = ", …" if len(folders) > _SHOWN else ""
    return (
        f"gather the projects below with `[tool.uv.workspace]` and `members = [{named}{more}]`, "
        f"or judge each by itself (`doctrine check {folders[0]}`)"
    )


def _lock(project: Project) -> Iterator[Sighting]:
    rule = "uv-missing-lock"
    if project.lock and project.lock.data is None:
        # Whatever it is, nothing in it says that uv wrote it.
        why = f"{project.lock.path} could not be read: {project.lock.problem}"
        yield Undecided(rule=rule, reason=why)
    elif project.lock:
        yield support(rule, Spot(path=project.lock.path), "uv locked the dependencies")
    elif reason := project.unread.get("uv.lock"):
        yield Undecided(rule=rule, reason=f"uv.lock could not be read: {reason}")
    else:
        message = (
            f"there is no uv.lock: {first_lock(project.layout.pyproject)} makes one; commit it"
        )
        yield _REPORT.finding(rule, Spot(path=PROJECT_PATH), message)


def _rivals(project: Project) -> Iterator[Sighting]:
    paths = tuple(path for path in project.layout.others if path not in project.layout.ignored)
    for spot, manager in rival_files(paths):
        message = (
            f"{spot.path} belongs to {manager}, a second package manager beside uv: bring its "
            "dependencies into pyproject.toml with `uv add`, run `uv lock`, and delete it"
        )
        yield _REPORT.finding("rival-manager", spot, message, symbol=manager)
    for spot, manager, name in (
        rival_tables(project.layout.pyproject) if (project.layout.pyproject) else ()
    ):
        message = (
            f"[{name}] makes {manager} manage the project beside uv: move its content to "
            "[project], [dependency-groups] and [tool.uv], and delete the table"
        )
        yield _REPORT.finding("rival-manager", spot, message, symbol=manager)


def _installs(project: Project) -> Iterator[Sighting]:
    for install in foreign_installs(project):
        message = (
            f"`{install.command}` installs packages without uv, so neither the lock nor its "
            "hashes are honoured: use `uv sync --locked`, `uv run` or `uvx`"
        )
        yield _REPORT.finding("foreign-install", install.spot, message, install.severity)


def _ci(project: Project) -> Iterator[Sighting]:
    rule = "ci-without-uv"
    automation = project.automation
    if not automation.has_ci:
        return
    user = next(_uv_users(project), None)
    if user:
        yield support(rule, user, "CI works with uv")
    elif automation.unread:
        path, reason = min(automation.unread.items())
        yield Undecided(rule=rule, reason=f"{path} could not be followed: {reason}")
    elif automation.commands:
        message = (
            "CI never uses uv: install it (astral-sh/setup-uv), then `uv sync --locked` and "
            "`uv run` for every command"
        )
        yield _REPORT.finding(rule, _where_uv_belongs(automation), message)


def _where_uv_belongs(automation: Automation) -> Spot:
    """Return where CI installs packages, else where it runs tests, else its first command.

    A recipe may be somebody's at home as well, so the place is the CI file that leads there.
    """
    ranks = {**dict.fromkeys(_INSTALLERS, 0), **dict.fromkeys(_TESTERS, 1)}
    best = min(automation.commands, key=lambda one: ranks.get("".join(one.argv[:1]), 2))
    outermost = best.via[0] if best.via and best.via[0] in automation.files else best.place.path
    return Spot(path=outermost, line=best.place.line if outermost == best.place.path else 0)


def _uv_users(project: Project) -> Iterator[Spot]:
    """Yield places where automation uses uv; launchers are stripped, so the text must say it."""
    automation = project.automation
    for command in automation.commands:
        if command.argv[:1] in {("uv",), ("uvx",)}:
            yield Spot(path=command.place.path, line=command.place.line)
    written = (command.place.path for command in automation.commands)
    for path in dict.fromkeys((*automation.files, *written)):
        text = _COMMENT.sub("", project.texts.get(path, ""))
        if found := _USES_UV.search(text):
            yield Spot(path=path, line=text.count("\n", 0, found.start()) + 1)


def _runners(project: Project) -> Iterator[Sighting]:
    pyproject = project.layout.pyproject
    known = pyproject.text if pyproject else ""
    for path, text in project.texts.items():
        message = "" if is_specimen(path) else _pip_runner(name_of(path), text, known)
        if message:
            yield _REPORT.advice("weak-runner", Spot(path=path, line=1), message)
    if pyproject and "tox" in table(pyproject.data, "tool") and "tox-uv" not in known:
        spot = Spot(path=pyproject.path, line=line_of(pyproject, ("tool", "tox")))
        yield _REPORT.advice("weak-runner", spot, _weak("tox", 'requires = ["tox-uv"]'))


def _pip_runner(name: str, text: str, pyproject: str) -> str:
    if name in {"tox.ini", "tox.toml"} and "tox-uv" not in text + pyproject:
        return _weak("tox", 'requires = ["tox-uv"]')
    if name == "noxfile.py" and not _NOX_UV.search(text):
        return _weak("nox", 'nox.options.default_venv_backend = "uv"')
    return ""


def _weak(runner: str, remedy: str) -> str:
    return f"{runner} makes its environments with pip: let it use uv with `{remedy}`"


INSPECTOR = ProjectInspector(
    name="packaging",
    rules=(
        "uv-missing-project",
        "uv-missing-lock",
        "rival-manager",
        "foreign-install",
        "ci-without-uv",
        "weak-runner",
    ),
    inspect=_inspect,
)
