"""The job of the template for GitLab, run as a runner would run its script."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.ci.action import REPOSITORY
from tests.guide.examples import plant

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the script is for a shell")
SHOP = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n',
    "src/shop/__init__.py": '"""Sell things."""\n',
}


class Reports(msgspec.Struct):
    codequality: str
    junit: str


class Artifacts(msgspec.Struct):
    when: str
    paths: list[str]
    reports: Reports


class Job(msgspec.Struct):
    script: list[str]
    variables: dict[str, str]
    artifacts: Artifacts


def job() -> Job:
    _, _, body = (REPOSITORY / "templates" / "doctrine.yml").read_text("utf-8").partition("\n---\n")
    (found,) = msgspec.yaml.decode(body, type=dict[str, Job]).values()
    return found


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def run(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script without its installation; what is not given is empty."""
    own = f"'{sys.executable}' -m doctrine check"
    lines = [
        line.replace('"$home/venv/bin/doctrine" check', own)
        for line in job().script
        if not line.startswith(("python3 -m venv", "$home/venv/bin/pip install"))
    ]
    assert len(lines) == 2
    assert any(own in line for line in lines)
    empty = {name: "" for name in job().variables if name.startswith("DOCTRINE_")}
    return subprocess.run(
        ["sh", "-e", "-c", "\n".join(lines)],
        cwd=folder,
        env={
            **os.environ,
            **empty,
            "DOCTRINE_PATH": ".",
            **variables,
        },
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=300,
    )


@pytest.mark.live
def test_the_gate_is_the_result_and_every_artifact_is_there(tmp_path: Path) -> None:
    plant(tmp_path, SHOP)
    cached = tmp_path / ".doctrine" / "kept" / "odd.py"
    cached.parent.mkdir(parents=True)
    cached.write_text("import os\n")
    done = run(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    artifacts = job().artifacts
    assert artifacts.when == "always"
    for path in (*artifacts.paths, artifacts.reports.codequality, artifacts.reports.junit):
        assert (tmp_path / path).stat().st_size > 0, path
    report = json.loads((tmp_path / ".doctrine" / "report.json").read_text())
    assert report["project"]["python_files"] == 1  # what the cache holds is no code of the project
    assert ".doctrine" not in git(tmp_path, "status", "--porcelain", "-uall")


@pytest.mark.live
def test_what_was_found_out_about_a_commit_is_carried_to_the_next_run(tmp_path: Path) -> None:
    plant(tmp_path, SHOP)
    git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "Begin")
    # As in CI, where the commit and the tree that is the same need not both be looked at.
    keeps = {"DOCTRINE_NO_CACHE": "", "DOCTRINE_SINCE": "HEAD"}
    done = run(tmp_path, **keeps, DOCTRINE_ARGUMENTS="--jobs 1")
    assert done.returncode == 0, done.stdout + done.stderr
    kept = list((tmp_path / ".doctrine" / "kept" / "commits").glob("*.txt"))
    assert len(kept) == 1
    assert run(tmp_path, **keeps).returncode == 0
    assert list((tmp_path / ".doctrine" / "kept" / "commits").glob("*.txt")) == kept


@pytest.mark.parametrize(
    "variables",
    [
        {"DOCTRINE_PATH": "$(touch pwned)"},
        {"DOCTRINE_FAIL_ON": "must;touch pwned"},
        {"DOCTRINE_SINCE": "`touch pwned`"},
        {"DOCTRINE_ARGUMENTS": "--nothing $(touch pwned) *"},
    ],
)
def test_variables_are_words_and_never_commands(tmp_path: Path, variables: dict[str, str]) -> None:
    plant(tmp_path, SHOP)
    done = run(tmp_path, **variables)
    assert done.returncode == 2, done.stdout + done.stderr
    assert not (tmp_path / "pwned").exists()
