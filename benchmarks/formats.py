"""How long every report format takes for 50,000 findings, and how much memory.

Each format is drawn in a process of its own, from a stored report on disk, as
``doctrine report render`` would. Measured are the seconds from the decoded report to the last byte
in a file, and the peak memory of the whole process, interpreter, report and the decoding of it
included. The limits are 2 s and 300 MB.

Usage: ``python -m benchmarks.formats [--findings N] [--runs N] [FORMAT …]``
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.memory import own_peak

if TYPE_CHECKING:
    from doctrine.reports._shape import FindingV1

SECONDS = 2.0
MEGABYTES = 300.0
FINDINGS = 50_000
_FILES = 700
_ADVICE = frozenset({9})
"""Of ten findings these fail nothing."""
_SUPPRESSED = frozenset({7})
"""Of fifty these are suppressed."""
_MODULES = ("core", "api", "models", "views", "tasks", "parser", "cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What drawing one format took.

    Attributes:
        seconds: From the decoded report to the written file.
        cpu: The same in CPU seconds.
        megabytes: Peak memory of the process.
        written: Size of the file in MB.
    """

    seconds: float
    cpu: float
    megabytes: float
    written: float


def a_large_report(path: Path, findings: int) -> None:
    """Write a stored report with many findings of a real guide's clauses."""
    import msgspec

    from doctrine.guide.loader import load
    from doctrine.model.outcome import Outcome
    from doctrine.reports import _shape as shape
    from doctrine.reports._json import pieces
    from doctrine.reports._stored import stored
    from tests.reports.build import a_report

    guide = load("python")
    found = list(_findings(findings, [one.id for one in guide.clauses if one.scored]))
    by_clause: dict[str, list[str]] = {}
    for one in found:
        for clause in one.clauses:
            by_clause.setdefault(clause, []).append(one.fingerprint)
    plain = stored(a_report())
    clauses = tuple(
        shape.ClauseV1(
            id=clause.id,
            level=clause.level,
            section=clause.section,
            line=clause.line,
            statement=clause.statement,
            outcome=Outcome.FAIL if clause.id in by_clause else Outcome.PASS,
            reason="findings in many files" if clause.id in by_clause else "held",
            verification="automated",
            scored=clause.scored,
            weight=clause.level.weight if clause.scored else 0,
            points_lost=1.0 if clause.id in by_clause else 0.0,
            checks=(
                shape.CheckV1(
                    id="clean",
                    outcome=Outcome.FAIL if clause.id in by_clause else Outcome.PASS,
                    detail="findings in many files",
                    evidence=(),
                    findings=tuple(sorted(by_clause.get(clause.id, ()))),
                ),
            ),
            findings=tuple(sorted(by_clause.get(clause.id, ()))),
            remedy=clause.remedy,
            rationale=clause.rationale,
            members=clause.members,
        )
        for clause in guide.clauses
    )
    report = msgspec.structs.replace(plain, clauses=clauses, findings=tuple(found))
    path.write_text("".join(pieces(report)), "utf-8")


def _findings(count: int, clauses: list[str]) -> Iterator[FindingV1]:
    from doctrine.model.observation import Applicability, Severity
    from doctrine.model.report import FindingStatus
    from doctrine.reports import _shape as shape

    for number in sorted(range(count), key=lambda one: (_path(one), one)):
        line = 3 + number // _FILES * 7
        clause = () if number % 10 in _ADVICE else (clauses[number % 13],)
        yield shape.FindingV1(
            fingerprint=f"{number:016x}",
            clauses=clause,
            path=_path(number),
            line=line,
            column=5,
            end_line=line,
            end_column=29,
            message=f"`value_{number % 997}` is used where the standard asks for something else",
            severity=Severity.ERROR if clause else Severity.INFO,
            reported_by=(shape.ReporterV1(tool="ruff", rule=f"S{number % 13 + 300}"),),
            status=FindingStatus.SUPPRESSED if number % 50 in _SUPPRESSED else FindingStatus.NEW,
            needs_environment=False,
            fix=shape.FixV1(applicability=Applicability.SAFE, description="Replace it")
            if number % 3 == 0
            else None,
        )


