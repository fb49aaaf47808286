from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from doctrine.model.replacing import replace
from doctrine.model.report import Grade, Report
from doctrine.reports._format import Canvas
from doctrine.reports._places import portable_argv
from doctrine.reports._shape import FindingV1, ReportV1
from doctrine.reports._stored import points_lost, stored
from doctrine.reports.discovery import formats
from tests.reports.build import a_finding, a_partial_report, a_report, an_empty_report
from tests.reports.goldens import rendered
from tests.reports.strategies import DRAWN, REPORTS

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


@cache
def _schema() -> dict[str, object]:
    text = files("doctrine.reports").joinpath("report-v1.schema.json").read_text("utf-8")
    return msgspec.json.decode(text, type=dict[str, object])


def _is_valid(document: Json) -> bool:
    checker = Draft202012Validator.FORMAT_CHECKER
    try:
        jsonschema.validate(document, _schema(), Draft202012Validator, format_checker=checker)
    except jsonschema.ValidationError:
        return False
    return True


def _decoded(report: Report) -> ReportV1:
    return msgspec.json.decode(rendered("json", report), type=ReportV1)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(_schema())


@pytest.mark.parametrize("report", [a_report(), an_empty_report(), a_partial_report()])
def test_reports_keep_the_published_contract(report: Report) -> None:
    assert _is_valid(json.loads(rendered("json", report)))


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("verdict",), "fine"),
        (("grade", "letter"), "E"),
        (("clauses", 0, "outcome"), "ok"),
        (("run", "tools", 0, "status"), "dead"),
        (("findings", 0, "line"), 0),
        (("findings", 0, "severity"), "fatal"),
        (("guide", "digest"), "md5:1"),
        (("schema",), "doctrine.report/v2"),
        (("partial",), {"picked": "guessed"}),
    ],
)
def test_the_schema_refuses_what_is_not_in_the_contract(
    path: tuple[str | int, ...], wrong: str | int
) -> None:
    document = json.loads(rendered("json", a_report()))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = wrong
    assert not _is_valid(document)


def test_keys_come_in_the_documented_order() -> None:
    document = json.loads(rendered("json", a_report()))
    assert list(document) == list(msgspec.json.decode(msgspec.json.encode(_schema()["properties"])))
    assert list(document["findings"][0]) == [
        *("fingerprint", "clauses", "path", "line", "column", "end_line", "end_column"),
        *("message", "severity", "reported_by", "status", "needs_environment", "fix"),
        "suppression",
    ]
    assert list(document["clauses"][0]) == [
        *("id", "level", "section", "line", "statement", "outcome", "reason", "verification"),
        *("scored", "weight", "points_lost", "checks", "findings", "remedy"),
        *("waiver", "attestation", "rationale", "members", "partial"),
    ]


def test_every_documented_key_is_required_and_further_ones_are_allowed() -> None:
    document = json.loads(rendered("json", a_report()))
    document["later"] = document["findings"][0]["later"] = True
    assert _is_valid(document)
    del document["findings"][0]["fix"]
    assert not _is_valid(document)


@DRAWN
@given(REPORTS)
def test_any_report_renders_to_valid_json_that_reads_back(report: Report) -> None:
    text = rendered("json", report)
    text.encode("utf-8")
    document = json.loads(text)
    assert _is_valid(document)
    decoded = msgspec.json.decode(text, type=ReportV1)
    assert json.loads(msgspec.json.encode(decoded)) == document
    assert [one.message for one in decoded.findings] == [
        one.message.encode("utf-8", "backslashreplace").decode() for one in report.findings
    ]


def test_findings_carry_everyone_who_reported_them() -> None:
    merged = next(one for one in _decoded(a_report()).findings if one.fingerprint == "r2")
    assert [(one.tool, one.rule) for one in merged.reported_by] == [
        ("ruff", "S311"),
        ("security", "random-secret"),
    ]
    assert (merged.path, merged.line, merged.column, merged.end_column) == (
        "src/acme/tokens.py",
        12,
        5,
        14,
    )


def test_suppressed_and_accepted_findings_are_kept() -> None:
    statuses = {one.fingerprint: one.status.value for one in _decoded(a_report()).findings}
    assert statuses["s1"] == "suppressed"
    assert statuses["b1"] == "baseline"
    assert len(statuses) == len(a_report().findings)


