"""What is said to pyright's language server, and what its words mean. Nothing is sent here.

The server tells of each file that it has checked, and not when it has checked all that a change
asks for. So it is given a file of doctrine's own, which it is shown anew, with another content, after
everything else: once it tells of that, it has heard of all changes. Then it is asked something that it
answers between two rounds of checking, twice: if it told of no file in between, it had nothing to check.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePath
from urllib.parse import quote, unquote, urlsplit

import msgspec
from msgspec import Struct

from doctrine.model.decoders import from_json
from doctrine.watch.residents.wire import BrokenError, Message

_MARKER = "doctrine_marker.py"
_SEVERITIES = {1: "error", 2: "warning", 3: "information"}
"""Others are hints, which the command does not show."""
_CHANGED = 2
_UNKNOWN = "doctrine/settled"
"""A request that no server knows: it says so as soon as it gets to it."""


class _Position(Struct):
    line: int
    character: int


class _Range(Struct):
    start: _Position
    end: _Position


class _Diagnostic(Struct):
    range: _Range
    message: str
    severity: int = 1
    code: str | int | None = None


class _Published(Struct):
    uri: str
    diagnostics: list[_Diagnostic]
    version: int | None = None


class _Item(Struct):
    section: str = ""


class _Items(Struct):
    items: list[_Item]


class Dialogue:
    """One conversation with a server."""

    def __init__(self, folder: str, python: str) -> None:
        """Begin it.

        Args:
            folder: Absolute folder that the server works on.
            python: The interpreter whose packages count; empty for none.
        """
        self._folder = folder
        self._python = python
        self._marker = as_uri(f"{folder}/{_MARKER}")
        self._number = 0
        self._told: dict[str, list[_Diagnostic]] = {}
        self._shown: dict[str, bool] = {}
        """Files that the server is shown, and whether it has told of them since."""
        self._seen = -1
        self.spoken = 0
        """How many times the server has told of its work."""

    @property
    def is_heard(self) -> bool:
        """Whether the server has heard of everything that was said."""
        return self._seen == self._number

    def greeting(self, process: int) -> object:
        """Return the first request, with id 0.

        Args:
            process: Number of this process: the server ends with it.
        """
        uri = as_uri(self._folder)
        folder = {"uri": uri, "name": PurePath(self._folder).name or "project"}
        listens = {"dynamicRegistration": True}
        able: dict[str, object] = {
            "workspace": {"configuration": True, "didChangeWatchedFiles": listens},
            "textDocument": {"publishDiagnostics": {"versionSupport": True}},
            "window": {"workDoneProgress": True},
        }
        asked: dict[str, object] = {
            "processId": process,
            "rootUri": uri,
            "workspaceFolders": [folder],
            "capabilities": able,
        }
        return _request(0, "initialize", asked)

    def opening(self) -> tuple[object, ...]:
        """Return what is said once the server has answered the greeting."""
        return (_notice("initialized", {}), self._opened(self._marker, self._mark()))

    @property
    def answered(self) -> frozenset[str]:
        """The absolute paths of shown files of which the server has told as they are shown."""
        return frozenset(path for path, told in self._shown.items() if told)

    @property
    def has_answered(self) -> bool:
        """Whether these are all that are shown."""
        return all(self._shown.values())

    def changing(
        self, paths: Iterable[str], texts: Mapping[str, str] | None = None
    ) -> tuple[object, ...]:
        """Return what is said of files that hold something else now.

        Args:
            paths: Absolute paths.
            texts: What some of them hold, which are shown as an editor would.
        """
        self._number += 1
        changes = [{"uri": as_uri(path), "type": _CHANGED} for path in paths]
        return (
            # First: of what is shown, the server takes no other word than that of the editor.
            _notice("workspace/didChangeWatchedFiles", {"changes": changes}),
            *self._showing(texts or {}),
            # Not as one who types: the server lets him finish, for a quarter of a second.
            _closed(self._marker),
            self._opened(self._marker, self._mark()),
        )

    def _showing(self, texts: Mapping[str, str]) -> Iterator[object]:
        """Yield what shows files; what the server was not told of is none of its files."""
        for path, text in texts.items():
            if path in self._told:
                self._shown[path] = False
                yield self._opened(as_uri(path), text)

    def _opened(self, uri: str, text: str) -> object:
        document = {"uri": uri, "languageId": "python", "version": self._number, "text": text}
        return _notice("textDocument/didOpen", {"textDocument": document})

    def hiding(self) -> tuple[object, ...]:
        """Return what is said to show nothing any more."""
        shown, self._shown = self._shown, {}
        return tuple(_closed(as_uri(path)) for path in shown)

    def question(self, number: int) -> object:
        """Return a request that is answered between two rounds of checking.

        Args:
            number: Its id.
        """
        return _request(number, _UNKNOWN, {})

    def hear(self, message: Message) -> tuple[object, ...]:
        """Take what the server says, and return what it is answered.

        Raises:
            BrokenError: It is not what such a server says.
        """
        try:
            return self._hear(message)
        except (msgspec.DecodeError, UnicodeError) as error:
            text = f"{message.method} of an unknown shape: {error}"
            raise BrokenError(text) from error

    def _hear(self, message: Message) -> tuple[object, ...]:
        if message.method == "textDocument/publishDiagnostics":
            self.spoken += 1
            self._publish(from_json(message.params, _Published))
        elif message.method == "$/progress":
            self.spoken += 1
        if not message.method or message.id is None:
            return ()
        if message.method == "workspace/configuration":
            items = from_json(message.params, _Items).items
            return (_answer(message.id, [self._settings(one.section) for one in items]),)
        return (_answer(message.id, None),)

    def _publish(self, published: _Published) -> None:
        if published.uri != self._marker:
            path = as_path(published.uri)
            self._told[path] = published.diagnostics
            if path in self._shown and published.version == self._number:
                self._shown[path] = True
            return
        expected = f'"{self._number}"'
        if any(expected in one.message for one in published.diagnostics):
            self._seen = self._number

    def _mark(self) -> str:
        return f"reveal_type({self._number})\n"

    def _settings(self, section: str) -> object:
        if section == "python":
            analysis = {"diagnosticMode": "workspace", "autoSearchPaths": True}
            chosen = {"pythonPath": self._python} if self._python else {}
            return {"analysis": analysis, **chosen}
        return {}

    def output(self, root: str, only: Collection[str] | None = None) -> tuple[bytes, int]:
        """Return what the command would print of everything that is known, and its exit code.

        Args:
            root: Absolute root: only files below it count.
            only: Absolute paths of the files whose findings are of interest; None for all.
        """
        wanted = (path for path in sorted(self._told) if only is None or path in only)
        every = [one for path in wanted for one in _printed(path, self._told[path])]
        counts = {
            name: sum(one["severity"] == name for one in every) for name in _SEVERITIES.values()
        }
        summary = {
            "filesAnalyzed": sum(path.startswith(f"{root}/") for path in self._told),
            **{f"{name}Count": count for name, count in counts.items()},
        }
        document = {"generalDiagnostics": every, "summary": summary}
        return msgspec.json.encode(document), int(counts["error"] > 0)


def _printed(path: str, diagnostics: Iterable[_Diagnostic]) -> Iterator[Mapping[str, object]]:
    """Yield diagnostics of a file as the command prints them."""
    for one in diagnostics:
        if one.severity in _SEVERITIES:
            rule = {"rule": str(one.code)} if one.code is not None else {}
            severity = _SEVERITIES[one.severity]
            yield {
                "file": path, "severity": severity, "message": one.message, "range": one.range, **rule,
            }  # fmt: skip


def as_uri(path: str) -> str:
    """Return the URI of an absolute path."""
    return "file://" + quote(path)


def as_path(uri: str) -> str:
    """Return the absolute path of a URI."""
    return unquote(urlsplit(uri).path)


def _request(number: int, method: str, params: Mapping[str, object]) -> object:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def _notice(method: str, params: Mapping[str, object]) -> object:
    return {"jsonrpc": "2.0", "method": method, "params": params}


def _closed(uri: str) -> object:
    return _notice("textDocument/didClose", {"textDocument": {"uri": uri}})


def _answer(number: int | str, result: object) -> object:
    return {"jsonrpc": "2.0", "id": number, "result": result}
