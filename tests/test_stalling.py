"""A child that does nothing for long is ended where memory is limited, and only there."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from doctrine import runner, stalling
from doctrine.model.process import Ending
from doctrine.stalling import Stalling
from tests.test_runner import python, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

_Members = list[tuple[str, int]]
_SLEEP = "import time; time.sleep(600)"
_WORK = "import time\nend = time.monotonic() + 0.6\nwhile time.monotonic() < end: pass"


def _limited() -> int | None:
    return 120_000_000


def test_what_sleeps_for_good_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "POLL", 0.02)
    monkeypatch.setattr(stalling, "PATIENCE", 0.24)
    monkeypatch.setattr(stalling, "memory_limit", _limited)
    done = run(python(_SLEEP, timeout=30), python("print(1)"))
    assert [one.ending for one in done] == [Ending.STALLED]


def _noticed(members: Iterator[_Members], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Look at a child for two minutes; return whether it was found to have stalled."""

    def found(_session: int) -> _Members:
        return next(members)

    monkeypatch.setattr(stalling, "_members", found)
    child = Stalling(1, interval=1.0)
    return any(child.noticed() for _ in range(120))


def _always(*members: tuple[str, int]) -> Iterator[_Members]:
    while True:
        yield list(members)


def _working(ticks: int) -> Iterator[_Members]:
    for number in range(1000):
        yield [("S", 7), ("S", number // ticks)]


@pytest.mark.parametrize(
    ("members", "stalled"),
    [
        (_always(("S", 7), ("S", 3)), True),
        (_always(("S", 7), ("T", 3)), False),
        (_always(("S", 7), ("D", 3)), False),
        (_always(), False),
        (_working(1), False),
        (_working(10), False),
    ],
)
def test_only_what_waits_and_never_works_has_stalled(
    members: Iterator[_Members], stalled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stalling, "memory_limit", _limited)
    assert _noticed(members, monkeypatch) is stalled


def test_where_memory_is_not_limited_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stalling, "memory_limit", lambda: None)
    assert not _noticed(_always(("S", 7)), monkeypatch)


def test_what_works_is_seen_to_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "POLL", 0.02)
    monkeypatch.setattr(stalling, "PATIENCE", 0.36)
    monkeypatch.setattr(stalling, "memory_limit", _limited)
    (done,) = run(python(_WORK, timeout=30))
    assert done.ending is Ending.EXITED
