"""What uv's words mean for the lock."""

from __future__ import annotations

import pytest

from doctrine.model.replacing import replace
from doctrine.model.settings import Settings
from doctrine.model.tool import CrashedError, Skip, UnreadableError
from doctrine.tools.uv_lock import TOOL
from tests.tools.asking import ROOT, a_layout, a_request, completed, prepared

LAYOUT = a_layout(others=("uv.lock",))
OFFLINE = b"""error: No solution found when resolving dependencies
  cause: Because x was not found in the cache, requirements are unsatisfiable.

hint: Packages were unavailable because the network was disabled.
"""


def test_without_a_lock_there_is_nothing_to_check() -> None:
    assert isinstance(TOOL.prepare(a_request()), Skip)


def test_nothing_is_built_fetched_or_cached_in_the_project() -> None:
    layout = a_layout(toml='[tool.uv]\ncache-dir = "./.cache"\n', others=("uv.lock",))
    argv = prepared(TOOL, a_request(layout)).argv
    assert {"--check", "--offline", "--no-build", "--no-python-downloads"} <= set(argv)
    assert argv[argv.index("--cache-dir") + 1] == "{scratch}/cache"


def test_the_interpreter_is_one_that_the_project_admits() -> None:
    pythons = (((3, 15), "/py/3.15"), ((3, 13), "/py/3.13"), ((3, 9), "/py/3.9"))
    argv = prepared(TOOL, a_request(LAYOUT, pythons=pythons)).argv
    assert argv[-2:] == ("--python", "/py/3.13")


def test_a_lock_that_cannot_be_judged_offline_is_undecided() -> None:
    request = a_request(LAYOUT)
    reading = TOOL.read(request, (completed(prepared(TOOL, request), code=1, stderr=OFFLINE),))
    assert reading.undecided.keys() == {"stale"}
    assert not reading.findings
    assert not reading.analysed
    assert "Because x" not in reading.undecided["stale"]


def test_who_allows_installing_has_allowed_the_network() -> None:
    request = a_request(LAYOUT, settings=Settings(root=ROOT, install=True))
    assert "--offline" not in prepared(TOOL, request).argv
    assert "--offline" in prepared(TOOL, a_request(LAYOUT)).argv


@pytest.mark.parametrize(
    ("code", "stderr", "error"),
    [(0, b"", UnreadableError), (1, b"error: disk full", CrashedError), (101, b"", CrashedError)],
)
def test_what_is_not_understood_is_no_fresh_lock(
    code: int, stderr: bytes, error: type[Exception]
) -> None:
    request = a_request(LAYOUT)
    with pytest.raises(error):
        TOOL.read(request, (completed(prepared(TOOL, request), code=code, stderr=stderr),))


DROPPED = (
    b"warning: Failed to parse `pyproject.toml` during settings discovery:\n"
    b"  TOML parse error at line 7, column 1\n    |\n  7 | locked = true\n    | ^^^^^^\n"
    b"  unknown field `locked`, expected one of `a`, `b`\n\n"
)


def test_settings_that_uv_drops_are_a_finding_in_a_lock_that_is_fresh() -> None:
    request = a_request(LAYOUT)
    stderr = DROPPED + b"Resolved 2 packages in 1ms\n"
    reading = TOOL.read(request, (completed(prepared(TOOL, request), stderr=stderr),))
    (finding,) = reading.findings
    assert (finding.rule, finding.location.path, finding.location.line) == (
        "invalid",
        "pyproject.toml",
        7,
    )
    assert finding.message.endswith("unknown field `locked`")
    assert reading.analysed == {"uv.lock"}


def test_settings_that_uv_drops_are_a_finding_whether_or_not_the_lock_can_be_judged() -> None:
    request = a_request(LAYOUT)
    done = completed(prepared(TOOL, request), code=1, stderr=DROPPED + OFFLINE)
    reading = TOOL.read(request, (done,))
    assert [one.rule for one in reading.findings] == ["invalid"]
    assert reading.undecided.keys() == {"stale"}


def test_a_lock_depends_on_every_workspace_above() -> None:
    layout = replace(LAYOUT, root="/a/b/c")
    assert TOOL.inputs is not None
    inputs = TOOL.inputs(a_request(layout))
    assert inputs is not None
    above = {f"{'../' * number}pyproject.toml" for number in (1, 2, 3)}
    assert above <= set(inputs.configuration)
