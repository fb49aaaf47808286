"""Whether what is kept between checks ever changes what is said: compared over random edits.

A copy of each project folder is edited at random, again and again. After each edit it is checked with
a cache that has seen all states before, and without one; the two reports have to be equal but for
times and for which tools ran. With ``--tool`` (more than once for several) only that
tool is run, which takes a part of the time.

Usage: ``python -m benchmarks.equal [--edits N] [--seed N] [--tool NAME] FOLDER …``

It exits 1 where anything differs, and prints the seed and the edits that led to it.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from benchmarks.edits import Tree, edit, reverted, tree_of
from doctrine.app import planned_steps
from doctrine.cache.reuse import Reuse
from doctrine.cli.check import Silence, settings_of
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun
from doctrine.plan import Step
from doctrine.project.pyproject import read_pyproject
from doctrine.project.toolchain import own_environment
from doctrine.runner import Runner
from doctrine.running import found_earlier, run_tool

_VOLATILE = frozenset({"seconds", "started", "cached", "scratch"})
_SHOWN = 40
_SETTLED = 0.05
"""Seconds after which what was edited counts as edited before the check."""


def compared(folder: Path, cache: Path) -> tuple[list[str], float, float]:
    """Check a folder with a cache and without; return what differs, and the seconds of each."""
    reports: list[str] = []
    seconds: list[float] = []
    for words in (("--cache-dir", str(cache)), ("--no-cache",)):
        start = time.perf_counter()
        raw = report_of(folder, words)
        reports.append(steady(json.loads(raw)) if raw else "no report")
        seconds.append(time.perf_counter() - start)
    return difference_of(*reports), seconds[0], seconds[1]


def report_of(folder: Path, words: Sequence[str]) -> bytes:
    """Check a folder, and return the JSON report; nothing, and words on stderr, without one."""
    with tempfile.TemporaryDirectory() as private:
        out = Path(private, "report.json")
        argv = [sys.executable, "-m", "doctrine", "check", str(folder), *words]
        done = subprocess.run(
            [*argv, "--output", f"json={out}"], capture_output=True, check=False, text=True
        )
        if out.exists():
            return out.read_bytes()
    sys.stderr.write(f"exit {done.returncode}: {done.stderr}\n")
    return b""


def steady(report: object) -> str:
    """Return a report as text, without what differs from run to run."""
    return json.dumps(_steady(report), indent=1, sort_keys=True)


def _steady(value: object) -> object:
    """Return a report without what differs from run to run."""
    if isinstance(value, dict):
        named = cast("dict[str, object]", value)
        return {key: _steady(one) for key, one in named.items() if key not in _VOLATILE}
    return list(map(_steady, cast("list[object]", value))) if isinstance(value, list) else value


def difference_of(cached: str, uncached: str) -> list[str]:
    """Return what differs between two reports as text."""
    lines = difflib.unified_diff(uncached.splitlines(), cached.splitlines(), "without", "with", n=1)
    return list(lines)


def compared_tools(
    folder: Path, cache: Path, tools: Collection[str]
) -> tuple[list[str], float, float]:
    """Run some tools with what is kept and without; return what differs, and the seconds of each."""
    root = str(folder)
    pyproject = read_pyproject(root)
    settings = settings_of(root, pyproject, {"paths": [], "cache-dir": str(cache)})
    time.sleep(_SETTLED)
    project, steps = planned_steps(settings, pyproject)
    reuse = found_earlier(project.layout, settings, own_environment())
    if reuse is None:
        raise SystemExit(f"nothing can be kept in {cache}")
    found: list[str] = []
    spent = [0.0, 0.0]
    for step in steps:
        if step.tool.name in tools:
            cached, took = _run(step, reuse)
            uncached, needed = _run(step, None)
            found += difference_of(_shown(cached), _shown(uncached))
            spent = [spent[0] + took, spent[1] + needed]
    reuse.settle(())  # whatever it quotes: it is made for this comparison alone
    reuse.close()
    return found, spent[0], spent[1]


def _run(step: Step, reuse: Reuse | None) -> tuple[ToolRun, float]:
    async def main() -> ToolRun:
        async with Runner(jobs=1, listener=Silence()) as runner:
            return await run_tool(runner, step, reuse)

    start = time.perf_counter()
    run = asyncio.run(main())
    return run, time.perf_counter() - start


def _shown(run: ToolRun) -> str:
    reading = run.reading
    lines = (
        repr(replace(run, reading=type(reading)(), seconds=0.0, cpu=0.0, cached=False)),
        *sorted(map(repr, reading.findings)),
        *sorted(map(repr, reading.measurements)),
        *(f"read {path}" for path in sorted(reading.analysed)),
        *(f"unread {path}: {why}" for path, why in sorted(reading.unread.items())),
        f"excluded {reading.excluded}, missing {reading.missing_packages}, note {reading.note}",
        f"undecided {reading.undecided}",
    )
    return "\n".join(lines)


@contextmanager
def copied(folder: Path, work: Path | None = None) -> Generator[tuple[Path, Path]]:
    """Copy a project, and make room for a cache; both are gone afterwards, unless a folder is named.

    Args:
        folder: The project.
        work: Where both are, and stay to be used again; None for a place of their own.
    """
    with tempfile.TemporaryDirectory(prefix="equal-") as private:
        # Environments are linked: nothing writes into them.
        target = Path(work or private, folder.resolve().name)
        if not target.exists():
            shutil.copytree(folder, target, symlinks=True, ignore=shutil.ignore_patterns(".venv"))
            if (folder / ".venv").is_dir():
                (target / ".venv").symlink_to(folder.resolve() / ".venv")
        yield target, Path(work or private, "cache")


def walked(folder: Path, edits: int, seed: int, tools: Collection[str]) -> tuple[int, int]:
    """Edit a copy again and again; return how many states were compared, and how many differed."""
    wrong = compared_states = 0
    spent = [0.0, 0.0]
    done: list[str] = []
    with copied(folder) as (copy, cache):
        tree = tree_of(copy, random.Random(seed))  # noqa: S311 - to be made again
        for number in range(edits + 1):
            if number:
                done.append(_edited(tree))
            found, took, needed = (
                compared_tools(copy, cache, tools) if tools else compared(copy, cache)
            )
            compared_states += 1
            spent[0] += took
            spent[1] += needed
            if found:
                wrong += 1
                print(f"{folder.name}, seed {seed}, after {number} edits ({done[-3:]}):")
                print("\n".join(found[:_SHOWN]), flush=True)
    print(
        f"{folder.name}: {compared_states} states, {wrong} differ, seed {seed}; "
        f"{spent[0]:.0f} s with a cache, {spent[1]:.0f} s without",
        flush=True,
    )
    return compared_states, wrong


def _edited(tree: Tree) -> str:
    """Edit, and begin again where hardly anything is left."""
    return edit(tree) if len(tree.files()) * 2 > len(tree.first) else reverted(tree)


def main() -> int:
    """Compare, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tool", action="append", default=[], help="run this tool alone")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    os.environ.pop("DOCTRINE_NO_CACHE", None)
    results = [walked(one, asked.edits, asked.seed, asked.tool) for one in asked.folders]
    states, wrong = (sum(column) for column in zip(*results, strict=True))
    print(f"{states} states compared, {wrong} differ")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
