"""How soon ``doctrine watch`` tells what a saved file has changed.

A copy of each project folder is watched. Files of it are edited again and again, each time in one of two
ways: by a call that tools find which look at one file at a time, and by a wrong type that type checkers
find. The seconds count from the moment the file is written: until the judgement begins, until the first
line about the edit is shown, and until the report is whole. Each edit is taken back before the next.

Usage: ``python -m benchmarks.saved [--edits N] [--file PATH …] [--json FILE] FOLDER …``

Without ``--file`` four files are taken: those that the fewest and the most other files name, and two
from between. The memory is what doctrine and all that it started take at the end (``Pss`` on Linux).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from benchmarks.equal import copied
from doctrine.cli.options import CheckOptions
from doctrine.cli.watch import WatchOptions, asked
from doctrine.watch.lines import Line, plain
from doctrine.watch.session import Session

_PATIENCE = 300.0
_LINES = 50
"""What has fewer lines is hardly ever edited."""
_PAUSE = 2.0
"""Seconds of rest before an edit: what a judgement leaves to be done afterwards is none of it."""
_KINDS = {
    "pattern": ("\n\ndef _edited(value: str) -> object:\n    return eval(value)\n", "eval"),
    "type": ('\n\n_edited: int = "text"\n', "int"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One edit: seconds until it was noticed, first told of, and told of by all."""

    path: str
    kind: str
    noticed: float
    told: float | None
    whole: float


@dataclass(slots=True)
class _Screen:
    """Notes when something that is looked for is shown."""

    wanted: tuple[str, str] = ("", "")
    seen: float | None = None
    shown: list[str] = field(default_factory=list[str])

    def write(self, lines: Collection[Line]) -> None:
        """Look whether a line, or the one below its place, is about the edit."""
        texts = [plain(line) for line in lines]
        self.shown += texts
        path, word = self.wanted
        found = any(f"{path}:" in text and word in text for text in texts)
        if path and found and self.seen is None:
            self.seen = time.monotonic()

    def since(self, start: float) -> float | None:
        """Return the seconds until it was shown; None where it was not."""
        return None if self.seen is None else self.seen - start

    def stand(self, lines: Collection[Line]) -> None:
        """Show nothing."""

    def listens(self) -> bool:
        """Return that there are no keys."""
        return False


async def _until(session: Session, number: int, *, judging: bool) -> float | None:
    """Return when a later judgement has begun, or ended; None where nothing was judged."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        state = session.state
        if state.number > number and (judging or not state.judging):
            return time.monotonic()
        await asyncio.sleep(0.002 if judging else 0.01)
    return None


async def _edited(
    session: Session, screen: _Screen, folder: Path, path: str, kind: str
) -> Sample | None:
    added, word = _KINDS[kind]
    target = folder / path
    before = target.read_text(encoding="utf-8")
    number = session.state.number
    await asyncio.sleep(_PAUSE)
    screen.wanted, screen.seen = (path, word), None
    start = time.monotonic()
    target.write_text(before + added, encoding="utf-8")
    began = await _until(session, number, judging=True)
    ended = await _until(session, number, judging=False)
    screen.wanted = ("", "")
    number = session.state.number
    target.write_text(before, encoding="utf-8")
    await _until(session, number, judging=False)
    if began is None or ended is None:
        return None
    return Sample(
        path=path,
        kind=kind,
        noticed=began - start,
        told=screen.since(start),
        whole=ended - start,
    )


async def _watched(
    folder: Path, cache: Path, files: Sequence[str], edits: int
) -> tuple[list[Sample], dict[str, float], float]:
    options = WatchOptions(check=CheckOptions(path=str(folder), cache_dir=str(cache)))
    screen = _Screen()
    session = Session(asked(options), screen, rest=1e9)
    running = asyncio.create_task(session.run())
    samples: list[Sample] = []
    try:
        start = time.monotonic()
        first = await _until(session, 0, judging=False) or start
        # The server gets to know the project after the first report.
        await _edited(session, screen, folder, files[0], "type")
        for turn in range(edits):
            kind = list(_KINDS)[turn % 2]
            path = files[turn // 2 % len(files)]
            sample = await _edited(session, screen, folder, path, kind)
            if sample is not None:
                samples.append(sample)
                print(f"  {sample}", flush=True)
        memory = dict(_memory())
    finally:
        running.cancel()
        await asyncio.wait({running})
    return samples, memory, first - start


def _memory() -> Sequence[tuple[str, float]]:
    own = psutil.Process()
    return [(own.name(), _megabytes(own)), *(
        (f"{one.pid} {one.name()}", _megabytes(one)) for one in own.children(recursive=True)
    )]  # fmt: skip


def _megabytes(process: psutil.Process) -> float:
    info = process.memory_full_info()
    return float(getattr(info, "pss", info.rss)) / 1e6


def _chosen(folder: Path) -> list[str]:
    """Return the files that the fewest and the most others name, and two from between."""
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.rglob("*.py"))
        if not {"test", "tests"} & {*path.relative_to(folder).parts}
        and not path.name.startswith(("test_", "__init__", "conftest"))
    }
    named = {
        path: sum(Path(path).stem in text for other, text in texts.items() if other != path)
        for path, text in texts.items()
        if text.count("\n") > _LINES
    }
    order = sorted(named, key=lambda path: (named[path], path))
    return [order[round(share * (len(order) - 1))] for share in (0.0, 0.35, 0.7, 1.0)]


def _line(label: str, values: Sequence[float]) -> str:
    if not values:
        return f"  {label:24} -"
    middle = statistics.median(values)
    raw = ", ".join(f"{one:.2f}" for one in values)
    return f"  {label:24} {middle:6.2f} s  (at most {max(values):.2f})  {raw}"


def show(name: str, samples: Sequence[Sample], memory: dict[str, float], first: float) -> None:
    """Print one project's figures."""
    print(f"\n{name}: first judgement {first:.1f} s")
    print(_line("noticed", [one.noticed for one in samples]))
    for kind in _KINDS:
        told = [one.told for one in samples if one.kind == kind and one.told is not None]
        silent = sum(one.kind == kind and one.told is None for one in samples)
        print(_line(f"told: {kind}", told) + (f"  never: {silent}" if silent else ""))
    print(_line("whole", [one.whole for one in samples]))
    for process, megabytes in memory.items():
        print(f"  memory {process:17} {megabytes:6.0f} MB")


def main() -> int:
    """Measure, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=8)
    parser.add_argument("--file", action="append", default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    told = parser.parse_args()
    os.environ.pop("DOCTRINE_NO_CACHE", None)
    kept: list[object] = []
    for one in told.folders:
        with copied(one) as (copy, cache):
            files = told.file or _chosen(copy)
            samples, memory, first = asyncio.run(_watched(copy, cache, files, told.edits))
        show(one.name, samples, memory, first)
        kept.append({"project": one.name, "samples": [asdict(each) for each in samples]})
    if told.json:
        told.json.write_text(json.dumps(kept, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
