"""Shell scripts of the repository, and shells that are given their script as an argument."""

from __future__ import annotations

import re

from msgspec import Struct

from doctrine.model.replacing import replace
from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._walk import Frame, Walk, joined

_SHEBANG = re.compile(r"^#!.*\b(?:ba|da|z|k)?sh\b(?P<flags>.*)$")
_SUFFIXES = (".sh", ".bash")


_LETTERS = {"e": "errexit", "n": "noexec"}


class _Call(Struct, frozen=True, kw_only=True):
    """How a shell is called.

    Attributes:
        settings: Names of what is set, such as ``errexit``.
        inline: Whether the first word is the script itself, and the second its name.
        words: Script or file, and the arguments for it.
    """

    settings: frozenset[str]
    inline: bool
    words: Argv

    @property
    def shell(self) -> Shell:
        return Shell(
            errexit="errexit" in self.settings,
            pipefail="pipefail" in self.settings,
            args=self.words[2:] if self.inline else self.words[1:],
        )


def _call(words: Argv) -> _Call:
    """Sort the arguments of a shell out."""
    settings: set[str] = set()
    while words and words[0].startswith(("-", "+")):
        option, words = words[0], words[1:]
        if option.endswith("o"):
            settings.update(words[:1])
            words = words[1:]
        letters = "" if option.startswith("--") else option
        settings.update(name for letter, name in _LETTERS.items() if letter in letters)
        if "c" in letters and words:
            return _Call(settings=frozenset(settings), inline=True, words=words)
    return _Call(settings=frozenset(settings), inline=False, words=words)


def follow_shell(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``bash -c "..."`` and ``bash script.sh``."""
    call = _call(argv[1:])
    if not call.words or "noexec" in call.settings:
        return False
    if call.inline:
        walk.script(call.words[0], call.shell, frame, lambda _line, _argv: frame.line)
        return True
    return _file(walk, call.words[0], call.shell, frame, label=" ".join(argv), trusted=True)


def follow_source(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``source script.sh``; what activates an environment runs nothing worth noting."""
    if argv[1:]:
        _file(walk, argv[1], Shell(args=argv[2:]), frame, label=" ".join(argv), trusted=True)
    return True


def follow_path(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow a program that is a shell script of the repository."""
    if "/" not in argv[0] and not argv[0].endswith(_SUFFIXES):
        return False
    return _file(walk, argv[0], Shell(args=argv[1:]), frame, label=" ".join(argv), trusted=False)


def _file(walk: Walk, name: str, shell: Shell, frame: Frame, *, label: str, trusted: bool) -> bool:
    path = joined(frame.cwd, name)
    source = walk.text(path)
    if source is None:
        return False
    first = source.split("\n", 1)[0]
    if not _is_for_shell(first, trusted=trusted or name.endswith(_SUFFIXES)):
        return False
    key = f"script:{path}"
    if key in frame.active:
        return True
    if not trusted and _asks_for_errexit(first):  # else the caller has chosen the shell
        shell = replace(shell, errexit=True)
    inner = replace(frame.into(path, label), active=frame.active | {key})
    walk.script(source, shell, inner, lambda line, _argv: line)
    return True


def _is_for_shell(first: str, *, trusted: bool) -> bool:
    """Whether a script is one for a shell: its first line decides, else whoever names it so."""
    return _SHEBANG.match(first) is not None if first.startswith("#!") else trusted


def _asks_for_errexit(first: str) -> bool:
    """Whether the first line of a script starts its shell with ``-e``."""
    shebang = _SHEBANG.match(first)
    return shebang is not None and re.search(r"\s-\w*e", shebang["flags"]) is not None
