"""``[tool.poetry]``: what describes the project becomes ``[project]`` and dependency groups.

What only poetry's own backend knows (packages, files to include, sources) stays, and so does the
backend: it reads ``[project]`` since its version 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from msgspec import Struct

from doctrine.adopt._toml_lines import Entry
from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Cell, Row
from doctrine.adopt.movers._ini import Note
from doctrine.adopt.movers._move import AGAIN, Move, Mover, Old, left
from doctrine.adopt.movers._poetry_versions import specifier
from doctrine.adopt.movers._requirement import CannotSayError, Needed, requirements
from doctrine.adopt.movers._source import Obstacles, Source, source_of
from doctrine.documents import strings, table, tables, text

_POETRY = ("tool", "poetry")
_BACKEND = "poetry.core.masonry.api"
_OLD_BACKEND = "poetry.masonry.api"
_REQUIRES = "poetry-core>=2.0,<3.0"
_PERSON = re.compile(r"^(?P<name>[^<>]+?)(?:\s*<(?P<email>[^<>\s]+)>)?$")
_PLAIN = ("name", "version", "description")
_LISTED = ("keywords",)
_LINKS = ("homepage", "repository", "documentation")
_STAYS = frozenset(
    {"packages", "include", "exclude", "build", "classifiers", "package-mode", "source"}
)
_GOES = frozenset(
    {
        *_PLAIN, *_LISTED, *_LINKS, "authors", "maintainers", "license", "readme", "dependencies",
        "dev-dependencies", "extras", "scripts", "urls", "plugins",
    }
)  # fmt: skip


def _moves(old: Old) -> Iterable[Move | Left]:
    poetry = table(old.data, *_POETRY)
    source = source_of(old.pyproject)
    if "name" not in poetry or source is None:
        return
    if table(old.data, "project"):
        text_ = "[tool.poetry] is not moved: [project] is there already"
        yield left(text_, f"move what differs yourself, {AGAIN}")
        return
    obstacles = Obstacles(what="[tool.poetry]", source=source)
    _look(old.data, poetry, obstacles)
    maker = _Maker(poetry=poetry, source=source, obstacles=obstacles)
    blocks = tuple(maker.blocks())
    if obstacles.found:
        yield from obstacles.found
        return
    uv = tuple(_uv(poetry))
    if uv and table(old.data, "tool", "uv"):
        yield left(
            "[tool.poetry] is not moved: [tool.uv] is there already", f"move it yourself, {AGAIN}"
        )
        return
    yield Move(
        what="[tool.poetry]",
        blocks=(*blocks, *uv),
        cuts=(),
        drops=_goes,
        sets=_backend(old.data),
        left=tuple(_later(old)),
    )


def _goes(one: Entry) -> bool:
    """Return whether a key of ``[tool.poetry]`` is said by the new tables."""
    path = one.path[len(_POETRY) :]
    if one.path[: len(_POETRY)] != _POETRY or one.item or not path:
        return False
    if path[0] == "group":
        return path[2:3] == ("dependencies",)
    return path[0] in _GOES


def _look(data: Mapping[str, object], poetry: Mapping[str, object], obstacles: Obstacles) -> None:
    """Note what decides how the project is built and is not understood."""
    if "version" not in poetry:
        obstacles.add(_POETRY, "it has no version, which [project] needs")
    for key in poetry:
        if key not in _GOES | _STAYS | {"group"}:
            obstacles.add((*_POETRY, key), f"`{key}` is nothing that [project] can say")
    for tool in table(data, "tool"):
        if tool.startswith("poetry-"):
            obstacles.add(("tool", tool), f"the plug-in [tool.{tool}] reads what would move")
    if not _is_plain(table(data, "build-system")):
        obstacles.add(("build-system",), "the project is built by more than poetry-core")
    for source in tables(poetry.get("source")):
        named = text(source.get("name"))
        obstacles.add((*_POETRY, "source"), f"the index `{named}` is poetry's alone")
    if not isinstance(poetry.get("readme", ""), str):
        obstacles.add((*_POETRY, "readme"), "`readme` names several files")


def _is_plain(build: Mapping[str, object]) -> bool:
    """Return whether nothing but poetry's backend builds the project, or nothing at all."""
    needs = {re.split(r"[^A-Za-z0-9_.-]", one)[0] for one in strings(build.get("requires"))}
    backend = text(build.get("build-backend"))
    return not build or (backend in {_BACKEND, _OLD_BACKEND} and needs <= {"poetry-core", "poetry"})


