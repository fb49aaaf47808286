"""``[tool.flit.metadata]``: the description of a project from before ``[project]`` was a standard.

flit stays what builds the project, and finds version and description in the module as it did. Its
version 4 refuses the old table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from msgspec import Struct
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import InvalidRequirement, Requirement

from doctrine.adopt._toml_lines import Entry
from doctrine.adopt.edits import PYPROJECT, Left
from doctrine.adopt.movers._block import Block, Cell, Row
from doctrine.adopt.movers._move import Move, Mover, Old, at, left
from doctrine.adopt.movers._source import Obstacles, Source, source_of
from doctrine.documents import strings, table, text

_FLIT = ("tool", "flit")
_METADATA = (*_FLIT, "metadata")
_PROJECT = ("project",)
_GOES = frozenset({"metadata", "scripts", "entrypoints"})
_BACKENDS = frozenset({"flit.buildapi", "flit_core.buildapi", "flit_core.build_thyself"})
_BACKEND = "flit_core.buildapi"
_REQUIRES = "flit_core>=3.12,<4"
"""Reads ``[project]`` with expressions of licenses; version 4 adds fields to the metadata."""
_KNOWN = frozenset(
    {
        "author", "author-email", "classifiers", "description-file", "dev-requires", "dist-name",
        "home-page", "keywords", "license", "maintainer", "maintainer-email", "module", "requires",
        "requires-extra", "requires-python", "urls",
    }
)  # fmt: skip
_TYPES = (".md", ".rst", ".txt")
"""Ends of a description's name that tell flit its type."""
_SCRIPTS = {"console_scripts": "scripts", "gui_scripts": "gui-scripts"}
"""Groups of entry points that have a table of their own."""


def _moves(old: Old) -> Iterable[Move | Left]:
    metadata = table(old.data, *_METADATA)
    source = source_of(old.pyproject)
    if not metadata or source is None:
        return
    obstacles = Obstacles(what="[tool.flit.metadata]", source=source)
    _look(old.data, metadata, obstacles)
    maker = _Maker(data=old.data, metadata=metadata, source=source, obstacles=obstacles)
    blocks = tuple(maker.blocks())
    if obstacles.found:
        yield from obstacles.found
        return
    yield Move(
        what="[tool.flit.metadata]",
        blocks=blocks,
        cuts=(),
        drops=_goes,
        sets=_build(old.data),
        left=(*_license_left(metadata, source), *_later(old)),
    )


def _goes(one: Entry) -> bool:
    """Return whether a key is said by the new tables."""
    return not one.item and one.path[:2] == _FLIT and one.path[2:3] != () and one.path[2] in _GOES


def _look(data: Mapping[str, object], metadata: Mapping[str, object], found: Obstacles) -> None:
    """Note what is not understood, or nothing that flit builds."""
    if table(data, "project"):
        found.add(_METADATA, "[project] is there already")
    for key in ("module", "author"):
        if not text(metadata.get(key)):
            found.add(_METADATA, f"it has no `{key}`, without which flit builds nothing")
    for key, value in metadata.items():
        if key not in _KNOWN:
            found.add((*_METADATA, key), f"`{key}` is nothing that flit reads")
        elif not isinstance(value, str | list | dict):
            found.add((*_METADATA, key), f"`{key}` is no text")
    _look_at_build(data, metadata, found)


def _look_at_build(
    data: Mapping[str, object], metadata: Mapping[str, object], found: Obstacles
) -> None:
    readme = text(metadata.get("description-file"))
    if readme and not readme.lower().endswith(_TYPES):
        found.add((*_METADATA, "description-file"), f"the type of {readme} is not known")
    build = table(data, "build-system")
    if build and text(build.get("build-backend")) not in _BACKENDS:
        found.add(("build-system",), "the project is built by something else than flit")


