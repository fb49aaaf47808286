"""A service on this machine: a few vulnerabilities in the format of OSV, and a pack of rules."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Generator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec

_MENDED = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "modified": "2026-01-02T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "aliases": ["CVE-2026-0001", "PYSEC-2026-1"],
    "summary": "A template can\nleave its sandbox",
    "details": "Long.",
    "affected": [
        {
            "package": {"name": "brittle", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2.1"}]}],
        }
    ],
    "references": [],
}
_OPEN = {
    "id": "GHSA-dddd-eeee-ffff",
    "modified": "2026-01-02T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "summary": "A cache reads what others wrote",
    "details": "Long.",
    "affected": [
        {
            "package": {"name": "brittle", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        }
    ],
    "references": [],
}
_KNOWN: Mapping[str, Mapping[str, object]] = {str(one["id"]): one for one in (_MENDED, _OPEN)}
_VULNERABLE = "brittle"
_PACK = """\
rules:
  - id: shop.floor.no-print
    languages: [python]
    severity: WARNING
    message: Write to the log instead
    pattern: print(...)
"""


class _Package(msgspec.Struct):
    name: str


class _Query(msgspec.Struct):
    package: _Package


class _Batch(msgspec.Struct):
    queries: Sequence[_Query]


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        batch = msgspec.json.decode(self.rfile.read(size), type=_Batch)
        found = [{"id": name, "modified": one["modified"]} for name, one in _KNOWN.items()]
        results = [
            {"vulns": found} if query.package.name == _VULNERABLE else {} for query in batch.queries
        ]
        self._say({"results": results})

    def do_GET(self) -> None:
        if self.path == "/pack.yml":
            self._send(_PACK.encode(), "text/yaml")
            return
        self._say(_KNOWN[self.path.rpartition("/")[2]])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _say(self, answer: Mapping[str, object]) -> None:
        self._send(json.dumps(answer).encode(), "application/json")

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serving() -> Generator[str]:
    """Serve at an address of this machine alone, and return it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    # How soon it ends: as it comes, the end waits for half a second.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
