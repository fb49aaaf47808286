"""Whatever a machine refuses, and whatever moves while a project is judged: no pass, no trace, no traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager as Context
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from msgspec import Struct

from benchmarks.interruptions import contents
from doctrine.model.outcome import Outcome
from tests.binary.running import Report
from tests.faults.matrix import gained
from tests.faults.surroundings import (
    Ended,
    Place,
    alive_of,
    can_be_stranger,
    check,
    left_of,
    make_place,
    whose_limit,
)

if sys.platform == "win32":
    pytest.skip("POSIX limits, permissions and pipes", allow_module_level=True)

import resource

pytestmark = pytest.mark.live

_JUDGED, _REFUSED = 1, 2
"""Exit codes: the project of these tests violates something, whatever else is the matter."""


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A project, and what was kept of it, on a machine that nothing is wrong with."""
    return make_place(tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="module")
def usual(healthy: Place) -> Report:
    """What is said of the project there."""
    ended = check(healthy)
    assert ended.code == _JUDGED, ended.stderr
    shutil.copytree(healthy.cache, healthy.kept)
    report = ended.report
    assert report is not None
    assert {report.outcome("SEC005"), report.outcome("STD001")} == {"fail"}
    return report


def require_nothing_false(ended: Ended, usual: Report, codes: tuple[int, ...]) -> None:
    """Nothing is said that is not so, and nothing is kept quiet about."""
    for word in ("Traceback", "internal error", "Warning", "Exception ignored"):
        assert word not in ended.stderr, ended.stderr
    assert ended.code in codes, ended.stderr
    if ended.code == _REFUSED:
        assert ended.stderr.startswith("error: ")
        assert "\nhint: " in ended.stderr
    if ended.report is None:
        assert "error: " in ended.stderr
        return
    before = {one.id: Outcome(one.outcome) for one in usual.clauses}
    for one in ended.report.clauses:
        after = Outcome(one.outcome)
        assert not gained(before[one.id], after), (one.id, before[one.id], after, one.reason)
    assert ended.report.verdict == "non-conformant"


class Fault(Struct, frozen=True):
    """What is the matter with a machine.

    Attributes:
        codes: The exit codes that it may come to.
        limits: Of the process, by name; of processes, how many more than there are.
        env: Variables; None takes one away. ``{place}`` is the folder of the try.
        closed: Streams that are not there.
        stranger: Whether somebody checks the project who may not write to it.
        disk: Size of the disk that is mounted at ``full``.
        words: More arguments.
        said: What stderr has to name.
    """

    codes: tuple[int, ...] = (_JUDGED,)
    limits: Mapping[str, int] = {}
    env: Mapping[str, str | None] = {}
    closed: tuple[int, ...] = ()
    stranger: bool = False
    disk: str = ""
    words: tuple[str, ...] = ()
    said: str = ""


