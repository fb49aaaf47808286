"""What the system refuses is said as such, and is no defect of doctrine."""

from __future__ import annotations

import errno
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest

from doctrine.cli import main as entry
from doctrine.errors import UsageError

FULL = OSError(errno.ENOSPC, "No space left on device")


def failing(error: Exception, monkeypatch: pytest.MonkeyPatch) -> int:
    def dispatch(argv: Sequence[str]) -> int:
        raise error

    monkeypatch.setattr(entry, "_dispatch", dispatch)
    monkeypatch.setattr("sys.unraisablehook", sys.unraisablehook)
    monkeypatch.setattr("warnings.filters", list(warnings.filters))
    return entry.run(["check"])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FULL, "No space left"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
        (ImportError(f"_ssl.so: cannot open: {os.strerror(errno.EMFILE)}"), "Too many open files"),
        (MemoryError(), "out of memory"),
        (RuntimeError("can't start new thread"), "new thread"),
        (ExceptionGroup("a", [ExceptionGroup("b", [FULL]), ValueError("later")]), "No space left"),
    ],
)
def test_what_is_scarce_is_no_defect(
    error: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert failing(error, monkeypatch) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "nothing was judged" in err
    assert "hint: " in err
    assert "bug" not in err


def test_an_error_that_was_meant_keeps_its_words_in_a_group(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    meant = ExceptionGroup("tasks", [UsageError("no folder", hint="name one")])
    assert failing(meant, monkeypatch) == 2
    assert capsys.readouterr().err == "error: no folder\nhint: name one\n"


def test_a_module_that_is_missing_is_a_defect(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert failing(ImportError("No module named 'x'"), monkeypatch) == 4
    assert "internal error" in capsys.readouterr().err
