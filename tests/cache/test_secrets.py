"""A secret that was found stands nowhere below the cache, and in no report."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from doctrine import app
from doctrine.cache.secrets import forget_quoting
from doctrine.cache.store import Key, Store
from doctrine.cli.check import Silence
from doctrine.excerpts import Excerpts
from doctrine.guide.chosen import load_guide
from doctrine.model.replacing import replace
from doctrine.model.report import Report
from doctrine.model.settings import Settings
from doctrine.project.pyproject import read_pyproject
from doctrine.reports._format import Canvas
from doctrine.reports._stored import stored
from doctrine.reports.discovery import formats
from tests.project.trees import STRICT_APP, plant
from tests.test_secret_formats import AWS

_ODD = 'q"u\\o\u00e9te-of-secret'
_PASSWORD, _TOKEN = "tr0ub4dor" + "Qx7Lm2", "hunter" + "9Sm995ytbx"
_FOUND = (_PASSWORD, _TOKEN, AWS)


@pytest.mark.parametrize("written", [_ODD, json.dumps(_ODD), repr(_ODD)])
def test_whatever_quotes_a_secret_is_forgotten_and_nothing_else(
    tmp_path: Path, written: str
) -> None:
    store = Store(tmp_path / "cache")
    before = Key.of("run", "of another process")
    Store(tmp_path / "cache").write(before, f"<{written}>".encode())
    quoting, other = Key.of("run", "1"), Key.of("run", "2")
    store.write(quoting, f"message: {written}.".encode())
    store.write(other, b"message: nothing.")
    assert forget_quoting(store, ()) == frozenset()
    assert store.read(quoting) is not None
    assert forget_quoting(store, [_ODD]) == {quoting}
    assert store.read(quoting) is None
    assert store.read(other) == b"message: nothing."
    assert Store(tmp_path / "cache").read(before) is not None


_PROJECT = {
    "pyproject.toml": STRICT_APP,
    "app/__init__.py": f"""\
from typing import Final, Literal

PASSWORD: Final = "{_PASSWORD}"
TOKEN = '{_TOKEN}'
key =   "{AWS}"


def typed(mode: Literal["a"]) -> int:
    return len(mode)


typed(PASSWORD)
typed("{_TOKEN}")
""",
    "config.yaml": f"database:\n  password: {_TOKEN}\n",
}


def _judged(root: Path, cache: Path) -> Report:
    guide = load_guide()
    asked = tuple(one for one in guide.clauses if one.id in {"FMT001", "SEC002", "TYP001"})
    settings = Settings(
        root=str(root), cache_dir=str(cache), origins={"cache-dir": "--cache-dir"}, jobs=4
    )
    return app.check(
        settings, read_pyproject(str(root)), Silence(), guide=replace(guide, clauses=asked)
    )


@pytest.mark.live
def test_no_byte_that_a_check_leaves_holds_a_secret_that_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOCTRINE_NO_CACHE", raising=False)
    root, cache = tmp_path / "project", tmp_path / "cache"
    plant(root, _PROJECT)
    time.sleep(0.05)  # what was written a tick before a check may change during it: nothing is kept
    report = _judged(root, cache)
    said = [one.message for one in report.findings if one.location.path == "app/__init__.py"]
    assert any("Literal['***']" in one for one in said), "mypy quotes it, and is believed"
    assert any("`PASSWORD` holds a password" in one for one in said)
    kept = {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()}
    kinds = {path.relative_to(cache).parts[1] for path in kept if path.parent != cache}
    assert {"survey", "piece", "parts"} <= kinds, "what quotes none is kept"
    whole = stored(report)
    sources = Excerpts(str(root), whole.findings)
    for name, form in formats().items():
        canvas = Canvas(width=120, sources=sources)
        kept[Path(name)] = "".join(form.render(whole, canvas)).encode()
    assert b"***" in kept[Path("terminal")]
    leaks = [(path, one) for path, held in kept.items() for one in _FOUND if one.encode() in held]
    assert leaks == []
