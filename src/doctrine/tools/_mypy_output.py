"""What mypy prints: findings as JSON lines on stdout, everything else as text on either stream.

The log of ``-v`` on stderr is the proof of what was read: JSON alone names only files with
findings. A module that is read but whose errors mypy keeps to itself is logged as silenced. One that
is as it was in the last run, with all that it imports, is not parsed but found fresh, and what was
said of it is said again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from doctrine.model.decoders import json_decoder
from doctrine.model.process import Completed
from doctrine.model.tool import UnreadableError
from doctrine.tools._decode import decode_log, decode_text, relative_path

_PARSED = re.compile(
    r"^LOG:  (?P<what>Parsing|Using cached AST for|Silencing) (?P<path>.+\.pyi?|.+) \(.*\)$",
    re.MULTILINE,
)
_FRESH = re.compile(
    r"^LOG:  (?:Metadata fresh for [\w.-]+: file (?P<same>.+)"
    r"|Updating mtime for [\w.-]+: file (?P<touched>.+), meta .+, mtime -?\d+)$",
    re.MULTILINE,
)
_LOADED = re.compile(r"^LOG:  Loaded graph with \d+ nodes", re.MULTILINE)
_FINISHED = re.compile(r"^LOG:  Build finished in ", re.MULTILINE)


class Line(msgspec.Struct):
    """A finding or note; older versions do not tell where it ends."""

    file: str
    line: int
    column: int
    message: str
    code: str | None
    severity: str
    end_line: int | None = None
    end_column: int | None = None


class Output(msgspec.Struct, frozen=True):
    """What mypy printed.

    Attributes:
        lines: Findings and notes.
        words: Everything on stdout that is no JSON, and all of stderr but the log.
        log: All of stderr.
    """

    lines: tuple[Line, ...]
    words: tuple[str, ...]
    log: str

    @property
    def finished(self) -> bool:
        """Whether the log goes on to its end."""
        return _FINISHED.search(self.log) is not None


def decode_output(done: Completed) -> Output:
    """Return what mypy printed.

    Raises:
        UnreadableError: A line that looks like a finding is none, or the log is damaged.
    """
    log = decode_log(done.stderr, what="its log")
    decoder = json_decoder(Line)
    lines: list[Line] = []
    words: list[str] = []
    for raw in done.stdout.splitlines():
        # What has only one of the braces is what remained of a finding.
        if raw.startswith(b"{") or raw.endswith(b"}"):
            lines.append(_decode(decoder, raw))
        elif raw.strip():
            words.append(decode_text(raw).strip())
    words.extend(
        line.strip()
        for line in log.splitlines()
        if line.strip() and not line.startswith(("LOG:", "TRACE:"))
    )
    return Output(lines=tuple(lines), words=tuple(words), log=log)


def _decode(decoder: msgspec.json.Decoder[Line], raw: bytes) -> Line:
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError) as error:
        message = f"a line of its JSON has another shape than the known one: {error}"
        raise UnreadableError(message) from error


def plain(words: str) -> str:
    """Return words as a person reads them: mypy says on stderr as JSON why it stopped.

    Args:
        words: A line of ``Output.words``.
    """
    line = line_in(words)
    return words if line is None else f"{line.file}:{line.line}: {line.message}"


def line_in(raw: str | bytes) -> Line | None:
    """Return the finding or note in a line that mypy printed; None where it is something else."""
    try:
        return json_decoder(Line).decode(raw)
    except (msgspec.DecodeError, UnicodeError):
        return None


def proven(output: Output, root: str) -> frozenset[str]:
    """Return the root-relative paths that the log proves to have been read and judged."""
    said = output.log
    if not _LOADED.search(said):
        return frozenset()
    silenced = set(_logged(said, root, silenced=True))
    return frozenset((*_logged(said, root, silenced=False), *_fresh(said, root))) - silenced


def _fresh(said: str, root: str) -> Iterator[str]:
    for found in _FRESH.finditer(said):
        path = relative_path(found["same"] or found["touched"], root)
        if path is not None:
            yield path


def _logged(said: str, root: str, *, silenced: bool) -> Iterator[str]:
    for found in _PARSED.finditer(said):
        if (found["what"] == "Silencing") is silenced:
            path = relative_path(found["path"], root)
            if path is not None:
                yield path
