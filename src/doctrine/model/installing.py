"""What a command of pip, pipx or uv is told to install."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

_INSTALLERS = frozenset({"pip", "pip3", "pipx", "uv"})
_INSTALL = "install"
_NOT_NAMES = frozenset({
    "-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints", "-e",
    "--editable", "--group", "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t",
    "--target", "-p", "--python",
})  # fmt: skip
"""Options of an installer whose value names no distribution."""


def words_to_install(argv: tuple[str, ...]) -> Iterator[str]:
    """Yield the words that may name what is installed, as written; nothing of any other command.

    Args:
        argv: The command, launchers stripped. Options without a value are among the words.
    """
    program, words = (argv[0], argv[1:]) if argv else ("", ())
    if program not in _INSTALLERS or _INSTALL not in words:
        return
    for before, word in pairwise(words[words.index(_INSTALL) :]):
        if before not in _NOT_NAMES:
            yield word
