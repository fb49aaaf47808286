"""The lock is brought up to date without the network where it can be, and failures are told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from doctrine.cli.locking import Means, locked, means
from tests.binary.running import write


class Uv:
    """Answers for uv, and keeps what it was asked."""

    def __init__(self, quiet: int | None, shown: int | None) -> None:
        self.asked: list[tuple[str, ...]] = []
        self._quiet, self._shown = quiet, shown

    def means(self) -> Means:
        return Means(uv="uv", quietly=self._quietly, openly=self._openly)

    def _quietly(self, argv: tuple[str, ...], cwd: str) -> tuple[int | None, bytes]:
        self.asked.append((*argv, cwd))
        return self._quiet, b""

    def _openly(self, argv: tuple[str, ...], cwd: str) -> int | None:
        self.asked.append((*argv, cwd))
        return self._shown


OFFLINE = ("uv", "lock", "--offline", "/p")
ONLINE = ("uv", "lock", "/p")


@pytest.mark.parametrize(
    ("codes", "asked", "fits", "said"),
    [
        ((0, 1), [OFFLINE], True, "nothing had to be downloaded"),
        ((2, 0), [OFFLINE, ONLINE], True, "asking the package index\nlocked: "),
        (
            (1, 1),
            [OFFLINE, ONLINE],
            False,
            "not locked: mend what uv says above, and run `uv lock`",
        ),
        ((None, None), [OFFLINE, ONLINE], False, "not locked"),
    ],
)
def test_the_network_is_asked_only_where_this_machine_has_too_little(
    codes: tuple[int | None, int | None],
    asked: list[tuple[str, ...]],
    fits: bool,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    uv = Uv(*codes)
    assert locked("/p", uv.means()) is fits
    assert uv.asked == asked
    assert said in capsys.readouterr().err


def test_without_uv_nothing_is_locked(capsys: pytest.CaptureFixture[str]) -> None:
    uv = Uv(0, 0).means()
    assert not locked("/p", Means(uv=None, quietly=uv.quietly, openly=uv.openly))
    assert "run `uv lock`" in capsys.readouterr().err


@pytest.mark.live
def test_uv_itself_finds_a_python_behind_a_shim_that_refuses_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    minor = sys.version_info.minor
    shim = tmp_path / f"shims/python3.{minor}"
    behind = tmp_path / f"versions/3.{minor}.0/bin/python3.{minor}"
    write(tmp_path, {f"shims/{shim.name}": "#!/bin/sh\nexit 127\n"})
    shim.chmod(0o755)
    behind.parent.mkdir(parents=True)
    behind.symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(shim.parent))
    monkeypatch.setenv("UV_PYTHON_PREFERENCE", "only-system")
    named = f'[project]\nname = "p"\nversion = "1"\nrequires-python = "==3.{minor}.*"\n'
    root = write(tmp_path / "p", {"pyproject.toml": named})
    assert locked(str(root), means())


@pytest.mark.live
def test_uv_itself_locks_what_needs_no_package(tmp_path: Path) -> None:
    named = '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\n'
    root = write(tmp_path / "p", {"pyproject.toml": named})
    assert locked(str(root), means())
    assert 'name = "p"' in (root / "uv.lock").read_text("utf-8")
