"""Shell scripts of the repository, and shells that are given their script as an argument."""

from __future__ import annotations

import re
from dataclasses import replace

from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._walk import Frame, Walk, joined

_SHEBANG = re.compile(r"^#!.*\b(?:ba|da|z|k)?sh\b(?P<flags>.*)$")
_SUFFIXES = (".sh", ".bash")


def follow_shell(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``bash -c "..."`` and ``bash script.sh``."""
    errexit = pipefail = False
    words = argv[1:]
    while words and words[0].startswith(("-", "+")):
        option, words = words[0], words[1:]
        if option.endswith("o") and words:
            errexit, pipefail = errexit or words[0] == "errexit", pipefail or words[0] == "pipefail"
            words = words[1:]
        errexit = errexit or (not option.startswith("--") and "e" in option)
        if not option.startswith("--") and "c" in option and words:
            shell = Shell(errexit=errexit, pipefail=pipefail, args=words[2:])
            walk.script(words[0], shell, frame, lambda _line, _argv: frame.line)
            return True
    if not words:
        return False
    shell = Shell(errexit=errexit, pipefail=pipefail, args=words[1:])
    return _file(walk, words[0], shell, frame, label=" ".join(argv), trusted=True)


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
    shebang = _SHEBANG.match(first)
    if first.startswith("#!") and not shebang:
        return False
    if not (trusted or shebang or name.endswith(_SUFFIXES)):
        return False
    key = f"script:{path}"
    if key in frame.active:
        return True
    if shebang and not trusted and re.search(r"\s-\w*e", shebang["flags"]):
        shell = replace(shell, errexit=True)
    inner = replace(frame.into(path, label), active=frame.active | {key})
    walk.script(source, shell, inner, lambda line, _argv: line)
    return True
