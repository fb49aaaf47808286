"""What radon is given, and that its driver and its own front end count the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from doctrine.model.tool import UnreadableError
from doctrine.tools._drivers import Job
from doctrine.tools.radon import TOOL
from tests.tools import recordings
from tests.tools.asking import a_layout, a_request, completed, prepared


class Place(msgspec.Struct):
    path: str


class Measured(msgspec.Struct):
    subject: str
    value: float
    location: Place


class Expected(msgspec.Struct):
    measurements: list[Measured]


def test_only_sources_are_measured_and_stubs_are_among_them() -> None:
    layout = a_layout("pkg/a.py", "pkg/a.pyi", "tests/test_a.py")
    job = prepared(TOOL, a_request(layout)).files["job.json"]
    assert msgspec.json.decode(job, type=Job).files == ("pkg/a.py", "pkg/a.pyi")


def test_a_measurement_of_a_file_that_was_not_read_is_not_believed() -> None:
    request = a_request()
    block = {"path": "b.py", "name": "f", "line": 1, "end_line": 1, "complexity": 1}
    stdout = json.dumps({"blocks": [block], "read": ["a.py"], "failed": {}}).encode()
    with pytest.raises(UnreadableError):
        TOOL.read(request, (completed(prepared(TOOL, request), stdout=stdout),))


@pytest.mark.live
def test_the_driver_counts_what_the_front_end_lists(tmp_path: Path) -> None:
    source = recordings.RECORDINGS / "radon" / "findings" / "input" / "a.py"
    folder = recordings.RECORDINGS / "radon" / "findings"
    expected = msgspec.json.decode((folder / "expected.json").read_bytes(), type=Expected)
    ours = {
        (one.subject, int(one.value))
        for one in expected.measurements
        if one.location.path == "a.py"
    }
    done = subprocess.run(
        [sys.executable, "-m", "radon", "cc", "-j", str(source)],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=60,
    )
    (blocks,) = json.loads(done.stdout).values()
    theirs = {
        (
            f"{one['classname']}.{one['name']}" if "classname" in one else one["name"],
            one["complexity"],
        )
        for one in blocks
        if one["type"] != "class"
    }
    assert ours == theirs
