"""The store: what was written is read, and whatever else lies in its place is a miss."""

from __future__ import annotations

import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctrine.cache.store import Key, Store, digest_of
from doctrine.cli.remembered import remember

KEY = Key.of("thing", "a", "b")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def entry_of(folder: Path, key: Key = KEY) -> Path:
    (found,) = folder.glob(f"v*/{key.kind}/{key.digest[:2]}/{key.digest[2:]}")
    return found


def test_what_was_written_is_read_by_whoever_comes_later(folder: Path) -> None:
    assert Store(folder).read(KEY) is None
    assert Store(folder).write(KEY, b"content")
    assert Store(folder).read(KEY) == b"content"
    assert Store(folder).read(Key.of("thing", "ab", "")) is None
    assert Store(folder).write(KEY, b"")
    assert Store(folder).read(KEY) == b""


def test_without_a_folder_nothing_is_kept() -> None:
    store = Store(None)
    assert not store.write(KEY, b"content")
    assert store.read(KEY) is None
    assert store.usage() == ()
    store.clean()


def test_the_folder_ignores_itself_and_is_private(folder: Path) -> None:
    Store(folder).write(KEY, b"content")
    assert (folder / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f0688")
    assert "*" in (folder / ".gitignore").read_text().splitlines()
    if sys.platform != "win32":
        (version,) = folder.glob("v*")
        kept = (folder, version, *version.rglob("*"))
        assert entry_of(folder) in kept
        modes = {stat.S_IMODE(one.stat().st_mode) & 0o077 for one in kept}
        assert modes == {0}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples: to make one costs more than to write an entry."""
    return tmp_path_factory.mktemp("cache")


@given(data=st.data())
def test_a_damaged_entry_is_a_miss(data: st.DataObject, shared: Path) -> None:
    folder = shared
    store = Store(folder)
    store.write(KEY, b"some content that is long enough")
    entry = entry_of(folder)
    raw = entry.read_bytes()
    damage = data.draw(
        st.one_of(
            st.integers(0, len(raw) - 1).map(lambda at: raw[:at]),
            st.binary(min_size=1, max_size=9).map(lambda more: raw + more),
            st.binary(max_size=99),
            st.tuples(st.integers(0, len(raw) - 1), st.integers(1, 255)).map(
                lambda one: raw[: one[0]] + bytes([raw[one[0]] ^ one[1]]) + raw[one[0] + 1 :]
            ),
        ).filter(lambda made: made != raw)
    )
    entry.write_bytes(damage)
    assert Store(folder).read(KEY) is None
    assert Store(folder).write(KEY, b"again")
    assert Store(folder).read(KEY) == b"again"


def test_an_entry_of_another_key_is_a_miss(folder: Path) -> None:
    other = Key.of("thing", "other")
    store = Store(folder)
    store.write(KEY, b"content")
    store.write(other, b"another content")
    entry_of(folder, other).replace(entry_of(folder))
    assert Store(folder).read(KEY) is None


@POSIX
@pytest.mark.parametrize("mode", [0o644, 0o620, 0o601, 0o000])
def test_an_entry_that_others_could_have_written_or_read_is_a_miss(folder: Path, mode: int) -> None:
    Store(folder).write(KEY, b"content")
    entry_of(folder).chmod(mode)
    found = Store(folder).read(KEY)
    assert found is None or (mode == 0 and os.geteuid() == 0)


@POSIX
@pytest.mark.parametrize("level", ["cache", "version"])
def test_a_folder_that_others_may_write_into_is_not_used(folder: Path, level: str) -> None:
    store = Store(folder)
    store.write(KEY, b"content")
    open_to_all = folder if level == "cache" else entry_of(folder).parents[2]
    open_to_all.chmod(0o777)
    assert Store(folder).read(KEY) is None
    assert not Store(folder).write(KEY, b"more")


@POSIX
def test_what_somebody_else_owns_is_a_miss(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(folder).write(KEY, b"content")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert Store(folder).read(KEY) is None
    assert not Store(folder).write(KEY, b"more")


@POSIX
@pytest.mark.parametrize("thing", ["link", "folder", "pipe", "loop"])
def test_what_is_no_plain_file_is_a_miss(folder: Path, tmp_path: Path, thing: str) -> None:
    Store(folder).write(KEY, b"content")
    entry = entry_of(folder)
    saved = tmp_path / "saved"
    entry.rename(saved)
    if thing == "link":
        entry.symlink_to(saved)
    elif thing == "loop":
        entry.symlink_to(entry)
    elif thing == "folder":
        entry.mkdir()
    else:
        os.mkfifo(entry)
    assert Store(folder).read(KEY) is None


@POSIX
def test_a_pipe_in_the_place_of_the_journal_holds_nobody_up(folder: Path) -> None:
    store = Store(folder)
    assert store.write(KEY, b"content")
    journal = folder / "v1" / "usage"
    journal.unlink()
    os.mkfifo(journal)
    assert not store.write(Key.of("thing", "c"), b"more")
    assert store.read(KEY) == b"content"


@POSIX
def test_nothing_is_written_through_a_link(folder: Path, tmp_path: Path) -> None:
    store = Store(folder)
    store.write(KEY, b"content")
    entry = entry_of(folder)
    entry.unlink()
    (tmp_path / "precious").write_bytes(b"precious")
    entry.symlink_to(tmp_path / "precious")
    assert store.write(KEY, b"content")
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert store.read(KEY) == b"content"


@pytest.mark.parametrize("place", ["file", "below-a-file", "read-only", "null"])
def test_a_place_that_cannot_be_written_is_as_none(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "read-only").mkdir(mode=0o500)
    folder = {
        "file": tmp_path / "file",
        "below-a-file": tmp_path / "file" / "cache",
        "read-only": tmp_path / "read-only" / "cache",
        "null": Path("/dev/null\0"),
    }[place]
    store = Store(folder)
    kept = store.write(KEY, b"content")
    assert not kept or os.geteuid() == 0
    assert store.read(KEY) == (b"content" if kept else None)


def test_a_full_disk_is_as_no_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(folder)
    store.write(KEY, b"content")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert not store.write(Key.of("thing", "new"), b"more")
    monkeypatch.undo()
    assert store.read(KEY) == b"content"
    assert not list(folder.glob("v*/tmp/*"))


def test_what_was_used_longest_ago_goes_first(folder: Path) -> None:
    store = Store(folder, limit=100_000)
    keys = [Key.of("thing", str(number)) for number in range(24)]
    now = time.time()
    for age, key in enumerate(keys[:20]):
        assert store.write(key, b"x" * 4000)
        os.utime(entry_of(folder, key), (now - 10_000 + age, now - 10_000 + age))
    assert store.read(keys[0]) is not None  # and so it is the one that was used last
    for key in keys[20:]:
        store.write(key, b"x" * 8000)
    left = [key for key in keys if Store(folder).read(key) is not None]
    assert sum(one.size for one in store.usage()) <= 100_000
    assert keys[0] in left
    assert keys[1] not in left
    assert keys[-1] in left


def test_what_is_larger_than_the_limit_is_not_kept(folder: Path) -> None:
    store = Store(folder, limit=10_000)
    store.write(KEY, b"content")
    assert not store.write(Key.of("thing", "large"), b"x" * 10_000)
    assert store.read(KEY) == b"content"


@pytest.mark.parametrize("journal", [None, b"", b"odd", b"\xff" * 16])
def test_a_lost_or_spoilt_journal_does_not_lift_the_limit(
    folder: Path, journal: bytes | None
) -> None:
    for number in range(30):
        Store(folder, limit=60_000).write(Key.of("thing", str(number)), b"x" * 4000)
        (notes,) = folder.glob("v*/usage")
        if journal is None:
            notes.unlink()
        else:
            notes.write_bytes(journal)
    assert sum(one.size for one in Store(folder).usage()) <= 60_000


def test_the_journal_stays_small_and_spares_looking(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []

    def look(folder: Path, _: int) -> int:
        looked.append(folder)
        return 0

    monkeypatch.setattr("doctrine.cache.store.make_room", look)
    store = Store(folder)
    for number in range(50):
        store.write(Key.of("thing", str(number % 5)), b"x")
    assert len(looked) == 1  # at the first write alone, when nothing was known


def test_usage_and_clean(folder: Path) -> None:
    store = Store(folder)
    store.write(KEY, b"content")
    store.write(Key.of("other", "1"), b"content")
    store.write(Key.of("other", "2"), b"x" * 5000)
    assert [(one.kind, one.entries) for one in store.usage()] == [("other", 2), ("thing", 1)]
    store.clean()
    assert store.usage() == ()
    assert store.read(KEY) is None
    assert store.write(KEY, b"content")
    assert store.read(KEY) == b"content"


def test_temporary_files_of_the_dead_are_swept(folder: Path) -> None:
    Store(folder).write(KEY, b"content")
    (temporary,) = folder.glob("v*/tmp")
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    dead, alive, old = f"{child.pid}-{1:016x}", f"{os.getpid()}-{2:016x}", f"{os.getpid()}-{3:016x}"
    for name in (dead, alive, old, "strange", "1-strange"):
        (temporary / name).write_bytes(b"half")
    for name in (old, "strange", "1-strange"):
        os.utime(temporary / name, (1, 1))
    Store(folder).write(Key.of("thing", "next"), b"content")
    left = {one.name for one in temporary.iterdir()}
    expected = {alive, "strange", "1-strange"}
    assert left == (expected if sys.platform != "win32" else left)


@POSIX
@pytest.mark.parametrize("where", ["v1", "v1/tmp", "v1/thing", f"v1/thing/{KEY.digest[:2]}"])
def test_no_folder_is_a_link_to_where_files_would_be_written_or_swept_away(
    folder: Path, tmp_path: Path, where: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    for name in ("letter", f"99999999-{1:016x}"):
        (elsewhere / name).write_text("precious")
        os.utime(elsewhere / name, (1, 1))
    assert Store(folder).write(Key.of("other", "1"), b"content")
    link = folder / where
    if link.is_dir():
        shutil.rmtree(link)
    link.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    link.symlink_to(elsewhere, target_is_directory=True)
    assert not Store(folder).write(KEY, b"content")
    assert sorted(one.name for one in elsewhere.iterdir()) == [f"99999999-{1:016x}", "letter"]


@POSIX
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o277, 0o600, 0o777])
def test_whatever_the_umask_everything_is_the_users_alone(folder: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        assert Store(folder).write(KEY, b"content")
        remember(folder / "history" / "one.json", b"{}", most=3)
    finally:
        os.umask(before)
    assert Store(folder).read(KEY) == b"content"
    kept = (folder, *folder.rglob("*"))
    assert folder / "history" / "one.json" in kept
    modes = {(one.is_dir(), stat.S_IMODE(one.stat().st_mode)) for one in kept}
    assert modes == {(True, 0o700), (False, 0o600)}


def test_who_is_ended_leaves_no_draft_and_writes_no_more(folder: Path) -> None:
    store = Store(folder)
    writing = store.begin(KEY)
    writing.add(b"half")
    assert len(list(folder.glob("v*/tmp/*"))) == 1
    store.abandon()
    assert list(folder.glob("v*/tmp/*")) == []
    writing.add(b"the rest")
    assert not writing.finish(), "a thread that was left alone goes on, and nothing comes of it"
    assert not store.write(KEY, b"later")
    assert Store(folder).read(KEY) is None
    assert list(folder.glob("v*/tmp/*")) == []


_WORKER = """
import random, sys
from pathlib import Path
from doctrine.cache.store import Key, Store

store = Store(Path(sys.argv[1]), limit=400_000)
numbers = random.Random(int(sys.argv[2]))
while True:
    number = numbers.randrange(40)
    key = Key.of("shared", str(number))
    found = store.read(key)
    if found is not None and found != str(number).encode() * 5000:
        print("WRONG", number, flush=True)
    store.write(key, str(number).encode() * 5000)
"""


def test_many_processes_and_kill_at_any_moment(folder: Path) -> None:
    numbers = random.Random(7)  # noqa: S311 - moments to kill at
    running: list[subprocess.Popen[bytes]] = []

    def start(seed: int) -> None:
        argv = [sys.executable, "-c", _WORKER, str(folder), str(seed)]
        running.append(subprocess.Popen(argv, stdout=subprocess.PIPE))

    for seed in range(4):
        start(seed)
    deadline = time.monotonic() + 60
    while not list(folder.glob("v*/shared/*/*")) and time.monotonic() < deadline:
        time.sleep(0.02)  # on a busy machine it takes a while to start
    said = b""
    try:
        for seed in range(4, 16):
            time.sleep(numbers.uniform(0.05, 0.25))
            victim = running.pop(numbers.randrange(len(running)))
            victim.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            said += victim.communicate()[0]
            start(seed)
    finally:
        for one in running:
            one.kill()
            said += one.communicate()[0]
    assert said == b""
    survivor = Store(folder, limit=400_000)
    found = [survivor.read(Key.of("shared", str(number))) for number in range(40)]
    assert any(found)
    for number, content in enumerate(found):
        assert content in {None, str(number).encode() * 5000}
    assert survivor.write(KEY, b"content")
    assert not list(folder.glob("v*/tmp/*"))
    assert sum(one.size for one in survivor.usage()) <= 400_000


_TEXTS = st.lists(st.text(alphabet="0:a\0", max_size=3), max_size=3)


@given(_TEXTS, _TEXTS)
def test_no_two_lists_of_texts_have_one_digest(one: list[str], other: list[str]) -> None:
    assert (digest_of(*one) == digest_of(*other)) is (one == other)
