"""One check or one drawing in a process of its own: CPU seconds by phase, and its own peak memory.

Usage: ``python -m benchmarks.scale.phases PROJECT OUTPUTS REPORT``, with the cache in the folder that
the variable ``DOCTRINE_CACHE_DIR`` names.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec

from benchmarks.memory import own_peak

P = ParamSpec("P")
R = TypeVar("R")

PHASES = {
    "listing": ("doctrine.app:_discovered",),
    "survey": ("doctrine.collecting:survey_of", "doctrine.survey:Survey.inspect_project"),
    "planning": ("doctrine.collecting:plan", "doctrine.running:found_earlier"),
    "reading": ("doctrine.running:finished_run",),
    "merging": (
        "doctrine.redact:without_secrets", "doctrine.thresholds:excesses",
        "doctrine.normalise:normalise", "doctrine.redact:redacted",
    ),
    "evaluating": ("doctrine.judging:report_on",),
    "cache": (
        "doctrine.cli.reuse:Reuse.__init__", "doctrine.cli.reuse:Reuse.answer",
        "doctrine.cli.reuse:Reuse.keep", "doctrine.cache.reuse:Reuse.describe",
        "doctrine.cache.reuse:Reuse.keep", "doctrine.cache.reuse:Reuse.close",
    ),
    "storing": ("doctrine.reports._stored:stored", "doctrine.reports._last_run:summarised"),
    "json": ("doctrine.cli.check:deliver_report",),
}  # fmt: skip
"""Functions by phase; what one of them takes inside another counts for itself alone."""


class Took(msgspec.Struct, frozen=True):
    """What a check took: CPU seconds by phase and in all, and peak memory in MB."""

    seconds: dict[str, float]
    total: float
    peak: float


class Clock:
    """CPU seconds of this process's threads by phase."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.seconds: dict[str, float] = dict.fromkeys(PHASES, 0.0)
        self._inner = threading.local()

    def timed(self, phase: str, function: Callable[P, R]) -> Callable[P, R]:
        """Return a function that is timed."""

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            outer: float = getattr(self._inner, "spent", 0.0)
            self._inner.spent = 0.0
            start = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                took = time.thread_time() - start
                self.seconds[phase] += took - self._inner.spent
                self._inner.spent = outer + took

        return call

    def watch(self) -> None:
        """Time the functions of all phases from now on."""
        for phase, names in PHASES.items():
            for name in names:
                module, _, path = name.partition(":")
                owner: object = import_module(module)
                *holders, last = path.split(".")
                for holder in holders:
                    owner = getattr(owner, holder)
                setattr(owner, last, self.timed(phase, getattr(owner, last)))


def main() -> int:
    """Check a project once; print what it took as JSON."""
    project, outputs, report = sys.argv[1:]
    import doctrine.collecting
    from benchmarks.scale.replay import Replaying
    from doctrine.cli.check import check
    from doctrine.cli.options import CheckOptions
    from doctrine.cli.viewing import ViewOptions

    gc.disable()  # as doctrine does
    Replaying.folder = Path(outputs)
    setattr(doctrine.collecting, "Runner", Replaying)  # noqa: B010 - the one thing that is not real here
    clock = Clock()
    clock.watch()
    before = time.process_time()
    check(
        CheckOptions(
            path=project,
            format="badge",
            output=(f"json={report}",),
            view=ViewOptions(quiet=True),
        )
    )
    total = time.process_time() - before
    seconds = {**clock.seconds, "rest": total - sum(clock.seconds.values())}
    peak = own_peak(os.getpid())
    sys.stderr.write(msgspec.json.encode(Took(seconds, total, peak)).decode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
