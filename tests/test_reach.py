"""What hooks leave out is not judged by the tool they run, and what other commands reach is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.checks.case import case_of
from doctrine.checks.decide import decide
from doctrine.model.guide import RuleCheck
from doctrine.model.observation import Evidence, Location, Severity
from doctrine.model.project import Automation, Command, CommandKind, Module, Role
from doctrine.model.replacing import replace
from doctrine.model.report import Reporter, ReportFinding
from doctrine.model.run import Covers, Reading
from doctrine.model.verdict import CheckResult, Outcome
from doctrine.reach import left_out
from tests.builders import a_project, a_run

PATHS = ("src/a.py", "src/odd.py", "docs/conf.py")
RUN = replace(
    a_run("ruff-format", covers=Covers.CONFIGURED), program="ruff", argv=("ruff", "format", ".")
)


def a_command(*argv: str, excludes: tuple[str, ...] = (), can_fail: bool = True) -> Command:
    return Command(
        argv=argv,
        kind=CommandKind.HOOK,
        place=Evidence(path=".pre-commit-config.yaml", line=3, detail=""),
        excludes=excludes,
        can_fail=can_fail,
    )


HOOK = a_command("ruff", "format", "--force-exclude", excludes=("docs/|ext/", "src/odd.py"))


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ((HOOK,), {"src/odd.py", "docs/conf.py"}),
        ((HOOK, a_command("ruff", "check", ".")), {"src/odd.py", "docs/conf.py"}),
        ((HOOK, a_command("ruff", "format", ".", can_fail=False)), {"src/odd.py", "docs/conf.py"}),
        ((HOOK, a_command("ruff", "format", "--check", ".")), set[str]()),
        ((HOOK, a_command("ruff", "format", excludes=("^docs/",))), {"docs/conf.py"}),
        ((a_command("ruff", "format", excludes=("(",)),), set[str]()),
        ((a_command("ruff", "format", excludes=("(a*)*b",)),), set[str]()),
        ((), set[str]()),
    ],
)
def test_only_what_every_command_leaves_out_is_left_out(
    commands: tuple[Command, ...], expected: set[str]
) -> None:
    assert left_out(RUN, Automation(commands=commands), PATHS) == expected


def test_a_tool_with_rules_of_our_own_sees_every_file() -> None:
    ours = replace(RUN, covers=Covers.ALL)
    assert left_out(ours, Automation(commands=(HOOK,)), PATHS) == frozenset()


@given(st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_any_pattern_is_searched_or_ignored(patterns: list[str]) -> None:
    commands = (a_command("ruff", "format", excludes=tuple(patterns)),)
    found = left_out(RUN, Automation(commands=commands), PATHS)
    for path in found:
        assert any(re.search(pattern, path) for pattern in patterns if _is_pattern(pattern))


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def decided(*commands: Command, path: str = "src/odd.py") -> CheckResult:
    modules = tuple(Module(path=one, role=Role.SOURCE) for one in sorted(("src/a.py", path)))
    project = a_project(modules, automation=Automation(commands=commands))
    finding = ReportFinding(
        fingerprint="f",
        clauses=("FMT001",),
        location=Location.point(path, 1),
        message="the formatter would change this file",
        severity=Severity.ERROR,
        reported_by=(Reporter(tool="ruff", rule="unformatted"),),
        traces=(("ruff-format", "unformatted"),),
    )
    run = replace(RUN, reading=Reading(analysed=frozenset({"src/a.py", path})))
    check = RuleCheck(id="clean", tool="ruff-format", rules=("*",))
    return decide(check, case_of(project, (run,), (finding,)))


def test_a_finding_in_a_file_that_the_only_hook_leaves_out_fails_nothing() -> None:
    held = decided(HOOK)
    assert held.outcome is Outcome.PASS
    assert "1 source file" in held.detail
    assert "1 file not looked at" in held.detail
    assert decided().outcome is Outcome.FAIL


def test_a_notebook_that_the_only_hook_leaves_out_fails_nothing() -> None:
    notebooks = a_command("ruff", "format", excludes=(r"\.ipynb$",))
    modules = (Module(path="src/a.py", role=Role.SOURCE),)
    project = a_project(modules, automation=Automation(commands=(notebooks,)))
    project = replace(project, layout=replace(project.layout, others=("guide.ipynb",)))
    finding = ReportFinding(
        fingerprint="f",
        clauses=("FMT001",),
        location=Location.point("guide.ipynb", 1),
        message="the formatter would change this file",
        severity=Severity.ERROR,
        reported_by=(Reporter(tool="ruff", rule="unformatted"),),
        traces=(("ruff-format", "unformatted"),),
    )
    run = replace(RUN, reading=Reading(analysed=frozenset({"src/a.py", "guide.ipynb"})))
    check = RuleCheck(id="clean", tool="ruff-format", rules=("*",))
    case = case_of(project, (run,), (finding,))
    assert decide(check, case).outcome is Outcome.PASS


def test_the_first_file_is_left_out_like_any_other() -> None:
    first = a_command("ruff", "format", excludes=("^a",))
    assert decided(first, path="a/first.py").outcome is Outcome.PASS


def test_a_hook_that_leaves_out_everything_proves_nothing() -> None:
    everything = a_command("ruff", "format", excludes=("^src/",))
    assert decided(everything).outcome is Outcome.ERROR
