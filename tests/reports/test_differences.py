"""Differences that git takes, and that a terminal can show."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doctrine.cli.differences import coloured, difference

TEXTS = st.lists(st.sampled_from(["a", "b\r", "c\x0c", "\u2028d", "# e", "-f", ""]), max_size=8)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(old=TEXTS.map("\n".join), new=TEXTS.map("\n".join))
def test_git_applies_a_difference(old: str, new: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(old.encode())
    shown = difference("file", old, new)
    if old == new or not old:
        assert (shown == "") is (old == new)
        return
    argv = ("git", "apply", "--whitespace=nowarn", "-")
    subprocess.run(argv, cwd=tmp_path, input=f"# why\n{shown}".encode(), check=True, timeout=60)
    assert file.read_bytes() == new.encode()


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("+++ b/a\n", "\x1b[1m+++ b/a\x1b[0m\n"),
        ("+\x1b[2Jx\r\n", "\x1b[32m+\\x1b[2Jx\x1b[0m\n"),
        (" plain\n", " plain\n"),
    ],
)
def test_a_terminal_is_shown_colour_and_no_control_characters(line: str, shown: str) -> None:
    assert coloured(line) == shown
