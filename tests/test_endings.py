"""A request to end removes what a command has made for itself, whenever it comes."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from doctrine import app
from doctrine.cli.check import Silence
from doctrine.cli.scratch import scratch_folder
from doctrine.errors import TerminatedError, UsageError
from doctrine.model.settings import Settings
from doctrine.private import remove_folder

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs POSIX signals")


class _JudgedError(Exception):
    """The loop has run."""


@pytest.fixture(autouse=True)
def _as_they_were() -> Iterator[None]:
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


def _check(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Run the loop of a check; return who hears of a SIGHUP in it."""
    heard: list[object] = []

    async def collect(*_: object, **__: object) -> object:
        heard.append(signal.getsignal(signal.SIGHUP))
        raise _JudgedError

    monkeypatch.setattr(app, "collect", collect)
    with pytest.raises(_JudgedError):
        app.check(Settings(root=str(root)), None, Silence())
    return heard


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_copy_of_the_project_is_removed_after_a_check_as_during_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    signal.signal(number, signal.SIG_DFL)
    kept: list[Path] = []

    def work() -> None:
        with scratch_folder("test") as folder:
            kept.append(folder)
            (folder / "secret.py").write_text("TOKEN = 1\n")
            assert folder.stat().st_mode & 0o077 == 0
            _check(tmp_path, monkeypatch)
            assert signal.getsignal(number) is not signal.SIG_DFL, "it would end the tests"
            signal.raise_signal(number)

    with pytest.raises(TerminatedError) as ended:
        work()
    assert ended.value.signal == number
    assert not kept[0].exists()
    assert signal.getsignal(number) is signal.SIG_DFL


def test_who_ignores_that_the_terminal_is_closed_goes_on_ignoring_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert _check(tmp_path, monkeypatch) == [signal.SIG_IGN]
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_asks_twice_to_end_keeps_no_copy_from_being_removed(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    remove = shutil.rmtree

    def interrupted(folder: str, *, ignore_errors: bool) -> None:
        signal.raise_signal(number)
        remove(folder, ignore_errors=ignore_errors)

    monkeypatch.setattr("doctrine.private.shutil.rmtree", interrupted)
    before = signal.getsignal(number)
    with scratch_folder("test") as folder:
        (folder / "a.py").touch()
    assert not folder.exists()
    assert signal.getsignal(number) is before


def test_what_a_tool_has_closed_is_removed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "copy" / "out" / "closed"
    closed.mkdir(parents=True)
    (closed / "a.py").touch()
    closed.chmod(0)
    remove = shutil.rmtree

    def as_its_owner(folder: Path, *, ignore_errors: bool) -> None:
        if closed.exists() and closed.stat().st_mode & 0o700 == 0:
            return
        remove(folder, ignore_errors=ignore_errors)

    # Root, who runs tests in containers, may go anywhere, and could remove it without opening it.
    monkeypatch.setattr("doctrine.private.shutil.rmtree", as_its_owner)
    monkeypatch.setattr("doctrine.private._remove_one_by_one", str)
    remove_folder(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="files are not counted by a limit")
def test_what_is_deep_is_removed_where_few_files_can_be_open(tmp_path: Path) -> None:
    deep = tmp_path / "copy"
    for name in "abcdefgh":
        deep /= name
    deep.mkdir(parents=True)
    (deep / "a.py").touch()
    (deep / "here").symlink_to(tmp_path)
    code = (
        "import pathlib, resource, sys; from doctrine.private import remove_folder\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (6, 6))\n"
        "remove_folder(pathlib.Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "copy")], check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_not_made_in_the_working_folder_for_want_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(UsageError, match="no folder for temporary files"), scratch_folder("test"):
        pytest.fail("it was made")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("variable", ["TMPDIR", "TEMP", "TMP"])
def test_a_working_folder_that_somebody_named_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch_folder("test") as folder:
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []
