"""Puts the page together: what is worked out of the report, the template, style and script."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from itertools import chain

from markupsafe import Markup

from doctrine.model.outcome import Outcome
from doctrine.reports._digest import rule_of
from doctrine.reports._format import Canvas
from doctrine.reports._shape import FindingV1, ReportV1
from doctrine.reports._since import in_words, since
from doctrine.reports.html.clauses import Behind, evidence, sections
from doctrine.reports.html.files import by_clause, files, tiles
from doctrine.reports.html.judgement import judgement
from doctrine.reports.html.ledger import ledger
from doctrine.reports.html.quotes import Quotes
from doctrine.reports.html.stated import stated
from doctrine.reports.html.template import environment, reference, resource

_QUOTED = 200
"""Findings of a rule that are quoted; whoever reads so many has seen what they look like."""
_NEW = 20
"""New findings that are shown without a script."""
_BUFFERED = 64
_NONE: frozenset[str] = frozenset()


def pieces(report: ReportV1, canvas: Canvas) -> Iterator[str]:
    """Yield the page.

    Args:
        report: What to show.
        canvas: Its sources are quoted, and an earlier report is compared with.
    """
    style, script = resource("page.css"), resource("page.js")
    behind, blamed = Behind(report), by_clause(report)
    quotes = _quotes(report, canvas, behind)
    by_section = sections(report, behind, quotes)
    anchors = {view.clause.id: view.anchor for one in by_section for view in one.clauses}
    found = files(report.findings, blamed)
    change = since(report, canvas)
    fresh = (change and change.new) or _NONE
    data = ledger(report.findings, quotes, blamed=blamed, fresh=fresh)
    stream = (
        environment()
        .get_template("page.html.jinja")
        .stream(
            report=report,
            judgement=judgement(report),
            sections=by_section,
            files=found,
            tiles=tiles(found),
            blamed=len(blamed),
            stated=stated(report),
            change=change,
            changed=in_words(change) if change else "",
            fresh=tuple(one for one in report.findings if one.fingerprint in fresh)[:_NEW],
            reference=partial(reference, anchors),
            policy=_policy(style, script),
            style=Markup(style),  # noqa: S704 - a file of ours
            script=Markup(script),  # noqa: S704 - a file of ours
            data=map(Markup, data),
        )
    )
    stream.enable_buffering(_BUFFERED)
    yield from stream


def _policy(style: str, script: str) -> str:
    """Return the content security policy: this style, this script, and nothing from anywhere."""
    hashes = (
        f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (style, script)
    )
    return (
        "default-src 'none'; style-src {}; script-src {}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    ).format(*hashes)


def _quotes(report: ReportV1, canvas: Canvas, behind: Behind) -> Quotes:
    places = (
        (one.path, one.line)
        for clause in report.clauses
        for check in clause.checks
        if check.outcome is not Outcome.PASS
        for one in evidence(check)
    )
    return Quotes(canvas.sources, chain(behind.findings(), _sample(report)), places)


def _sample(report: ReportV1) -> Iterator[FindingV1]:
    """Yield the first findings of each rule."""
    seen: Counter[str] = Counter()
    for one in report.findings:
        rule = rule_of(one)
        seen[rule] += 1
        if seen[rule] <= _QUOTED:
            yield one
