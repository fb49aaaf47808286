"""Normalising: clauses, suppressions, merging, fingerprints."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from doctrine.defects import load_defects
from doctrine.model.guide import Guide, RuleCheck, Scope, ThresholdCheck
from doctrine.model.observation import Finding, Location, Measurement, Severity
from doctrine.model.project import (
    Definition,
    Ignore,
    IgnoreScope,
    Module,
    Role,
    Silencer,
    Suppression,
)
from doctrine.model.replacing import replace
from doctrine.model.report import FindingStatus, Reporter, ReportFinding
from doctrine.model.run import Reading, ToolRun
from doctrine.normalise import Context, normalise
from doctrine.thresholds import excesses
from tests.builders import a_clause, a_finding, a_run

GUIDE = Guide(
    id="g",
    title="G",
    version="1",
    digest="",
    registry="",
    clauses=(
        a_clause("LNT001", checks=(RuleCheck(id="clean", tool="ruff", rules=("*",)),)),
        a_clause("TYP004", checks=(RuleCheck(id="clean", tool="pyright", rules=("*",)),)),
        a_clause(
            "SEC005",
            checks=(
                RuleCheck(id="no", tool="randomness", rules=("random-secret",), scope=Scope.SOURCE),
                RuleCheck(id="net", tool="ruff-guide", rules=("S311",), scope=Scope.SOURCE),
            ),
        ),
        a_clause(
            "CPX002",
            checks=(
                ThresholdCheck(id="low", tool="radon", metric="complexity", limit=10, at_most=True),
            ),
        ),
    ),
)
TEXT = ["import os", "", "def f():", "    x = random.choice(a)", "    y = 2", "", "z = 3"]


def lines(path: str) -> Sequence[str]:
    return TEXT if path == "src/a.py" else []


def context(*modules: Module, audit: bool = False) -> Context:
    known = modules or (Module(path="src/a.py", role=Role.SOURCE),)
    return Context(
        guide=GUIDE,
        modules={module.path: module for module in known},
        defects=load_defects(),
        lines=lines,
        audit=audit,
    )


def run(name: str) -> ToolRun:
    program = "ruff" if name.startswith("ruff") else name
    return replace(a_run(name), program=program)


def report(*findings: Finding, where: Context | None = None) -> tuple[ReportFinding, ...]:
    return normalise([(run(one.tool), one) for one in findings], where or context())


def noqa(line: int, *rules: str, whole_file: bool = False) -> Module:
    comment = Suppression(
        silencer=Silencer.NOQA,
        rules=rules,
        location=Location.point("src/a.py", line),
        whole_file=whole_file,
    )
    return Module(path="src/a.py", role=Role.SOURCE, suppressions=(comment,))


def test_a_defect_seen_by_three_tools_is_one_finding_with_three_reporters() -> None:
    (found,) = report(
        a_finding("vulture", "unused-import", symbol="os"),
        a_finding("pyright", "reportUnusedImport", symbol="os", column=8),
        a_finding("ruff", "F401", symbol="os", column=8, message="`os` is unused"),
    )
    assert found.message == "`os` is unused"
    assert found.reported_by == (
        Reporter(tool="ruff", rule="F401"),
        Reporter(tool="pyright", rule="reportUnusedImport"),
        Reporter(tool="vulture", rule="unused-import"),
    )
    assert found.clauses == ("LNT001", "TYP004")


def test_two_names_on_one_line_stay_two_findings() -> None:
    found = report(
        a_finding("ruff", "F401", symbol="a"), a_finding("ruff", "F401", symbol="b", column=5)
    )
    assert len(found) == 2
    assert len({one.fingerprint for one in found}) == 2


def test_two_equal_defects_on_one_line_stay_two_each_with_all_its_reporters() -> None:
    found = report(
        a_finding("ruff", "S602", column=1),
        a_finding("ruff", "S602", column=20),
        a_finding("semgrep", "doctrine.shell-with-dynamic-command", column=1),
        a_finding("semgrep", "doctrine.shell-with-dynamic-command", column=20),
    )
    assert [len(one.reported_by) for one in found] == [2, 2]
    assert [one.location.column for one in found] == [1, 20]


def test_missing_annotations_of_one_function_are_one_finding() -> None:
    module = Module(
        path="src/a.py",
        role=Role.SOURCE,
        definitions=(Definition(qualname="f", line=3, end_line=5),),
    )
    found = report(
        a_finding("ruff", "ANN001", line=3, column=7),
        a_finding("ruff", "ANN201", line=3),
        a_finding("mypy", "no-untyped-def", line=3),
        where=context(module),
    )
    assert len(found) == 1


def test_different_rules_at_one_place_stay_apart() -> None:
    assert len(report(a_finding("ruff", "E711"), a_finding("ruff", "B006"))) == 2


def test_one_rule_in_both_ruff_runs_is_one_finding_of_ruff() -> None:
    (found,) = report(a_finding("ruff", "S311", line=4), a_finding("ruff-guide", "S311", line=4))
    assert found.reported_by == (Reporter(tool="ruff", rule="S311"),)
    assert found.traces == (("ruff", "S311"), ("ruff-guide", "S311"))
    assert found.clauses == ("LNT001", "SEC005")


def test_a_clause_about_source_is_not_traced_from_tests() -> None:
    module = Module(path="tests/test_a.py", role=Role.TEST)
    (found,) = report(
        a_finding("randomness", "random-secret", path="tests/test_a.py"), where=context(module)
    )
    assert found.clauses == ()


def test_a_named_noqa_suppresses_the_merged_defect_and_is_kept() -> None:
    reported = (
        a_finding("randomness", "random-secret", line=4),
        a_finding("ruff-guide", "S311", line=4),
    )
    (silenced,) = report(*reported, where=context(noqa(4, "S311")))
    assert silenced.status is FindingStatus.SUPPRESSED
    (elsewhere,) = report(*reported, where=context(noqa(5, "S311")))
    assert elsewhere.status is FindingStatus.NEW
    (other_rule,) = report(*reported, where=context(noqa(4, "S105")))
    assert other_rule.status is FindingStatus.NEW
    (whole_file,) = report(*reported, where=context(noqa(1, "S311", whole_file=True)))
    assert whole_file.status is FindingStatus.SUPPRESSED
    (audited,) = report(*reported, where=replace(context(noqa(4, "S311")), audit=True))
    assert audited.status is FindingStatus.NEW


def test_a_noqa_says_nothing_to_the_formatter() -> None:
    layout = a_finding("ruff-format", "unformatted", line=4)
    for comment in (noqa(4), noqa(1, whole_file=True)):
        (found,) = report(layout, where=context(comment))
        assert found.status is FindingStatus.NEW


def test_a_noqa_says_nothing_to_a_rule_without_a_ruff_code() -> None:
    (found,) = report(a_finding("mypy", "arg-type", line=4), where=context(noqa(4)))
    assert found.status is FindingStatus.NEW


def test_fingerprints_survive_moved_lines_and_reformatting() -> None:
    before = report(a_finding("ruff", "E711", line=4, message="m"))
    text = ["# new", *TEXT[:3], "    x  =   random.choice(a)", *TEXT[4:]]

    def moved(path: str) -> Sequence[str]:
        return text if path == "src/a.py" else []

    after = normalise(
        [(run("ruff"), a_finding("ruff", "E711", line=5, message="m"))],
        replace(context(), lines=moved),
    )
    assert before[0].fingerprint == after[0].fingerprint


def test_equal_defects_get_different_fingerprints() -> None:
    found = report(
        a_finding("ruff", "E711", line=4, column=1), a_finding("ruff", "E711", line=4, column=9)
    )
    assert len({one.fingerprint for one in found}) == 2


def test_the_worst_severity_and_the_first_fix_win() -> None:
    (found,) = report(
        replace(a_finding("ruff", "F821"), severity=Severity.WARNING),
        a_finding("mypy", "name-defined", severity=Severity.ERROR),
    )
    assert found.severity is Severity.ERROR
    (turned,) = report(
        a_finding("ruff", "F821", severity=Severity.ERROR),
        replace(a_finding("mypy", "name-defined"), severity=Severity.INFO),
    )
    assert turned.severity is Severity.ERROR


def test_a_measurement_beyond_the_limit_is_a_finding_of_its_clause() -> None:
    def measured(value: float, path: str = "src/a.py") -> Measurement:
        where = Location.point(path, 3)
        return Measurement(
            tool="radon", metric="complexity", subject="f", value=value, location=where
        )

    for pair in ((measured(10), measured(11)), (measured(11), measured(10))):
        runs = [a_run("radon", reading=Reading(measurements=pair))]
        assert len(list(excesses(GUIDE, runs, {"src/a.py": Role.SOURCE}))) == 1
    tests = [a_run("radon", reading=Reading(measurements=(measured(99, "tests/t.py"),)))]
    (excess,) = normalise(list(excesses(GUIDE, runs, {"src/a.py": Role.SOURCE})), context())
    assert excess.clauses == ("CPX002",)
    assert excess.message == "f: complexity 11, more than 10"
    assert list(excesses(GUIDE, tests, {"tests/t.py": Role.TEST})) == []


RULES = st.sampled_from(
    [("ruff", "F401"), ("pyright", "reportUnusedImport"), ("ruff", "E711"), ("mypy", "syntax")]
)


def placed(rule: tuple[str, str], line: int, column: int, symbol: str) -> Finding:
    return a_finding(*rule, line=line, column=column, symbol=symbol)


FINDINGS = st.lists(
    st.builds(placed, RULES, st.integers(1, 9), st.integers(1, 4), st.sampled_from(["", "a", "b"])),
    max_size=12,
)


def test_reports_that_differ_in_their_symbol_alone_keep_no_order() -> None:
    named, unnamed = (placed(("ruff", "F401"), 2, 1, symbol) for symbol in ("a", ""))
    other = placed(("pyright", "reportUnusedImport"), 2, 2, "")
    assert report(named, unnamed, other) == report(unnamed, named, other)


@given(FINDINGS, st.randoms(use_true_random=False))
def test_the_order_of_tools_and_findings_changes_nothing(
    findings: list[Finding], chance: st.DataObject
) -> None:
    shuffled = sorted(findings, key=lambda one: hash((repr(chance), repr(one))))
    assert report(*shuffled) == report(*findings)


@given(FINDINGS)
def test_every_rule_reported_is_still_reported(findings: list[Finding]) -> None:
    merged = report(*findings)
    kept = {trace for one in merged for trace in one.traces}
    assert kept == {(one.tool, one.rule) for one in findings}
    assert len({one.fingerprint for one in merged}) == len(merged)


def test_an_ignored_clause_silences_what_is_traced_to_it() -> None:
    ignore = Ignore(
        word="ignore", scope=IgnoreScope.LINE, clauses=("LNT001",), reason="as it has to be",
        location=Location.point("src/a.py", 4), first_line=4, last_line=4,
    )  # fmt: skip
    where = replace(context(), ignores={"src/a.py": (ignore,)})
    silent, loud = report(
        a_finding("ruff", "E711", line=4), a_finding("ruff", "E711", line=5), where=where
    )
    assert (silent.status, loud.status) == (FindingStatus.SUPPRESSED, FindingStatus.NEW)
