"""Keeps what mypy knows of a project, and tells again and again what is wrong in changed files.

It speaks as long as somebody listens: each line on stdin names changed files, and is answered on
stdout. Mypy's own server is used without its socket and its status file, so that nothing of it lies
anywhere, and its end is that of stdin. Only what follows from the change is told, since all else was
told before: what had errors is not looked at again, which would take most of the time.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Collection, Iterable, Mapping
from importlib import import_module
from queue import SimpleQueue
from typing import BinaryIO, Protocol, cast

_ARGUMENTS = 2
_WIDTH = 80
"""Columns of a terminal that there is none of."""
_NEVER = -1
"""Size and time of no file: what is compared with it is read again."""


class Options(Protocol):
    """What mypy was told to do."""

    follow_imports: str
    local_partial_types: bool

    def compare_stable(self, _snapshot: Mapping[str, object], /) -> bool:
        """Return whether these are the options that a snapshot was made of."""
        ...


class Remembered(Protocol):
    """What a file was when it was read last."""

    hash: str


class Watcher(Protocol):
    """Knows which files were read, and as what."""

    def dump_file_data(self) -> Mapping[str, tuple[float, int, str]]:
        """Return the time, the size and the digest of each."""
        ...

    def set_file_data(self, path: str, data: object) -> None:
        """Take a file for another than it was."""


class State(Protocol):
    """A module."""

    path: str | None
    ignore_all: bool


class Build(Protocol):
    """What mypy knows of the project."""

    graph: Mapping[str, State]
    blocking_error: object
    previous_targets_with_errors: set[str]


class Server(Protocol):
    """Mypy's server."""

    options_snapshot: Mapping[str, object]
    fscache: object
    fswatcher: Watcher
    fine_grained_manager: Build | None

    def check(
        self, sources: object, _export_types: bool, _is_tty: bool, _width: int, /
    ) -> Mapping[str, object]:
        """Check sources, all of them or what was changed since."""
        ...


class Servers(Protocol):
    """The module ``mypy.dmypy_server``."""

    def Server(self, options: Options, _status_file: str, /) -> Server:  # noqa: N802 - its name
        """Return a server that is not served."""
        ...


class Main(Protocol):
    """The module ``mypy.main``."""

    def process_options(
        self, args: list[str], *, fscache: object, **how: bool
    ) -> tuple[object, Options]:
        """Return what is to be checked, and how; exits where the words are none of mypy's."""
        ...


class Watchers(Protocol):
    """The module ``mypy.fswatcher``."""

    def FileData(self, st_mtime: float, st_size: int, hash: str) -> object:  # noqa: N802 - its names
        """Return what a file was."""
        ...


class Caches(Protocol):
    """The module ``mypy.fscache``."""

    def FileSystemCache(self) -> object:  # noqa: N802 - its name
        """Return an empty one."""
        ...


class Standing:
    """Mypy's server, asked by hand."""

    def __init__(self, words: Iterable[str]) -> None:
        """Read the configuration, and check nothing yet.

        Args:
            words: Those of mypy's command line.
        """
        self._words = ["-i", *words]
        files = cast("Caches", import_module("mypy.fscache")).FileSystemCache()
        _, options = self._asked(files)
        if options.follow_imports != "normal" or not options.local_partial_types:
            sys.exit("mypy's server would see something else than its command")
        servers = cast("Servers", import_module("mypy.dmypy_server"))
        self._server = servers.Server(options, f"{os.devnull}/status")

    def _asked(self, files: object) -> tuple[object, Options]:
        main = cast("Main", import_module("mypy.main"))
        return main.process_options(
            self._words, require_targets=True, server_options=True, fscache=files
        )

    def answer(self, changed: Collection[str]) -> Mapping[str, object]:
        """Return what is to be said of changed files, and of what depends on them.

        Args:
            changed: Their absolute paths; the first answer is about everything.
        """
        server = self._server
        sources, options = self._asked(server.fscache)
        if not options.compare_stable(server.options_snapshot):
            sys.exit("the configuration is another one now")
        build = server.fine_grained_manager
        if build is not None:
            self._doubt(changed)
            build.previous_targets_with_errors.clear()
        told = server.check(sources, False, False, _WIDTH)
        return _answer(server.fine_grained_manager, told["out"])

    def _doubt(self, changed: Collection[str]) -> None:
        """Let changed files be read: mypy believes their size and whole seconds of their times."""
        data = cast("Watchers", import_module("mypy.fswatcher")).FileData
        watcher = self._server.fswatcher
        wanted = frozenset(changed)
        for path, (_, _, known) in watcher.dump_file_data().items():
            if os.path.abspath(path) in wanted:  # noqa: PTH100 - hundreds of times
                watcher.set_file_data(path, data(_NEVER, _NEVER, known))


def _answer(build: Build | None, out: object) -> Mapping[str, object]:
    if build is None or build.blocking_error is not None:
        return {"blocked": True}
    read = [one.path for one in build.graph.values() if one.path and not one.ignore_all]
    return {"out": out, "read": read}


def _hear(questions: SimpleQueue[list[str]]) -> None:
    """Take questions until nobody is there any more, and end with him, whatever is being checked."""
    for line in sys.stdin:
        questions.put(cast("list[str]", json.loads(line)))
    os._exit(0)


def _say(out: BinaryIO, answer: Mapping[str, object]) -> None:
    body = json.dumps({"params": answer}).encode()
    out.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    out.flush()


def main() -> None:
    """Answer as long as somebody asks."""
    if len(sys.argv) < _ARGUMENTS:
        sys.exit("usage: driver WORD …")
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed is no answer
    questions: SimpleQueue[list[str]] = SimpleQueue()
    threading.Thread(target=_hear, args=(questions,), daemon=True).start()
    standing = Standing(sys.argv[1:])
    while True:
        _say(out, standing.answer(questions.get()))


if __name__ == "__main__":
    main()
