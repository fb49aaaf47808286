"""How long a ``doctrine check`` takes where nothing has changed since the last one.

For each project folder given, in one run on one machine: a check without a cache, one that fills a
new cache, one that reuses the report and draws it, and then as many as asked that reuse both. Seconds
are wall time of the whole process; the ratio is that of the check without a cache to the median of
the last ones. Whether a tool was started is seen from outside.

Usage: ``python -m benchmarks.warm [--runs N] [--format NAME] [--json FILE] FOLDER …``
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.settled import SETTLED
from doctrine.children import Spent

POLL = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One whole process: wall and CPU seconds, and the programs that it started."""

    wall: float
    cpu: float
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything measured on one project."""

    project: str
    cold: Sample
    filling: Sample
    drawing: Sample
    warm: tuple[Sample, ...]
    kept_mb: float

    @property
    def median(self) -> float:
        """The median of the warm checks, in seconds."""
        return statistics.median(one.wall for one in self.warm)


def measured(folder: Path, cache: Path, *words: str) -> Sample:
    """Run ``doctrine check`` once, watching it from outside."""
    argv = [sys.executable, "-m", "doctrine", "check", str(folder), *words]
    kept = {"DOCTRINE_CACHE_DIR": str(cache), "XDG_CACHE_HOME": str(cache.parent / "home")}
    with tempfile.TemporaryFile() as sink:
        spent = Spent()
        start = time.perf_counter()
        process = subprocess.Popen(
            argv,
            stdout=sink,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **kept},
        )
        children = _watched(process)
        wall = time.perf_counter() - start
        cpu = spent.last()
        if process.returncode not in {0, 1, 3}:
            sink.seek(0)
            raise SystemExit(f"doctrine failed on {folder}:\n{sink.read().decode()}")
    return Sample(wall=wall, cpu=cpu, children=children)


def _watched(process: subprocess.Popen[bytes]) -> tuple[str, ...]:
    """Wait for a process, and return the names of the programs that it started."""
    own = psutil.Process(process.pid)
    seen: set[str] = set()
    while process.poll() is None:
        try:
            seen.update(child.name() for child in own.children())
        except psutil.Error:
            continue
        time.sleep(POLL)
    return tuple(sorted(seen))


def measure(folder: Path, runs: int, words: Sequence[str]) -> Result:
    """Measure one project."""
    with tempfile.TemporaryDirectory() as scratch:
        cache = Path(scratch, "cache")
        cold = measured(folder, cache, *words, "--no-cache")
        filling = measured(folder, cache, *words)
        time.sleep(SETTLED)
        drawing = measured(folder, cache, *words)
        warm = tuple(measured(folder, cache, *words) for _ in range(runs))
        kept = sum(one.stat().st_size for one in cache.rglob("*") if one.is_file())
    return Result(
        project=folder.name,
        cold=cold,
        filling=filling,
        drawing=drawing,
        warm=warm,
        kept_mb=kept / 1e6,
    )


def show(result: Result) -> None:
    """Print one project's figures."""
    started = {name for one in result.warm for name in one.children} - {"git"}
    print(f"\n{result.project}")
    print(f"  without a cache        {result.cold.wall:8.2f} s")
    print(f"  filling a new one      {result.filling.wall:8.2f} s")
    print(f"  first with it          {result.drawing.wall:8.2f} s")
    print(f"  nothing changed        {result.median:8.2f} s", end="")
    print(f"   {result.cold.wall / result.median:.0f} x faster than without")
    print(f"    raw                  {', '.join(f'{one.wall:.3f}' for one in result.warm)}")
    print(f"    CPU                  {statistics.median(one.cpu for one in result.warm):8.2f} s")
    print(f"  tools started          {', '.join(sorted(started)) or 'none'}")
    print(f"  kept                   {result.kept_mb:8.1f} MB")


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the folders of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--format", default="terminal")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    words = ("--format", options.format)
    results = [measure(folder, options.runs, words) for folder in options.folders]
    for result in results:
        show(result)
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=2))


if __name__ == "__main__":
    main()
