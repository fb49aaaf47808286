"""What a tool says of files that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.model.run import Origin, Reading, ToolRun, ToolStatus
from doctrine.running import about_what_is_there


@pytest.mark.parametrize("there", [True, False])
def test_a_tool_that_reports_of_a_file_that_is_not_there_is_not_believed(
    there: bool, tmp_path: Path
) -> None:
    reading = Reading(analysed=frozenset({"src/a.py"}), strays=("src/made.py",))
    run = ToolRun(name="mypy", version="2", origin=Origin.DOCTRINE, reading=reading)
    if there:
        (tmp_path / "src").mkdir()
        (tmp_path / "src/made.py").symlink_to("/nonexistent/made.py")
    judged = about_what_is_there(run, str(tmp_path))
    assert (judged is run) is there
    if not there:
        assert (judged.status, judged.reading) == (ToolStatus.UNREADABLE, Reading())
        assert "src/made.py, which is not there" in judged.message
