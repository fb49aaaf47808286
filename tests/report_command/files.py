"""Reports on disk, and the program run on them in this process."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import msgspec
import pytest
from jsonschema import Draft202012Validator

from doctrine.cli.main import run
from doctrine.reports import _shape as shape
from doctrine.reports._json import pieces
from doctrine.reports._stored import stored
from tests.reports.build import a_report

REPORT = stored(a_report())


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    code: int
    out: str
    err: str


def put(path: Path, report: shape.ReportV1 = REPORT) -> str:
    """Write a report and return the file's name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(pieces(report)), "utf-8")
    return str(path)


def with_clause(
    clause_id: str, report: shape.ReportV1 = REPORT, **changes: object
) -> shape.ReportV1:
    """Return a report with one clause changed."""
    clauses = (
        msgspec.structs.replace(one, **changes) if one.id == clause_id else one
        for one in report.clauses
    )
    return msgspec.structs.replace(report, clauses=tuple(clauses))


def report_command(capsys: pytest.CaptureFixture[str], *arguments: str) -> Said:
    """Run ``doctrine report`` and return what it said."""
    code = run(["report", *arguments])
    sys.stdout.flush()
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert "internal error" not in said.err
    return Said(code=code, out=said.out, err=said.err)


def admits(schema: str, document: dict[str, object]) -> bool:
    """Return whether a JSON Schema, which has to be one itself, admits a document."""
    rules = msgspec.json.decode(schema, type=dict[str, object])
    Draft202012Validator.check_schema(rules)
    try:
        jsonschema.validate(document, rules, Draft202012Validator)
    except jsonschema.ValidationError:
        return False
    return True
