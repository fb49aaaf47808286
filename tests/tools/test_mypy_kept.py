"""When mypy goes on from its last run, and what it proves then."""

from __future__ import annotations

import pytest

from doctrine.model.project import Layout
from doctrine.tools._mypy_output import Output, proven
from doctrine.tools.mypy import TOOL
from tests.tools.asking import a_layout, a_request, prepared


def going_on(layout: Layout, version: str = "2.4.1") -> tuple[tuple[str, ...], str]:
    request = a_request(layout, version=version)
    assert TOOL.carrying is not None
    (one,) = TOOL.carrying(request, (prepared(TOOL, request),))
    return one.argv, one.carry


def test_it_goes_on_in_a_folder_of_its_own() -> None:
    argv, folder = going_on(a_layout(toml="[tool.mypy]\nstrict = true\n"))
    assert f"--cache-dir={{scratch}}/{folder}" in argv
    assert "--no-incremental" not in argv
    assert "--cache-dir=/dev/null" not in argv


@pytest.mark.parametrize(
    "option",
    [
        'plugins = ["pydantic.mypy"]',
        "bazel = true",
        "skip_cache_mtime_checks = true",
        "skip_version_check = true",
        'html_report = "out"',
        'junit_xml = "out.xml"',
    ],
)
def test_it_begins_anew_where_it_would_believe_more_than_contents(option: str) -> None:
    argv, folder = going_on(a_layout(toml=f"[tool.mypy]\n{option}\n"))
    assert folder == ""
    assert "--no-incremental" in argv


@pytest.mark.parametrize("version", ["1.11.0", "2.3.9", "", "unknown"])
def test_a_version_that_was_not_compared_begins_anew(version: str) -> None:
    assert going_on(a_layout(toml="[tool.mypy]\n"), version)[1] == ""


def test_it_begins_anew_where_a_configuration_at_home_may_count() -> None:
    request = a_request(a_layout(), commands=(("mypy", "src"),), version="2.4.1")
    assert TOOL.carrying is not None
    planned = (prepared(TOOL, request),)
    assert TOOL.carrying(request, planned) == planned


def test_a_fresh_module_is_proven_and_a_silenced_one_is_not() -> None:
    stderr = (
        b"LOG:  Metadata fresh for a: file a.py\n"
        b"LOG:  Updating mtime for p.b: file p/b.py, meta p/b.meta.ff, mtime 1700000000\n"
        b"LOG:  Metadata fresh for c: file c.py\nLOG:  Silencing c.py (c)\n"
        b"LOG:  Metadata abandoned for d: file d.py has different hash\n"
        b"LOG:  Loaded graph with 4 nodes (0.1 sec)\nLOG:  Build finished in 0.1 seconds\n"
    )
    output = Output(lines=(), words=(), log=stderr.decode())
    assert proven(output, "/project") == {"a.py", "p/b.py"}
