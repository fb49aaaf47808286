"""What is reused is what a run would say: over edits, reverts, renames, touches and upgrades."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from doctrine.cache.reuse import Reuse
from doctrine.cache.store import Store
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.model.tool import Tool
from doctrine.plan import plan
from doctrine.runner import AT_ONCE, Runner
from doctrine.running import run_tool
from tests.cache.faking import CONFIG, FakeRunner, as_a_whole, by_file, foreseen
from tests.cache.installing import install
from tests.cache.world import World

_FILES = ("a.py", "b.py", "pkg/c.py", "pkg/d.py", "excluded.py")
_TEXTS = ("clean 1", "clean 2", "found 1", "found 2", "unread 1", "garbled 1")


class Checks:
    """Checks of one world with one tool, each as a process of its own would do it."""

    def __init__(self, world: World, tool: Tool) -> None:
        """Know what to run."""
        self.world = world
        self.tool = tool
        self.cpu = 0.0
        self.costs: list[float] = []

    def cached(self) -> tuple[ToolRun, list[tuple[str, ...]]]:
        """Return the run with the cache, and what the tool was asked for."""
        reuse = Reuse(self.world.store, self.world.tickets(), str(self.world.root))
        self.world.store.hold()
        found = self._run(reuse)
        reuse.settle(())
        reuse.close()
        return found

    def uncached(self) -> ToolRun:
        """Return the run without."""
        return self._run(None)[0]

    def _run(self, reuse: Reuse | None) -> tuple[ToolRun, list[tuple[str, ...]]]:
        runner = FakeRunner(self.tool, cpu=self.cpu)
        step = self.world.step(self.tool)
        run = asyncio.run(run_tool(cast("Runner", runner), step, reuse))
        self.costs = runner.costs
        return run, runner.asked


def comparable(run: ToolRun) -> ToolRun:
    """Return a run without what may differ: how long it took, and the order of what was said."""
    reading = replace(
        run.reading,
        findings=tuple(sorted(run.reading.findings, key=str)),
        measurements=tuple(sorted(run.reading.measurements, key=str)),
    )
    return replace(run, reading=reading, seconds=0.0, cpu=0.0, cached=False)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a project of a few files."""
    return _small(tmp_path)


def _small(folder: Path) -> World:
    world = World(folder)
    for path in ("app/__init__.py", "app/one.py", "app/two.py", "tests/test_one.py"):
        (world.root / path).unlink()
    for path in _FILES:
        world.write(path, "clean 1")
    return world


def test_nothing_runs_again_where_nothing_changed(world: World) -> None:
    for tool in (by_file(), as_a_whole()):
        checks = Checks(world, tool)
        first, asked = checks.cached()
        assert len(asked) == 1
        assert not first.cached
        second, asked = checks.cached()
        assert asked == []
        assert second.cached
        assert second.seconds == 0.0
        assert second.reading.analysed, "the proof is kept"
        assert comparable(second) == comparable(first) == comparable(checks.uncached())


def test_a_tool_that_looks_at_each_file_by_itself_looks_at_the_changed_one(world: World) -> None:
    checks = Checks(world, by_file())
    checks.cached()
    world.write("b.py", "found 1")
    run, asked = checks.cached()
    assert asked == [("b.py",)]
    assert checks.costs == [AT_ONCE]
    assert not run.cached
    assert comparable(run) == comparable(checks.uncached())
    world.write("excluded.py", "found 1")
    _, asked = checks.cached()
    assert asked == [], "what the configuration excludes is not looked at, whatever it holds"
    world.write("e.py", "clean 1")
    _, asked = checks.cached()
    assert asked == [("e.py",)]


def test_what_a_tool_says_of_changed_files_may_be_known_without_it(world: World) -> None:
    checks = Checks(world, foreseen())
    _, asked = checks.cached()
    assert len(asked) == 1, "that it can be used has to be proven"
    for text, runs in (("clean 2", []), ("found 1", [("b.py",)]), ("clean 1", [])):
        world.write("b.py", text)
        run, asked = checks.cached()
        assert asked == runs
        assert not run.cached
        assert comparable(run) == comparable(checks.uncached())
        again, asked = checks.cached()
        assert (again.cached, asked) == (True, [])
        assert comparable(again) == comparable(run)


def test_only_a_handful_of_files_is_looked_at_without_waiting(world: World) -> None:
    checks = Checks(world, by_file())
    for number in range(80):
        world.write(f"more{number}.py", "clean 1")
    checks.cached()
    assert checks.costs == [checks.tool.cost]
    for number in range(30):
        world.write(f"more{number}.py", "found 1")
    _, asked = checks.cached()
    assert len(asked[0]) == 30
    assert checks.costs == [checks.tool.cost]


def test_a_tool_that_needs_all_files_looks_at_all(world: World) -> None:
    checks = Checks(world, as_a_whole())
    checks.cached()
    world.write("b.py", "found 1")
    _, asked = checks.cached()
    assert len(asked[0]) == len(_FILES)


