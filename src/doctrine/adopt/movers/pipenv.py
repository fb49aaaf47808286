"""``Pipfile`` of a project that nothing else describes: ``[project]`` and dependency groups."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from doctrine.adopt._toml_lines import entries
from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Row
from doctrine.adopt.movers._ini import Note
from doctrine.adopt.movers._move import AGAIN, Cut, Move, Mover, Old, at, left
from doctrine.adopt.movers._requirement import CannotSayError, requirements
from doctrine.adopt.movers._ruff import runs
from doctrine.adopt.project import describing, first_rows
from doctrine.documents import table, tables, text

_FILE = "Pipfile"
_LOCK = "Pipfile.lock"
_OTHERS = frozenset({"source", "requires", "packages", "scripts", "pipenv"})
_INDEX = re.compile(r"^https://pypi\.(?:python\.)?org/simple/?$")


def _moves(old: Old) -> Iterable[Move | Left]:
    written = old.texts.get(_FILE)
    if written is None or table(old.data, "project") or describing(old.situation) != _FILE:
        return
    try:
        data = tomllib.loads(written)
    except ValueError as error:
        yield left(f"{_FILE} is not moved: {error}", f"mend it, {AGAIN}")
        return
    maker = _maker(data, written)
    blocks = tuple(maker.blocks(old))
    maker.look()
    if user := runs(old, "pipenv"):
        maker.left.append(
            left(f"{user} runs pipenv, which reads {_FILE}", f"let uv take its place, {AGAIN}")
        )
    if maker.left:
        yield from maker.left
        return
    later: tuple[Left, ...] = ()
    if _LOCK in old.situation.project.layout.others:
        said = f"{_LOCK} was made from {_FILE}, and uv.lock takes its place"
        later = (left(said, "remove it once `uv lock` has run"),)
    yield Move(what=_FILE, blocks=blocks, cuts=(Cut(path=_FILE),), left=later)


def _maker(data: Mapping[str, object], written: str) -> _Maker:
    every = entries(written.replace("\r\n", "\n")) or ()
    notes = {
        one.path: tuple(Note(text=said.text, line=said.line) for said in (*one.above, *one.within))
        for one in every
    }
    return _Maker(data=data, lines={one.path: one.first for one in every}, notes=notes)


class _Maker(Struct, kw_only=True):
    """Makes the tables, and notes what stands in the way."""

    data: Mapping[str, object]
    lines: Mapping[tuple[str, ...], int]
    notes: dict[tuple[str, ...], tuple[Note, ...]] = field(
        default_factory=dict[tuple[str, ...], tuple[Note, ...]]
    )
    left: list[Left] = field(default_factory=list[Left])

    def add(self, keys: tuple[str, ...], said: str) -> None:
        """Note what stands in the way."""
        line = self.lines.get(keys) or self.lines.get(keys[:1], 1)
        self.left.append(at(_FILE, line, f"{_FILE} is not moved: {said}", f"change that, {AGAIN}"))

    def look(self) -> None:
        """Note what has no form in ``pyproject.toml``."""
        for source in tables(self.data.get("source")):
            if not _INDEX.match(text(source.get("url"))) or source.get("verify_ssl") is False:
                self.add(("source",), f"the index {text(source.get('url'))} is pipenv's alone")
        for name in ("scripts", "pipenv"):
            for key in table(self.data, name):
                self.add((name, key), f"`{key}` in [{name}] has no form in pyproject.toml")

    def blocks(self, old: Old) -> Iterator[Block]:
        """Yield the tables."""
        described = {**first_rows(old.situation), **dict(self._python())}
        rows = [Row(keys=(key,), value=value) for key, value in described.items()]
        yield Block(table=("project",), rows=(*rows, self._array("dependencies", "packages")))
        groups = tuple(
            self._array("dev" if name == "dev-packages" else name, name)
            for name, value in self.data.items()
            if name not in _OTHERS and isinstance(value, dict)
        )
        if groups:
            yield Block(table=("dependency-groups",), rows=groups)

    def _python(self) -> Iterator[tuple[str, str]]:
        required = table(self.data, "requires")
        for key, value in required.items():
            if key == "python_version" and re.fullmatch(r"\d+\.\d+", text(value)):
                yield "requires-python", f"=={value}.*"
            elif key == "python_full_version" and re.fullmatch(r"\d+\.\d+\.\d+", text(value)):
                yield "requires-python", f"=={value}"
            else:
                self.add(("requires", key), f"`{key} = {value!r}` is not understood")

    def _array(self, name: str, category: str) -> Row:
        items: list[str] = []
        between: dict[int, tuple[Note, ...]] = {}
        for key, value in table(self.data, category).items():
            if notes := self.notes.get((category, key)):
                between[len(items)] = notes
            try:
                items += [one.raw for one in requirements(key, value, _plain)]
            except CannotSayError as error:
                self.add((category, key), str(error))
        return Row(
            keys=(name,), value=items, between=between, notes=self.notes.get((category,), ())
        )


def _plain(written: str) -> str | None:
    """Return a constraint, which is PEP 440's already but for the star."""
    if written.strip() == "*":
        return ""
    try:
        SpecifierSet(written)
    except InvalidSpecifier:
        return None
    return written.replace(" ", "")


MOVER = Mover(name="pipenv", order=70, moves=_moves)
