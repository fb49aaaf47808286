"""What went wrong outside the judged code, as a report lists it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from doctrine.checks.evidence import change
from doctrine.ignoring import Ignoring, unused_ignores
from doctrine.model.guide import Guide
from doctrine.model.project import Layout, Project
from doctrine.model.report import Problem, ReportFinding
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.model.settings import Settings
from doctrine.model.verdict import ClauseVerdict
from doctrine.project.evidence import missing_files
from doctrine.statements.excusing import unused
from doctrine.statements.screening import Screened, is_url, screen

_NUMBER = re.compile(r"([0-9]{1,18})")


def listed(*problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems from several sources in the order of a report."""
    every = chain.from_iterable(problems)
    return tuple(sorted(every, key=lambda one: (one.tool, _natural(one.message), one.message)))


def _natural(text: str) -> tuple[tuple[str, int], ...]:
    """Return what sorts a text so that line 63 comes before line 110."""
    words = iter(_NUMBER.split(text))
    return tuple((word, int(next(words, "0"))) for word in words)


def remarked(settings: Settings) -> Iterator[Problem]:
    """Yield what a reader has to know about how far the project was believed."""
    return (Problem(tool="doctrine", message=one) for one in settings.trust.remarks)


def screened(settings: Settings, guide: Guide) -> Screened:
    """Return which waivers and attestations can be honoured.

    Args:
        settings: The entries, and the day.
        guide: The clauses they can be about.
    """
    named = (item for entry in settings.entries for item in entry.evidence if not is_url(item))
    return screen(settings.entries, guide, settings.today, missing_files(settings.root, named))


def disregarded(
    entries: Screened, verdicts: tuple[ClauseVerdict, ...], layout: Layout
) -> Iterator[Problem]:
    """Yield what is the matter with entries that are not honoured.

    Args:
        entries: As they were screened.
        verdicts: What became of the clauses.
        layout: What was judged: an entry may be for what was left out.
    """
    whole = layout.files and not layout.restricted
    told = (*entries.refused, *(unused(entries, verdicts) if whole else ()))
    return (Problem(tool="doctrine", message=one) for one in told)


def silent(
    ignoring: Ignoring,
    findings: Iterable[ReportFinding],
    guide: Guide,
    runs: Iterable[ToolRun],
) -> Iterator[Problem]:
    """Yield what is the matter with comments that ask doctrine to ignore something.

    Args:
        ignoring: As they were screened.
        findings: Every finding.
        guide: The clauses that are judged.
        runs: Every tool run.
    """
    told = (*ignoring.refused, *unused_ignores(ignoring, findings, guide, runs))
    return (Problem(tool="doctrine", message=one) for one in told)


def unsteady(changed: Sequence[str]) -> Iterator[Problem]:
    """Yield that files changed while they were judged, if any did.

    Args:
        changed: Their paths.
    """
    if changed:
        yield Problem(tool="doctrine", message=f"{change(changed)}; nothing passes until then")


def troubles(project: Project, runs: Sequence[ToolRun], *, whole: bool = True) -> Iterator[Problem]:
    """Yield everything that kept something from being judged.

    Args:
        project: Its files, and those that could not be read.
        runs: Every tool run.
        whole: Whether the whole project is judged, and so what cannot be read of its automation
            and configuration matters.
    """
    for run in runs:
        if run.status not in {ToolStatus.OK, ToolStatus.SKIPPED}:
            yield Problem(tool=run.name, message=run.message)
    for module in project.modules:
        if module.flaw is not None:
            where = f":{module.flaw_location.line}" if module.flaw_location else ""
            yield Problem(
                tool="doctrine",
                message=f"{module.path}{where}: {module.flaw}: {module.flaw_detail}; mend it, or "
                "leave it out with `exclude` under [tool.doctrine]",
            )
    target = project.layout.target
    if target.specifier and not target.minors:
        place = target.evidence[0]
        message = f"{place.path}:{place.line}: {place.detail}; write what is supported: `>=3.11`"
        yield Problem(tool="doctrine", message=message)
    unread = {**project.unread, **project.automation.unread} if whole else {}
    for path, why in unread.items():
        yield Problem(tool="doctrine", message=f"{path}: {why}")
