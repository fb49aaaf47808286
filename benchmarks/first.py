"""How soon a cold ``doctrine check`` shows its first findings to somebody who watches a terminal.

Doctrine runs in a pseudo terminal, without a cache, and is ended as soon as the first findings are
on it: seconds from the start of the process, seen from outside.

Usage: ``python -m benchmarks.first [--runs N] FOLDER …``
"""

from __future__ import annotations

import argparse
import os
import pty
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

from doctrine.cli.progress import FOUND_SO_FAR

_PATIENCE = 120.0
_SIZE = {"TERM": "xterm", "COLUMNS": "120", "LINES": "40"}


def first_findings(folder: Path) -> float:
    """Return the seconds until the first findings are shown.

    Args:
        folder: The project.
    """
    ours, theirs = pty.openpty()
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "doctrine", "check", str(folder), "--no-cache"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, **_SIZE},
    )
    os.close(theirs)
    shown = b""
    try:
        while FOUND_SO_FAR.encode() not in shown:
            if time.perf_counter() - start > _PATIENCE:
                raise SystemExit(f"{folder.name}: nothing was shown within {_PATIENCE:.0f} s")
            shown += _read(ours, folder)
        return time.perf_counter() - start
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        os.close(ours)


def _read(terminal: int, folder: Path) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError as error:  # the other side is closed
        raise SystemExit(f"{folder.name}: the check ended before it showed a finding") from error


def main() -> None:
    """Measure the folders of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    for folder in options.folders:
        seconds = [first_findings(folder.resolve()) for _ in range(options.runs)]
        raw = ", ".join(f"{one:.2f}" for one in seconds)
        print(f"{folder.name}: {statistics.median(seconds):.2f} s ({raw})", flush=True)


if __name__ == "__main__":
    main()
