"""Of a project that is removed while it is judged nothing is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from doctrine import app
from doctrine.cli.check import Silence
from doctrine.errors import UsageError
from doctrine.model.settings import Settings


def test_a_project_that_is_removed_meanwhile_gets_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "a.py").write_text("x = 1\n")

    def removed(*_: object) -> None:
        shutil.rmtree(root)

    monkeypatch.setattr(app, "_run_loop", removed)
    with pytest.raises(UsageError, match="was removed while it was judged"):
        app.check(Settings(root=str(root)), None, Silence())
