"""A report is made from every tool and inspector that was asked, whatever became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from doctrine import collecting
from doctrine import install as installing
from doctrine.bench import Bench
from doctrine.cache.reuse import Reuse
from doctrine.cli.check import Silence
from doctrine.collecting import Followed, collect
from doctrine.following import Settled, Words
from doctrine.guide.chosen import load_guide
from doctrine.inspect._inspector import FileInspector
from doctrine.inspect.discovery import inspectors
from doctrine.model.collected import Collected
from doctrine.model.partial import Partial, Picked
from doctrine.model.project import Environment, Layout
from doctrine.model.replacing import replace
from doctrine.model.report import Problem, Report
from doctrine.model.run import ToolRun, ToolStatus
from doctrine.model.settings import Settings
from doctrine.model.tool import Located, Tool
from doctrine.plan import Step, tools_of
from doctrine.readings import located_run
from doctrine.runner import Runner
from doctrine.tools.discovery import tools
from tests.project.trees import layout_of, plant
from tests.reports.build import a_report

_TOOLS = {tool.name for tool in tools()}
_PER_FILE = {tool.name for tool in tools() if tool.per_file}
_INSPECTORS = {one.name for one in inspectors()}
_OF_FILES = {one.name for one in inspectors() if isinstance(one, FileInspector)}
_MISSING, _SLOW = "vulture", "mypy"
_PARTIAL = Partial(
    picked=Picked.GIVEN, files=("a.py",), others=0, clauses=(), left_out=(), whole="doctrine check"
)
_ENVIRONMENT = Environment(
    python="/nowhere/python", version=(3, 11), site=(), packages={}, label=".venv"
)
_TROUBLE = tuple(Problem(tool="install", message=one) for one in ("first", "second"))


class _Team:
    """Runs no tool, and remembers whom it was asked for; one of them is slow, or none."""

    def __init__(self, slow: str = "") -> None:
        self.words = Words()
        self.asked: list[str] = []
        self.told: list[tuple[Collected, frozenset[str]]] = []
        self._slow = slow
        self._heard = asyncio.Event()

    async def run(self, runner: Runner, step: Step | ToolRun, reuse: Reuse | None) -> ToolRun:
        run = step if isinstance(step, ToolRun) else located_run(step.tool, step.request.located)
        self.asked.append(run.name)
        if run.name == self._slow:
            await asyncio.wait_for(self._heard.wait(), timeout=20)
        return run

    def tell(self, ran: Collected) -> Report:
        self.told.append((ran, frozenset()))
        return a_report()

    async def heard(self, report: Report, waiting: frozenset[str], settled: Settled) -> None:
        del settled
        self.told[-1] = (self.told[-1][0], waiting)
        self._heard.set()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return layout_of(plant(tmp_path, {"a.py": "x = 1\n"}))


@pytest.fixture
def team(monkeypatch: pytest.MonkeyPatch) -> _Team:
    """Run tools by a team, of which one is not installed."""
    real, team = Bench.locate, _Team()

    def locate(bench: Bench, tool: Tool) -> Located | None:
        return None if tool.name == _MISSING else real(bench, tool)

    monkeypatch.setattr(Bench, "locate", locate)
    monkeypatch.setattr(collecting, "run_tool", team.run)
    return team


def _names(ran: Collected) -> list[str]:
    return [run.name for run in ran.runs]


def _statuses(ran: Collected) -> dict[str, ToolStatus]:
    return {run.name: run.status for run in ran.runs}


def _settings(layout: Layout) -> Settings:
    return Settings(root=layout.root, no_cache=True)


def test_all_tools_and_inspectors_are_in_a_whole_check_once(layout: Layout, team: _Team) -> None:
    ran = asyncio.run(collect(layout, _settings(layout), Silence()))
    assert sorted(team.asked) == sorted(_TOOLS - {_MISSING})
    assert _names(ran) == sorted(_TOOLS | _INSPECTORS)
    assert _statuses(ran)[_MISSING] is ToolStatus.MISSING
    assert ran.guide == load_guide()


def test_what_the_clauses_ask_runs_and_nothing_else(layout: Layout, team: _Team) -> None:
    chosen = {"LNT001", "TYP001", "DED001", "COV002"}
    guide = load_guide()
    guide = replace(guide, clauses=tuple(one for one in guide.clauses if one.id in chosen))
    ran = asyncio.run(collect(layout, _settings(layout), Silence(), guide=guide))
    wanted = tools_of(guide) & _TOOLS
    assert {"coverage", "ruff", "mypy", _MISSING} <= wanted < _TOOLS
    assert sorted(team.asked) == sorted(wanted - {_MISSING})
    assert _names(ran) == sorted(wanted | _INSPECTORS)
    assert ran.guide == guide


def test_a_few_files_are_judged_by_all_that_judge_each_by_itself(
    layout: Layout, team: _Team
) -> None:
    ran = asyncio.run(collect(layout, _settings(layout), Silence(), partial=_PARTIAL))
    assert sorted(team.asked) == sorted(_PER_FILE)
    assert _names(ran) == sorted(_PER_FILE | _OF_FILES)


def test_who_follows_runs_the_tools_and_is_told_of_missing_and_waiting_ones(
    layout: Layout, team: _Team
) -> None:
    follower = _Team(slow=_SLOW)
    followed = Followed(follower=follower, told=follower.tell)
    ran = asyncio.run(collect(layout, _settings(layout), Silence(), followed=followed))
    assert (sorted(follower.asked), team.asked) == (sorted(_TOOLS - {_MISSING}), [])
    before, waiting = follower.told[0]
    assert waiting == {_SLOW}
    assert _names(before) == _names(ran) == sorted(_TOOLS | _INSPECTORS)
    said = _statuses(before)
    assert (said[_MISSING], said[_SLOW]) == (ToolStatus.MISSING, ToolStatus.SKIPPED)


@pytest.mark.parametrize(
    ("asked", "there", "made"), [(True, False, True), (True, True, False), (False, False, False)]
)
@pytest.mark.usefixtures("team")
def test_an_environment_is_made_where_one_is_asked_for_and_none_is_there(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, *, asked: bool, there: bool, made: bool
) -> None:
    async def install(
        layout: Layout, _runner: Runner, *, tests: bool
    ) -> tuple[Layout, tuple[Problem, ...]]:
        assert not tests
        return layout, _TROUBLE

    monkeypatch.setattr(installing, "install", install)
    environment = _ENVIRONMENT if there else None
    settings = replace(_settings(layout), install=asked)
    ran = asyncio.run(
        collect(replace(layout, environment=environment), settings, Silence(), partial=_PARTIAL)
    )
    assert ran.problems == (_TROUBLE if made else ())


def test_a_check_that_ends_early_keeps_nothing(
    layout: Layout,
    team: _Team,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    calls: list[str] = []

    def note(name: str, real: Callable[..., None]) -> None:
        def noted(*given: object) -> None:
            calls.append(name)
            real(*given)

        monkeypatch.setattr(Reuse, name, noted)

    async def run(*_: object) -> ToolRun:
        raise ZeroDivisionError

    note("abandon", Reuse.abandon)
    note("settle", Reuse.settle)
    note("close", Reuse.close)
    monkeypatch.delenv("DOCTRINE_NO_CACHE")
    monkeypatch.setenv("DOCTRINE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    settings = replace(_settings(layout), no_cache=False)
    asyncio.run(collect(layout, settings, Silence(), partial=_PARTIAL))
    assert team.asked
    assert calls == ["settle", "close"]
    monkeypatch.setattr(collecting, "run_tool", run)
    with pytest.raises(ExceptionGroup):
        asyncio.run(collect(layout, settings, Silence(), partial=_PARTIAL))
    assert calls == ["settle", "close", "abandon"]
