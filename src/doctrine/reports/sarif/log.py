"""Writes a SARIF log of one run, result by result."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doctrine.reports._json import array, encoded
from doctrine.reports._shape import ReportV1
from doctrine.reports._text import visible
from doctrine.reports.sarif.notes import descriptors, invocation
from doctrine.reports.sarif.places import ROOT
from doctrine.reports.sarif.results import kept, results
from doctrine.reports.sarif.rules import described
from doctrine.reports.sarif.shape import Decided, Guide, RunProperties

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_HOME = "https://github.com/doctrine-check/doctrine"
_SEMANTIC = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?\Z", re.ASCII)
_ROOT_TEXT = "The root of the repository, or of the project where it is in none."


def pieces(report: ReportV1, folder: str, *, whole: bool) -> Iterator[str]:
    """Yield the log, with one result a line.

    Args:
        report: Any report.
        folder: The project's folder inside its repository.
        whole: Whether to tell what does not count: what is suppressed, and advice.
    """
    told = kept(report, whole=whole)
    clauses = {clause.id for clause in report.clauses}
    foreign = (one.rule for one in told.entries if one.rule not in clauses)
    rules = described(report.clauses, report.guide, foreign)
    version = visible(report.doctrine.version)
    semantic = f'"semanticVersion": {encoded(version)},\n' if _SEMANTIC.match(version) else ""
    yield (
        f'{{\n"$schema": {encoded(_SCHEMA)},\n"version": "2.1.0",\n"runs": [\n{{\n'
        f'"tool": {{"driver": {{"name": "doctrine", "version": {encoded(version)}, {semantic}'
        f'"informationUri": {encoded(_HOME)},\n"rules": '
    )
    yield from array(rules.descriptors)
    yield ',\n"notifications": '
    yield from array(descriptors(report))
    yield '\n}},\n"invocations": '
    yield from array((invocation(report, told, rules),))
    yield (
        f',\n"originalUriBaseIds": {{"{ROOT}": {{"description": {{"text": "{_ROOT_TEXT}"}}}}}},\n'
        '"columnKind": "unicodeCodePoints",\n'
        f'"properties": {encoded(_properties(report))},\n"results": '
    )
    yield from array(results(told.entries, rules, folder))
    yield "\n}\n]\n}\n"


def _properties(report: ReportV1) -> RunProperties:
    grade, guide = report.grade, report.guide
    return RunProperties(
        verdict=report.verdict,
        grade=grade.letter,
        score=grade.score,
        assurance=grade.assurance,
        guide=Guide(
            id=visible(guide.id), version=visible(guide.version), digest=visible(guide.digest)
        ),
        clauses=tuple(
            Decided(id=visible(clause.id), outcome=clause.outcome.value)
            for clause in report.clauses
        ),
    )
