"""A child that gives way does so although it leads a session of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from doctrine.priorities import give_way

_GROUP = Path("/proc/self/autogroup")


def _groups_by_session() -> bool:
    """Where processes are grouped by something else, such as a container's share, the file is empty."""
    return _GROUP.exists() and bool(_GROUP.read_text("ascii").strip())


_grouped = pytest.mark.skipif(
    not _groups_by_session(), reason="this system does not group by session"
)


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-S", "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:
        yield process
        process.kill()


def _given(child: subprocess.Popen[bytes], by: int) -> bool:
    for _ in range(50):
        if give_way(child.pid, by):
            return True
        time.sleep(0.1)
    return False


def _session(process: int | str) -> int:
    return int(Path(f"/proc/{process}/autogroup").read_text("ascii").split()[-1])


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such priorities")
def test_the_process_becomes_nicer(child: subprocess.Popen[bytes]) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)

    assert _given(child, 1)
    assert os.getpriority(os.PRIO_PROCESS, child.pid) == min(own + 1, 19)


@_grouped
def test_its_session_becomes_nicer_and_doctrines_own_does_not(
    child: subprocess.Popen[bytes],
) -> None:
    own = _session("self")

    assert _given(child, 7)
    assert _session(child.pid) == min(own + 7, 19)
    assert _session("self") == own


@_grouped
def test_a_session_is_never_asked_for_less_than_the_lowest_priority(
    child: subprocess.Popen[bytes],
) -> None:
    assert _given(child, 100)
    assert _session(child.pid) == 19


def test_whoever_has_ended_gives_way_to_nobody() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", ""], start_new_session=True)
    process.wait()

    assert _given(process, 10)