@pytest.mark.parametrize("tool", [by_file(), as_a_whole()], ids=["by file", "as a whole"])
@pytest.mark.parametrize("state", ["unread", "garbled"])
def test_what_is_not_sound_is_never_reused(world: World, tool: Tool, state: str) -> None:
    checks = Checks(world, tool)
    checks.cached()
    world.write("b.py", f"{state} 1")
    for _ in range(2):
        run, asked = checks.cached()
        assert asked, "it is looked at every time"
        assert comparable(run) == comparable(checks.uncached())
        assert not run.cached
        assert (run.status is ToolStatus.OK) == (state == "unread")


def test_a_file_that_changes_while_a_tool_runs_is_looked_at_again(world: World) -> None:
    checks = Checks(world, as_a_whole())
    runner = FakeRunner(checks.tool)
    step = world.step(checks.tool)
    time.sleep(0.05)  # what was written before the check counts as it is
    reuse = Reuse(world.store, world.tickets(since=time.time_ns()), str(world.root))

    class Editing(FakeRunner):
        async def run(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
            done = await runner.run(*args, **kwargs)  # type: ignore[arg-type]
            world.write("a.py", "found 1")
            return done

    asyncio.run(run_tool(cast("Runner", Editing(checks.tool)), step, reuse))
    run, asked = checks.cached()
    assert asked
    assert comparable(run) == comparable(checks.uncached())


def test_what_names_its_place_is_not_reused_in_another(tmp_path: Path) -> None:
    one, two = _small(tmp_path / "one"), _small(tmp_path / "two")
    two.store = one.store
    tool = by_file()
    for world in (one, two):
        world.write("a.py", "found 1")
    Checks(one, tool).cached()
    run, asked = Checks(two, tool).cached()
    assert asked == [], "the same tree elsewhere is the same"
    assert comparable(run) == comparable(Checks(two, tool).uncached())
    one.write("a.py", f"found {one.root}")
    two.write("a.py", f"found {one.root}")
    Checks(one, tool).cached()
    _, asked = Checks(two, tool).cached()
    assert asked


def test_a_check_of_a_few_files_forgets_nothing_of_the_others(world: World) -> None:
    checks = Checks(world, by_file())
    checks.cached()
    step = world.step(checks.tool)
    few = tuple(file for file in step.request.layout.files if file.path == "a.py")
    layout = replace(step.request.layout, files=few, restricted=True)
    narrow = plan(checks.tool, replace(step.request, layout=layout))
    world.write("a.py", "found 1")
    reuse = Reuse(world.store, world.tickets(), str(world.root))
    runner = FakeRunner(checks.tool)
    asyncio.run(run_tool(cast("Runner", runner), narrow, reuse))
    assert runner.asked == [("a.py",)]
    run, asked = checks.cached()
    assert asked == []
    assert comparable(run) == comparable(checks.uncached())


def test_a_store_that_cannot_be_written_changes_nothing(world: World) -> None:
    world.store = Store(None)
    checks = Checks(world, by_file())
    for _ in range(2):
        run, asked = checks.cached()
        assert len(asked) == 1
        assert comparable(run) == comparable(checks.uncached())


_Step = tuple[str, str, str]
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(_FILES), st.sampled_from(_TEXTS)),
        st.tuples(st.just("rename"), st.sampled_from(_FILES), st.sampled_from(("x.py", "a.py"))),
        st.tuples(st.just("touch"), st.sampled_from(_FILES), st.just("")),
        st.tuples(st.just("delete"), st.sampled_from(_FILES), st.just("")),
        st.tuples(st.just("configure"), st.just(CONFIG), st.sampled_from(("one", "two"))),
        st.tuples(st.just("upgrade"), st.sampled_from(("ruff", "mypy")), st.sampled_from("12")),
    ),
    min_size=3,
    max_size=8,
)


def _apply(world: World, step: _Step) -> None:
    kind, name, more = step
    place = world.root / name
    if kind in {"edit", "configure"}:
        world.write(name, more)
    elif kind == "upgrade":
        script = Path(world.own.python).with_name(name)
        install(world.own, name, requires=("helper",), files={f"{name}.py": more}, script=name)
        script.write_text(f"#!{world.own.python}\n{more}\n", "utf-8")
    elif place.exists():
        match kind:
            case "rename":
                place.rename(world.root / more)
            case "touch":
                os.utime(place)
            case _:
                place.unlink()


@pytest.fixture(scope="module")
def folders() -> Iterator[Path]:
    """Return a folder for the worlds of all examples."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@given(steps=_steps)
@example(steps=[("edit", "pkg/d.py", "found 1"), ("delete", "pkg/d.py", "")])
@example(steps=[("edit", "pkg/d.py", "unread 1"), ("delete", "pkg/d.py", "")])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_cached_run_always_equals_an_uncached_one(folders: Path, steps: list[_Step]) -> None:
    world = _small(Path(tempfile.mkdtemp(dir=folders)))
    tools = tuple(Checks(world, tool()) for tool in (by_file, foreseen, as_a_whole))
    for step in steps:
        _apply(world, step)
        if not any((world.root / path).exists() for path in (*_FILES, "x.py")):
            world.write("a.py", "clean 1")
        for checks in tools:
            run, _ = checks.cached()
            assert comparable(run) == comparable(checks.uncached()), step
