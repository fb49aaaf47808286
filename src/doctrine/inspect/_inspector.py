"""The shape of an inspector."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Protocol, TypeVar, get_type_hints

import msgspec
from msgspec import Struct

from doctrine.model.decoders import msgpack_decoder
from doctrine.model.observation import Finding, Support
from doctrine.model.project import Layout, Project
from doctrine.model.run import Reading
from doctrine.syntax.tree import ParsedFile


class FileInspector(Struct, frozen=True, kw_only=True):
    """Looks at one file at a time, so that it grows linearly and its tree can be dropped.

    Attributes:
        name: Name in reports and in clause checks.
        rules: Every rule it can report.
        inspect: Findings (rule names without the inspector's name) in a parsed file.
    """

    name: str
    rules: tuple[str, ...]
    inspect: Callable[[ParsedFile, Layout], Iterable[Finding | Support]]


class ProjectInspector(Struct, frozen=True, kw_only=True):
    """Looks at the project's facts and configuration.

    Attributes:
        name: Name in reports and in clause checks.
        rules: Every rule it can report.
        inspect: What it sees. ``Reading.analysed`` names the files it looked at; a rule
            that it cannot decide is an entry of ``Reading.undecided``, never silence.
    """

    name: str
    rules: tuple[str, ...]
    inspect: Callable[[Project], Reading]


T = TypeVar("T")


class Gathering(Protocol):
    """What one run of a `GatheringInspector` has noted so far."""

    def look(self, parsed: ParsedFile, layout: Layout) -> None:
        """Note what a file holds; its tree is dropped afterwards."""

    def encoded(self, path: str) -> bytes | None:
        """Return what was noted of a file, to be kept; None if nothing was."""
        ...

    def recall(self, path: str, content: bytes) -> None:
        """Note what was noted of a file in an earlier run.

        Raises:
            msgspec.DecodeError: It is no such note.
        """

    def conclude(self, project: Project) -> Reading:
        """Return what the notes of all files amount to."""
        ...


class GatheringInspector(Struct, frozen=True, kw_only=True):
    """Takes notes of one tree at a time, and judges when it has notes of all files.

    It is for what no file shows alone: a flag used here and tested there.

    Attributes:
        name: Name in reports and in clause checks.
        rules: Every rule it can report.
        begin: Starts a run.
    """

    name: str
    rules: tuple[str, ...]
    begin: Callable[[], Gathering]


def gathering(
    *,
    name: str,
    rules: tuple[str, ...],
    note: Callable[[ParsedFile, Layout], T | None],
    conclude: Callable[[Project, Mapping[str, T]], Reading],
) -> GatheringInspector:
    """Return the inspector that two pure functions make.

    Args:
        name: Name in reports and in clause checks.
        rules: Every rule it can report.
        note: What is worth remembering of a file; None if nothing is. Its return type is annotated
            with a type that can be written and read, since notes are kept between runs.
        conclude: What the notes amount to, by path. Files that could not be parsed have none.
    """

    @cache
    def decoder() -> msgspec.msgpack.Decoder[T]:
        return msgpack_decoder(get_type_hints(note)["return"])

    class _Gathering:
        def __init__(self) -> None:
            self._notes: dict[str, T] = {}

        def look(self, parsed: ParsedFile, layout: Layout) -> None:
            noted = note(parsed, layout)
            if noted is not None:
                self._notes[parsed.module.path] = noted

        def encoded(self, path: str) -> bytes | None:
            noted = self._notes.get(path)
            return None if noted is None else msgspec.msgpack.encode(noted)

        def recall(self, path: str, content: bytes) -> None:
            self._notes[path] = decoder().decode(content)

        def conclude(self, project: Project) -> Reading:
            return conclude(project, self._notes)

    return GatheringInspector(name=name, rules=rules, begin=_Gathering)
