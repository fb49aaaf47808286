"""What becomes of a tool that ran, or did not, whatever it printed."""

from __future__ import annotations

import pytest

from doctrine.model.process import Completed, Ending
from doctrine.model.replacing import replace
from doctrine.model.run import Covers, Reading, ToolStatus
from doctrine.readings import finished_run, inspector_run
from doctrine.tools.uv_lock import TOOL
from tests.tools.asking import a_layout, a_request, completed, prepared

REQUEST = a_request(a_layout(others=("uv.lock",)))
DONE = completed(prepared(TOOL, REQUEST), stderr=b"Resolved 2 packages in 1ms\n")


@pytest.mark.parametrize(
    ("reading", "status"), [(Reading(), ToolStatus.OK), (None, ToolStatus.CRASHED)]
)
def test_an_inspector_that_broke_is_no_silence(reading: Reading | None, status: ToolStatus) -> None:
    run = inspector_run("x", "1", reading, covers=Covers.ALL, trouble="why")
    assert (run.status, run.message) == (status, "why")


def test_the_time_of_a_tool_is_that_of_all_its_commands() -> None:
    runs = tuple(replace(DONE, seconds=seconds) for seconds in (1.5, 2.0, 4.0))
    assert finished_run(TOOL, REQUEST, runs).seconds == 7.5


@pytest.mark.parametrize(
    ("done", "status", "said"),
    [
        (DONE, ToolStatus.OK, ""),
        (replace(DONE, stderr=b""), ToolStatus.UNREADABLE, "something unexpected"),
        (replace(DONE, exit_code=-9, stderr=b"a\nlast words\n"), ToolStatus.CRASHED, "last words"),
        (replace(DONE, ending=Ending.TIMEOUT), ToolStatus.TIMEOUT, "--timeout"),
        (replace(DONE, ending=Ending.STALLED), ToolStatus.CRASHED, "ulimit -v"),
        (replace(DONE, ending=Ending.MISSING, detail="gone"), ToolStatus.MISSING, "gone"),
    ],
)
def test_a_run_counts_only_where_its_tool_came_to_its_end(
    done: Completed, status: ToolStatus, said: str
) -> None:
    run = finished_run(TOOL, REQUEST, (done,))
    assert run.status is status
    assert said in run.message
    assert bool(run.reading.analysed) is (status is ToolStatus.OK)
