"""How soon after its own start a ``doctrine check`` starts the first tool, and what a start costs at all.

For each project folder given a check is started without a cache, watched from outside until its first
tool exists, and ended. Beside it, in the same run and by turns: an empty Python, a bare command of the
library that reads the command line, ``doctrine --version``, and a check of the project in which nothing
has changed.

Usage: ``python -m benchmarks.start [--runs N] [--json FILE] FOLDER …``
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from benchmarks.cold import is_tool
from benchmarks.settled import SETTLED

_POLL = 0.001
_BARE = """
import typer
app = typer.Typer(add_completion=False)
@app.command()
def check(path: str = ".", jobs: int = 0) -> None: ...
app()
"""
_DOCTRINE = ("-m", "doctrine")


def until_end(*words: str, env: Mapping[str, str] | None = None) -> float:
    """Run Python to its end; return seconds."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *words],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(env or {})},
    )
    return time.perf_counter() - start


def until_first_tool(folder: Path) -> float:
    """Start a check, and end it once its first tool exists; return seconds, NaN where none came."""
    argv = [sys.executable, *_DOCTRINE, "check", str(folder), "--quiet", "--no-cache"]
    start = time.perf_counter()
    with subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        own = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                found = any(is_tool(child) for child in own.children())
            except psutil.Error:
                continue
            if found:
                took = time.perf_counter() - start
                process.terminate()
                return took
            time.sleep(_POLL)
    return math.nan


def measure(folders: Sequence[Path], runs: int) -> dict[str, list[float]]:
    """Measure everything by turns."""
    seconds: dict[str, list[float]] = {}

    def note(label: str, took: float) -> None:
        seconds.setdefault(label, []).append(took)

    with tempfile.TemporaryDirectory() as cache:
        kept = {"DOCTRINE_CACHE_DIR": cache, "DOCTRINE_NO_CACHE": ""}
        for folder in folders:
            until_end(*_DOCTRINE, "check", str(folder), env=kept)
        time.sleep(SETTLED)
        for folder in folders:
            note(
                f"{folder.name}: first draw", until_end(*_DOCTRINE, "check", str(folder), env=kept)
            )
        for _ in range(runs):
            note("an empty Python", until_end("-c", ""))
            note("a bare Typer command", until_end("-c", _BARE))
            note("doctrine --version", until_end(*_DOCTRINE, "--version"))
            for folder in folders:
                note(f"{folder.name}: first tool", until_first_tool(folder))
                took = until_end(*_DOCTRINE, "check", str(folder), env=kept)
                note(f"{folder.name}: nothing changed", took)
    return seconds


def main() -> None:
    """Measure the folders of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    seconds = measure(options.folders, options.runs)
    for label, values in sorted(seconds.items()):
        raw = ", ".join(f"{1000 * one:.0f}" for one in values)
        print(f"{label:32} {1000 * statistics.median(values):6.0f} ms   {raw}")
    if options.json:
        options.json.write_text(json.dumps(seconds, indent=2))


if __name__ == "__main__":
    main()
