"""What reports must have in common to be parts of one, and what they contradict each other in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doctrine.errors import UsageError
from doctrine.model.guide import Level
from doctrine.reports._merge.shard import Shard
from doctrine.reports._shape import ReportV1


def require_one_maker(shards: Sequence[Shard]) -> None:
    """Refuse reports that were not made by one doctrine from one guide.

    Args:
        shards: At least one.

    Raises:
        UsageError: Two differ; outcomes by different clauses have no common meaning.
    """
    first = shards[0]
    for shard in shards[1:]:
        ours, theirs = _maker(first.report), _maker(shard.report)
        for what, value in ours.items():
            if value != theirs[what]:
                raise UsageError(
                    f"{first.name} and {shard.name} cannot be merged: they differ in the {what}, "
                    f"{value} and {theirs[what]}",
                    hint="make all of them with one version of doctrine",
                )


def require_whole(shards: Sequence[Shard]) -> None:
    """Refuse reports that judged nothing, that are given twice, or whose clauses are damaged.

    Args:
        shards: Reports of one maker.

    Raises:
        UsageError: A report cannot be a part.
    """
    expected = _clauses(shards[0])
    for number, shard in enumerate(shards):
        if not shard.report.project.python_files:
            raise UsageError(
                f"{shard.name} judged no Python file, so it says nothing about the project",
                hint="leave it out",
            )
        if _clauses(shard) != expected:
            raise UsageError(
                f"{shards[0].name} and {shard.name} do not have the same clauses, though they are "
                "of the same guide: one of them is damaged",
                hint="make both anew",
            )
        for other in shards[:number]:
            if other.folder == shard.folder and other.report == shard.report:
                raise UsageError(
                    f"{other.name} and {shard.name} are the same report",
                    hint="give each part once; FOLDER=FILE says where a part lies",
                )


def common_name(shards: Sequence[Shard], name: str) -> str:
    """Return the name of the whole.

    Args:
        shards: The parts.
        name: What the user calls it; empty for what all parts are called.

    Raises:
        UsageError: The parts have several names, and the user gave none.
    """
    names = sorted({shard.report.project.name for shard in shards})
    if name or len(names) == 1:
        return name or names[0]
    raise UsageError(
        f"these are reports of different projects: {', '.join(names)}",
        hint="`--project NAME` says that they are parts of one, and what it is called",
    )


def overlaps(shards: Sequence[Shard], placed: Sequence[ReportV1]) -> Iterator[str]:
    """Yield the pairs of parts that judged the same Python files, as sentences.

    Args:
        shards: The parts.
        placed: Their reports as the project's root sees them, in the same order.
    """
    paths = [_sources(report) for report in placed]
    for number, shard in enumerate(shards):
        for other in range(number):
            both = sorted(paths[number] & paths[other])
            if both:
                more = f" and {len(both) - 1:,} more files" if len(both) > 1 else ""
                yield (
                    f"{shards[other].label} and {shard.label} both judged {both[0]}{more}: each "
                    "finding is told once, and the files and lines of the project are counted twice"
                )


def _maker(report: ReportV1) -> dict[str, str]:
    made, guide = report.doctrine, report.guide
    return {
        "guide": guide.id,
        "version of the guide": guide.version,
        "text of the guide": guide.digest,
        "registry of clauses": made.registry,
        "version of doctrine": made.version,
        "scoring model": str(made.scoring_model),
    }


def _clauses(shard: Shard) -> tuple[tuple[str, Level, bool, tuple[str, ...]], ...]:
    found = [(one.id, one.level, one.scored, one.members) for one in shard.report.clauses]
    if len({one[0] for one in found}) != len(found):
        raise UsageError(f"{shard.name} has a clause twice: it is damaged", hint="make it anew")
    return tuple(found)


def _sources(report: ReportV1) -> set[str]:
    places = {one.path for one in report.findings}
    for clause in report.clauses:
        places.update(one.path for check in clause.checks for one in check.evidence)
    return {path for path in places if path.endswith((".py", ".pyi"))}
