"""Runs of tools as they are kept: whole, or file by file for tools that look at each by itself.

A kept run has proven what it read. What says where it happened is no part of it, unless its own
words do: then it is bound to that place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from msgspec import Struct, field

from doctrine.cache.decoding import decoded
from doctrine.cache.streaming import pieces
from doctrine.model.decoders import msgpack_decoder
from doctrine.model.observation import Finding, Measurement
from doctrine.model.replacing import replace
from doctrine.model.run import Covers, Reading, ToolRun, ToolStatus
from doctrine.plan import Step


class Kept(Struct, frozen=True, kw_only=True):
    """A whole run.

    Attributes:
        run: The run, without its command.
        bound: Digest of the folders in which it happened, if it names one; else empty.
        second: Whether it was the tool's second way that led to it.
    """

    run: ToolRun
    bound: str = ""
    second: bool = False


class Part(Struct, frozen=True, kw_only=True):
    """What a tool said of one file.

    Attributes:
        content: What the file held.
        analysed: Whether it is proven to have been read.
        excluded: Whether the project's configuration keeps it from the tool.
        unread: Why it could not be read; empty if it could.
        findings: Defects in it.
        measurements: Numbers about it.
    """

    content: str
    analysed: bool = False
    excluded: bool = False
    unread: str = ""
    findings: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()


class Parts(Struct, frozen=True, kw_only=True):
    """What a tool said, file by file.

    Attributes:
        files: By path.
        exit_code: Of a run that had something to say of a file.
        bound: As in ``Kept``.
        second: As in ``Kept``.
    """

    files: Mapping[str, Part] = field(default_factory=dict[str, Part])
    exit_code: int | None = None
    bound: str = ""
    second: bool = False


_KEPT = msgpack_decoder(Kept)
_PARTS = msgpack_decoder(Parts)


def encoded(kept: Kept | Parts, bound: str, places: Iterable[str]) -> Iterator[bytes]:
    """Return what is written of a run, in pieces.

    Args:
        kept: The run.
        bound: Digest of the folders.
        places: These folders: where one occurs in the content, the run is bound to them.

    Raises:
        UnicodeEncodeError: It holds text that cannot be written.
    """
    searched = tuple(place.encode("utf-8", "surrogatepass") for place in places if place)
    if any(place in piece for piece in pieces(kept) for place in searched):
        return pieces(replace(kept, bound=bound))
    return pieces(kept)


def decode_run(content: bytes | None, bound: str) -> Kept | None:
    """Return a whole run; None where there is none, or it is that of another place."""
    kept = decoded(content, _KEPT)
    return kept if kept is not None and kept.bound in {"", bound} else None


def decode_parts(content: bytes | None, bound: str) -> Parts | None:
    """Return what is known file by file; None where nothing is, or it is of another place."""
    parts = decoded(content, _PARTS)
    return parts if parts is not None and parts.bound in {"", bound} else None


def is_sound(
    run: ToolRun,
    asked: frozenset[str],
    *,
    broken: frozenset[str],
    silent_only: bool = False,
    apart: bool = False,
) -> bool:
    """Return whether a run may be kept: complete, and proven to be.

    Args:
        run: What became of the tool.
        asked: The project's Python files that it depends on.
        broken: Files that are known to be broken, whatever a tool says of them.
        silent_only: Whether it may not have found anything.
        apart: Whether what it says of one file is kept apart from the others.
    """
    reading = run.reading
    if run.status is not ToolStatus.OK or reading.undecided:
        return False
    if not apart and reading.unread.keys() - broken:
        return False
    if silent_only and reading.findings:
        return False
    if run.covers is Covers.PROJECT:
        return bool(reading.analysed)
    known = reading.analysed | reading.unread.keys() | broken
    missing = len(asked - known)
    allowed = reading.excluded if run.covers is Covers.CONFIGURED else 0
    return bool(reading.analysed) and missing <= allowed


def unfit(step: Step) -> frozenset[str]:
    """Return the files that are known to be broken, whatever a tool says of them."""
    request = step.request
    return frozenset(
        (
            *(module.path for module in request.modules if module.flaw is not None),
            *(file.path for file in request.layout.files if file.flaw is not None),
        )
    )


def split(run: ToolRun, contents: Mapping[str, str], broken: frozenset[str]) -> Parts | None:
    """Return what a run said of each file; None where it said something of no file.

    What a tool gave up, and nobody knows why, is not kept.

    Args:
        run: The run.
        contents: What the files held, by path.
        broken: Files that are known to be broken.
    """
    reading = run.reading
    findings: dict[str, list[Finding]] = {}
    for finding in reading.findings:
        findings.setdefault(finding.location.path, []).append(finding)
    measurements: dict[str, list[Measurement]] = {}
    for measurement in reading.measurements:
        measurements.setdefault(measurement.location.path, []).append(measurement)
    spoken = {*findings, *measurements, *reading.unread, *reading.analysed}
    if not spoken <= contents.keys() or reading.supports or reading.missing_packages:
        return None
    heard = reading.analysed | reading.unread.keys()
    files = {
        path: Part(
            content=content,
            analysed=path in reading.analysed,
            excluded=run.covers is Covers.CONFIGURED and path not in heard,
            unread=reading.unread.get(path, ""),
            findings=tuple(findings.get(path, ())),
            measurements=tuple(measurements.get(path, ())),
        )
        for path, content in contents.items()
        if path not in reading.unread or path in broken
    }
    return Parts(files=files, exit_code=run.exit_code)


def merged(parts: Iterable[tuple[str, Part]], python: frozenset[str]) -> Reading:
    """Return what is known of all files as one reading.

    Args:
        parts: By path, in the order of paths.
        python: The project's Python files, among which the excluded are counted.
    """
    known = tuple(parts)
    said = tuple(part for _, part in known)
    return Reading(
        findings=tuple(chain.from_iterable(part.findings for part in said)),
        measurements=tuple(chain.from_iterable(part.measurements for part in said)),
        analysed=frozenset(path for path, part in known if part.analysed),
        unread={path: part.unread for path, part in known if part.unread},
        excluded=sum(part.excluded for path, part in known if path in python),
    )
