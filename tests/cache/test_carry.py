"""A tool that goes on from its last run never says anything that it would not say from nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from doctrine.cache.reuse import Reuse
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun
from doctrine.runner import AT_ONCE, Runner
from doctrine.running import run_tool
from tests.cache.believing import FOLDER, BelievingRunner, believing
from tests.cache.world import World

_FILES = ("app/one.py", "app/two.py", "app/sub/three.py")
_THEN = 1_700_000_000


class Checks:
    """Checks of one world, each as a process of its own would do it."""

    def __init__(self, folder: Path) -> None:
        """Make a project whose files have one time."""
        self.world = World(folder)
        self.tool = believing()
        self.costs: list[float] = []
        self.scratch = folder / "scratch"
        shutil.rmtree(self.world.root / "app")
        shutil.rmtree(self.world.root / "tests")
        for path in _FILES:
            self.write(path, "aa")

    def write(self, path: str, text: str, second: int = _THEN) -> None:
        """Write a file of a given time."""
        self.world.write(path, text)
        os.utime(self.world.root / path, (second, second))

    def cached(
        self, meanwhile: Callable[[], object] = int, *, broken: bool = False
    ) -> tuple[ToolRun, list[int]]:
        """Return the run with the cache, and how many files each start looked into."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        runner = BelievingRunner(self.scratch)
        runner.broken, runner.meanwhile = broken, meanwhile
        tickets = self.world.tickets()
        reuse = Reuse(self.world.store, tickets, str(self.world.root))
        step = self.world.step(self.tool)
        self.world.store.hold()
        run = asyncio.run(run_tool(cast("Runner", runner), step, reuse))
        reuse.settle(())
        reuse.close()
        self.costs = runner.costs
        return run, runner.looked

    def uncached(self) -> ToolRun:
        """Return the run without."""
        runner = BelievingRunner(self.scratch)
        return asyncio.run(run_tool(cast("Runner", runner), self.world.step(believing()), None))

    def require_equal(self) -> list[int]:
        """Compare the two, and return how many files the first looked into."""
        run, looked = self.cached()
        bare = self.uncached()
        assert _comparable(run) == _comparable(bare)
        return looked

    def forget_the_run(self) -> None:
        """Leave what the tool goes on from, and nothing else."""
        assert self.world.store.folder is not None
        for path in self.world.store.folder.glob("v*/run/*/*"):
            path.unlink()


def _comparable(run: ToolRun) -> ToolRun:
    reading = replace(run.reading, findings=tuple(sorted(run.reading.findings, key=str)))
    return replace(run, reading=reading, seconds=0.0, cpu=0.0, cached=False)


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    """Return a project of three files that was checked once."""
    made = Checks(tmp_path)
    assert made.cached()[1] == [3]
    return made


def test_only_what_changed_is_looked_into(checks: Checks) -> None:
    checks.write("app/one.py", "bbb")
    assert checks.require_equal() == [1]
    checks.write("app/new.py", "c")
    assert checks.require_equal() == [1]


@pytest.mark.parametrize("brief_again", [True, False])
def test_who_looks_into_a_handful_of_changed_files_alone_waits_for_nobody(
    checks: Checks, *, brief_again: bool
) -> None:
    checks.tool = believing(brief_again=brief_again)
    at_once = AT_ONCE if brief_again else checks.tool.cost
    for count, cost in ((1, at_once), (20, at_once), (21, checks.tool.cost)):
        for number in range(count):
            checks.write(f"app/more{number}.py", f"{count}" * count)
        assert checks.require_equal() == [count]
        assert checks.costs == [cost]
    checks.write("app/one.py", "bb")
    assert checks.require_equal()[0] > 21, "it begins anew"
    assert checks.costs == [checks.tool.cost]


def test_the_report_does_not_show_that_it_went_on(checks: Checks) -> None:
    checks.write("app/one.py", "bbb")
    assert "--go-on" not in checks.cached()[0].argv


