"""A secret that was found stands nowhere below the cache, and in no report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest

from doctrine import app
from doctrine.cache.secrets import settle_without
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
def test_whatever_quotes_a_secret_is_never_kept_and_all_else_is(
    tmp_path: Path, written: str
) -> None:
    before = Key.of("run", "of another process")
    Store(tmp_path / "cache").write(before, f"<{written}>".encode())
    quoting, other = Key.of("run", "1"), Key.of("run", "2")
    Store(tmp_path / "cache").write(quoting, b"what it said once")
    store = Store(tmp_path / "cache")
    store.hold()
    assert store.write(quoting, f"message: {written}.".encode())
    assert store.write_pieces(other, (b"message: ", b"", b"nothing."))
    assert settle_without(store, [_ODD]) == {quoting}
    assert settle_without(store, [_ODD]) == frozenset(), "once only"
    later = Store(tmp_path / "cache")
    assert later.read(quoting) is None
    assert later.read(other) == b"message: nothing."
    assert later.read(before) is not None


def test_what_waits_is_known_to_its_own_check_and_to_nobody_else(tmp_path: Path) -> None:
    kept, gone, new = (Key.of("piece", name) for name in ("kept", "gone", "new"))
    other = Store(tmp_path / "cache")
    for key in (kept, gone):
        other.write(key, b"old")
    store = Store(tmp_path / "cache")
    store.hold()
    assert store.read(kept) == b"old"
    assert store.write(kept, b"first")
    assert store.write(kept, b"second")
    assert store.write(new, b"")
    store.forget(gone)
    assert [store.read(key) for key in (kept, gone, new)] == [b"second", None, b""]
    assert [other.read(key) for key in (kept, gone, new)] == [b"old", b"old", None]
    assert settle_without(store, ()) == frozenset()
    assert [other.read(key) for key in (kept, gone, new)] == [b"second", None, b""]


def test_what_waits_takes_no_more_than_the_cache_may(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache", limit=100_000)
    store.hold()
    assert store.write(Key.of("run", "1"), b"a" * 60_000)
    assert not store.write(Key.of("run", "2"), b"b" * 60_000)
    settle_without(store, ())
    assert store.read(Key.of("run", "1")) is not None
    assert store.read(Key.of("run", "2")) is None


def test_where_nothing_can_be_kept_nothing_waits(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (None, tmp_path / "file" / "cache"):
        store = Store(folder)
        store.hold()
        assert not store.write(Key.of("run", "1"), b"content")
        assert settle_without(store, ()) == frozenset()


def test_what_can_no_longer_be_read_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may fill up, or fail, between the two."""
    store = Store(tmp_path / "cache")
    store.hold()
    monkeypatch.setattr("doctrine.cache.pending.TemporaryFile", _Shortened)
    assert store.write(Key.of("run", "1"), b"content")
    assert settle_without(store, ()) == frozenset()
    assert store.read(Key.of("run", "1")) is None


class _Shortened(BytesIO):
    """A file that loses its end."""

    def __init__(self, **_: object) -> None:
        super().__init__()

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size)[:-1]


_KILLED = """
import os, sys
from pathlib import Path
from doctrine.model.settings import Settings
from doctrine.project.layout import discover
from doctrine.project.toolchain import own_environment
from doctrine.cache.store import Key
from doctrine.children import capture
from doctrine.running import found_earlier

root, cache = sys.argv[1:]
settings = Settings(root=root, cache_dir=cache, origins={"cache-dir": "--cache-dir"})
reuse = found_earlier(discover(settings, None, capture), settings, own_environment())
for number in range(50):
    assert reuse._store.write(Key.of("run", str(number)), b"PASSWORD = " + os.environb[b"SECRET"])
print("written", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open keeps its name there")
def test_who_is_killed_before_secrets_were_looked_for_leaves_none(tmp_path: Path) -> None:
    root, cache = tmp_path / "project", tmp_path / "cache"
    plant(root, {"pyproject.toml": _PROJECT["pyproject.toml"], "a.py": ""})
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(root), str(cache)],
        env={**os.environ, "DOCTRINE_NO_CACHE": "", "SECRET": _PASSWORD, "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"written\n"
    finally:
        process.kill()
        process.communicate()
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert (cache / "CACHEDIR.TAG").exists(), "the cache was in use"
    assert not any(_PASSWORD.encode() in one for one in kept)


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
