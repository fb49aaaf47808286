"""A clock that goes backwards: during a check, between two, and with files of the future."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

import doctrine.app
import doctrine.cli.check
from doctrine.cache import whole
from doctrine.cache.digests import RACY, Digests, content_digest
from doctrine.cache.setback import Setback
from doctrine.cache.store import Key, Store
from doctrine.cache.tickets import Tickets
from doctrine.cli.remembered import remember
from doctrine.model.report import Report
from doctrine.model.settings import Settings
from doctrine.tools.radon import TOOL as RADON
from tests.cache.judging import judge, now, run
from tests.cache.test_whole_runs import make_project
from tests.cache.world import World

_SECOND = 1_000_000_000
_DAY = 86_400 * _SECOND


class Hand:
    """Sets the clock of this process, and of the files that it writes."""

    def __init__(self) -> None:
        """Begin with the right time."""
        self.ahead = 0
        self._right = time.time_ns

    def time_ns(self) -> int:
        return self._right() + self.ahead

    def time(self) -> float:
        return self.time_ns() / _SECOND

    def write(self, path: Path, text: str) -> None:
        path.write_text(text)
        os.utime(path, ns=(self.time_ns(), self.time_ns()))


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    hand = Hand()

    class Dated(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(hand.time(), tz)

    monkeypatch.setattr(time, "time_ns", hand.time_ns)
    monkeypatch.setattr(time, "time", hand.time)
    monkeypatch.setattr(doctrine.cli.check, "datetime", Dated)
    return hand


def _unchanging(*_: object) -> str:
    return "itself"


def _none(*_: object) -> Iterator[tuple[str, str]]:
    return iter(())


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCTRINE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DOCTRINE_NO_CACHE", raising=False)
    monkeypatch.setattr(doctrine.app, "check", judge)
    monkeypatch.setattr(whole, "_itself", _unchanging)
    monkeypatch.setattr(whole, "_interpreters", _none)
    return make_project(tmp_path)


def test_a_clock_that_is_set_back_makes_no_check_reuse_what_has_changed(
    root: Path, tmp_path: Path, hand: Hand
) -> None:
    target, source = tmp_path / "report.json", root / "src/a.py"
    for number, days in enumerate((400, 0, -400, 1, 0)):
        hand.ahead = days * _DAY
        hand.write(source, f"a = {number}\n")
        warm = run(root, target)
        assert warm.truth == now(root, target).truth
        assert run(root, target).truth == warm.truth


def test_a_clock_that_is_set_back_while_a_project_is_judged_hides_no_edit(
    root: Path, tmp_path: Path, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, source = tmp_path / "report.json", root / "src/a.py"
    hand.ahead = _DAY

    def set_back(settings: Settings, *_: object, **__: object) -> Report:
        report = judge(settings)
        hand.ahead = 0
        hand.write(source, "a = 9\n")
        return report

    monkeypatch.setattr(doctrine.app, "check", set_back)
    run(root, target)
    monkeypatch.setattr(doctrine.app, "check", judge)
    assert run(root, target).truth == now(root, target).truth


def test_a_waiver_is_looked_at_by_the_day_that_it_is(
    root: Path, tmp_path: Path, hand: Hand
) -> None:
    target = tmp_path / "report.json"
    (root / "pyproject.toml").write_text(
        '[project]\nname = "demo"\nversion = "1"\n\n[[tool.doctrine.waivers]]\nclauses = ["LOG001"]\n'
        'owner = "Data team"\nreason = "A one-off script."\nexpires = 2027-01-31\n'
    )
    assert not run(root, target).reused
    assert run(root, target).reused
    for days in (400, -400):
        hand.ahead = days * _DAY
        assert not run(root, target).reused


def test_how_far_a_clock_was_set_back_is_told_by_one_that_nobody_sets() -> None:
    wall, steady = [1000], [50]
    setback = Setback(lambda: wall[0], lambda: steady[0])
    wall[0], steady[0] = 1030, 80
    assert setback.span() == 0
    wall[0] = 900
    assert setback.span() == 130
    wall[0] = 5000
    assert setback.span() == 130, "what was stamped meanwhile stays doubtful"


def test_a_file_that_was_changed_after_the_clock_was_set_back_is_read_again(tmp_path: Path) -> None:
    store, file, ahead = Store(tmp_path / "cache"), tmp_path / "a.py", [10 * RACY]
    file.write_bytes(b"a = 1\n")
    status = file.stat()

    def clock() -> int:
        return time.time_ns() + ahead[0]

    first = Digests(store, "project", clock=clock)
    ahead[0] = 0
    before = first.of(str(file))
    first.keep()
    # The same size and, within one tick of the clock that was set back, the same times.
    file.write_bytes(b"a = 2\n")
    ahead[0] = 20 * RACY
    again = Digests(store, "project", clock=clock)
    assert first.of(str(file), status) == content_digest(str(file))
    assert again.of(str(file), status) == content_digest(str(file)) != before


def test_what_was_changed_after_the_clock_was_set_back_has_no_ticket(
    tmp_path: Path, hand: Hand
) -> None:
    world = World(tmp_path)
    step = world.step(RADON)
    hand.ahead = _DAY
    tickets: Tickets = world.tickets(since=time.time_ns())
    assert tickets.of(step) is not None
    hand.ahead = -_SECOND
    assert tickets.of(step) is None


@pytest.fixture(params=["cache", "remembered"])
def keep(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[int], Path]:
    """Keep a thing of a number, where there is room for a few, and return its file."""
    folder = tmp_path / "kept"
    if request.param == "remembered":

        def remembered(number: int) -> Path:
            file = folder / "kind" / f"{number}.json"
            remember(file, b"x", most=3)
            return file

        return remembered
    store = Store(folder, limit=20_000)

    def stored(number: int) -> Path:
        key = Key.of("thing", str(number))
        store.write(key, b"x" * 4000)
        return next(folder.glob(f"v*/thing/*/{key.digest[2:]}*"), folder / "none")

    return stored


def test_what_was_kept_in_the_future_makes_room_for_what_is_kept_now(
    keep: Callable[[int], Path],
) -> None:
    ahead = time.time() + 400 * 86_400
    for number in range(5):
        file = keep(number)
        if file.exists():
            os.utime(file, (ahead, ahead))
    recent = [keep(number) for number in range(10, 14)]
    assert recent[-1].exists()
    assert recent[-2].exists()
