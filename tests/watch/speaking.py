"""A language server that behaves as it is told, for tests: started with the name of a manner.

It tells of one file beside its marker, whose finding says how many changes it has heard of.
"""

from __future__ import annotations

import json
import sys
import time

import msgspec


class Document(msgspec.Struct, frozen=True):
    """The document that something is said of."""

    uri: str = ""
    version: int = 0


class Params(msgspec.Struct, frozen=True):
    """What a message says."""

    textDocument: Document = Document()  # noqa: N815 - the protocol's own spelling
    changes: tuple[msgspec.Raw, ...] = ()


class Heard(msgspec.Struct, frozen=True):
    """A message."""

    id: int | None = None
    method: str = ""
    params: Params | None = None


def read() -> tuple[Heard, str]:
    """Return the next message, and its text."""
    length = 0
    while line := sys.stdin.buffer.readline().strip():
        length = int(line.split(b":")[1])
    if not length:
        sys.exit(0)
    body = sys.stdin.buffer.read(length)
    return msgspec.json.decode(body, type=Heard), body.decode()


def say(**message: object) -> None:
    """Send a message."""
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    sys.stdout.buffer.flush()


def tell(uri: str, text: str, severity: int = 1, version: int | None = None) -> None:
    """Tell of one finding in a file, which an editor may show in some version."""
    place = {"line": 2, "character": 4}
    finding = {
        "range": {"start": place, "end": place}, "message": text, "severity": severity, "code": "r",
    }  # fmt: skip
    told = {"uri": uri, "diagnostics": [finding], "version": version}
    say(method="textDocument/publishDiagnostics", params=told)


def main(manner: str, file: str) -> None:
    """Serve until the end."""
    heard = 0
    while True:
        message, text = read()
        params = message.params or Params()
        if message.method == "initialize":
            say(id=message.id, result={})
            say(id=7, method="workspace/configuration", params={"items": [{"section": "python"}]})
        elif params.changes:
            heard += 1
            if manner == "dies":
                sys.exit(3)
            if manner == "babbles":
                sys.stdout.write("Traceback: no message at all\r\n\r\n")
                sys.stdout.flush()
        elif message.method == "textDocument/didOpen":
            if manner == "hangs" and heard:
                time.sleep(60)
            number = text.partition("reveal_type(")[2].partition(")")[0]
            shown = params.textDocument
            tell(shown.uri, f'Type of "{number}" is "int"', severity=3, version=shown.version)
            time.sleep(0.02)
            tell(file, f"heard {heard}")
            tell(file + "x", "a hint", severity=4)
        elif message.id is not None and message.method:
            say(id=message.id, error={"code": -32601, "message": "unhandled"})


main(sys.argv[1], sys.argv[2])
