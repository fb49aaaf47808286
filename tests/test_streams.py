"""A standard stream that is closed is no reason to fail, and no other file takes its place."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shells close no streams there")

_LATER = """\
import os, sys, doctrine.cli.main as command

def run(argv):
    for number in range(3):
        os.fstat(number)  # raises where it is closed
    assert os.open(os.devnull, os.O_RDONLY) > 2
    sys.stdout.write("said")
    sys.stderr.write("told")
    return 7

command.run = run
import doctrine.__main__
doctrine.__main__.main()
"""


@pytest.mark.parametrize(
    ("closed", "seen"),
    [
        ("<&-", (b"said", b"told")),
        (">&-", (b"", b"told")),
        ("2>&-", (b"said", b"")),
        ("<&- >&- 2>&-", (b"", b"")),
    ],
)
def test_what_is_said_to_a_closed_stream_is_lost_and_nothing_else(
    closed: str, seen: tuple[bytes, bytes]
) -> None:
    argv = ["/bin/sh", "-c", f'"$0" -c "$1" {closed}', sys.executable, _LATER]
    done = subprocess.run(argv, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (7, *seen)