def _path(number: int) -> str:
    file = number % _FILES
    return f"src/acme/package_{file // 20}/{_MODULES[file % len(_MODULES)]}_{file}.py"


class _Sources:
    """A source tree of which every file has the same thousand lines."""

    def __init__(self) -> None:
        self._lines = tuple(f"    value_{number} = compute({number})" for number in range(1000))

    def lines(self, path: str) -> tuple[str, ...]:
        del path
        return self._lines


def draw(name: str, report: Path, base: Path | None, output: Path) -> Cost:
    """Draw one format in this process and measure it."""
    import gc

    from doctrine.reports._format import Canvas
    from doctrine.reports._stored import read_stored
    from doctrine.reports.discovery import formats

    form = formats()[name]
    gc.disable()  # as doctrine does
    stored = read_stored(report.read_bytes(), str(report))
    earlier = read_stored(base.read_bytes(), str(base)) if base else None
    form.prepare()
    canvas = Canvas(width=100, root="/srv/acme", sources=_Sources(), base=earlier)
    start, before = time.perf_counter(), time.process_time()
    with output.open("w", encoding="utf-8", errors="backslashreplace") as file:
        for piece in form.render(stored, canvas):
            file.write(piece)
    seconds, cpu = time.perf_counter() - start, time.process_time() - before
    return Cost(
        seconds=seconds,
        cpu=cpu,
        megabytes=own_peak(os.getpid()),
        written=output.stat().st_size / 2**20,
    )


def measure(name: str, report: Path, base: Path | None, runs: int) -> Cost:
    """Draw a format in processes of its own and return the best time with the most memory."""
    costs: list[Cost] = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "benchmarks.formats", "--draw", name]
            command += ["--report", str(report), "--file", str(Path(folder, "drawn"))]
            command += ["--base", str(base)] if base else []
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ})
        costs.append(Cost(**json.loads(done.stdout)))
    return Cost(
        seconds=min(one.seconds for one in costs),
        cpu=min(one.cpu for one in costs),
        megabytes=max(one.megabytes for one in costs),
        written=costs[0].written,
    )


def main() -> int:
    """Print the table; exit 1 if a format is over a limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("formats", nargs="*", help="which; all if left out")
    parser.add_argument("--findings", type=int, default=FINDINGS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--draw", help=argparse.SUPPRESS)
    parser.add_argument("--report", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--base", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.draw:
        print(json.dumps(asdict(draw(given.draw, given.report, given.base, given.file))))
        return 0
    return _table(given.formats, given.findings, given.runs)


def _table(names: list[str], findings: int, runs: int) -> int:
    from doctrine.reports.discovery import formats

    over = 0
    with tempfile.TemporaryDirectory() as folder:
        report, base = Path(folder, "report.json"), Path(folder, "base.json")
        a_large_report(report, findings)
        a_large_report(base, findings * 9 // 10)
        size = report.stat().st_size / 2**20
        print(f"{findings:,} findings, {size:.0f} MB as JSON; limits {SECONDS} s, {MEGABYTES} MB")
        print(f"{'format':<12} {'seconds':>8} {'MB':>6} {'file MB':>8}   with --base: seconds, MB")
        for name in names or sorted(formats()):
            alone, compared = measure(name, report, None, runs), measure(name, report, base, runs)
            worst = max(alone.seconds, compared.seconds), max(alone.megabytes, compared.megabytes)
            bad = worst[0] > SECONDS or worst[1] > MEGABYTES
            over += bad
            print(
                f"{name:<12} {alone.seconds:>8.2f} {alone.megabytes:>6.0f} {alone.written:>8.1f}"
                f"   {compared.seconds:>8.2f} {compared.megabytes:>6.0f}"
                + ("   OVER THE LIMIT" if bad else ""),
                flush=True,
            )
    return int(bool(over))


if __name__ == "__main__":
    raise SystemExit(main())
