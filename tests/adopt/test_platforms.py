"""What is written for CI and bots is what their platforms accept."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from doctrine.adopt.github import CHECKOUT, SETUP_UV
from doctrine.adopt.situation import Platform
from tests.adopt.test_plan import DOTTED, TOX_DRIVEN
from tests.adopt.trees import TINY, adopted, after, write
from tests.guide.examples import plant

BIN = Path(sys.executable).parent
SUBMODULES = {
    **TINY,
    ".gitmodules": '[submodule "cases"]\n\tpath = tests/cases\n\turl = ../cases.git\n',
}
SCHEMAS = {
    ".github/workflows/doctrine.yml": "vendor.github-workflows",
    ".github/dependabot.yml": "vendor.dependabot",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
    "renovate.json": "vendor.renovate",
}
TREES = {
    "tiny": TINY,
    "tox": TOX_DRIVEN,
    "dotted": DOTTED,
    "submodules": SUBMODULES,
    "systems": {
        **TINY,
        "pyproject.toml": TINY["pyproject.toml"].replace(
            "dependencies = []",
            'dependencies = []\nclassifiers = ["Operating System :: OS Independent"]',
        ),
    },
}


def run(*argv: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.live
def test_files_fit_the_published_schemas(tmp_path: Path) -> None:
    trees = tuple(_adopted(tmp_path))
    for path, schema in SCHEMAS.items():
        written = [str(tree / path) for tree in trees if (tree / path).exists()]
        assert written, path
        said = run(f"{BIN}/check-jsonschema", "--builtin-schema", schema, *written, cwd=tmp_path)
        assert said.returncode == 0, said.stdout


def _adopted(folder: Path) -> Iterator[Path]:
    """Adopt every project for every platform, each in a folder of its own."""
    for name, platform in itertools.product(TREES, Platform):
        tree = folder / f"{name}-{platform}"
        tree.mkdir()
        plant(tree, TREES[name])
        write(tree, adopted(tree, platform=platform))
        assert len([path for path in SCHEMAS if (tree / path).exists()]) >= 2
        yield tree


@pytest.mark.live
def test_no_weakness_is_known_of_the_workflow(tmp_path: Path) -> None:
    plant(tmp_path, TREES["systems"])
    write(tmp_path, adopted(tmp_path))
    said = run(f"{BIN}/zizmor", "--offline", "--no-progress", ".github", cwd=tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_jobs_test_what_the_project_promises(tmp_path: Path) -> None:
    plant(tmp_path, TREES["systems"])
    text = after(adopted(tmp_path), ".github/workflows/doctrine.yml")
    assert 'python-version: ["3.11", "3.12", "3.13", "3.14"]' in text
    assert "os: [ubuntu-latest, macos-latest, windows-latest]" in text


def test_actions_are_pinned_to_a_commit_with_its_version(tmp_path: Path) -> None:
    plant(tmp_path, TINY)
    lines = after(adopted(tmp_path), ".github/workflows/doctrine.yml").splitlines()
    used = [line.partition("uses:")[2].strip() for line in lines if "uses:" in line]
    assert set(used) == {CHECKOUT.uses, SETUP_UV.uses}
    for one in used:
        commit, _, version = one.partition("@")[2].partition(" # ")
        assert len(commit) == 40
        assert int(commit, 16)
        assert version.startswith("v")


@pytest.mark.parametrize(
    ("platform", "path", "word"),
    [
        (Platform.GITHUB, ".github/workflows/doctrine.yml", "submodules: recursive"),
        (Platform.GITLAB, ".gitlab-ci.yml", "GIT_SUBMODULE_STRATEGY: recursive"),
    ],
)
def test_the_job_of_the_tests_has_what_other_repositories_bring(
    platform: Platform, path: str, word: str, tmp_path: Path
) -> None:
    plant(tmp_path, SUBMODULES)
    text = after(adopted(tmp_path, platform=platform), path)
    quality, found, tests = text.partition(
        "\n  tests:" if platform is Platform.GITHUB else "\ntests:"
    )
    assert found
    assert word in tests
    assert word not in quality
    plant(tmp_path / "without", TINY)
    assert word not in after(adopted(tmp_path / "without", platform=platform), path)