def _backend(data: Mapping[str, object]) -> Mapping[tuple[str, ...], str | Sequence[str]]:
    """Return what the build needs so that it reads ``[project]``."""
    if not table(data, "build-system"):
        return {}
    return {
        ("build-system", "requires"): [_REQUIRES],
        ("build-system", "build-backend"): _BACKEND,
    }


def _uv(poetry: Mapping[str, object]) -> Iterator[Block]:
    """Yield what uv has to know so that it installs what poetry did."""
    rows: list[Row] = []
    if poetry.get("package-mode") is False:
        rows.append(Row(keys=("package",), value=False))
    groups = table(poetry, "group")
    usual = [name for name in groups if table(groups, name).get("optional") is not True]
    usual += ["dev"] if "dev-dependencies" in poetry and "dev" not in groups else []
    if groups and set(usual) != {"dev"}:
        rows.append(Row(keys=("default-groups",), value=usual))
    if rows:
        yield Block(table=("tool", "uv"), rows=tuple(rows))


def _later(old: Old) -> Iterator[Left]:
    """Yield what a person has to see to once the tables have moved."""
    project = old.situation.project
    if "poetry.lock" in project.layout.others:
        said = "poetry.lock was made from [tool.poetry], and poetry calls it stale now"
        yield left(said, "`uv lock` makes uv.lock; remove poetry.lock once nothing reads it")
    for command in project.automation.commands:
        if command.argv[:1] == ("poetry",):
            place = f"{command.place.path}:{command.place.line}"
            hint = "let uv take its place there, or see to it that poetry is new enough"
            yield left(
                f"{place} runs poetry, which reads dependency groups since version 2.2", hint
            )
            return