def test_a_content_of_the_same_size_and_second_is_noticed(checks: Checks) -> None:
    checks.write("app/one.py", "bb")
    assert checks.require_equal() == [3], "it begins anew"
    checks.write("app/two.py", "ccc")
    assert checks.require_equal() == [1]


def test_a_content_of_the_size_and_second_of_long_ago_is_noticed(checks: Checks) -> None:
    checks.write("app/one.py", "bbb")
    assert checks.require_equal() == [1]
    checks.write("app/one.py", "cc")
    assert checks.require_equal() == [3]


def test_a_module_that_becomes_a_package_is_noticed(checks: Checks) -> None:
    shutil.move(checks.world.root / "app/one.py", checks.world.root / "app/kept.txt")
    checks.write("app/one/__init__.py", "aa")
    assert checks.require_equal() == [3]


def test_a_file_that_moves_between_folders_is_noticed(checks: Checks) -> None:
    (checks.world.root / "app/sub/three.py").unlink()
    checks.write("app/three.py", "aa")
    assert checks.require_equal() == [3]


@pytest.mark.parametrize("kind", ["carried", "piece"])
@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_what_is_damaged_is_not_gone_on_from(checks: Checks, kind: str, harm: str) -> None:
    assert checks.world.store.folder is not None
    for path in checks.world.store.folder.glob(f"v*/{kind}/*/*"):
        raw = path.read_bytes()
        if harm == "gone":
            path.unlink()
        else:
            path.write_bytes(raw[:-9] if harm == "cut" else raw.replace(b"a", b"b"))
    checks.write("app/one.py", "bbb")
    assert checks.require_equal() == [3]


def test_one_that_breaks_when_it_goes_on_begins_anew(checks: Checks) -> None:
    checks.write("app/one.py", "bbb")
    run, looked = checks.cached(broken=True)
    assert looked == [1, 3]
    assert _comparable(run) == _comparable(checks.uncached())
    checks.write("app/one.py", "cccc")
    assert checks.require_equal() == [3], "what broke it is forgotten"


def test_what_changed_meanwhile_is_not_kept(checks: Checks) -> None:
    checks.write("app/one.py", "bbb")
    checks.cached(lambda: checks.write("app/two.py", "bbb"))
    checks.write("app/two.py", "ccc")
    assert checks.require_equal() == [2], "it goes on from the run before"


def test_old_pieces_do_not_stay(checks: Checks) -> None:
    assert checks.world.store.folder is not None
    for number in range(3):
        checks.write("app/one.py", "b" * (number + 3))
        checks.cached()
    assert len([*checks.world.store.folder.glob("v*/piece/*/*")]) == 1


def test_nothing_outside_of_its_folder_is_written(checks: Checks) -> None:
    before = sorted(checks.world.root.rglob("*"))
    checks.write("app/one.py", "bbb")
    checks.cached()
    assert sorted(checks.world.root.rglob("*")) == before
    assert Path(checks.scratch, "believing", FOLDER).is_dir()


_PATHS = (*_FILES, "app/one/__init__.py", "app/three.py", "app/four.py")
_steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("write"),
            st.sampled_from(_PATHS),
            st.sampled_from(("aa", "bb", "ccc")),
            st.sampled_from((_THEN, _THEN + 1)),
        ),
        st.tuples(st.just("delete"), st.sampled_from(_PATHS), st.just(""), st.just(0)),
        st.tuples(st.just("forget"), st.just(""), st.just(""), st.just(0)),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=_steps)
@example(
    steps=[
        ("delete", "app/one.py", "", 0),
        ("write", "app/four.py", "ccc", _THEN),
        ("write", "app/one/__init__.py", "aa", _THEN),
    ]
)
def test_whatever_happens_it_says_what_it_would_say_from_nothing(
    steps: list[tuple[str, str, str, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(Path(folder))
        checks.write("app/always.py", "aa")
        checks.cached()
        for kind, path, text, second in steps:
            place = checks.world.root / path
            if kind == "write":
                checks.write(path, text, second)
            elif kind == "delete":
                place.unlink(missing_ok=True)
            else:
                checks.forget_the_run()
            checks.require_equal()
