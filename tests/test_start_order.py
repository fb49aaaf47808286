"""Tools are started as soon as what they need is known, and no later."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine import collecting
from doctrine import survey as surveying
from doctrine.app import check
from doctrine.cache.reuse import Reuse
from doctrine.cli.check import Silence
from doctrine.guide.chosen import load_guide
from doctrine.model.guide import Guide
from doctrine.model.project import Layout
from doctrine.model.replacing import replace
from doctrine.model.run import ToolRun
from doctrine.model.settings import Settings
from doctrine.plan import Step
from doctrine.project.pyproject import read_pyproject
from doctrine.runner import Runner

_PYPROJECT = '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\n'
_WORKFLOW = """\
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: ruff check --select E,F --line-length 77
"""


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Run no tool; return what began, in order: the survey, and the command of each tool."""
    found: list[tuple[str, ...]] = []
    real = surveying.survey

    async def run(_runner: Runner, step: Step | ToolRun, _reuse: Reuse | None) -> ToolRun:
        assert isinstance(step, Step)
        found.append((step.tool.name, *step.invocations[0].argv))
        return ToolRun(name=step.tool.name, version="1", origin=step.request.located.origin)

    def survey(
        layout: Layout,
        settings: Settings,
        known: surveying.Knowing | None = None,
        written: surveying.Written | None = None,
    ) -> surveying.Survey:
        found.append(("survey",))
        return real(layout, settings, known, written)

    monkeypatch.setattr(collecting, "run_tool", run)
    monkeypatch.setattr(surveying, "survey", survey)
    return found


@pytest.mark.parametrize("configured", [True, False])
def test_ruff_does_not_wait_for_the_sources(
    tmp_path: Path, begun: list[tuple[str, ...]], configured: bool
) -> None:
    table = "[tool.ruff]\nline-length = 77\n" if configured else ""
    (tmp_path / "pyproject.toml").write_text(_PYPROJECT + table)
    (tmp_path / "a.py").write_text("x = 1\n")
    workflow = tmp_path / ".github/workflows/ci.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(_WORKFLOW)
    settings = Settings(root=str(tmp_path), no_cache=True)
    check(settings, read_pyproject(str(tmp_path)), Silence(), guide=_guide())
    names = [one[0] for one in begun]
    assert names.index("ruff") < names.index("survey") < names.index("mypy")
    (ruff,) = (one for one in begun if one[0] == "ruff")
    # What CI does with it is known all the same.
    assert ("--line-length" in ruff) is not configured


def _guide() -> Guide:
    """Return the clauses that ask ruff and mypy whether they find anything."""
    whole = load_guide()
    chosen = ("LNT001", "TYP001")
    return replace(whole, clauses=tuple(one for one in whole.clauses if one.id in chosen))