class _Maker(Struct, kw_only=True):
    """Makes the new tables."""

    poetry: Mapping[str, object]
    source: Source
    obstacles: Obstacles

    def blocks(self) -> Iterator[Block]:
        """Yield them in the order in which they are written."""
        optional = dict[str, list[str]]()
        rows = [*self._described(), *self._required(optional)]
        rows += self._dynamic()
        yield Block(table=("project",), rows=tuple(rows), notes=self._of_header(_POETRY))
        yield from self._urls()
        yield from self._extras(optional)
        yield from self._scripts()
        yield from self._groups()

    def _described(self) -> Iterator[Row]:
        poetry = self.poetry
        for key in (*_PLAIN, *_LISTED):
            if key in poetry:
                yield self.source.row((key,), cast("Cell", poetry[key]), (*_POETRY, key))
        if name := text(poetry.get("license")):
            yield self.source.row(("license",), {"text": name}, (*_POETRY, "license"))
        if name := text(poetry.get("readme")):
            yield self.source.row(("readme",), name, (*_POETRY, "readme"))
        for key in ("authors", "maintainers"):
            if people := [*self._people(key)]:
                yield self.source.row((key,), people, (*_POETRY, key))

    def _people(self, key: str) -> Iterator[Mapping[str, Cell]]:
        for written in strings(self.poetry.get(key)):
            person = _PERSON.match(written)
            if person is None:
                self.obstacles.add((*_POETRY, key), f"{written!r} is no name with an address")
            elif person["email"]:
                yield {"name": person["name"], "email": person["email"]}
            else:
                yield {"name": person["name"]}

    def _dynamic(self) -> Iterator[Row]:
        """Yield that the backend adds classifiers of its own, as it always did."""
        yield Row(keys=("dynamic",), value=["classifiers"])

    def _required(self, optional: dict[str, list[str]]) -> Iterator[Row]:
        keys = (*_POETRY, "dependencies")
        entries_ = table(self.poetry, "dependencies")
        for name, value in entries_.items():
            if name.lower() == "python":
                wanted = specifier(text(value))
                if wanted is None:
                    self.obstacles.add(
                        (*keys, name), f"`python = {value!r}` is no version that PEP 440 can say"
                    )
                elif wanted:
                    yield self.source.row(("requires-python",), wanted, (*keys, name))
        yield self._array("dependencies", keys, optional)

    def _array(
        self, name: str, keys: tuple[str, ...], optional: dict[str, list[str]] | None
    ) -> Row:
        """Return a table of requirements as an array, comments above their items."""
        items: list[str] = []
        between: dict[int, tuple[Note, ...]] = {}
        pending: tuple[Note, ...] = ()
        for key, value in table(self.poetry, *keys[len(_POETRY) :]).items():
            if key.lower() == "python":
                continue
            pending += self.source.notes((*keys, key))
            for one in self._needed(key, value, keys):
                if one.optional and optional is not None:
                    optional.setdefault(_norm(one.name), []).append(one.raw)
                    continue
                if pending:
                    between[len(items)] = pending
                    pending = ()
                items.append(one.raw)
        if pending:
            between[len(items)] = pending
        return Row(keys=(name,), value=items, between=between, notes=self._of_header(keys))

    def _needed(self, name: str, value: object, keys: tuple[str, ...]) -> tuple[Needed, ...]:
        try:
            return tuple(requirements(name, value))
        except CannotSayError as error:
            self.obstacles.add((*keys, name), str(error))
            return ()

    def _urls(self) -> Iterator[Block]:
        rows = [
            self.source.row((key,), text(self.poetry.get(key)), (*_POETRY, key))
            for key in _LINKS
            if key in self.poetry
        ]
        rows += [
            self.source.row((name,), text(value), (*_POETRY, "urls", name))
            for name, value in table(self.poetry, "urls").items()
        ]
        yield from self._table(("project", "urls"), rows, "urls")

    def _extras(self, optional: Mapping[str, list[str]]) -> Iterator[Block]:
        rows: list[Row] = []
        used: set[str] = set()
        for extra, names in table(self.poetry, "extras").items():
            keys = (*_POETRY, "extras", extra)
            items: list[str] = []
            for name in strings(names):
                used.add(_norm(name))
                if _norm(name) in optional:
                    items += optional[_norm(name)]
                else:
                    self.obstacles.add(
                        keys, f"the extra `{extra}` has `{name}`, which is not optional"
                    )
            rows.append(self.source.row((extra,), items, keys))
        for name in sorted(set(optional) - used):
            self.obstacles.add(
                (*_POETRY, "dependencies", name), f"`{name}` is optional, and no extra has it"
            )
        yield from self._table(("project", "optional-dependencies"), rows, "extras")

    def _scripts(self) -> Iterator[Block]:
        rows: list[Row] = []
        for name, value in table(self.poetry, "scripts").items():
            keys = (*_POETRY, "scripts", name)
            if not isinstance(value, str):
                self.obstacles.add(keys, f"the script `{name}` is more than a function")
            rows.append(self.source.row((name,), text(value), keys))
        yield from self._table(("project", "scripts"), rows, "scripts")
        for group in table(self.poetry, "plugins"):
            points = table(self.poetry, "plugins", group)
            found = [
                self.source.row((name,), text(value), (*_POETRY, "plugins", group, name))
                for name, value in points.items()
            ]
            if group in {"console_scripts", "gui_scripts"}:
                self.obstacles.add(
                    (*_POETRY, "plugins", group), f"`{group}` is no group of plug-ins"
                )
            yield from self._table(("project", "entry-points", group), found, "plugins", group)

    def _groups(self) -> Iterator[Block]:
        rows: list[Row] = []
        if "dev-dependencies" in self.poetry:
            rows.append(self._array("dev", (*_POETRY, "dev-dependencies"), None))
        for group in table(self.poetry, "group"):
            if group == "dev" and rows:
                self.obstacles.add((*_POETRY, "group", group), "the group dev is there twice")
            rows.append(self._array(group, (*_POETRY, "group", group, "dependencies"), None))
            more = set(table(self.poetry, "group", group)) - {"dependencies", "optional"}
            for key in sorted(more):
                self.obstacles.add(
                    (*_POETRY, "group", group, key), f"`{key}` of a group is poetry's alone"
                )
        if rows:
            yield Block(table=("dependency-groups",), rows=tuple(rows))

    def _table(self, path: tuple[str, ...], rows: list[Row], *below: str) -> Iterator[Block]:
        if rows:
            yield Block(table=path, rows=tuple(rows), notes=self._of_header((*_POETRY, *below)))

    def _of_header(self, path: tuple[str, ...]) -> tuple[Note, ...]:
        if path == _POETRY and any(key in _STAYS for key in self.poetry):
            return ()  # the header stays, and its comments with it
        return self.source.of_header(path)


def _norm(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


MOVER = Mover(name="poetry", order=60, moves=_moves)
