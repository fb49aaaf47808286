"""No search path leads into a project that nothing is believed of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from doctrine.cli.main import run
from tests.project.trees import plant


@pytest.mark.parametrize(
    ("name", "folder"),
    [("PATH", "src"), ("PYTHONPATH", "{root}/src"), ("PYTHONPATH", "{link}"), ("PYTHONHOME", ".")],
)
def test_a_search_path_into_the_project_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    folder: str,
) -> None:
    root, link = tmp_path / "project", tmp_path / "link"
    plant(root, {"pyproject.toml": "", "src/a.py": "X = 1\n"})
    link.symlink_to(root)
    written = folder.format(root=root, link=link)
    monkeypatch.setenv(name, os.pathsep.join((str(tmp_path / "elsewhere"), written)))
    assert run(["check", "--untrusted", str(root)]) == 2
    said = capsys.readouterr().err
    assert f"error: {name} looks for" in said
    assert repr(written) in said
