"""What the operating system tells of a folder, from a thread of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection

from doctrine.threads import begin

_GATHER = 400
"""Milliseconds that changes which follow each other closely are gathered at most."""
_QUIET = 40
"""Milliseconds without another change after which those that came are told."""
_TURN = 500
"""Milliseconds after which the thread looks whether it should end."""

Notify = Callable[[Collection[str]], None]


class Notices:
    """Tells of paths that something happened to, as long as the system can tell."""

    def __init__(self, root: str, notify: Notify, failed: Callable[[str], None]) -> None:
        """Begin to listen.

        Args:
            root: Absolute folder.
            notify: Told the paths, relative to the root; in the thread of the notices.
            failed: Told once, in words, if nothing can be told any more.
        """
        self._root = os.path.realpath(root)
        self._notify = notify
        self._failed = failed
        self._end = threading.Event()
        begin(self._listen)

    def close(self) -> None:
        """Stop listening."""
        self._end.set()

    def _listen(self) -> None:
        try:
            from watchfiles import watch

            for changes in watch(
                self._root,
                watch_filter=None,
                debounce=_GATHER,
                step=_QUIET,
                stop_event=self._end,
                rust_timeout=_TURN,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                paths = {self._inside(path) for _, path in changes}
                if not self._end.is_set():
                    self._notify(paths)
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            if not self._end.is_set():
                self._failed(str(error) or type(error).__name__)

    def _inside(self, path: str) -> str:
        return os.path.relpath(path, self._root).replace(os.sep, "/")
