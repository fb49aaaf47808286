"""``doctrine cache``: where, how much, and why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import doctrine.app
from doctrine.cache import whole
from doctrine.cache.store import Store
from doctrine.cache.told import Told, remember_told
from doctrine.cli.main import run as command
from tests.cache.judging import judge, run
from tests.cache.test_whole_runs import install, make_project


def _itself(*_: object) -> str:
    return "itself"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(doctrine.app, "check", judge)
    monkeypatch.setattr(whole, "_itself", _itself)
    monkeypatch.delenv("DOCTRINE_NO_CACHE", raising=False)
    monkeypatch.setenv("DOCTRINE_CACHE_DIR", str(tmp_path / "cache"))
    root = make_project(tmp_path)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Saying:
    return Saying(capsys)


class Saying:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> str:
        self._capsys.readouterr()
        assert command(["cache", *words]) == code
        told = self._capsys.readouterr()
        return told.err if code else told.out


def test_where_and_how_much(root: Path, tmp_path: Path, say: Saying) -> None:
    assert say("dir") == f"{tmp_path}/cache\n"
    assert say("dir", "--cache-dir", "../other") == f"{root.parent}/other\n"
    run(root, tmp_path / "report.json")
    (tmp_path / "cache/environments").mkdir()
    (tmp_path / "cache/environments/large").write_bytes(b"x" * 3_000_000)
    sizes = say("size")
    assert "of at most 1,000.0 MB" in sizes
    assert "3.0 MB" in sizes
    assert say("clean").startswith("3.")
    assert not (tmp_path / "cache/environments").exists()
    assert not run(root, tmp_path / "report.json").reused


def test_a_folder_that_is_no_cache_is_not_cleaned(root: Path, tmp_path: Path, say: Saying) -> None:
    (tmp_path / "documents/v1").mkdir(parents=True)
    (tmp_path / "documents/thesis").touch()
    assert "no cache of doctrine" in say("clean", "--cache-dir", f"{tmp_path}/documents", code=2)
    assert (tmp_path / "documents/v1").exists()
    assert "holds the project" in say("clean", "--cache-dir", str(root.parent), code=2)


def test_why(root: Path, tmp_path: Path, say: Saying, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.json"
    assert "no report of this project is kept" in say("why")
    run(root, target)
    assert say("why").startswith("The next check reuses the report of 2026-11-28")
    assert "is as it was" in say("why", "src/a.py")
    (root / "src/a.py").write_text("a = 2\n")
    (root / "src/new.py").touch()
    install(root, "helper", "1.1")
    monkeypatch.setenv("PLUGIN_MODE", "strict")
    told = say("why")
    assert "judges again" in told
    assert "helper: 1.0 → 1.1" in told
    assert "src/a.py: changed" in told
    assert "src/new.py: new" in told
    assert "PLUGIN_MODE: new" in told
    assert "strict" not in told  # a value may be a secret
    assert "src/a.py: changed." in say("why", "src/a.py")
    run(root, target)
    told = say("why")
    assert "reuses" in told
    assert "was judged because" in told
    assert "helper: 1.0 → 1.1" in told


def test_why_of_a_clause_and_of_nothing(root: Path, tmp_path: Path, say: Saying) -> None:
    run(root, tmp_path / "report.json")
    told = say("why", "sec005")
    assert "SEC005 asks drawn-elsewhere, randomness." in told
    assert "neither a path that counts, nor a tool" in say("why", "nothing", code=2)


def test_why_of_a_tool(root: Path, tmp_path: Path, say: Saying) -> None:
    run(root, tmp_path / "report.json")
    remember_told(Store(tmp_path / "cache"), str(root), {"mypy": Told(reused=True)})
    assert "mypy: in the last run that judged, its result was reused." in say("why", "mypy")
    assert "TYP001 asks mypy.\nmypy: in the last run" in say("why", "typ001")
    assert "  mypy  reused" in say("why")


def test_why_not(root: Path, tmp_path: Path, say: Saying, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "pyproject.toml").write_text("[tool.doctrine]\nnetwork = true\n")
    assert "services were asked" in say("why")
    (root / "pyproject.toml").write_text("")

    def crashing(*given: object, **named: object) -> object:
        from doctrine.model.replacing import replace
        from doctrine.model.run import ToolStatus

        report = judge(*given, **named)  # type: ignore[arg-type]
        first, *others = report.tools
        return replace(report, tools=(replace(first, status=ToolStatus.CRASHED), *others))

    monkeypatch.setattr(doctrine.app, "check", crashing)
    run(root, tmp_path / "report.json")
    assert "is not kept: mypy had no result" in say("why")
    monkeypatch.setenv("DOCTRINE_NO_CACHE", "1")
    assert "DOCTRINE_NO_CACHE is set" in say("why")
    shutil.rmtree(tmp_path / "cache")
