"""Where a watched project is shown: a live terminal, or lines one after another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from doctrine.watch.lines import Line, Style, plain

_STYLES = {
    Style.PLAIN: "",
    Style.BOLD: "bold",
    Style.DIM: "dim",
    Style.GOOD: "green",
    Style.BAD: "red",
    Style.OPEN: "yellow",
}


class PlainScreen:
    """Lines one after another, for files, pipes and terminals without colour."""

    def __init__(self, stream: TextIO) -> None:
        """Write to a stream.

        Args:
            stream: Usually stdout.
        """
        self._stream = stream

    def write(self, lines: Collection[Line]) -> None:
        """Write lines, the first one with the time."""
        encoding = self._stream.encoding or "utf-8"
        now = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
        for number, line in enumerate(lines):
            text = plain(line) if number else f"{now} {plain(line)}"
            self._stream.write(f"{text}\n".encode(encoding, "backslashreplace").decode(encoding))
        self._stream.flush()

    def stand(self, lines: Collection[Line]) -> None:
        """Show nothing: what would change all the time is of no use here."""

    def listens(self) -> bool:
        """Return that nobody would see what a key does."""
        return False


class LiveScreen:
    """A terminal: lines that stay, and below them what is known and what runs."""

    def __init__(self, stream: TextIO) -> None:
        """Draw on a stream.

        Args:
            stream: A terminal.
        """
        self._console = Console(file=stream, markup=False, emoji=False, highlight=False)
        self._live = Live(
            console=self._console,
            transient=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._drawing = False

    def write(self, lines: Collection[Line]) -> None:
        """Write lines above what stands, the first one with the time."""
        now = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
        texts = [_drawn(line) for line in lines]
        if texts:
            texts[0] = Text(f"{now} ", "dim") + texts[0]
            # At once: what stands below is drawn anew each time.
            self._console.print(Text("\n").join(texts))

    def stand(self, lines: Collection[Line]) -> None:
        """Let lines stand; none at all ends the picture."""
        if not lines:
            if self._drawing:
                self._live.stop()
                self._drawing = False
            return
        if not self._drawing:
            self._live.start()
            self._drawing = True
        texts = [_drawn(line) for line in lines]
        for text in texts:
            text.no_wrap, text.overflow = True, "ellipsis"
        self._live.update(Group(*texts), refresh=True)

    def listens(self) -> bool:
        """Return that keys are of use."""
        return True


def _drawn(line: Line) -> Text:
    text = Text()
    for one in line:
        text.append(one.text, _STYLES[one.style])
    return text