_NOWHERE = {"HOME": "/nonexistent", "XDG_CACHE_HOME": None}
FAULTS: Mapping[str, Fault] = {
    "hardly a file can be open": Fault((_REFUSED,), {"NOFILE": 5}, said="Too many open files"),
    "no library can be open": Fault((_REFUSED,), {"NOFILE": 6}, said="Too many open files"),
    "few files can be open": Fault((_JUDGED, _REFUSED), {"NOFILE": 16}),
    "no file can be written": Fault((_REFUSED,), {"FSIZE": 0}, said="no temporary folder"),
    "files are tiny": Fault(limits={"FSIZE": 4_000}, said="report.json: File too large"),
    "there is hardly any memory": Fault((_REFUSED,), {"AS": 50 << 20}, said="raise the limit"),
    "there is little memory": Fault((_JUDGED, _REFUSED), {"AS": 500 << 20}),
    "no process can be started": Fault(
        (_REFUSED,), {"NPROC": 1}, _NOWHERE, stranger=True, said="can't start new thread"
    ),
    "three processes can be started": Fault(
        (_REFUSED,), {"NPROC": 4}, _NOWHERE, stranger=True, said="can't start new thread"
    ),
    "some processes can be started": Fault(limits={"NPROC": 40}, stranger=True),
    "there is no home": Fault(env={"HOME": None, "XDG_CACHE_HOME": None}),
    "the folder for temporary files is gone": Fault(env={"TMPDIR": "/nonexistent"}),
    "no variable is set": Fault(
        env={**dict.fromkeys(os.environ), "XDG_CACHE_HOME": None, "TMPDIR": "{place}/tmp"}
    ),
    "no stream is open": Fault(closed=(0, 1, 2)),
    "nothing can be written but reports": Fault(env=_NOWHERE, stranger=True),
    "the disk is full": Fault(env={"TMPDIR": "{place}/full"}, disk="4k"),
    "the disk of the cache is full": Fault(env={"XDG_CACHE_HOME": "{place}/full"}, disk="64k"),
    "the disk of a report is full": Fault(
        words=("--output", "html={place}/full/a.html"), disk="64k", said="No space left on device"
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_the_machine_refuses_is_no_pass(tmp_path: Path, usual: Report, name: str) -> None:
    fault = FAULTS[name]
    if fault.stranger and not can_be_stranger():
        pytest.skip("there is nobody whom limits and permissions bind")
    place = make_place(tmp_path)
    before = contents(place.project)
    env = {key: value and value.format(place=tmp_path) for key, value in fault.env.items()}
    words = tuple(word.format(place=tmp_path) for word in fault.words)
    with _mounted(place.full, fault.disk):
        ended = check(place, *words, env=env, prepare=_limited(fault), stranger=fault.stranger)
        assert left_of(place, before) == []
    require_nothing_false(ended, usual, fault.codes)
    assert fault.said in ended.stderr


def _limited(fault: Fault) -> Callable[[], None]:
    beside = alive_of(whose_limit()) if "NPROC" in fault.limits else 0

    def prepare() -> None:
        for name, most in fault.limits.items():
            bound = most + (beside if name == "NPROC" else 0)
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (bound, bound))
        for stream in fault.closed:
            os.close(stream)

    return prepare


def _mounted(folder: Path, size: str) -> Context[None]:
    return _small_disk(folder, size) if size else nullcontext()


@contextmanager
def _small_disk(folder: Path, size: str) -> Generator[None]:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if (
        not shutil.which("mount")
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("no disk can be mounted")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _other(file: Path) -> None:
    file.write_bytes(bytes(255 - byte for byte in file.read_bytes()))


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


def _device(file: Path) -> None:
    file.unlink()
    file.symlink_to("/dev/zero")


def _closed(file: Path) -> None:
    if os.geteuid() == 0:
        os.chown(file, whose_limit(), whose_limit())
    else:
        file.chmod(0)


DAMAGES: Mapping[str, Callable[[Path], None]] = {
    "cut": _cut,
    "other bytes": _other,
    "pipes": _pipe,
    "devices": _device,
    "another user's": _closed,
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_cache_tells_nothing(healthy: Place, usual: Report, name: str) -> None:
    # What is kept is about this very folder, which is why it is no other one each time.
    shutil.rmtree(healthy.cache)
    shutil.copytree(healthy.kept, healthy.cache)
    files = [path for path in healthy.cache.rglob("*") if path.is_file()]
    assert len(files) > len(("CACHEDIR.TAG", ".gitignore"))
    for path in files:
        DAMAGES[name](path)
    before = contents(healthy.project)
    ended = check(healthy)
    require_nothing_false(ended, usual, (_JUDGED,))
    assert "reused" not in ended.stderr
    assert left_of(healthy, before) == []
    _require_the_same(ended.report, usual)


MOVES: Mapping[str, str] = {
    "a file is changed for the worse": "source.write_text('import asyncore\\n' + source.read_text())",
    "a file vanishes": "source.unlink()",
    "a file becomes a pipe": "source.unlink(); os.mkfifo(source)",
    "the configuration is changed": "(project / 'pyproject.toml').write_text('[tool.ruff]\\nexclude = [\"*\"]\\n')",
    "the environment vanishes": "shutil.rmtree(project / '.venv')",
    "temporary files vanish": "shutil.rmtree(pathlib.Path(os.environ['TMPDIR']).parent.parent)",
}
_NO_EDITS = frozenset({"temporary files vanish", "the environment vanishes"})


@pytest.mark.parametrize("name", MOVES)
def test_what_moves_while_it_is_judged_is_no_pass(tmp_path: Path, usual: Report, name: str) -> None:
    place = make_place(tmp_path, MOVES[name])
    ended = check(place, "--timeout", "20")
    require_nothing_false(ended, usual, (_JUDGED,))
    assert left_of(place, contents(place.project)) == []
    assert ended.report is not None
    told = any("while" in problem.message for problem in ended.report.problems)
    assert told is (name not in _NO_EDITS), ended.report.problems


def test_what_is_kept_of_a_run_in_which_a_file_moved_is_not_believed(tmp_path: Path) -> None:
    place = make_place(tmp_path, MOVES["a file is changed for the worse"])
    check(place)
    quiet = place.project / ".venv/bin/mypy"
    quiet.write_bytes((place.project / ".venv/bin/semgrep").read_bytes())
    kept = check(place).report
    fresh = check(place, "--no-cache").report
    assert fresh is not None
    assert fresh.outcome("STD002") == "fail"
    _require_the_same(kept, fresh)


def test_of_a_project_that_goes_while_it_is_judged_nothing_is_said(
    tmp_path: Path, usual: Report
) -> None:
    place = make_place(tmp_path, "shutil.rmtree(project)")
    ended = check(place)
    require_nothing_false(ended, usual, (_REFUSED,))
    assert "was removed while it was judged" in ended.stderr
    assert left_of(place, {}) == []


def _require_the_same(found: Report | None, expected: Report) -> None:
    assert found is not None
    assert found.clauses == expected.clauses
    assert found.findings == expected.findings
