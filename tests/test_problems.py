"""What kept something from being judged is told, each thing once."""

from __future__ import annotations

from collections.abc import Iterable

from doctrine.model.observation import Location
from doctrine.model.project import Flaw, Module, Role
from doctrine.model.replacing import replace
from doctrine.model.report import Problem
from doctrine.model.run import ToolStatus
from doctrine.model.settings import Settings
from doctrine.model.trust import Trust
from doctrine.problems import listed, remarked, troubles, unsteady
from tests.builders import a_project, a_run


def said(problems: Iterable[Problem]) -> list[str]:
    return [one.message for one in problems]


def test_every_file_that_cannot_be_judged_is_named() -> None:
    modules = tuple(
        Module(
            path=f"{name}.py", role=Role.SOURCE, flaw=Flaw.SYNTAX, flaw_detail="it is odd",
            flaw_location=Location.point(f"{name}.py", 3),
        )
        for name in "ab"
    )  # fmt: skip
    told = said(troubles(a_project(modules), ()))
    assert [one.split(":")[:2] for one in told] == [["a.py", "3"], ["b.py", "3"]]
    assert all("it is odd" in one for one in told)


def test_lines_come_in_their_order() -> None:
    messages = ("ci.yml:9: b", "ci.yml:63: a", "ci.yml:110: a", "x", "x1", "x01", "9" * 5_000)
    problems = [Problem(tool="doctrine", message=one) for one in sorted(messages)]
    told = said(listed(problems, [Problem(tool="a", message="z")]))
    assert told[0] == "z"
    assert told[1] == "9" * 5_000
    assert told[2:] == ["ci.yml:9: b", "ci.yml:63: a", "ci.yml:110: a", "x", "x01", "x1"]


def test_every_tool_that_failed_is_named_and_no_other() -> None:
    runs = [a_run(status.value, status=status, message="why") for status in ToolStatus]
    named = [one.tool for one in troubles(a_project(), runs)]
    assert set(named) == {one.value for one in ToolStatus} - {"ok", "skipped"}


def test_what_of_the_project_could_not_be_read_matters_to_the_whole_alone() -> None:
    project = replace(a_project(), unread={"tox.ini": "no text", "setup.py": "it computes"})
    assert said(troubles(project, ())) == ["tox.ini: no text", "setup.py: it computes"]
    assert said(troubles(project, (), whole=False)) == []


def test_files_that_changed_are_named_and_none_is_no_problem() -> None:
    (told,) = said(unsteady(("b.py", "a.py")))
    assert "2 files, a.py among them" in told
    assert said(unsteady(())) == []


def test_how_far_a_project_was_believed_is_told() -> None:
    settings = Settings(root="/p", trust=Trust(remarks=("no plugins",)))
    assert said(remarked(settings)) == ["no plugins"]
