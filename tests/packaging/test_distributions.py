"""The distributions hold all that doctrine needs to run, and nothing of the machine they come from."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent.parent
PACKAGE = TOP / "src/doctrine"
RUBBISH = ("__pycache__", ".pyc")
"""What running doctrine leaves in its folder, and git ignores."""


def build(source: Path, folder: Path, kind: str) -> Path:
    """Build a distribution with the locked build backend, without a network."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)],
        cwd=source,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = folder.iterdir()
    return built


def held(wheel: Path) -> Mapping[str, bytes]:
    with zipfile.ZipFile(wheel) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(TOP, tmp_path_factory.mktemp("sdist"), "sdist")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    return held(build(TOP, tmp_path_factory.mktemp("wheel"), "wheel"))


def test_the_wheel_holds_the_package_file_for_file(wheel: Mapping[str, bytes]) -> None:
    package = {
        f"doctrine/{path.relative_to(PACKAGE).as_posix()}": path.read_bytes()
        for path in PACKAGE.rglob("*")
        if path.is_file() and not any(part in str(path) for part in RUBBISH)
    }
    inside = {name: content for name, content in wheel.items() if ".dist-info/" not in name}
    assert inside.keys() == package.keys()
    assert inside == package
    suffixes = {name.rpartition(".")[2] for name in inside}
    assert {"py", "toml", "typed", "json"} <= suffixes, "clauses, rules and schemas are data"


def test_the_wheel_declares_what_it_starts_and_its_licence(wheel: Mapping[str, bytes]) -> None:
    (scripts,) = (text for name, text in wheel.items() if name.endswith("/entry_points.txt"))
    assert b"doctrine = doctrine.__main__:main" in scripts
    (metadata,) = (text for name, text in wheel.items() if name.endswith("/METADATA"))
    assert b"\nLicense-Expression: MIT\n" in metadata
    assert b"\nRequires-Python: >=3.11\n" in metadata
    assert any(name.endswith("/licenses/LICENSE") for name in wheel)
    assert any(name == "doctrine/py.typed" for name in wheel)


def test_the_wheel_knows_nothing_of_the_machine_it_was_built_on(wheel: Mapping[str, bytes]) -> None:
    places = [str(TOP), str(Path.home()), sys.prefix]
    named = [
        (name, place)
        for name, content in wheel.items()
        for place in places
        if len(place) > len("/root") and place.encode() in content
    ]
    assert named == []


def test_the_source_distribution_builds_the_same_wheel(
    sdist: Path, wheel: Mapping[str, bytes], tmp_path: Path
) -> None:
    with tarfile.open(sdist) as opened:
        # By attribute: the argument came with a patch release of the oldest Python.
        opened.extraction_filter = getattr(tarfile, "data_filter", None)
        opened.extractall(tmp_path / "source")  # noqa: S202 - the test has built it
    (source,) = (tmp_path / "source").iterdir()
    assert held(build(source, tmp_path / "again", "wheel")) == wheel


def test_the_source_distribution_holds_what_is_tracked_and_nothing_else(sdist: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=False, timeout=60
    )
    if tracked.returncode:
        pytest.skip("this tree is no repository")
    known = set(tracked.stdout.decode().split("\0"))
    with tarfile.open(sdist) as opened:
        names = {one.name.partition("/")[2] for one in opened if not one.isdir()}
    made = {"PKG-INFO", ".gitignore"}
    assert {name for name in names - known - made if not _is_new(name)} == set()
    assert {"tests/conftest.py", "README.md", "LICENSE", "docs/trust.md"} <= names


def _is_new(name: str) -> bool:
    """Whether a file is not ignored: it will be tracked with the next commit."""
    asked = subprocess.run(["git", "check-ignore", "-q", name], cwd=TOP, check=False, timeout=60)
    return asked.returncode != 0
