"""From bytes to text the way Python reads a source file: byte order mark, then PEP 263."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from tokenize import detect_encoding

from msgspec import Struct

_FIRST_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")


class Decoded(Struct, frozen=True, kw_only=True):
    """A source file as text.

    Attributes:
        text: Its text, without a byte order mark, every line ended by a line feed alone.
        encoding: Declared or default encoding.
    """

    text: str
    encoding: str


class UndecodableError(Exception):
    """Bytes that are not in the encoding the file declares.

    Attributes:
        line: 1-based line of the first such byte.
        column: 1-based column of it.
        encoding: Declared or default encoding; as written where Python knows no such encoding.
    """

    def __init__(self, message: str, *, line: int, column: int, encoding: str) -> None:
        """Store the place beside the message."""
        super().__init__(message)
        self.line = line
        self.column = column
        self.encoding = encoding


def decode(data: bytes) -> Decoded:
    """Return a source file's text.

    Raises:
        UndecodableError: The declared encoding is unknown, or does not fit the bytes.
    """
    try:
        encoding, _ = detect_encoding(_readline(data))
    except SyntaxError as error:
        raise _undeclared(data, str(error)) from error
    except (LookupError, ValueError, TypeError) as error:  # a codec that is not about text
        raise _undeclared(data, f"not readable as declared: {error}") from error
    try:
        text = data.decode(encoding)
        text.encode("utf-8")  # some codecs yield lone surrogates, which no source can hold
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, encoding) from error
    except (LookupError, ValueError, TypeError) as error:  # a codec that is not about text
        message = f"not readable as {encoding}: {error}"
        raise UndecodableError(message, line=1, column=1, encoding=encoding) from error
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text=text, encoding=encoding.removesuffix("-sig"))


def _readline(data: bytes) -> Callable[[], bytes]:
    """Return the reader ``detect_encoding`` wants, one that knows a lone carriage return.

    It sees no NUL: some versions refuse one here, but what it means is for the parser to say.
    """
    lines: Iterator[bytes] = (
        found.group().replace(b"\0", b" ") for found in _FIRST_LINES.finditer(data)
    )
    return lambda: next(lines, b"")


def _undeclared(data: bytes, said: str) -> UndecodableError:
    """Return the error for a declaration that is wrong, or for the lack of one."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _undecodable(data, error.start, "utf-8")
    return UndecodableError(said, line=1, column=1, encoding=said.rpartition(": ")[2])


def _undecodable(data: bytes, start: int, encoding: str) -> UndecodableError:
    before = data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    row = before[before.rfind(b"\n") + 1 :]
    message = f"byte 0x{data[start]:02x} is not {encoding}"
    return UndecodableError(
        message,
        line=before.count(b"\n") + 1,
        column=len(row.decode(encoding, "replace")) + 1,
        encoding=encoding,
    )
