"""Digests of files: the same as reading each, whatever is done to the files between two runs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doctrine.cache.digests import RACY, Digests, content_digest
from doctrine.cache.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


def later() -> int:
    """Return a clock that is past what makes a file's times doubtful."""
    return time.time_ns() + 2 * RACY


def test_a_file_that_nobody_touched_is_not_read_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"a = 1\n")
    first = Digests(store, "project", clock=later)
    expected = first.of(str(file))
    first.keep()

    def read_again(_: str) -> str:
        return "read again"

    monkeypatch.setattr("doctrine.cache.digests.content_digest", read_again)
    second = Digests(store, "project", clock=later)
    assert second.of(str(file)) == expected == second.of(str(file))
    assert Digests(store, "another", clock=later).of(str(file)) == "read again"


def test_what_was_read_when_it_had_just_changed_is_read_again(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"a = 1\n")
    status = file.stat()
    first = Digests(store, "project")
    before = first.of(str(file))
    first.keep()
    # The same size and, within one tick of the clock, the same times: only reading tells.
    file.write_bytes(b"a = 2\n")
    second = Digests(store, "project")
    assert second.of(str(file), status) == content_digest(str(file)) != before


def test_what_another_run_did_not_ask_for_is_still_known(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abcd":
        (tmp_path / name).write_text(name)

    def look(names: str) -> list[str]:
        digests = Digests(store, "project", clock=later)
        found = [digests.of(str(tmp_path / name)) for name in names]
        digests.keep()
        return found

    (known,) = look("a")
    look("bc")

    def read_again(_: str) -> str:
        return "read again"

    monkeypatch.setattr("doctrine.cache.digests.content_digest", read_again)
    assert look("a") == [known]
    assert look("d") == ["read again"]


def test_what_was_doubtful_and_not_asked_for_does_not_become_certain(
    store: Store, tmp_path: Path
) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    early = Digests(store, "project")
    status = (tmp_path / "a").stat()
    early.of(str(tmp_path / "a"))
    early.keep()
    between = Digests(store, "project", clock=later)
    between.of(str(tmp_path / "b"))
    between.keep()
    (tmp_path / "a").write_text("x")
    late = Digests(store, "project", clock=later)
    assert late.of(str(tmp_path / "a"), status) == content_digest(str(tmp_path / "a"))


def test_what_changed_in_a_run_is_seen_in_it(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"a = 1\n")
    digests = Digests(Store(None), "project")
    before = digests.of(str(file))
    file.write_bytes(b"a = 2\n")
    assert digests.of(str(file)) == content_digest(str(file)) != before


def test_what_is_no_file_has_no_digest(store: Store, tmp_path: Path) -> None:
    digests = Digests(store, "project")
    (tmp_path / "link").symlink_to("nowhere")
    assert digests.of(str(tmp_path)) == ""
    assert digests.of(str(tmp_path / "missing")) == ""
    assert digests.of(str(tmp_path / "link")) == ""
    assert digests.of(str(tmp_path / "nul\0")) == ""


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_what_could_not_be_read_is_tried_again(store: Store, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    file = tmp_path / "inner" / "a.py"
    file.write_bytes(b"a = 1\n")
    file.chmod(0o000)
    first = Digests(store, "project", clock=later)
    assert first.of(str(file)) == ""
    file.chmod(0o600)
    assert first.of(str(file)) == content_digest(str(file))


def test_a_spoilt_memo_is_none(store: Store, tmp_path: Path) -> None:
    from doctrine.cache.store import Key

    file = tmp_path / "a.py"
    file.write_bytes(b"a = 1\n")
    for content in (b"", b"\x92", b"\x92\x01\x81\xa1a\x01", b"null"):
        store.write(Key.of("stat", "project"), content)
        assert Digests(store, "project", clock=later).of(str(file)) == content_digest(str(file))


def test_a_name_that_is_no_utf_8_spoils_no_other(store: Store, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py")
    plain = tmp_path / "a.py"
    plain.write_bytes(b"a = 1\n")
    try:
        Path(odd).write_bytes(b"b = 1\n")
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    digests = Digests(store, "project", clock=later)
    expected = digests.of(odd), digests.of(str(plain))
    digests.keep()
    again = Digests(store, "project", clock=later)
    assert (again.of(odd), again.of(str(plain))) == expected


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["write", "same-times", "rename", "swap", "touch", "chmod", "delete", "back", "replace"]
        ),
        st.sampled_from("abc"),
        st.sampled_from([b"1", b"2", b"33"]),
        st.integers(-5, 5),
    ),
    max_size=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS, clocks=st.lists(st.integers(-10, 10), min_size=13, max_size=13))
def test_remembered_digests_are_those_of_the_contents(
    steps: list[tuple[str, str, bytes, int]],
    clocks: list[int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Edits, renames, touches and clocks of any kind: a memo never hides what a file holds."""
    folder = tmp_path_factory.mktemp("files")
    store = Store(tmp_path_factory.mktemp("cache"))
    for name in "abc":
        (folder / name).write_bytes(b"0")
    for step, clock in zip([None, *steps], clocks, strict=False):
        if step is not None:
            _do(folder, *step)
        digests = Digests(store, "files", clock=lambda: time.time_ns() + clock * 1_000_000_000)  # noqa: B023 - called at once
        seen = {name: digests.of(str(folder / name)) for name in "abc"}
        assert seen == {name: content_digest(str(folder / name)) for name in "abc"}
        digests.keep()


def _do(folder: Path, what: str, name: str, content: bytes, seconds: int) -> None:
    file = folder / name
    other = folder / "abc"["abc".index(name) - 1]
    if what == "write" or not file.exists():
        file.write_bytes(content)
        return
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    if what == "same-times":
        file.write_bytes(content)
        os.utime(file, ns=times)
    elif what == "replace":
        (folder / "new").write_bytes(content)
        os.utime(folder / "new", ns=times)
        (folder / "new").replace(file)
    elif what == "back":
        moment = time.time_ns() + seconds * 1_000_000_000
        os.utime(file, ns=(moment, moment))
    else:
        _move(file, other, what)


def _move(file: Path, other: Path, what: str) -> None:
    if what == "rename":
        file.replace(other)
    elif what == "swap" and other.exists():
        file.rename(file.with_name("d"))
        other.rename(file)
        file.with_name("d").rename(other)
    elif what == "chmod":
        file.chmod(0o640)
    elif what == "delete":
        file.unlink()
    else:
        file.touch()
