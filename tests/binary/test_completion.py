"""The real program, asked by a shell what could come next."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def completed(words: str) -> str:
    env = {
        **os.environ,
        "_DOCTRINE_COMPLETE": "complete_bash",
        "COMP_WORDS": f"doctrine {words}",
        "COMP_CWORD": str(len(words.split(" "))),
    }
    argv = (sys.executable, "-m", "doctrine")
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("expl", ["explain"]),
        ("explain SEC00", [f"SEC00{number}" for number in range(1, 10)]),
        ("waive CPX", ["CPX001", "CPX002"]),
        ("check --format js", ["json"]),
        ("check --output term", ["terminal="]),
        ("schema rep", ["report"]),
    ],
)
def test_a_shell_gets_what_could_come_next(words: str, expected: list[str]) -> None:
    assert completed(words).split() == expected
