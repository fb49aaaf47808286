"""What CI is to run, whatever platform it runs on."""

from __future__ import annotations

from msgspec import Struct

from doctrine.adopt.dependencies import TEST_TOOLS
from doctrine.adopt.edits import Reason, Section
from doctrine.adopt.environment import sync_command
from doctrine.adopt.gates import Gate, gates_of, lacks_pythons, lacks_systems, tests_wanted
from doctrine.adopt.pytest import is_spread
from doctrine.adopt.situation import Situation, minors_of
from doctrine.adopt.tables import Data
from doctrine.documents import table

_SUBMODULES = ".gitmodules"


class Pipeline(Struct, frozen=True, kw_only=True):
    """What CI is to run beside what it runs already.

    Attributes:
        sync: The command that installs what the others need.
        gates: Commands that fail a build.
        tests: The command that runs the tests; empty where CI runs them well enough.
        pythons: The Python versions that they run on, as ``3.12``.
        every_system: Whether they run on several operating systems.
        submodules: Whether they may read what other repositories bring.
        branches: What the main branch is called, or may be.
        clauses: The clauses that ask for any of it, sorted.
    """

    sync: str
    gates: tuple[Gate, ...]
    tests: str
    pythons: tuple[str, ...]
    every_system: bool
    submodules: bool
    branches: tuple[str, ...]
    clauses: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether CI runs everything already."""
        return not (self.gates or self.tests)

    @property
    def reason(self) -> Reason:
        """Why CI is changed."""
        names = [gate.name.lower() for gate in self.gates] + (["tests"] if self.tests else [])
        text = f"what neither CI nor a hook runs yet: {', '.join(names)}"
        return Reason(section=Section.CI, text=text, clauses=self.clauses)


def pipeline_of(situation: Situation, data: Data) -> Pipeline:
    """Return what CI is to run.

    Args:
        situation: The project.
        data: Content of ``pyproject.toml``, as it will be.
    """
    gates = gates_of(situation, data)
    for_tests = tests_wanted(situation)
    needed = {name for gate in gates for name in gate.distributions}
    needed |= set(TEST_TOOLS if for_tests else ())
    return Pipeline(
        sync=sync_command(situation, data, sorted(needed)),
        gates=gates,
        tests=_tests(data) if for_tests else "",
        pythons=_pythons(situation),
        every_system=lacks_systems(situation),
        submodules=_SUBMODULES in situation.project.layout.others,
        branches=situation.branches,
        clauses=tuple(sorted({*for_tests, *(one for gate in gates for one in gate.clauses)})),
    )


def _pythons(situation: Situation) -> tuple[str, ...]:
    """Return the versions that CI does not test well enough yet, all of them; else the newest."""
    minors = minors_of(situation.project)
    wanted = minors if lacks_pythons(situation) else minors[-1:]
    return tuple(f"3.{minor}" for minor in wanted)


def _tests(data: Data) -> str:
    options = {
        **table(data, "tool", "pytest"),
        **table(data, "tool", "pytest", "ini_options"),
    }
    spread = "" if is_spread(options) else " -n auto"
    return f"uv run --no-sync pytest{spread} --cov"
