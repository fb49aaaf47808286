"""Damaged output of every tool is never a better verdict than the whole one was.

What is tried is the product of the tools that discovery finds, their recordings, and the ways to
damage a stream (``damage.py``): thousands of runs, each read, judged and put before the gate.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from types import EllipsisType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctrine.model.guide import RuleCheck
from doctrine.model.outcome import Outcome, Verdict
from doctrine.model.process import Ending
from doctrine.model.project import Environment
from doctrine.model.run import Origin, ToolStatus
from doctrine.model.tool import Skip
from doctrine.project.toolchain import locate
from doctrine.readings import located_run, skipped_run
from tests.faults import damage
from tests.faults.matrix import TOOLS, Judged, Recorded, gained, judge, judged_run, recorded

_LONGEST_MESSAGE = 1_000
_INCOMPLETE = 3
_PIECEMEAL = {("mypy", "truncated")}
"""Tools that print a finding a line and count none: a loss at the end of a line shows nowhere."""
_STATUS = {
    Ending.MISSING: ToolStatus.MISSING,
    Ending.TIMEOUT: ToolStatus.TIMEOUT,
    Ending.FLOODED: ToolStatus.UNREADABLE,
    Ending.STALLED: ToolStatus.CRASHED,
    Ending.REFUSED: ToolStatus.CRASHED,
}


def require_no_belief(judged: Judged, what: str) -> None:
    """A tool that cannot be believed makes its checks errors, and nothing else is lost."""
    assert judged.run.status is not ToolStatus.OK, what
    assert set(judged.outcomes.values()) == {Outcome.ERROR}, what
    assert judged.report.exit_code == _INCOMPLETE, what
    assert judged.report.verdict is Verdict.INDETERMINATE, what
    assert judged.report.grade.letter is None, what
    assert judged.neighbour is Outcome.PASS, what
    assert judged.run.reading.findings == (), what
    (problem,) = (one for one in judged.report.problems if one.tool == judged.run.name)
    assert 0 < len(problem.message) <= _LONGEST_MESSAGE, what
    assert "this is a defect" not in problem.message, what


def require_nothing_gained(whole: Recorded, judged: Judged, what: str) -> None:
    """Nothing looks better, and what passes was proven of as many files as before."""
    if judged.run.status is not ToolStatus.OK:
        require_no_belief(judged, what)
        return
    before, after = whole.judged.run.reading, judged.run.reading
    told = after.excluded > before.excluded
    for check, outcome in judged.outcomes.items():
        assert not gained(whole.judged.outcomes[check], outcome), (what, check)
        if outcome is Outcome.PASS:
            assert told or after.analysed >= before.analysed, (what, check)
    assert judged.neighbour is Outcome.PASS, what


def tried(
    whole: Recorded, how: Callable[[damage.Runs], damage.Damaged]
) -> Iterable[tuple[str, Judged]]:
    """Yield what becomes of each damaged run, with what was done to it."""
    for label, runs in how(whole.completed):
        yield f"{whole.name}: {label}", judge(whole.tool, whole.request, runs)


@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_is_in_the_matrix(name: str) -> None:
    outcomes = {outcome for one in recorded(name) for outcome in one.judged.outcomes.values()}
    assert {Outcome.FAIL, Outcome.PASS} <= outcomes, "the matrix needs both to show anything"


@pytest.mark.parametrize("how", damage.HARD)
@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_that_did_not_do_its_work_is_never_believed(name: str, how: str) -> None:
    for whole in recorded(name)[:1]:
        for what, judged in tried(whole, damage.HARD[how]):
            require_no_belief(judged, what)


@pytest.mark.no_cover  # what it reaches is covered by tests of its own, and tracing takes as long again
@pytest.mark.parametrize("how", damage.NOTICED)
@pytest.mark.parametrize("name", TOOLS)
def test_damage_makes_nothing_better_and_loses_no_finding(name: str, how: str) -> None:
    for whole in recorded(name):
        before = whole.judged.run.reading
        for what, judged in tried(whole, damage.NOTICED[how]):
            require_nothing_gained(whole, judged, what)
            after = judged.run.reading
            if judged.run.status is ToolStatus.OK and (name, how) not in _PIECEMEAL:
                lost = len(before.findings) - len(after.findings)
                assert lost <= 0 or "outside" in after.undecided, what


@pytest.mark.no_cover  # what it reaches is covered by tests of its own, and tracing takes as long again
@pytest.mark.parametrize("how", damage.FEWER)
@pytest.mark.parametrize("name", TOOLS)
def test_fewer_files_than_asked_do_not_pass_in_silence(name: str, how: str) -> None:
    for whole in recorded(name):
        before = whole.judged.run.reading
        for what, judged in tried(whole, damage.FEWER[how]):
            after = judged.run.reading
            if judged.run.status is not ToolStatus.OK:
                require_no_belief(judged, what)
            elif Outcome.PASS in judged.outcomes.values() and not before.unread:
                told = after.excluded > before.excluded
                assert told or after.analysed >= before.analysed, what


@pytest.mark.parametrize("name", TOOLS)
def test_findings_outside_of_the_project_are_no_silence_about_it(name: str) -> None:
    def how(runs: damage.Runs) -> damage.Damaged:
        return damage.elsewhere(runs, layout.root, [file.path for file in layout.files])

    for whole in recorded(name):
        layout = whole.request.layout
        for what, judged in tried(whole, how):
            require_nothing_gained(whole, judged, what)
            places = {found.location.path for found in judged.report.findings}
            assert not [path for path in places if path.startswith(("/", ".."))], what


@pytest.mark.parametrize("name", TOOLS)
def test_an_ending_has_its_status_and_says_what_to_do(name: str) -> None:
    (whole, *_) = recorded(name)
    for label, runs in damage.ended(whole.completed):
        judged = judge(whole.tool, whole.request, runs)
        assert judged.run.status is _STATUS[runs[-1].ending], label
        assert name in judged.run.message
        if runs[-1].ending is Ending.TIMEOUT:
            assert "--timeout" in judged.run.message


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_that_is_not_installed_is_an_error_that_says_how_to_install_it(name: str) -> None:
    (whole, *_) = recorded(name)
    judged = judged_run(whole.tool, whole.request, located_run(whole.tool, None))
    require_no_belief(judged, name)
    assert judged.run.status is ToolStatus.MISSING
    assert whole.tool.distribution in judged.run.message
    assert "install" in judged.run.message


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_that_did_not_run_decides_nothing(name: str) -> None:
    (whole, *_) = recorded(name)
    run = skipped_run(whole.tool, whole.request.located, Skip(reason="it was not asked to"))
    judged = judged_run(whole.tool, whole.request, run)
    assert Outcome.PASS not in judged.outcomes.values()
    optional = {
        f"{one.clause.id}"
        for one in judged.report.clauses
        for check in one.clause.checks
        if isinstance(check, RuleCheck) and check.optional
    }
    for check, outcome in judged.outcomes.items():
        assert outcome is Outcome.UNVERIFIED or check in optional, check
    assert judged.report.verdict is not Verdict.CONFORMANT


@pytest.mark.skipif(os.name == "nt", reason="scripts have other names there")
@pytest.mark.parametrize("version", ["0.0.1", "", "unknown", "9.9.9-garbage~"])
@pytest.mark.parametrize("name", [name for name, tool in TOOLS.items() if tool.supported])
def test_a_version_that_is_not_understood_is_never_asked(
    tmp_path: Path, name: str, version: str
) -> None:
    tool = TOOLS[name]
    program = tmp_path / "bin" / tool.program
    program.parent.mkdir()
    program.write_text("")
    program.chmod(0o755)
    theirs = Environment(
        python=str(tmp_path / "bin" / "python"),
        version=None,
        site=(),
        packages={tool.distribution: version},
        label="theirs",
    )
    found = locate(
        distribution=tool.distribution,
        program=tool.program,
        supported=tool.supported,
        environment=theirs,
        path="",
    )
    assert found is not None
    assert found.origin is Origin.DOCTRINE


NODES: tuple[damage.Json | EllipsisType, ...] = (
    *(one for one in damage.OTHER_TYPES.values() if not isinstance(one, str)),
    1e300, 2**70, "\x00", "/other", ...,
)  # fmt: skip
"""What a node of a document becomes; the dots remove it. A path leads out of the project: what a tool says
of a file in it that is none of the project's is passed over, since that was left out."""
changes = st.lists(st.tuples(st.integers(0), st.sampled_from(NODES)), min_size=1, max_size=4)


@pytest.mark.parametrize("name", TOOLS)
@settings(max_examples=40)
@given(number=st.integers(0), made=changes)
def test_json_of_any_other_shape_makes_nothing_better(
    name: str, number: int, made: list[tuple[int, damage.Json | EllipsisType]]
) -> None:
    every = recorded(name)
    whole = every[number % len(every)]
    for stream in damage.streams(whole.completed):
        value = damage.document(stream.content)
        if value is None:
            continue
        changed = damage.reshaped(value, made)
        judged = judge(whole.tool, whole.request, stream.holding(changed))
        require_nothing_gained(whole, judged, f"{whole.name}: {stream.label}: {made}")
