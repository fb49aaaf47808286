"""Surveying a folder: every inspector sees every file, or says which it did not see."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.checks.case import case_of
from doctrine.checks.proof import unproven
from doctrine.inspect._inspector import FileInspector, GatheringInspector
from doctrine.inspect.discovery import inspectors
from doctrine.model.run import ToolRun
from doctrine.model.settings import Settings
from doctrine.survey import Survey, survey
from tests.project.trees import layout_of, plant

LOOKERS = [one.name for one in inspectors() if isinstance(one, FileInspector | GatheringInspector)]
SOUND = "def f():\n    return 1\n"
BROKEN = "def f(:\n"


def surveyed(root: Path, second: str) -> tuple[Survey, dict[str, ToolRun]]:
    plant(root, {"src/app/a.py": SOUND, "src/app/b.py": second})
    result = survey(layout_of(root), Settings(root=str(root)))
    return result, {run.name: run for run in result.inspect_project()}


@pytest.mark.parametrize("name", LOOKERS)
def test_a_file_that_no_tree_could_be_made_of_disproves_silence(tmp_path: Path, name: str) -> None:
    result, runs = surveyed(tmp_path, BROKEN)
    case = case_of(result.project, tuple(runs.values()), ())
    outcome = unproven("check", runs[name], case)
    assert outcome is not None
    assert "src/app/b.py" in outcome.detail


@pytest.mark.parametrize("name", LOOKERS)
def test_sound_files_prove_silence(tmp_path: Path, name: str) -> None:
    result, runs = surveyed(tmp_path, SOUND)
    case = case_of(result.project, tuple(runs.values()), ())
    assert unproven("check", runs[name], case) is None
