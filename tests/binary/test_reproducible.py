"""The same tree gives the same reports, whatever else is different."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks.reproducible import FILES, make, reports
from tests.packaging.test_distributions import TOP, build

pytestmark = pytest.mark.live

DOCTRINE = (sys.executable, "-m", "doctrine")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what an installation of the wheel consists of."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(build(TOP, tmp_path_factory.mktemp("wheel"), "wheel")) as wheel:
        wheel.extractall(folder)
    return folder


def test_order_locale_time_zone_jobs_hashes_and_the_wheel_change_no_report(
    tmp_path: Path, unpacked: Path
) -> None:
    root = tmp_path / "project"
    make(root)
    checkout = {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"}
    first = reports(DOCTRINE, root, "--jobs", "1", env=checkout)
    make(root, reversed(tuple(FILES)))
    wheel = {
        "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE", "TZ": "Pacific/Chatham", "PYTHONHASHSEED": "42",
        "PYTHONPATH": str(unpacked),
    }  # fmt: skip
    asked = [sys.executable, "-c", "import doctrine; print(doctrine.__file__)"]
    used = subprocess.run(asked, env={**os.environ, **wheel}, capture_output=True, check=True)
    assert Path(used.stdout.decode().strip()).is_relative_to(unpacked)
    second = reports(DOCTRINE, root, "--jobs", "8", env=wheel)
    assert "sample" in first["json"]
    assert {kind for kind in first if first[kind] != second[kind]} == set()
