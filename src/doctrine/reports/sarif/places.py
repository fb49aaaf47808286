"""Where a result is: URIs that lead to the file whatever its name, and regions that are valid."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal
from urllib.parse import quote

from doctrine.reports._issues import PROJECT
from doctrine.reports.sarif.shape import ArtifactLocation, Location, PhysicalLocation, Region

ROOT = "%SRCROOT%"
"""The name that code scanning gives the root of the sources."""
_SAFE = "/"


def location(path: str, start: tuple[int, int], end: tuple[int, int]) -> Location:
    """Return a place as SARIF has it.

    Args:
        path: POSIX, relative to the root of the sources.
        start: Line and column, 1-based; line 0 is the whole file.
        end: Line and column after it.

    Returns:
        The place. What has no line is the empty region at the start of the file: SARIF would have
        no region, but code scanning shows a result only where it has all four numbers.
    """
    line, column = (start[0], max(1, start[1])) if start[0] > 0 else (1, 1)
    end_line, end_column = max((line, column), end) if start[0] > 0 else (1, 1)
    return Location(
        physical_location=PhysicalLocation(
            artifact_location=ArtifactLocation(uri=uri(path), uri_base_id=ROOT),
            region=Region(
                start_line=line,
                start_column=column,
                end_line=end_line,
                end_column=max(1, end_column),
            ),
        )
    )


def about(path: str, line: int) -> Literal["project", "file"] | None:
    """Return what a place without a line stands for."""
    if path in {"", PROJECT}:
        return "project"
    return "file" if line <= 0 else None


@lru_cache(maxsize=4096)
def uri(path: str) -> str:
    """Return a path as a relative reference (RFC 3986).

    Args:
        path: POSIX; a name that is no UTF-8 holds lone surrogates.

    Returns:
        The percent-encoded bytes of the name. A colon is encoded too, or the part before it would
        be a scheme, and so is a slash at the start, which would leave the root, or name a host.
    """
    encoded = quote(_bytes(path), safe=_SAFE)
    return f"%2F{encoded[1:]}" if encoded.startswith("/") else encoded


def _bytes(path: str) -> bytes:
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
