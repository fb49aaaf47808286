"""How time and memory of doctrine itself grow with a project, up to a million lines.

A project is made of packages of this environment, repeated under names of their own until it has as
many lines and files as asked. Doctrine checks a sixteenth of it, an eighth, a quarter, a half and all.
Its own CPU seconds are measured by phase, and its own peak memory; the tools are stood in for by what
they print (`replay`), since they would take hours. For each phase the exponent with which it grows is
fitted: 1 is linear, 2 is quadratic.

Usage: ``python -m benchmarks.scale [--lines N] [--files N] [--steps N] [--json FILE]``
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from benchmarks.formats import measure as drawn
from benchmarks.scale.copies import lines, unit, write
from benchmarks.scale.phases import Took
from benchmarks.scale.replay import prepare, record
from doctrine.reports.discovery import formats

LINES, FILES = 1_000_000, 20_000
MEMORY_FACTOR, MEMORY_BASE = 2.0, 150.0
"""Doctrine may take this many times the report that it writes, and so many MB more."""
LINEAR = 1.15
"""The exponent up to which growth counts as linear: what is fitted has noise."""
NEGLIGIBLE = 0.25
"""CPU seconds of the largest project below which an exponent says nothing."""


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """A project, and what the tools print of it.

    Attributes:
        copies: How often the packages are in it.
        files: Python files.
        lines: Their lines.
        printed_mb: What the tools print.
    """

    copies: int
    files: int
    lines: int
    printed_mb: float


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """What one size of the project took.

    Attributes:
        size: The project.
        report_mb: The JSON report.
        findings: How many are in it.
        seconds: CPU seconds of doctrine itself by phase.
        total: All CPU seconds of the check.
        peak_mb: Its own peak memory.
        warm_mb: The same where nothing has changed.
        format_mb: Peak memory of each format's process.
    """

    size: Size
    report_mb: float
    findings: int
    seconds: dict[str, float]
    total: float
    peak_mb: float
    warm_mb: float
    format_mb: dict[str, float]

    @property
    def allowed_mb(self) -> float:
        """How much memory it may take."""
        return MEMORY_FACTOR * self.report_mb + MEMORY_BASE


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the power of the size with which seconds grow: the slope of their logarithms.

    Args:
        sizes: At least two different ones.
        seconds: As many, each more than zero.
    """
    xs, ys = [math.log(one) for one in sizes], [math.log(one) for one in seconds]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True))
    return over / sum((a - x) ** 2 for a in xs)


def measure(work: Path, size: Size, names: Sequence[str]) -> Sample:
    """Check a project of one size without a cache's help, then with it, then draw every format."""
    report = work / "report.json"
    shutil.rmtree(work / "cache", ignore_errors=True)
    cold = _checked(work, report)
    time.sleep(2.5)  # the times of files can be relied on then
    warm = _checked(work, report)
    drawings = {name: drawn(name, report, None, 1) for name in names}
    seconds = {f"drawing {name}": cost.cpu for name, cost in drawings.items()}
    return Sample(
        size=size,
        report_mb=report.stat().st_size / 2**20,
        findings=report.read_bytes().count(b'"fingerprint":'),
        seconds={**cold.seconds, "warm": warm.total, **seconds},
        total=cold.total,
        peak_mb=cold.peak,
        warm_mb=warm.peak,
        format_mb={name: cost.megabytes for name, cost in drawings.items()},
    )


def _checked(work: Path, report: Path) -> Took:
    argv = [sys.executable, "-m", "benchmarks.scale.phases"]
    argv += [str(work / "project"), str(work / "outputs"), str(report)]
    homes = {"DOCTRINE_CACHE_DIR": str(work / "cache"), "XDG_CACHE_HOME": str(work / "home")}
    done = subprocess.run(
        argv,
        env={**os.environ, **homes},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr.decode())
    _require_trust(report)
    return msgspec.json.decode(done.stderr, type=Took)


def _require_trust(report: Path) -> None:
    """Stop where a tool's output was not believed: nothing would be measured of it then."""
    tools = msgspec.json.decode(report.read_bytes(), type=_Report).run.tools
    for one in tools:
        if one.status not in {"ok", "skipped"}:
            raise SystemExit(f"{one.name} is {one.status}: {one.message}")


class _Tool(msgspec.Struct):
    name: str
    status: str
    message: str | None = None


class _Run(msgspec.Struct):
    tools: list[_Tool]


class _Report(msgspec.Struct):
    run: _Run


def ladder(copies: int, steps: int) -> tuple[int, ...]:
    """Return how many copies there are at each step: the last has all, each before it half."""
    return tuple(dict.fromkeys(max(copies >> step, 1) for step in reversed(range(steps))))


def samples(work: Path, options: argparse.Namespace) -> Iterator[Sample]:
    """Yield what each size took, the smallest first."""
    sources = unit()
    each = lines(sources)
    copies = max(math.ceil(options.lines / each), math.ceil(options.files / len(sources)))
    shutil.rmtree(work / "project", ignore_errors=True)
    write(work / "project", sources, range(1))
    print(f"one copy: {len(sources)} files, {each:,} lines; the tools run on it", flush=True)
    said = record(work / "project")
    there = 1
    for many in ladder(copies, options.steps):
        write(work / "project", sources, range(there, many))
        there = many
        shutil.rmtree(work / "outputs", ignore_errors=True)
        printed = prepare(work / "outputs", said, many)
        size = Size(
            copies=many, files=many * len(sources), lines=many * each, printed_mb=printed / 2**20
        )
        sample = measure(work, size, options.formats)
        show(sample)
        yield sample


def show(sample: Sample) -> None:
    """Print what one size took."""
    print(
        f"{sample.size.copies:4} copies {sample.size.files:6,} files {sample.size.lines:9,} lines "
        f"{sample.findings:7,} findings  tools print {sample.size.printed_mb:6.0f} MB, "
        f"report {sample.report_mb:6.1f} MB, own peak {sample.peak_mb:6.0f} MB "
        f"({sample.allowed_mb:.0f} allowed), CPU {sample.total:6.1f} s",
        flush=True,
    )


def summary(found: Sequence[Sample]) -> int:
    """Print a line for each phase, and return how many grow faster than the project."""
    over = 0
    print(
        f"\n{'CPU seconds':24}" + "".join(f"{one.size.lines:>11,}" for one in found) + "  exponent"
    )
    for phase in found[-1].seconds:
        took = [max(one.seconds[phase], 1e-4) for one in found]
        # The smallest sizes show what is fixed, the largest what grows.
        power = exponent([one.size.lines for one in found[-3:]], took[-3:])
        bad = power > LINEAR and took[-1] > NEGLIGIBLE
        over += bad
        row = "".join(f"{one:11.2f}" for one in took)
        print(f"{phase:24}{row}  {power:8.2f}" + ("  GROWS FASTER" if bad else ""))
    for one in found:
        for name, peak in {
            "the check": one.peak_mb,
            "nothing changed": one.warm_mb,
            **one.format_mb,
        }.items():
            if peak > one.allowed_mb:
                over += 1
                print(
                    f"{one.size.lines:,} lines, {name}: {peak:.0f} MB, {one.allowed_mb:.0f} allowed"
                )
    return over


def main() -> int:
    """Measure; exit 1 if something grows faster than the project."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--formats", nargs="*", default=sorted(formats()))
    parser.add_argument("--work", type=Path, help="make the project here, and leave it")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        found = tuple(samples(options.work or Path(scratch), options))
    over = summary(found)
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1))
    return int(over > 0)


if __name__ == "__main__":
    raise SystemExit(main())
