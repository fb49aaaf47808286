"""Whose pages they are: a framework and an extension of one serve none of their own."""

from __future__ import annotations

from doctrine.model.observation import Evidence
from doctrine.model.project import Fact
from doctrine.model.replacing import replace

_BROUGHT = (".html", ".jinja", ".jinja2", ".j2", ".mako")


def own_pages(pages: Fact, library: Fact, paths: tuple[str, ...]) -> Fact:
    """Return whether a project has a web interface, given that it may be a library.

    Args:
        pages: The fact as its signs have it.
        library: Whether the project is a library.
        paths: Paths of the files that belong to its source code.
    """
    if not pages.value or library.value is False:
        return pages
    if library.value is None:
        return replace(pages, value=None, evidence=(*library.evidence, *pages.evidence))
    brought = [path for path in paths if path.endswith(_BROUGHT)]
    if not brought:
        detail = "a library: pages are served by the projects that use it"
        return replace(pages, value=False, evidence=(_whole(detail), *library.evidence))
    detail = "a library that brings pages: state whether they are an interface of its own"
    place = Evidence(path=brought[0], line=0, detail=detail)
    return replace(pages, value=None, evidence=(place, *pages.evidence))


def _whole(detail: str) -> Evidence:
    return Evidence(path=".", line=0, detail=detail)
