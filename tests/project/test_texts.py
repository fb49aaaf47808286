from __future__ import annotations

from pathlib import Path

import pytest

from doctrine.project.texts import LIMIT, is_known, read_texts, reader
from tests.project.trees import layout_of, plant


@pytest.mark.parametrize(
    "path",
    [
        "pyproject.toml",
        "packages/a/pyproject.toml",
        ".github/workflows/ci.yml",
        ".github/actions/a/action.yaml",
        ".github/dependabot.yml",
        ".gitlab-ci.yml",
        "azure-pipelines.yml",
        ".circleci/config.yml",
        ".pre-commit-config.yaml",
        "Makefile",
        "docs/Makefile",
        "justfile",
        "noxfile.py",
        "tasks.py",
        "tox.ini",
        ".flake8",
        ".coveragerc",
        ".python-version",
        "Dockerfile.dev",
        "deploy/Dockerfile",
        "docker-compose.yml",
        "Procfile",
        "README.md",
        "requirements/dev.txt",
        "requirements-dev.txt",
        "dev-requirements.in",
        "setup.cfg",
        "Pipfile",
        "renovate.json5",
        "scripts/ci.sh",
        "bin/test",
        "odd\nname/Dockerfile",
    ],
)
def test_configuration_and_automation_are_known(path: str) -> None:
    assert is_known(path)


@pytest.mark.parametrize(
    "path",
    [
        "src/app/a.py",
        "src/app/data.toml",
        ".env",
        ".coverage",
        ".github/logo.PNG",
        "uv.lock",
        "tasks/x.py",
    ],
)
def test_other_files_are_not(path: str) -> None:
    assert not is_known(path)


def test_what_cannot_be_read_is_named_with_its_reason(tmp_path: Path) -> None:
    root = plant(
        tmp_path / "p",
        {
            "README.md": "\ufeffhi",
            "Makefile": b"a: \xff\n",
            "bin/tool": b"\0\1",
            "Procfile": b"x" * (LIMIT + 1),
            "notes.txt": "",
        },
    )
    outside = plant(tmp_path, {"secret.toml": "x"}) / "secret.toml"
    (root / "link.toml").symlink_to(outside)
    texts, unread = read_texts(layout_of(root))
    assert texts == {"README.md": "hi", "Makefile": "a: \ufffd\n"}
    assert unread == {
        "Makefile": "not UTF-8: bytes that cannot be decoded were replaced",
        "bin/tool": "a binary file",
        "Procfile": "larger than 1,048,576 bytes",
        "link.toml": "a link that leads out of the project",
    }


def test_a_reference_is_followed_inside_the_project_only(tmp_path: Path) -> None:
    root = plant(tmp_path / "p", {"ci/x.sh": "echo", "a.py": "1"})
    plant(tmp_path, {"out.sh": "no"})
    read = reader(layout_of(root))
    assert read("./ci/../ci/x.sh") == "echo"
    assert read("a.py") == "1"
    for path in ("../out.sh", f"{tmp_path}/out.sh", "ci", "gone", "a\0b", "", "..", "x" * 5000):
        assert read(path) is None
