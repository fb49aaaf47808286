"""Doctrine on a checkout: a whole process, cold and without a network, its report kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.corpus.labels import LabelError
from benchmarks.corpus.verdicts import Verdicts, read

REPORTS = ".reports"
_JUDGED = frozenset({0, 1, 3})


def judge(folder: Path, *, reuse: bool = False) -> Verdicts:
    """Run ``doctrine check`` on a checkout.

    Args:
        folder: The checkout; its report is kept beside it, in ``.reports``.
        reuse: Whether to take the kept report, where there is one, instead of running.

    Raises:
        LabelError: Doctrine did not judge it.
    """
    report = folder.parent / REPORTS / f"{folder.name}.json"
    if not (reuse and report.is_file()):
        _check(folder, report)
    return read(report.read_bytes())


def _check(folder: Path, report: Path) -> None:
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    command = (
        sys.executable,
        "-m",
        "doctrine",
        "check",
        str(folder),
        "--quiet",
        "--no-install",
        "--no-cache",
    )
    done = subprocess.run(
        (*command, "--no-tests", "--output", f"json={report}"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode not in _JUDGED or not report.is_file():
        said = done.stderr.decode("utf-8", "replace")
        raise LabelError(f"doctrine exited {done.returncode} on {folder}:\n{said}")
