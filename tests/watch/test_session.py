"""Who stays is asked by judgements, and let go only by one that could have asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol, cast

import pytest

from doctrine.children import capture
from doctrine.cli.check import settings_of
from doctrine.following import Words
from doctrine.judging import Merge
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.model.run import ToolRun
from doctrine.plan import Step
from doctrine.runner import Runner
from doctrine.tools.mypy import TOOL as MYPY
from doctrine.tools.pyright import TOOL
from doctrine.watch import session as module
from doctrine.watch.folder import Folder
from doctrine.watch.lines import Line
from doctrine.watch.residents import staying
from doctrine.watch.residents.staying import Residents
from doctrine.watch.session import Asked, Loaded, Session
from tests.builders import a_run
from tests.tools.asking import a_layout, a_request, prepared
from tests.watch.told import a_report


class Unseen:
    """A screen that nobody looks at."""

    def write(self, lines: Collection[Line]) -> None:
        """Show nothing."""

    def stand(self, lines: Collection[Line]) -> None:
        """Show nothing."""

    def listens(self) -> bool:
        return False


class Following(Protocol):
    """What a judgement tells."""

    steps: dict[str, Step]
    believed: frozenset[str]


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_confirming_judgement_asks_nobody_who_stays_and_lets_nobody_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = a_request(a_layout("a.py"))
    step = Step(tool=TOOL, request=request, invocations=(prepared(TOOL, request),))
    judged = 0
    warmed: list[Mapping[str, Step]] = []

    async def judge(*_: object, follower: Following, baseline: None, merge: Merge) -> Report:
        nonlocal judged
        del baseline, merge
        judged += 1
        if judged == 1:
            follower.steps["pyright"] = step
            follower.believed = frozenset({"pyright"})
        return a_report()

    def warm(_: Residents, steps: Mapping[str, Step]) -> None:
        warmed.append({**steps})

    monkeypatch.setattr(module, "judge", judge)
    monkeypatch.setattr(Residents, "warm", warm)
    settings = settings_of(str(tmp_path), None, {"paths": []})
    loaded = Loaded(settings=settings, pyproject=None, baseline=None)
    folder = Folder(root=str(tmp_path), capture=capture)
    asked = Asked(root=str(tmp_path), load=lambda: loaded, folder=folder, poll=True)

    async def main() -> None:
        session = Session(asked, Unseen(), rest=0.01)
        running = asyncio.create_task(session.run())
        try:
            async with asyncio.timeout(20):
                while judged < 2 or session.state.judging:  # noqa: ASYNC110 - it tells a screen only
                    await asyncio.sleep(0.01)
        finally:
            running.cancel()
            await asyncio.wait({running})

    asyncio.run(main())
    assert judged == 2
    assert warmed == [{"pyright": step}]


def test_mypys_command_lets_others_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    request = a_request(a_layout("a.py"))
    step = Step(tool=MYPY, request=request, invocations=(prepared(MYPY, request),))
    asked: list[Step] = []

    async def run_tool(_: object, step: Step, __: object) -> ToolRun:
        asked.append(step)
        return a_run("mypy")

    async def main() -> None:
        residents = Residents()
        await residents.run(cast("Runner", None), step, None, Words())
        await residents.close()

    monkeypatch.setattr(staying, "run_tool", run_tool)
    asyncio.run(main())
    ((told,),) = [one.invocations for one in asked]
    assert told.way > 0
    assert replace(told, way=0) == step.invocations[0]
    assert MYPY.carrying is not None
    assert {one.way for one in MYPY.carrying(request, (told,))} == {told.way}
