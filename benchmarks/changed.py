"""What a ``doctrine check`` costs where one file has changed since the last one, tool by tool.

A copy of the project is checked until all is kept, and then once more after each edit: a function is
added to a file, which gives no other file anything to complain of. Beside the seconds of the whole
check stands what became of each tool: its own seconds, or that its result was reused.

Usage: ``python -m benchmarks.changed --file PATH … [--work DIR] FOLDER``

With ``--work`` the copy and what is kept stay in that folder, and are used again: so the first,
long check need not be made while other work has to rest.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks.equal import copied, report_of
from benchmarks.settled import SETTLED
from doctrine.reports._shape import ReportV1

_ADDED = '\n\ndef _added_by_the_benchmark(number: int) -> int:\n    """Return {}."""\n    return number\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One check: its wall seconds, and those of each tool; None for a result that was reused."""

    wall: float
    tools: dict[str, float | None]


def measured(folder: Path, cache: Path) -> Sample:
    """Check a folder once."""
    start = time.perf_counter()
    raw = report_of(folder, ("--cache-dir", str(cache)))
    wall = time.perf_counter() - start
    if not raw:
        raise SystemExit(f"doctrine failed on {folder}")
    report = msgspec.json.decode(raw, type=ReportV1)
    tools = {one.name: None if one.cached else one.seconds for one in report.run.tools}
    return Sample(wall=wall, tools=tools)


def show(label: str, sample: Sample) -> None:
    """Print one check."""
    ran = {name: took for name, took in sample.tools.items() if took}
    order = sorted(ran, key=lambda name: -ran[name])
    told = ", ".join(f"{name} {ran[name]:.2f}" for name in order)
    reused = sum(took is None for took in sample.tools.values())
    print(f"{label:36} {sample.wall:7.2f} s   {told}; {reused} reused", flush=True)


def main() -> None:
    """Measure the folder of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--file", action="append", default=[], required=True)
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    os.environ.pop("DOCTRINE_NO_CACHE", None)
    with copied(options.folder, options.work) as (copy, cache):
        if not cache.exists():
            time.sleep(SETTLED)
            show("everything", measured(copy, cache))
        time.sleep(SETTLED)
        show("nothing changed", measured(copy, cache))
        for number, path in enumerate(options.file):
            target = copy / path
            before = target.read_text(encoding="utf-8")
            target.write_text(before + _ADDED.format(number), encoding="utf-8")
            try:
                show(path, measured(copy, cache))
            finally:
                target.write_text(before, encoding="utf-8")


if __name__ == "__main__":
    main()