def _build(data: Mapping[str, object]) -> Mapping[tuple[str, ...], str | Sequence[str]]:
    """Return what the build needs so that it reads ``[project]``."""
    build = table(data, "build-system")
    known = strings(build.get("requires"))
    others = [one for one in known if not re.match(r"\s*flit(?:[-_.]core)?\b", one, re.IGNORECASE)]
    sets: dict[tuple[str, ...], str | Sequence[str]] = {
        ("build-system", "requires"): [_REQUIRES, *others]
    }
    if text(build.get("build-backend")) != _BACKEND:
        sets["build-system", "build-backend"] = _BACKEND
    return sets


def _expression(metadata: Mapping[str, object]) -> str:
    """Return the license as an expression, which flit takes where no classifier names one."""
    named = any(one.startswith("License ::") for one in strings(metadata.get("classifiers")))
    written = text(metadata.get("license"))
    if not written or named or " WITH " in written:
        return ""
    try:
        return str(canonicalize_license_expression(written))
    except InvalidLicenseExpression:
        return ""


def _license_left(metadata: Mapping[str, object], source: Source) -> Iterator[Left]:
    """Yield that flit leaves a free text about the license out of what it builds from [project]."""
    written = text(metadata.get("license"))
    if written and not _expression(metadata):
        said = f"`license = {written!r}` is kept, and flit writes it nowhere when [project] says it"
        hint = "say it as an SPDX expression, and take out the classifier that begins with `License ::`"
        yield at(PYPROJECT, source.line((*_METADATA, "license")), said, hint)


def _later(old: Old) -> Iterator[Left]:
    """Yield what a person has to see to once the tables have moved."""
    for command in old.situation.project.automation.commands:
        if command.argv[:1] == ("flit",):
            place = f"{command.place.path}:{command.place.line}"
            said = f"{place} runs flit, which reads [project] since version 3.2"
            yield left(said, "see to it that flit is new enough there")
            return


