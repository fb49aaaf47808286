"""Whether a watched project is judged as a cold check judges it: compared over random edits.

A copy of each project folder is watched and edited at random, again and again. After each edit the
report that the watched judgement ends with, by whatever stays in memory and before anything is
confirmed, has to equal that of a check without a cache, but for times and for how the tools ran.

Usage: ``python -m benchmarks.watched [--edits N] [--seed N] FOLDER …``

It exits 1 where anything differs, and prints the seed and the edits that led to it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from pathlib import Path

import msgspec

from benchmarks.edits import Tree, edit, reverted, tree_of
from benchmarks.equal import copied, difference_of, report_of, steady
from benchmarks.unseen import Unseen
from doctrine.cli.options import CheckOptions
from doctrine.cli.watch import WatchOptions, asked
from doctrine.model.replacing import replace
from doctrine.reports._shape import ReportV1
from doctrine.watch.session import Session

_PATIENCE = 300.0
"""Seconds that a judgement may take."""
_SHOWN = 30


async def _settled(session: Session, number: int) -> ReportV1 | None:
    """Wait for a complete report of a later judgement, and for quiet."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        state = session.state
        if not state.judging and state.number > number:
            return state.complete
        await asyncio.sleep(0.02)
    return None


def _steady(report: ReportV1) -> str:
    """Return a report as text, without what says how it was made.

    How a tool that looked at some files would have ended over all of them is no part of what it found.
    """
    tools = tuple(replace(one, argv=(), cached=False, exit_code=None) for one in report.run.tools)
    told = replace(report, run=replace(report.run, tools=tools))
    return steady(msgspec.json.decode(msgspec.json.encode(told)))


def _cold(folder: Path) -> ReportV1 | None:
    raw = report_of(folder, ("--no-cache",))
    return msgspec.json.decode(raw, type=ReportV1) if raw else None


async def _walk(folder: Path, cache: Path, tree: Tree, edits: int) -> tuple[int, list[float]]:
    """Edit again and again; return how many states differed, and how long each judgement took."""
    options = WatchOptions(check=CheckOptions(path=str(folder), cache_dir=str(cache)))
    session = Session(asked(options), Unseen(), rest=1e9)
    running = asyncio.create_task(session.run())
    wrong, took = 0, list[float]()
    done = ["nothing"]
    number = 0
    try:
        for round_ in range(edits + 1):
            start = time.monotonic()
            if round_:
                done.append(
                    edit(tree) if len(tree.files()) * 2 > len(tree.first) else reverted(tree)
                )
            watched = await _settled(session, number)
            number = session.state.number
            if watched is None:
                # An edit may have changed nothing: then nothing is judged.
                watched = session.state.complete
            elif round_:
                took.append(time.monotonic() - start)
            cold = await asyncio.to_thread(_cold, folder)
            found = (
                difference_of(_steady(watched), _steady(cold))
                if watched and cold
                else [f"{'no watched' if cold else 'no cold'} report"]
            )
            if not found:
                continue
            wrong += 1
            print(f"{folder.name} after {round_} edits ({done[-2:]}):")
            print("\n".join(found[:_SHOWN]), flush=True)
    finally:
        running.cancel()
        await asyncio.wait({running})
    return wrong, took


def walked(folder: Path, edits: int, seed: int) -> int:
    """Watch a copy of a project; return how many states differed."""
    with copied(folder) as (copy, cache):
        tree = tree_of(copy, random.Random(seed))  # noqa: S311 - to be made again
        wrong, took = asyncio.run(_walk(copy, cache, tree, edits))
    middle = f"{statistics.median(took):.1f}" if took else "-"
    most = f"{max(took):.1f}" if took else "-"
    print(
        f"{folder.name}: {edits + 1} states, {wrong} differ, seed {seed}; {middle} s from the edit "
        f"to the whole report (median), {most} s at most",
        flush=True,
    )
    return wrong


def main() -> int:
    """Compare, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    told = parser.parse_args()
    os.environ.pop("DOCTRINE_NO_CACHE", None)
    wrong = sum(walked(one, told.edits, told.seed) for one in told.folders)
    print(f"{(told.edits + 1) * len(told.folders)} states compared, {wrong} differ")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
