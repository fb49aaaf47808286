"""Data: what CI is to run, for which checks, with which distributions."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.adopt.locked import is_workspace, unhashed
from doctrine.adopt.situation import Code, Situation, code_of
from doctrine.documents import table

_SPREADING = ("XDT001.gate", "XDT001.enabled")
_OTHER_RUNNERS = frozenset({"unittest", "manage.py", "runtests.py", "django-admin", "nose2"})
"""Programs that run tests which pytest may not be able to run."""


class Gate(Struct, frozen=True, kw_only=True):
    """A command that fails a build.

    Attributes:
        name: What a step or job of it is called.
        command: The command, without what starts it in the project's environment.
        distributions: What it needs in that environment.
        clauses: Ids of the clauses that ask for it.
        alone: Whether it brings an environment of its own (``uvx``).
    """

    name: str
    command: str
    distributions: tuple[str, ...]
    clauses: tuple[str, ...]
    alone: bool = False

    @property
    def line(self) -> str:
        """The command as CI runs it, after `uv sync --locked`."""
        return self.command if self.alone else f"uv run --no-sync {self.command}"


def gates_of(situation: Situation, data: Mapping[str, object]) -> tuple[Gate, ...]:
    """Return the gates that a project lacks, those of its tests left out.

    Args:
        situation: The project.
        data: Content of ``pyproject.toml``, as it will be.
    """
    code = code_of(situation.project)
    every = {**_own(code, data), **_foreign(code, " ".join(_exported(situation, data)))}
    return tuple(gate for check, gate in every.items() if situation.lacks(check))


def _own(code: Code, data: Mapping[str, object]) -> dict[str, Gate]:
    """Return the gates that run in the project's environment, by the check they answer."""
    sources = " ".join(code.sources)
    mypy = "mypy" if _names_files(data) else f"mypy {sources}"
    vulture = "vulture" if table(data, "tool", "vulture").get("paths") else f"vulture {sources}"
    return {
        "LNT001.gate": Gate(
            name="Lint", command="ruff check .", distributions=("ruff",), clauses=("LNT001",)
        ),
        "FMT001.gate": Gate(
            name="Format",
            command="ruff format --check .",
            distributions=("ruff",),
            clauses=("FMT001",),
        ),
        "TYP001.gate": Gate(
            name="Types (mypy)", command=mypy, distributions=("mypy",), clauses=("TYP001",)
        ),
        "TYP002.gate": Gate(
            name="Types (pyright)",
            command="pyright",
            distributions=("pyright",),
            clauses=("TYP002",),
        ),
        "DED001.gate": Gate(
            name="Dead code", command=vulture, distributions=("vulture",), clauses=("DED001",)
        ),
        "CPX001.monitored": Gate(
            name="Complexity",
            command=f"xenon --max-absolute B {sources}",
            distributions=("xenon",),
            clauses=("CPX001", "CPX002"),
        ),
    }


def _names_files(data: Mapping[str, object]) -> bool:
    mypy = table(data, "tool", "mypy")
    return any(mypy.get(key) for key in ("files", "modules", "packages"))


def _exported(situation: Situation, data: Mapping[str, object]) -> Iterator[str]:
    """Yield the options for an export of all that the lock has an index's hash of."""
    if not table(data, "tool", "uv").get("conflicts"):
        yield from ("--all-extras", "--all-groups")
    yield from (
        ("--all-packages", "--no-emit-workspace") if is_workspace(data) else ("--no-emit-project",)
    )
    for name in unhashed(situation, data):
        yield f"--no-emit-package {name}"


def _foreign(code: Code, exported: str) -> dict[str, Gate]:
    """Return the gates that bring their environment: what they need may not suit the project."""
    semgrep = (
        "uvx --from 'semgrep>=1.140,<2' semgrep scan --config p/python --error --metrics=off "
        + " ".join(code.sources)
    )
    audit = (
        f"uv export --locked {exported} --quiet "
        "--output-file requirements-audit.txt\n"
        "uvx --from 'pip-audit>=2.9,<3' pip-audit --strict --disable-pip --require-hashes "
        "-r requirements-audit.txt"
    )
    return {
        "SGP001.gate": Gate(
            name="Semantic analysis",
            command=semgrep,
            distributions=(),
            clauses=("SGP001",),
            alone=True,
        ),
        "DEP005.scan": Gate(
            name="Known vulnerabilities",
            command=audit,
            distributions=(),
            clauses=("DEP005",),
            alone=True,
        ),
    }


def tests_wanted(situation: Situation) -> tuple[str, ...]:
    """Return the clauses for which CI is to run the tests with pytest; none where it need not.

    A gate of coverage needs no run of its own where something measures already.
    """
    if other_runner(situation):
        return ()
    clauses: set[str] = set()
    if situation.lacks("COV001.gate"):
        clauses |= {"COV001", "COV002"}
    if situation.lacks(*_SPREADING):
        clauses.add("XDT001")
    if lacks_pythons(situation):
        clauses.add("CMP001")
    if lacks_systems(situation):
        clauses.add("CMP002")
    return tuple(sorted(clauses))


def lacks_pythons(situation: Situation) -> bool:
    """Return whether the tests are to run on more of the Pythons that the project promises."""
    several = len(situation.project.layout.target.minors) != 1
    return several and situation.lacks("CMP001.versions")


def lacks_systems(situation: Situation) -> bool:
    """Return whether the tests are to run on more operating systems."""
    several = situation.project.facts.get("several-systems")
    return several is not None and several.value is True and situation.lacks("CMP002.systems")


def other_runner(situation: Situation) -> str:
    """Return what runs the tests in place of pytest; empty where pytest does, or can."""
    project = situation.project
    pytest = project.facts.get("pytest")
    if pytest is not None and pytest.value is True:
        return ""
    for command in project.automation.commands:
        words = {posixpath.basename(word) for word in command.argv}
        if found := sorted(words & _OTHER_RUNNERS):
            return found[0]
    return "Django" if any(one.name == "django" for one in project.dependencies) else ""


def runs_tests(situation: Situation) -> bool:
    """Return whether CI or a hook runs tests already, in an environment that we do not know."""
    programs = {"pytest", "py.test", "coverage"}
    return any("".join(one.argv[:1]) in programs for one in situation.project.automation.commands)
