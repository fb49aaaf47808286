"""How soon ``doctrine watch`` tells what a saved file has changed.

A copy of each project folder is watched. Files of it are edited again and again: a function is added
that ruff, vulture and both type checkers find fault with, and then replaced by one that none does.
Neither was there before, so that nothing is reused. The seconds count from the moment the file is
written: until each tool's word on it is known (the screen shows it in the same moment), and until the
report is whole.

Usage: ``python -m benchmarks.saved [--edits N] [--file PATH …] [--json FILE] FOLDER …``

Without ``--file`` four files are taken: those that the fewest and the most other files name, and two
from between. The memory is what doctrine and all that stays take (``Pss`` on Linux), once they know
the project and after all edits.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from benchmarks.equal import copied
from benchmarks.unseen import Unseen
from doctrine.cli.options import CheckOptions
from doctrine.cli.watch import WatchOptions, asked
from doctrine.reports._shape import ReportV1
from doctrine.watch.session import Session

_PATIENCE = 300.0
_LINES = 50
"""What has fewer lines is hardly ever edited."""
_PAUSE = 1.5
"""Seconds of rest before an edit: what a judgement leaves to be done afterwards is none of it."""
_WARMING = 60.0
"""Seconds that what stays may take to know the project, at most."""
_STILL = 0.1
"""Share of a core below which nothing is at work any more."""
_BEFORE = '\n\ndef edited_{}(value: str) -> object:\n    """Add."""\n'
_KINDS = {
    "defect": f"{_BEFORE}    number: int = value\n    return eval(value)\n    print(number)\n",
    "mended": f"{_BEFORE}    number: str = value\n    return number\n",
}
_STAYING = {"langserver": "pyright's server", "mypy_driver": "mypy's server"}


@dataclass(slots=True, kw_only=True)
class Sample:
    """One edit: seconds until each tool's word on it was known, and until all were."""

    path: str
    kind: str
    told: dict[str, float] = field(default_factory=dict[str, float])
    whole: float = 0.0


def _finders(report: ReportV1 | None, path: str, after: int) -> frozenset[str]:
    """Return the tools that find something behind a line."""
    return frozenset(
        reporter.tool
        for finding in (report.findings if report else ())
        if finding.path == path and finding.line > after
        for reporter in finding.reported_by
    )


async def _edited(session: Session, target: Path, sample: Sample, text: str, after: int) -> None:
    """Write a file, and note when each tool's word on it is known."""
    await asyncio.sleep(_PAUSE)
    number, known = session.state.number, session.state.known
    before = _finders(known, sample.path, after)
    start = time.monotonic()
    target.write_text(text, encoding="utf-8")  # noqa: ASYNC240 - a few kilobytes
    while session.state.number <= number or session.state.judging:
        if session.state.known is not known:
            known = session.state.known
            changed = _finders(known, sample.path, after) ^ before
            for tool in changed - sample.told.keys():
                sample.told[tool] = time.monotonic() - start
        if time.monotonic() > start + _PATIENCE:
            return
        await asyncio.sleep(0.005)
    sample.whole = time.monotonic() - start
    for tool in _finders(session.state.known, sample.path, after) ^ before:
        sample.told.setdefault(tool, sample.whole)


async def _watched(
    folder: Path, cache: Path, files: Sequence[str], edits: int
) -> tuple[list[Sample], list[Mapping[str, float]]]:
    options = WatchOptions(check=CheckOptions(path=str(folder), cache_dir=str(cache)))
    session = Session(asked(options), Unseen(), rest=1e9)
    running = asyncio.create_task(session.run())
    samples: list[Sample] = []
    try:
        while session.state.judging or not session.state.number:  # noqa: ASYNC110 - it tells a screen only
            await asyncio.sleep(0.05)
        await _still()
        memory = [_memory()]
        first = {path: (folder / path).read_text(encoding="utf-8") for path in files}
        for turn in range(edits):
            kind = list(_KINDS)[turn % 2]
            path = files[turn // 2 % len(files)]
            sample = Sample(path=path, kind=kind)
            text = first[path] + _KINDS[kind].format(turn)
            await _edited(session, folder / path, sample, text, first[path].count("\n"))
            samples.append(sample)
            print(f"  {sample}", flush=True)
        await _still()
        memory.append(_memory())
    finally:
        running.cancel()
        await asyncio.wait({running})
    return samples, memory


async def _still() -> None:
    """Wait until what stays has nothing to do any more."""
    end = time.monotonic() + _WARMING
    while time.monotonic() < end:
        before = _spent()
        await asyncio.sleep(1.0)
        if _spent() - before < _STILL:
            return


def _spent() -> float:
    every = (one.cpu_times() for one in psutil.Process().children(recursive=True))
    return sum(one.user + one.system for one in every)


def _memory() -> Mapping[str, float]:
    """Return the megabytes of doctrine and of each process that stays."""
    own = psutil.Process()
    found: dict[str, float] = defaultdict(float)
    found["doctrine"] = _megabytes(own)
    for child in own.children(recursive=True):
        line = " ".join(child.cmdline())
        name = next((name for word, name in _STAYING.items() if word in line), child.name())
        found[name] += _megabytes(child)
    return found


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
    middle = statistics.median(values)
    raw = ", ".join(f"{one:.2f}" for one in values)
    return f"  {label:24} {middle:6.2f} s  (at most {max(values):.2f})  {raw}"


def show(name: str, samples: Sequence[Sample], memory: Sequence[Mapping[str, float]]) -> None:
    """Print one project's figures."""
    print(f"\n{name}")
    for kind in _KINDS:
        told: dict[str, list[float]] = defaultdict(list)
        for sample in samples:
            if sample.kind == kind:
                for tool, seconds in {**sample.told, "whole report": sample.whole}.items():
                    told[tool].append(seconds)
        for tool, values in sorted(told.items()):
            print(_line(f"{kind}: {tool}", values))
    for process in {**memory[0], **memory[-1]}:
        sizes = ", then ".join(f"{one.get(process, 0.0):.0f}" for one in memory)
        print(f"  memory of {process:17} {sizes} MB")


def main() -> int:
    """Measure, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=8)
    parser.add_argument("--file", action="append", default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    told = parser.parse_args()
    os.environ.pop("DOCTRINE_NO_CACHE", None)
    gc.disable()  # as the command does
    kept: list[object] = []
    for one in told.folders:
        with copied(one) as (copy, cache):
            files = told.file or _chosen(copy)
            samples, memory = asyncio.run(_watched(copy, cache, files, told.edits))
        show(one.name, samples, memory)
        kept.append({"project": one.name, "samples": [asdict(each) for each in samples]})
    if told.json:
        told.json.write_text(json.dumps(kept, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
