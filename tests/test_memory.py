"""Large blocks that are freed do not stay with the process."""

from __future__ import annotations

import subprocess
import sys

import pytest

_BLOCKS = """\
import sys
from doctrine.memory import give_back_at_once

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

if "told" in sys.argv:
    give_back_at_once()
b"x" * (8 << 20)  # from now on the library takes what is smaller for small
blocks, between = [], []
for _ in range(40):
    blocks.append(b"x" * (1 << 20))
    between.append(bytes(2000))
before = resident()
blocks.clear()
print(before - resident() > 30 << 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is told")
def test_what_is_freed_goes_back_to_the_system() -> None:
    said = [
        subprocess.run([sys.executable, "-c", _BLOCKS, word], check=True, capture_output=True)
        for word in ("told", "not")
    ]
    assert said[0].stdout == b"True\n"
    if said[1].stdout == b"True\n":
        pytest.skip("the C library does so of its own")