class _Maker(Struct, kw_only=True):
    """Makes the new tables."""

    data: Mapping[str, object]
    metadata: Mapping[str, object]
    source: Source
    obstacles: Obstacles

    def blocks(self) -> Iterator[Block]:
        """Yield them in the order in which they are written."""
        rows = (*self._described(), *self._people(), *self._required())
        yield Block(table=_PROJECT, rows=rows, notes=self.source.of_header(_METADATA))
        yield from self._urls()
        yield from self._extras()
        yield from self._points()
        name, module = self._name(), text(self.metadata.get("module"))
        if name.replace("-", "_") != module:
            yield Block(table=(*_FLIT, "module"), rows=(Row(keys=("name",), value=module),))

    def _name(self) -> str:
        return text(self.metadata.get("dist-name")) or text(self.metadata.get("module"))

    def _described(self) -> Iterator[Row]:
        named = "dist-name" if "dist-name" in self.metadata else "module"
        yield self.source.row(("name",), self._name(), (*_METADATA, named))
        yield Row(keys=("dynamic",), value=["version", "description"])
        yield from self._same("description-file", "readme")
        yield from self._same("requires-python", "requires-python")
        if "license" in self.metadata:
            said: Cell = _expression(self.metadata) or {"text": text(self.metadata["license"])}
            yield self.source.row(("license",), said, (*_METADATA, "license"))

    def _people(self) -> Iterator[Row]:
        for kind in ("author", "maintainer"):
            name, mail = kind, f"{kind}-email"
            person = {
                label: text(self.metadata.get(key))
                for label, key in (("name", name), ("email", mail))
                if self.metadata.get(key)
            }
            if person:
                notes = self.source.notes((*_METADATA, name)) + self.source.notes(
                    (*_METADATA, mail)
                )
                yield Row(keys=(f"{kind}s",), value=[person], notes=notes)

    def _required(self) -> Iterator[Row]:
        words = text(self.metadata.get("keywords"))
        if words:
            # Words that blanks part are one text to flit, and stay one.
            value = [bare for one in words.split(",") if (bare := one.strip())]
            yield self.source.row(("keywords",), value, (*_METADATA, "keywords"))
        yield from self._same("classifiers", "classifiers")
        self._check((*_METADATA, "requires"), self.metadata.get("requires"))
        yield from self._same("requires", "dependencies")

    def _same(self, old: str, new: str) -> Iterator[Row]:
        if old in self.metadata:
            value = cast("Cell", self.metadata[old])
            yield self.source.same((new,), value, (*_METADATA, old))

    def _check(self, path: tuple[str, ...], value: object) -> None:
        for one in strings(value):
            try:
                Requirement(one)
            except InvalidRequirement:
                self.obstacles.add(path, f"`{one}` is no requirement")

    def _urls(self) -> Iterator[Block]:
        urls = table(self.metadata, "urls")
        path = (*_METADATA, "home-page")
        home = text(self.metadata.get("home-page"))
        twin = next((one for one in urls if one.casefold() == "homepage"), None)
        rows: list[Row] = []
        if home and twin is None:
            rows.append(self.source.same(("Homepage",), home, path))
        elif home and twin is not None and text(urls[twin]) != home:
            self.obstacles.add(path, f"there are two addresses for `{twin}`")
        yield from self._tabled((*_PROJECT, "urls"), (*_METADATA, "urls"), urls, rows)

    def _extras(self) -> Iterator[Block]:
        extras = table(self.metadata, "requires-extra")
        path = (*_METADATA, "requires-extra")
        rows: list[Row] = []
        if "dev-requires" in self.metadata:
            old = (*_METADATA, "dev-requires")
            self._check(old, self.metadata["dev-requires"])
            if "dev" in extras:
                self.obstacles.add(old, "`dev-requires` stands beside the extra `dev`")
            rows.append(
                self.source.same(("dev",), cast("Cell", self.metadata["dev-requires"]), old)
            )
        for extra, value in extras.items():
            self._check((*path, extra), value)
        yield from self._tabled((*_PROJECT, "optional-dependencies"), path, extras, rows)

    def _points(self) -> Iterator[Block]:
        groups = dict(_groups(table(self.data, *_FLIT, "entrypoints"), (*_FLIT, "entrypoints")))
        scripts = (*_FLIT, "scripts")
        if own := table(self.data, *scripts):
            if "console_scripts" in groups:
                self.obstacles.add(scripts, "the entry points have `console_scripts` as well")
            yield from self._tabled((*_PROJECT, "scripts"), scripts, own, [])
        for name, (path, points) in groups.items():
            below = (_SCRIPTS[name],) if name in _SCRIPTS else ("entry-points", name)
            yield from self._tabled((*_PROJECT, *below), path, points, [])

    def _tabled(
        self,
        new: tuple[str, ...],
        old: tuple[str, ...],
        holder: Mapping[str, object],
        rows: Sequence[Row],
    ) -> Iterator[Block]:
        """Yield a table that holds what another one did, behind some rows."""
        more = (
            self.source.same((key,), cast("Cell", value), (*old, key))
            for key, value in holder.items()
        )
        if every := (*rows, *more):
            yield Block(table=new, rows=every, notes=self.source.of_header(old))


_Group = tuple[str, tuple[tuple[str, ...], Mapping[str, object]]]


def _groups(
    holder: Mapping[str, object], path: tuple[str, ...], name: str = ""
) -> Iterator[_Group]:
    """Yield the groups of entry points; tables in each other are one group with dots in its name."""
    own = {key: value for key, value in holder.items() if isinstance(value, str)}
    if own and name:
        yield name, (path, own)
    for key, value in holder.items():
        if isinstance(value, dict):
            inner = f"{name}.{key}" if name else key
            yield from _groups(cast("Mapping[str, object]", value), (*path, key), inner)


MOVER = Mover(name="flit", order=60, moves=_moves)
