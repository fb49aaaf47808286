"""How pyright's language server is started so that it sees what the command sees.

A project that configures pyright is the server's folder itself. For any other one the server gets a
folder of doctrine's, whose configuration names the files: relative to that folder, since pyright
ignores what is absolute there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from doctrine.model.process import Invocation
from doctrine.model.tool import Request
from doctrine.tools._pyright_config import find_config

_COMMAND, _SERVER = "index.js", "langserver.index.js"
_CONFIG = "pyrightconfig.json"
_HEAP = "--initial-old-space-size"
_VERSION = "--pythonversion"
_PROJECT, _INTERPRETER, _JSON = "-p", "--pythonpath", "--outputjson"
_VALUED = frozenset({_PROJECT, _INTERPRETER, _VERSION})


class Workspace(Struct, frozen=True, kw_only=True):
    """What the server is started with; the same one twice sees the same.

    Attributes:
        argv: The command.
        folder: The folder that the server works on.
        root: Absolute root of the project.
        scratch: Folder of doctrine's own for what the server leaves; ``folder`` may be the project.
        env: Variables on top of what every child gets.
        files: Files to write into the folder before the start.
        python: The interpreter whose packages count; empty for none.
        sources: The project's Python files: a new one, or one less, may change any other.
    """

    argv: tuple[str, ...]
    folder: str
    root: str
    scratch: str
    env: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    python: str = ""
    sources: frozenset[str] = frozenset()


def workspace(request: Request, planned: Invocation, folder: str) -> Workspace | None:
    """Return what the server is started with; None where it would not see what the command sees.

    Args:
        request: What pyright is asked.
        planned: The command that would be run.
        folder: Absolute folder of doctrine's own, for what it writes.
    """
    before = _command(planned)
    if not before:
        return None
    options, targets = _parsed(planned.argv[len(before) + 1 :])
    configured = bool(find_config(request.layout).path)
    if configured and (targets or _VERSION in options):
        return None
    root = request.layout.root
    return Workspace(
        argv=(*_staying(before[:-1]), before[-1].removesuffix(_COMMAND) + _SERVER, "--stdio"),
        folder=root if configured else folder,
        root=root,
        scratch=folder,
        env={key: value.replace("{scratch}", folder) for key, value in planned.env.items()},
        files={} if configured else {_CONFIG: _named(planned, options, targets, folder)},
        python=options.get(_INTERPRETER, ""),
        sources=frozenset(file.path for file in request.layout.files),
    )


def _command(planned: Invocation) -> tuple[str, ...]:
    """Return how pyright's own script is started; empty where something else starts it."""
    before = planned.argv[: planned.argv.index(_JSON)] if _JSON in planned.argv else ()
    return before if before and before[-1].endswith(f"/{_COMMAND}") else ()


def _staying(words: tuple[str, ...]) -> Iterator[str]:
    """Yield node and its options but for a large heap: of a process that stays, the memory counts."""
    return (word for word in words if not word.startswith(_HEAP))


def _parsed(words: tuple[str, ...]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return the options with their values, and what is named."""
    options: dict[str, str] = {}
    targets: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in _VALUED:
            options[word] = next(rest, "")
        else:
            targets.append(word)
    return options, tuple(targets)


def _named(
    planned: Invocation, options: Mapping[str, str], targets: tuple[str, ...], folder: str
) -> bytes:
    """Return the configuration of the command, with what the command line says beside it."""
    told = json.loads(planned.files[_CONFIG])
    told["include"] = [os.path.relpath(f"{planned.cwd}/{one}", folder) for one in targets]
    if _VERSION in options:
        told["pythonVersion"] = options[_VERSION]
    return json.dumps(told).encode()