def test_no_report_names_the_machine() -> None:
    report = a_report()
    text = rendered("json", report)
    for folder in (report.root, report.scratch, "/opt/", "/usr/", "/home/"):
        assert folder not in text
    mypy = next(run for run in _decoded(report).run.tools if run.name == "mypy")
    assert mypy.argv == (
        "./.venv/bin/mypy",
        "--output=json",
        "--cache-dir={scratch}/mypy",
        "--python-executable={elsewhere}/python3.13",
        "./src",
    )


@pytest.mark.parametrize("name", ["python", "python3", "python3.13", "python3.14t", "python.exe"])
def test_an_interpreter_has_one_name_on_all_machines(name: str) -> None:
    argv = (f"/opt/{name}", "-m", "x")
    assert portable_argv(argv, lambda text: text) == ("python", "-m", "x")


def test_a_root_that_starts_every_path_is_no_root_to_replace() -> None:
    report = replace(a_report(), root="/", scratch="")
    pyright = next(run for run in _decoded(report).run.tools if run.name == "pyright")
    assert pyright.message is not None
    assert "/home/ada/acme-shop" in pyright.message


def test_a_folder_with_a_longer_name_is_not_the_root() -> None:
    report = a_report()
    run = replace(report.tools[1], argv=("tool", "/home/ada/acme-shop-2", "/home/ada/acme-shop"))
    assert _decoded(replace(report, tools=(run,))).run.tools[0].argv == (
        "tool",
        "{elsewhere}/acme-shop-2",
        ".",
    )


def test_percentages_have_one_decimal_and_points_add_up() -> None:
    decoded = _decoded(a_report())
    assert decoded.grade.score is not None
    assert decoded.grade.score == round(decoded.grade.score, 1)
    lost = sum(round(100 * one.points_lost) for one in decoded.clauses)
    assert lost == round(100 * (100 - decoded.grade.score))


@given(
    st.lists(st.sampled_from((1, 3)), min_size=1, max_size=90),
    st.integers(min_value=0, max_value=300),
)
def test_rounded_points_sum_to_what_is_missing(weights: list[int], held: int) -> None:
    total = sum(weights) + held
    lost = {f"C{index:03}": 100 * weight / total for index, weight in enumerate(weights)}
    score = 100 * held / total
    grade = Grade(
        letter="C",
        score=score,
        score_with_waivers=score,
        score_ceiling=score,
        assurance=100.0,
        provisional=False,
        capped_by=(),
        points_lost=lost,
    )
    rounded = points_lost(grade)
    hundredths = {key: round(100 * value) for key, value in rounded.items()}
    assert sum(hundredths.values()) == round(100 * (100 - round(score, 1)))
    # The one decimal of the score moves no clause by more than that decimal is worth.
    assert all(abs(rounded[key] - value) <= 0.061 for key, value in lost.items())


def test_unscored_clauses_weigh_nothing() -> None:
    by_id = {one.id: one for one in _decoded(a_report()).clauses}
    assert (by_id["TYP005"].scored, by_id["TYP005"].weight) == (False, 0)
    assert (by_id["SEC005"].scored, by_id["SEC005"].weight) == (True, 3)


def test_many_findings_come_in_many_pieces() -> None:
    many = tuple(a_finding(f"f{number}", line=number + 1) for number in range(5000))
    report = replace(a_report(), findings=many)
    sizes = [len(piece) for piece in _pieces(report)]
    assert sum(sizes) > 1_000_000
    assert max(sizes) < sum(sizes) / 10
    found = msgspec.json.decode("".join(_pieces(report)), type=ReportV1).findings
    assert [one.line for one in found] == list(range(1, 5001))


def _pieces(report: Report) -> list[str]:
    return list(formats()["json"].render(stored(report), Canvas()))


def test_a_finding_is_a_line_so_that_reports_can_be_compared() -> None:
    lines = rendered("json", a_report()).splitlines()
    found = [line for line in lines if line.startswith('{"fingerprint":')]
    assert len(found) == len(a_report().findings)
    assert msgspec.json.decode(found[0].rstrip(","), type=FindingV1).path == "src/acme/api.py"
