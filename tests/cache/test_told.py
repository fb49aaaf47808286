"""What is told of each tool afterwards: whether it ran, on how much, and because of what."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.cache.changes import Change
from doctrine.cache.reuse import Reuse
from doctrine.cache.told import Told, dependent, read_told
from doctrine.cli.cache_told import each_tool, one_tool
from tests.cache.faking import CONFIG, as_a_whole, by_file
from tests.cache.test_reuse import Checks
from tests.cache.world import World

_CHANGED = Change(group="files", name="a.py", before="1", after="2")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a project."""
    return World(tmp_path)


def told(world: World) -> dict[str, Told]:
    return dict(read_told(world.store, str(world.root)))


def durations(world: World) -> dict[str, float]:
    return dict(Reuse(world.store, world.tickets(), str(world.root)).durations())


def test_it_is_told_which_tool_ran_and_why(world: World) -> None:
    each, whole = Checks(world, by_file()), Checks(world, as_a_whole())
    for checks in (each, whole):
        checks.cached()
    first = told(world)
    assert first["by-file"].reason == "nothing was kept of it for this command"
    assert first["by-file"].looked == first["by-file"].files == 4
    assert dependent(world.store, str(world.root), "app/one.py") == ("as-a-whole", "by-file")
    assert dependent(world.store, str(world.root), "README.md") == ()
    world.write("app/one.py", "found 1")
    for checks in (each, whole):
        checks.cached()
    second = told(world)
    assert [one.name for one in second["as-a-whole"].changes] == ["app/one.py"]
    assert (second["as-a-whole"].looked, second["by-file"].looked) == (4, 1)
    assert not second["by-file"].unfit
    each.cached()
    assert told(world)["by-file"].reused
    assert not told(world)["as-a-whole"].reused, "what nobody asked since is as it was"


def test_configuration_counts_as_well(world: World) -> None:
    checks = Checks(world, as_a_whole())
    checks.cached()
    world.write(CONFIG, "strict")
    checks.cached()
    (change,) = told(world)["as-a-whole"].changes
    assert (change.group, change.name, change.before) == ("configuration", CONFIG, "")


def test_it_is_remembered_what_a_tool_took_when_it_looked_at_everything(world: World) -> None:
    each, whole = Checks(world, by_file()), Checks(world, as_a_whole())
    for checks in (each, whole):
        checks.cpu = 3.0
        checks.cached()
    assert durations(world) == {"by-file": 3.0, "as-a-whole": 3.0}
    world.write("app/one.py", "found 1")
    for checks in (each, whole):
        checks.cpu = 0.5
        checks.cached()
    assert durations(world) == {"by-file": 3.0, "as-a-whole": 0.5}, "one looked at a part only"
    whole.cached()
    assert durations(world)["as-a-whole"] == 0.5, "and what did not run took what it took"


def test_it_is_told_that_a_result_was_not_kept(world: World) -> None:
    checks = Checks(world, as_a_whole())
    checks.cached()
    world.write("app/one.py", "garbled 1")
    checks.cached()
    assert told(world)["as-a-whole"].unfit == "its last run had no result"
    world.write("app/one.py", "one = 1\n")
    checks.cached()
    assert told(world)["as-a-whole"].reused, "the result from before is that of the same contents"


def test_in_words() -> None:
    known = {
        "ruff": Told(reused=False, looked=1, files=90, changes=(_CHANGED,)),
        "mypy": Told(reused=False, went_on=True, looked=90, files=90, changes=(_CHANGED, _CHANGED)),
        "pyright": Told(reused=False, reason="no reason", unfit="no result"),
        "radon": Told(reused=True),
    }
    assert list(each_tool(known)) == [
        "Tools in the last run that judged:",
        "  mypy     went on from its last run: 2 things had changed (files: a.py …)",
        "  pyright  ran: no reason; not kept: no result",
        "  radon    reused: nothing that it depends on had changed",
        "  ruff     looked at 1 of 90 files: one thing had changed (files: a.py)",
    ]
    assert list(one_tool("pyright", known)) == [
        "pyright: in the last run that judged, it ran, because no reason.",
        "What it said is not kept: no result.",
    ]
    assert "  files  a.py: 1 → 2" in list(one_tool("ruff", known))
    assert list(one_tool("none", known)) == ["none: nothing is known of it."]
