"""The labelled corpus: what counts as right, and what is refused as a label."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.corpus import __main__ as command
from benchmarks.corpus.checkouts import line_count, verify
from benchmarks.corpus.labels import LabelError, Labels, ProjectLabel, load, parse
from benchmarks.corpus.matching import Match, match
from benchmarks.corpus.statistics import Demands, Row, rows, shortfalls
from benchmarks.corpus.stubs import sample, stubs
from benchmarks.corpus.verdicts import Decided, Sighting, Verdicts, read

HEAD = '[project]\nkind = "library"\npypi = "sample==1.0"\n'


def finding(line: int, verdict: str = "true", rule: str = "", clause: str = "AAA001") -> str:
    return (
        f'[[findings]]\nclause = "{clause}"\nrule = "{rule}"\npath = "a.py"\nline = {line}\n'
        f'verdict = {verdict}\nwhy = "It is so."\n'
    )


def outcome(value: str, clause: str = "AAA001") -> str:
    return f'[[outcomes]]\nclause = "{clause}"\noutcome = "{value}"\nwhy = "It is so."\n'


def labels(*parts: str) -> Labels:
    return parse("".join((HEAD, *parts)), "sample.toml")


def sighting(line: int, *rules: str, clause: str = "AAA001") -> Sighting:
    return Sighting(clause=clause, path="a.py", line=line, rules=rules, message="wrong")


def verdicts(*sightings: Sighting, **outcomes: str) -> Verdicts:
    given = outcomes or {"AAA001": "fail"}
    return Verdicts(
        clauses={one: Decided(outcome=value, reason="why") for one, value in given.items()},
        sightings=sightings,
    )


def matches(known: Labels, said: Verdicts, length: int = 100) -> list[Match]:
    return [one.match for one in match("sample", known, said, lambda _: length)]


def test_labelled_findings_are_true_false_missed_or_rightly_silent() -> None:
    known = labels(finding(1), finding(2, "false"), finding(3), finding(4, "false"))

    assert matches(known, verdicts(sighting(1), sighting(2))) == [
        Match.TRUE, Match.FALSE, Match.MISSED, Match.SILENT,
    ]  # fmt: skip


def test_a_label_of_a_line_or_clause_that_does_not_exist_is_stale() -> None:
    known = labels(finding(9), finding(1, clause="ZZZ999"), outcome("pass", "ZZZ999"))

    assert matches(known, verdicts(), length=8) == [Match.STALE] * 3


def test_the_first_line_of_a_missing_file_can_be_labelled() -> None:
    assert matches(labels(finding(1)), verdicts(), length=0) == [Match.MISSED]


def test_the_rule_decides_between_two_labels_of_one_line() -> None:
    known = labels(finding(1, "true", "ruff:A"), finding(1, "false", "semgrep:b"))

    assert matches(known, verdicts(sighting(1, "semgrep:b"))) == [Match.MISSED, Match.FALSE]


def test_a_single_label_of_a_line_survives_a_renamed_rule() -> None:
    assert matches(labels(finding(1, "true", "ruff:OLD")), verdicts(sighting(1, "ruff:NEW"))) == [
        Match.TRUE
    ]


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        ("fail", "fail", Match.AGREED),
        ("fail", "pass", Match.FALSE_PASS),
        ("fail", "not-applicable", Match.FALSE_PASS),
        ("fail", "unverified", Match.UNDECIDED),
        ("pass", "fail", Match.FALSE_FAIL),
        ("not-applicable", "fail", Match.FALSE_FAIL),
        ("pass", "error", Match.UNDECIDED),
        ("unverified", "pass", Match.OTHERWISE),
    ],
)
def test_outcomes_agree_or_differ_in_ways_that_matter(
    wanted: str, given: str, expected: Match
) -> None:
    assert matches(labels(outcome(wanted)), verdicts(AAA001=given)) == [expected]


def report(*findings: Mapping[str, object], outcome_of: str = "fail") -> bytes:
    clause = {"id": "AAA001", "outcome": outcome_of, "reason": "", "verification": "automated"}
    return json.dumps({"clauses": [clause], "findings": findings}).encode()


def reported(line: int, severity: str = "error", status: str = "new") -> Mapping[str, object]:
    return {
        "clauses": ["AAA001"], "path": "a.py", "line": line, "message": "wrong",
        "severity": severity, "status": status, "reported_by": [{"tool": "ruff", "rule": "A"}],
    }  # fmt: skip


def test_advice_and_suppressed_findings_accuse_nobody() -> None:
    said = read(report(reported(1), reported(2, "info"), reported(3, status="suppressed")))

    assert [(one.line, one.rules) for one in said.sightings] == [(1, ("ruff:A",))]


def test_findings_for_want_of_packages_accuse_nobody() -> None:
    doubtful = {**reported(1), "needs_environment": True}
    sure = {**reported(2), "needs_environment": False}

    assert [one.line for one in read(report(doubtful, sure)).sightings] == [2]


def test_findings_of_a_clause_that_does_not_fail_accuse_nobody() -> None:
    assert read(report(reported(1), outcome_of="unverified")).sightings == ()


def counted(**counts: int) -> Row:
    return Row(name="AAA001", counts=Counter({Match[name]: n for name, n in counts.items()}))


def test_the_figures_of_a_clause() -> None:
    row = counted(TRUE=3, FALSE=1, MISSED=2, SILENT=7, AGREED=4, FALSE_PASS=1)

    assert (row.precision, row.recall, row.agreement) == (0.75, 0.6, 0.8)


def test_without_labels_there_are_no_figures() -> None:
    row = counted(SILENT=3)

    assert (row.precision, row.recall, row.agreement) == (None, None, None)


def test_the_total_comes_last_and_clauses_in_the_guides_order() -> None:
    known = labels(finding(1), finding(2, clause="BBB001"), finding(3, clause="CCC001"))
    said = verdicts(AAA001="fail", BBB001="fail", CCC001="fail")

    table = rows(match("sample", known, said, lambda _: 9), ["BBB001", "AAA001"])

    assert [row.name for row in table] == ["BBB001", "AAA001", "CCC001", "total"]
    assert table[-1].violations == 3


def total(row: Row) -> tuple[Row, ...]:
    return (row, Row(name="total", counts=row.counts))


def test_a_clause_is_held_to_its_precision_once_it_has_enough_cases() -> None:
    demands = Demands(precision=0.0, clause_precision=0.9, cases=10)

    assert not shortfalls(total(counted(TRUE=7, FALSE=2)), demands)
    assert shortfalls(total(counted(TRUE=8, FALSE=2)), demands) == (
        "precision of AAA001 is 0.800, less than 0.900",
    )


@pytest.mark.parametrize("kind", ["FALSE_PASS", "STALE"])
def test_one_false_pass_or_stale_label_is_too_many(kind: str) -> None:
    assert len(shortfalls(total(counted(TRUE=99, **{kind: 1})), Demands())) == 1


def test_findings_without_any_label_are_no_shortfall() -> None:
    assert not shortfalls(total(counted()), Demands(recall=1, agreement=1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[project", "is not TOML"),
        (HEAD + finding(1, '""'), "only once a person has filled in"),
        (HEAD + outcome(""), "only once a person has filled in"),
        (HEAD + outcome("passed"), "Invalid enum value"),
        (HEAD + finding(1) + finding(1), "AAA001 a.py 1 is labelled twice"),
        (HEAD + outcome("pass") + outcome("fail"), "AAA001 is labelled twice"),
        (HEAD + finding(0), "has no line 0"),
        (HEAD + outcome("pass").replace("It is so.", " "), "does not say why"),
        (HEAD + "commit_id = 'x'\n", "unknown field `commit_id`"),
        ('[project]\nkind = "x"\n', "needs either pypi or git"),
        (HEAD.replace("==", ">="), "must be NAME==VERSION"),
        ('[project]\nkind = "x"\ngit = "https://x.example/y"\ncommit = "abc"\n', "40 digits"),
    ],
)
def test_a_label_file_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(LabelError, match=said) as caught:
        parse(text, "sample.toml")
    assert "sample.toml" in str(caught.value)


def test_a_project_without_labels_is_named_beside_those_that_exist(tmp_path: Path) -> None:
    (tmp_path / "known.toml").write_text(HEAD)

    with pytest.raises(LabelError, match=r"no labels for other .*there are: known"):
        load(tmp_path, ["other"])


def test_the_corpus_of_the_repository_can_be_read() -> None:
    for name, one in load(Path(__file__).parent.parent.parent / "corpus").items():
        assert one.project.kind, name


def test_sampling_is_capped_counts_labels_and_ignores_what_else_is_found() -> None:
    many = [sighting(line) for line in range(1, 40)]
    chosen = sample(labels(finding(99)), verdicts(*many), 4)
    places = {one.line for one in chosen}

    assert len(chosen) == 3
    assert [one.line for one in chosen] == sorted(places)
    fewer = [one for one in many if one.line in places or one.line % 2]
    assert {one.line for one in sample(labels(finding(99)), verdicts(*fewer), 4)} == places


def test_stubs_become_labels_when_they_are_filled_in_and_not_before() -> None:
    odd = Sighting(
        clause="AAA001", path='od"d\\\n\udc80.py', line=2, rules=("ruff:A",), message="a\nb"
    )
    text = "".join(stubs(labels(), verdicts(odd), 5))

    with pytest.raises(LabelError):
        parse(HEAD + text, "sample.toml")
    filled = text.replace('verdict = ""', "verdict = true").replace(
        'outcome = ""', 'outcome = "fail"'
    )
    known = parse(HEAD + filled.replace('why = ""', 'why = "So."'), "sample.toml")
    assert known.findings[0].path == 'od"d\\\n\ufffd.py'
    assert known.outcomes[0].outcome == "fail"


def test_what_is_labelled_is_not_asked_again() -> None:
    assert not list(stubs(labels(finding(1), outcome("fail")), verdicts(sighting(1)), 5))


def unpacked(folder: Path, version: str) -> Path:
    checkout = folder / "sample"
    checkout.mkdir()
    (checkout / "PKG-INFO").write_text(f"Metadata-Version: 2.1\nName: sample\nVersion: {version}\n")
    (checkout / "a.py").write_text("one\ntwo")
    return checkout


def test_a_checkout_of_another_version_is_refused(tmp_path: Path) -> None:
    checkout = unpacked(tmp_path, "2.0")

    with pytest.raises(LabelError, match=r"is 2\.0, but the labels are of 1\.0"):
        verify("sample", labels().project, checkout)
    verify("sample", ProjectLabel(kind="x", pypi="sample==2.0"), checkout)


def test_lines_are_counted_and_a_missing_file_has_none(tmp_path: Path) -> None:
    checkout = unpacked(tmp_path, "1.0")

    assert (line_count(checkout, "a.py"), line_count(checkout, "b.py")) == (2, 0)
    assert line_count(checkout, ".") == 1


@pytest.mark.parametrize(("verdict", "code"), [("true", 0), ("false", 1)])
def test_measuring_prints_the_figures_and_answers_with_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verdict: str, code: int
) -> None:
    unpacked(tmp_path, "1.0")
    (tmp_path / ".reports").mkdir()
    (tmp_path / ".reports" / "sample.json").write_bytes(report(reported(2)))
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "sample.toml").write_text(HEAD + finding(2, verdict) + outcome("fail"))

    given = ["measure", str(tmp_path), "--corpus", str(corpus), "--reuse"]

    assert command.main(given) == code
    printed = capsys.readouterr().out
    assert ("not good enough: precision is 0.000" in printed) == bool(code)
    assert "1 projects, 2 labels" in printed


def test_a_missing_checkout_is_named_with_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sample.toml").write_text(HEAD)

    assert command.main(["measure", str(tmp_path), "--corpus", str(tmp_path)]) == 2
    assert "bring it with the `fetch` command" in capsys.readouterr().err
