"""Requirements as they are written: PEP 508, the lines of a requirements file, and commands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

from msgspec import Struct
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from doctrine.model.installing import words_to_install
from doctrine.model.observation import Evidence
from doctrine.model.project import Dependency, DependencyKind

_EGG = re.compile(r"^egg=(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)")
_ITSELF = re.compile(r"^\./?(?:\[[^\]]*\])?$")
_LOCATION = re.compile(
    r"^(?:[a-z+]+://|git\+|file:|\.{0,2}/|\.+$|[A-Za-z]:[\\/])|\.(?:whl|zip|tar\.gz)$"
)
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_OPTIONS = re.compile(r"\s--?[a-z][\w-]*[= ].*$")
_AT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)@v?(?P<version>\d[\w.]*)$")
"""How uv's tools are pinned: ``ruff@0.14.2``."""
_INCLUDE = re.compile(r"^(?:-r|--requirement)[\s=]*(?P<path>\S.*)$")
_EDITABLE = re.compile(r"^(?:-e|--editable)[\s=]*(?P<what>\S.*)$")


class Origin(Struct, frozen=True, kw_only=True):
    """Where a requirement is declared: everything about it but its text and line."""

    path: str
    kind: DependencyKind
    group: str = ""
    detail: str = ""

    def dependency(self, raw: str, line: int, *, problem: str = "") -> Dependency:
        """Return the requirement written as PEP 508, or what is wrong with it."""
        place = Evidence(path=self.path, line=line, detail=self.detail or raw)
        if not problem:
            try:
                parsed = Requirement(raw)
            except InvalidRequirement as error:
                problem = str(error).split("\n", 1)[0] or "not a requirement"
            except (ValueError, RecursionError):  # numbers or nesting beyond any use
                problem = "not a requirement"
            else:
                return Dependency(
                    name=canonicalize_name(parsed.name),
                    raw=raw,
                    specifier=str(parsed.specifier),
                    url=parsed.url or "",
                    kind=self.kind,
                    group=self.group,
                    place=place,
                )
        return Dependency(
            name="",
            raw=raw,
            specifier="",
            url="",
            kind=self.kind,
            group=self.group,
            place=place,
            problem=problem,
        )

    def named(self, name: str, raw: str, line: int, *, specifier: str, url: str = "") -> Dependency:
        """Return a requirement that another notation than PEP 508 names."""
        return Dependency(
            name=canonicalize_name(name),
            raw=raw,
            specifier=specifier,
            url=url,
            kind=self.kind,
            group=self.group,
            place=Evidence(path=self.path, line=line, detail=self.detail or raw),
        )

    def line(self, raw: str, line: int) -> Iterator[Dependency]:
        """Yield what a line of a requirements file asks for: nothing if it is the project."""
        editable = _EDITABLE.match(raw)
        what = editable["what"] if editable else raw
        if _ITSELF.match(what):
            return
        if not editable and not _LOCATION.search(what.split(" @ ")[0]):
            yield self.dependency(_OPTIONS.sub("", raw).strip(), line)
        elif egg := next(filter(None, map(_EGG.match, re.split("[#&]", what))), None):
            yield self.named(egg["name"], raw, line, specifier="", url=what)
        else:
            yield self.dependency(raw, line, problem="a location that names no distribution")


def requirements_to_install(argv: tuple[str, ...]) -> Iterator[Requirement]:
    """Yield what a command of pip, pipx or uv is told to install by name.

    Args:
        argv: The command, launchers stripped.
    """
    for word in words_to_install(argv):
        at = _AT.match(word)
        try:
            yield Requirement(f"{at['name']}=={at['version']}" if at else word)
        except (ValueError, RecursionError):  # an option, a place, or nothing that pip would take
            continue


def requirement_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the logical lines of a requirements file with their 1-based first line."""
    held, first = "", 0
    for number, physical in enumerate(text.splitlines(), start=1):
        continued = physical.endswith("\\") and not physical.lstrip().startswith("#")
        held += physical[:-1] if continued else physical
        first = first or number
        if not continued:
            yield first, _COMMENT.sub("", held).strip()
            held, first = "", 0
    if held:
        yield first, _COMMENT.sub("", held).strip()


def read_requirements(
    path: str,
    text: str,
    *,
    group: str,
    read: Callable[[str], str | None],
    seen: set[str],
) -> Iterator[Dependency]:
    """Yield what a requirements file and the files it includes ask for.

    Args:
        path: Path of the file, relative to the root.
        text: Its content.
        group: Group of its requirements.
        read: Reads an included file.
        seen: Files that were read already; they are not read again.
    """
    pending = [(path, text)]
    seen.add(path)
    while pending:
        path, text = pending.pop()
        origin = Origin(path=path, kind=DependencyKind.FOREIGN, group=group)
        for number, line in requirement_lines(text):
            if include := _INCLUDE.match(line):
                target = posixpath.normpath(
                    posixpath.join(posixpath.dirname(path), include["path"].strip("\"' "))
                )
                content = None if target in seen else read(target)
                if content is not None:
                    pending.append((target, content))
                elif target not in seen:
                    yield origin.dependency(line, number, problem="the file cannot be read")
                seen.add(target)
            elif line and (not line.startswith("-") or _EDITABLE.match(line)):
                yield from origin.line(line, number)
