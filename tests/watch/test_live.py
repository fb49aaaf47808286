"""A watched project is judged as a check judges it, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path

import psutil
import pytest

from doctrine.app import check
from doctrine.cli.check import Silence, settings_of
from doctrine.cli.options import CheckOptions
from doctrine.cli.watch import WatchOptions, asked
from doctrine.model.replacing import replace
from doctrine.project.pyproject import read_pyproject
from doctrine.reports._shape import ReportV1
from doctrine.reports._stored import stored
from doctrine.watch.lines import Line, plain
from doctrine.watch.session import Session
from tests.signals import interruptible

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(os.name == "nt", reason="POSIX signals"),
]

FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n',
    "src/shop/__init__.py": '"""A shop."""\n',
    "src/shop/price.py": '"""Prices."""\n\n\ndef total(cents: int) -> int:\n    """Add it up."""\n'
    "    return cents\n",
    "src/shop/cart.py": '"""A cart."""\n\nfrom shop.price import total\n\nSUM: int = total(3)\n',
}
EDITED = FILES["src/shop/price.py"].replace("-> int", "-> str").replace("cents\n", "str(cents)\n")


class Written:
    """A screen that remembers what was written."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, lines: Collection[Line]) -> None:
        self.lines += map(plain, lines)

    def stand(self, lines: Collection[Line]) -> None:
        """Show nothing."""

    def listens(self) -> bool:
        return False


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "shop"


def what_it_says(report: ReportV1) -> tuple[object, ...]:
    """Everything of a report but how it was made."""
    run = tuple(replace(one, argv=(), cached=False, seconds=0.0) for one in report.run.tools)
    return report.grade, report.verdict, report.clauses, report.findings, report.problems, run


async def settled(session: Session, number: int) -> ReportV1:
    """The complete report of a later judgement."""
    async with asyncio.timeout(120):
        while session.state.judging or session.state.number <= number:  # noqa: ASYNC110 - it tells a screen only
            await asyncio.sleep(0.02)
    assert session.state.complete is not None
    return session.state.complete


async def watched(root: Path, cache: Path, screen: Written) -> tuple[ReportV1, frozenset[str]]:
    """Watch a project, edit it, and return the last report and who stayed to tell it."""
    options = WatchOptions(check=CheckOptions(path=str(root), cache_dir=str(cache)))
    session = Session(asked(options), screen)
    running = asyncio.create_task(session.run())
    try:
        await settled(session, 0)
        number = session.state.number
        other = root / "src/shop/price.py.tmp"
        other.write_text(EDITED)
        other.replace(root / "src/shop/price.py")
        return await settled(session, number), session.state.residents
    finally:
        running.cancel()
        async with asyncio.timeout(
            6
        ):  # less than the patience with a child of whose end nobody hears
            await asyncio.wait({running})


def test_what_a_change_did_in_another_file_is_told_as_a_check_tells_it(
    root: Path, tmp_path: Path
) -> None:
    screen = Written()
    report, residents = asyncio.run(watched(root, tmp_path / "cache", screen))
    assert residents == {"pyright"}
    assert any("src/shop/cart.py:5:" in line and "pyright" in line for line in screen.lines)
    pyproject = read_pyproject(str(root))
    settings = replace(settings_of(str(root), pyproject, {"paths": []}), no_cache=True)
    cold = stored(check(settings, pyproject, Silence()))
    assert what_it_says(report) == what_it_says(cold)
    assert not psutil.Process().children(recursive=True)
    found = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert found == FILES.keys(), "nothing is written into the project"


def test_a_signal_ends_it_with_everything_that_it_started(root: Path, tmp_path: Path) -> None:
    with interruptible():
        process = subprocess.Popen(
            [sys.executable, "-m", "doctrine", "watch", str(root), "--cache-dir", tmp_path / "c"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    family: list[psutil.Process] = []
    deadline = time.monotonic() + 60
    while len(family) < 2 and time.monotonic() < deadline and process.poll() is None:
        family = psutil.Process(process.pid).children(recursive=True)
        time.sleep(0.02)
    assert family, process.communicate()
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=60)
    assert b"Traceback" not in stderr
    assert process.returncode == 128 + signal.SIGTERM
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive
