"""Live progress on stderr: what runs, for how long, what is done, and the first of what was found.

Tools are started before this module imports ``rich``: the board draws itself from a thread of its
own, so that it costs the start of a run nothing.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from msgspec import Struct

from doctrine.model.run import ToolRun, ToolStatus
from doctrine.reports._text import visible
from doctrine.threads import Aside

if TYPE_CHECKING:
    from rich.text import Text

_PATIENCE = 0.3
"""Seconds before anything is drawn: a run that is done by then needs no progress."""
_TICK = 0.1
_SHOWN = 12
_LAST_WORD = 2.0
_GLIMPSED = 5
"""Findings that are shown while tools run: enough to begin with, and few enough for any terminal."""
FOUND_SO_FAR = "found so far"
"""What stands above the first findings."""
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_PLAIN_FRAMES = "|/-\\"


class _Done(Struct, frozen=True):
    """A tool that has ended.

    Attributes:
        name: Which.
        seconds: How long it ran; None if it was known from an earlier run.
        held: Whether it can be believed.
        found: How many findings it reported; None while nobody has read them.
    """

    name: str
    seconds: float | None
    held: bool = True
    found: int | None = None


class Board:
    """Shows the tools of a run while they run, and nothing afterwards.

    Use it as a context manager, or call ``close``: nothing is written after that.
    """

    def __init__(
        self,
        *,
        enabled: bool,
        verbose: bool = False,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make a board; it shows nothing before a tool has started.

        Args:
            enabled: Whether to draw; True only where the stream is a terminal.
            verbose: Whether to write a line for each tool where nothing is drawn.
            stream: Where to; stderr by default.
            clock: Seconds that only grow.
        """
        self._enabled = enabled
        self._verbose = verbose and not enabled
        self._stream = stream or sys.stderr
        self._clock = clock
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._drawing: Aside[None] | None = None
        self._running: dict[str, float] = {}
        self._done: dict[str, _Done] = {}
        self._runs: list[ToolRun] = []
        self._glimpses: dict[str, list[str]] = {}
        self._notes: list[str] = []

    def __enter__(self) -> Self:
        """Return the board."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the board, whatever ended the run."""
        self.close()

    def open(self) -> None:
        """Begin to draw; called by the first ``started``, and harmless when called again."""
        with self._lock:
            if not self._enabled or self._drawing is not None or self._closed.is_set():
                return
            # Where there is no room for a thread, a picture is the least that is missed.
            with suppress(MemoryError, RuntimeError):
                self._drawing = Aside(self._draw)

    def started(self, name: str) -> None:
        """Show that a tool runs from now on."""
        with self._lock:
            self._running[name] = self._clock()
            # What it said of another state of the project (`--since`) is not said of this one.
            self._done.pop(name, None)
            self._glimpses.pop(name, None)
            self._runs = [run for run in self._runs if run.name != name]
        self._say(f"{name}: started")
        self.open()

    def finished(self, name: str, seconds: float, status: ToolStatus = ToolStatus.OK) -> None:
        """Show that a tool has ended.

        Args:
            name: The tool.
            seconds: How long it ran.
            status: Whether it can be believed.
        """
        with self._lock:
            self._running.pop(name, None)
            self._done[name] = _Done(name, seconds, status is ToolStatus.OK)
        self._say(f"{name}: {status.value} after {seconds:.1f} s")

    def reported(self, run: ToolRun) -> None:
        """Show how much a tool has found, and the first of it.

        Args:
            run: What became of it, read; nothing is merged or suppressed yet.
        """
        if not self._enabled:
            return
        with self._lock:
            known = self._done.get(run.name)
            seconds = None if known is None else known.seconds
            held = run.status is ToolStatus.OK
            self._done[run.name] = _Done(run.name, seconds, held, len(run.reading.findings))
            self._runs.append(run)

    def note(self, text: str) -> None:
        """Show a line that stays."""
        if self._enabled:
            with self._lock:
                self._notes.append(text)
        self._say(text)

    def close(self) -> None:
        """Erase the board; nothing is written from now on."""
        self._closed.set()
        with self._lock:
            drawing, self._runs = self._drawing, []
        # A terminal that takes no output (Ctrl-S) must not keep the run from ending.
        if drawing is not None:
            drawing.wait(_LAST_WORD)

    def _say(self, text: str) -> None:
        if self._verbose and not self._closed.is_set():
            encoding = self._stream.encoding or "ascii"
            line = visible(text).encode(encoding, "backslashreplace").decode(encoding)
            self._stream.write(f"{line}\n")
            self._stream.flush()

    def _draw(self) -> None:
        """Draw until closed. All of rich happens in this thread, so nothing can interleave."""
        if self._closed.wait(_PATIENCE) and not self._notes:
            return
        from rich.console import Console
        from rich.live import Live

        console = Console(file=self._stream, markup=False, emoji=False, highlight=False)
        live = Live(
            console=console,
            transient=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        with live:
            frame = 0
            while not self._closed.wait(_TICK):
                live.update(self._picture(frame), refresh=True)
                for note in self._taken_notes():
                    console.print(visible(note))
                frame += 1
        for note in self._taken_notes():
            console.print(visible(note))

    def _taken_notes(self) -> list[str]:
        with self._lock:
            notes, self._notes = self._notes, []
        return notes

    def _picture(self, frame: int) -> Text:
        """Return the board as it stands: one line for what is done, one for each running tool."""
        from rich.text import Text

        with self._lock:
            running, done = dict(self._running), list(self._done.values())
        unicode = (self._stream.encoding or "").lower().startswith("utf")
        picture = Text(no_wrap=True, overflow="ellipsis" if unicode else "crop")
        self._draw_done(picture, done, unicode=unicode)
        frames = _FRAMES if unicode else _PLAIN_FRAMES
        self._draw_running(picture, running, frames[frame % len(frames)])
        self._draw_glimpses(picture)
        return picture

    def _draw_done(self, picture: Text, done: Sequence[_Done], *, unicode: bool) -> None:
        """Draw what has ended, all on one line."""
        good = "✓" if unicode else "+"
        picture.append("  " if done else "")
        for one in done:
            mark, color = (good, "green") if one.held else ("!", "magenta")
            picture.append(f"{mark} ", style=color)
            took = "kept" if one.seconds is None else f"{one.seconds:.1f}s"
            picture.append(f"{visible(one.name)} {took}  ", style="dim")
            if one.found:
                picture.right_crop(1)
                picture.append(f"{one.found:,}  ", style="bold")

    def _draw_glimpses(self, picture: Text) -> None:
        """Draw the first findings, some of each tool that has any."""
        with self._lock:
            fresh, self._runs = self._runs, []
            total = sum(one.found or 0 for one in self._done.values())
        from doctrine.cli.glimpses import chosen, glimpsed

        first = {run.name: glimpsed(run, _GLIMPSED) for run in fresh}
        with self._lock:
            # Without those that were started again meanwhile.
            self._glimpses |= {name: told for name, told in first.items() if name in self._done}
            told = list(self._glimpses.values())
        if not any(told):
            return
        words = f"\n  {FOUND_SO_FAR}, nothing merged or suppressed yet: {total:,}"
        picture.append(words, style="dim")
        for line in chosen(told, _GLIMPSED):
            picture.append(f"\n    {visible(line)}")

    def _draw_running(self, picture: Text, running: Mapping[str, float], mark: str) -> None:
        """Draw a line for each tool that runs, the oldest first."""
        now = self._clock()
        for name, since in sorted(running.items(), key=lambda item: item[1])[:_SHOWN]:
            picture.append("\n" if picture.plain else "")
            picture.append(f"  {mark} ", style="cyan")
            picture.append(f"{visible(name)} ").append(f"{now - since:.1f}s", style="dim")
        if len(running) > _SHOWN:
            picture.append(f"\n  and {len(running) - _SHOWN} more", style="dim")
