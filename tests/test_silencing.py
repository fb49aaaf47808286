"""Comments silence a defect for every tool that reports it; a blanket speaks to its own tool alone."""

from __future__ import annotations

import pytest

from doctrine.defects import load_defects
from doctrine.model.observation import Location
from doctrine.model.project import Ignore, IgnoreScope, Module, Role, Silencer, Suppression
from doctrine.silencing import ignored, silenced
from tests.builders import a_finding, a_run

DEFECTS = load_defects()
EVAL = "doctrine.eval-of-dynamic-text"


def a_comment(silencer: Silencer, *rules: str, line: int = 4, whole_file: bool = False) -> Module:
    comment = Suppression(
        silencer=silencer,
        rules=rules,
        location=Location.point("src/a.py", line),
        whole_file=whole_file,
    )
    return Module(path="src/a.py", role=Role.SOURCE, suppressions=(comment,))


@pytest.mark.parametrize(
    ("comment", "tool", "rule", "is_silent"),
    [
        (a_comment(Silencer.NOQA, "S307"), "semgrep", EVAL, True),
        (a_comment(Silencer.NOQA, "S3"), "semgrep", EVAL, True),
        (a_comment(Silencer.NOQA, "S311"), "semgrep", EVAL, False),
        (a_comment(Silencer.NOQA), "semgrep", EVAL, False),
        (a_comment(Silencer.NOQA), "ruff-guide", "S307", True),
        (a_comment(Silencer.NOQA, whole_file=True, line=1), "ruff-guide", "S307", True),
        (a_comment(Silencer.NOSEMGREP, EVAL), "ruff-guide", "S307", True),
        (a_comment(Silencer.NOSEMGREP, "eval-of-dynamic-text"), "semgrep", EVAL, True),
        (a_comment(Silencer.NOSEMGREP, f"rules.{EVAL}"), "semgrep", EVAL, True),
        (a_comment(Silencer.NOSEMGREP, EVAL, line=3), "ruff-guide", "S307", True),
        (a_comment(Silencer.NOSEMGREP, "text"), "semgrep", EVAL, False),
        (a_comment(Silencer.NOSEMGREP), "semgrep", EVAL, True),
        (a_comment(Silencer.NOSEMGREP), "ruff-guide", "S307", False),
        (
            a_comment(Silencer.TYPE_IGNORE, "name-defined"),
            "pyright",
            "reportUndefinedVariable",
            True,
        ),
        (a_comment(Silencer.TYPE_IGNORE, "name-defined"), "ruff", "F821", True),
        (a_comment(Silencer.TYPE_IGNORE, "name"), "ruff", "F821", False),
        (a_comment(Silencer.TYPE_IGNORE), "ruff", "F821", False),
        (
            a_comment(Silencer.PYRIGHT_IGNORE, "reportUndefinedVariable"),
            "mypy",
            "name-defined",
            True,
        ),
        (a_comment(Silencer.PYRIGHT_IGNORE, "reportUndefinedVariable"), "mypy", "arg-type", False),
        (a_comment(Silencer.NOQA, "F401", line=5), "vulture", "unused-import", False),
        (a_comment(Silencer.NOQA, "F401"), "vulture", "unused-import", True),
        (a_comment(Silencer.NOQA, "X999"), "ruff", "X999", True),
    ],
)
def test_a_named_rule_silences_its_defect_for_every_tool(
    comment: Module, tool: str, rule: str, is_silent: bool
) -> None:
    found = silenced(a_run(tool), a_finding(tool, rule, line=4), comment, DEFECTS)
    assert (found is not None) is is_silent
    if found is not None:
        (written,) = comment.suppressions
        assert (found.kind, found.path) == (written.silencer.value, "src/a.py")
        assert found.line == written.location.line


def an_ignore(first: int, last: int, *clauses: str) -> Ignore:
    return Ignore(
        word="ignore",
        scope=IgnoreScope.LINE,
        clauses=clauses,
        reason="jitter, no secret",
        location=Location.point("src/a.py", first),
        first_line=first,
        last_line=last,
    )


@pytest.mark.parametrize(
    ("line", "clauses", "is_silent"),
    [
        (3, ("SEC005",), True),
        (5, ("SEC005",), True),
        (2, ("SEC005",), False),
        (6, ("SEC005",), False),
        (4, ("LNT001",), False),
        (4, ("LNT001", "SEC005"), True),
        (4, (), False),
    ],
)
def test_an_ignored_clause_silences_the_whole_defect(
    line: int, clauses: tuple[str, ...], is_silent: bool
) -> None:
    # The finding is long; only where it begins counts.
    finding = a_finding(line=line, end_line=99)
    found = ignored(finding, clauses, [an_ignore(3, 5, "SEC005", "TYP001")])
    assert (found is not None) is is_silent
    assert found is None or (found.kind, found.reason) == ("ignore", "jitter, no secret")
