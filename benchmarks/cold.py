"""How close a cold ``doctrine check`` comes to what the tools themselves need.

For each project folder given, in one run on one machine:

- every tool's own commands, exactly as doctrine plans them, one tool after another, alone:
  wall time and CPU time;
- from these the lower bound: the slowest tool alone, or all CPU time divided by the cores,
  whichever is more;
- ``doctrine check`` as a whole process: wall time, the time until its first tool exists, and its
  own peak memory;
- the ratios, each from the medians of the same run.

Usage: ``python -m benchmarks.cold [--runs N] [--json FILE] FOLDER …``
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.memory import high_water
from doctrine.app import planned_steps
from doctrine.children import Spent
from doctrine.cli.check import Silence
from doctrine.config import load_settings
from doctrine.plan import Step
from doctrine.project.pyproject import read_pyproject
from doctrine.project.root import resolve_root
from doctrine.runner import Runner

POLL = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCost:
    """What one tool needs alone: medians of wall and CPU seconds."""

    name: str
    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One whole ``doctrine check``."""

    wall: float
    first_tool: float
    peak_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything measured on one project."""

    project: str
    files: int
    lines: int
    tools: tuple[ToolCost, ...]
    checks: tuple[Check, ...]

    @property
    def bound(self) -> float:
        """The lower bound in seconds."""
        return lower_bound(self.tools)

    @property
    def serial(self) -> float:
        """Seconds of the tools one after another."""
        return sum(tool.wall for tool in self.tools)

    def median(self, name: str) -> float:
        """Return the median of a figure of the checks."""
        return statistics.median(float(getattr(check, name)) for check in self.checks)


def lower_bound(tools: Sequence[ToolCost]) -> float:
    """Return the seconds that no order of the tools can be faster than on this machine."""
    slowest = max(tool.wall for tool in tools)
    return max(slowest, sum(tool.cpu for tool in tools) / (os.cpu_count() or 1))


def measure_tool(step: Step, runs: int) -> ToolCost:
    """Run one tool's commands alone."""
    walls: list[float] = []
    cpus: list[float] = []
    for _ in range(runs):
        spent = Spent()
        start = time.perf_counter()
        asyncio.run(_alone(step))
        walls.append(time.perf_counter() - start)
        cpus.append(spent.last())
    return ToolCost(name=step.tool.name, wall=statistics.median(walls), cpu=statistics.median(cpus))


async def _alone(step: Step) -> None:
    async with Runner(jobs=1, listener=Silence()) as runner:
        await runner.run(step.tool.name, step.invocations, cost=0)


def measure_check(folder: Path) -> Check:
    """Run ``doctrine check`` once, watching it from outside."""
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch, "out")
        with output.open("wb") as sink:
            start = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "doctrine", "check", str(folder), "--quiet", "--no-cache"],
                stdout=sink,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
            first, peak = _watch(process, start)
            wall = time.perf_counter() - start
        if process.returncode not in {0, 1, 3}:
            raise SystemExit(f"doctrine failed on {folder}:\n{output.read_text()}")
    return Check(wall=wall, first_tool=first, peak_mb=peak)


def _watch(process: subprocess.Popen[bytes], start: float) -> tuple[float, float]:
    """Return seconds until the first tool exists, and the peak of doctrine's own memory in MB."""
    own = psutil.Process(process.pid)
    first = float("nan")
    peak = 0.0
    while process.poll() is None:
        try:
            if math.isnan(first) and any(is_tool(child) for child in own.children()):
                first = time.perf_counter() - start
            peak = max(peak, high_water(process.pid))
        except (psutil.Error, OSError):
            continue
        time.sleep(POLL if math.isnan(first) else 0.05)
    return first, peak


def is_tool(child: psutil.Process) -> bool:
    """Whether a child of doctrine is one of its tools."""
    try:
        words = child.cmdline()
    except psutil.Error:
        return False
    return bool(words) and Path(words[0]).name != "git" and "doctrine" not in words


def measure(folder: Path, runs: int) -> Result:
    """Measure one project, tools and doctrine by turns."""
    root, paths = resolve_root(str(folder))
    pyproject = read_pyproject(root)
    settings = load_settings(root, pyproject, {"paths": list(paths)})
    project, steps = planned_steps(settings, pyproject)
    tools = tuple(measure_tool(step, runs) for step in steps)
    checks = tuple(measure_check(folder) for _ in range(runs))
    return Result(
        project=folder.name,
        files=len(project.modules),
        lines=sum(module.lines for module in project.modules),
        tools=tools,
        checks=checks,
    )


def show(result: Result) -> None:
    """Print one project's figures."""
    print(f"\n{result.project}: {result.files} files, {result.lines:,} lines")
    for tool in sorted(result.tools, key=lambda one: -one.wall):
        print(f"  {tool.name:14} {tool.wall:7.2f} s wall {tool.cpu:7.2f} s cpu")
    wall = result.median("wall")
    print(f"  lower bound    {result.bound:7.2f} s   one after another {result.serial:.2f} s")
    print(f"  doctrine       {wall:7.2f} s   = {wall / result.bound:.2f} x the lower bound,")
    print(f"                 {result.serial / wall:.2f} x faster than one after another")
    print(f"  first tool     {1000 * result.median('first_tool'):7.0f} ms")
    print(f"  own peak       {result.median('peak_mb'):7.0f} MB")


_BARE = """
import typer
app = typer.Typer(add_completion=False)
@app.command()
def check(path: str = ".", jobs: int = 0) -> None: ...
app()
"""


def show_starts(runs: int) -> None:
    """Print what a start costs here: an empty Python, and a bare command of the same library."""
    print("\nfor comparison, median of", runs)
    for label, code in (("an empty Python", ""), ("a bare Typer command", _BARE)):
        seconds: list[float] = []
        for _ in range(runs):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, stdin=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - start)
        print(f"  {label:22} {1000 * statistics.median(seconds):7.0f} ms")


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the folders of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    results = [measure(folder, options.runs) for folder in options.folders]
    for result in results:
        show(result)
    show_starts(max(options.runs, 5))
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=2))


if __name__ == "__main__":
    if shutil.which("git") is None:
        raise SystemExit("git is needed to list files")
    main()
