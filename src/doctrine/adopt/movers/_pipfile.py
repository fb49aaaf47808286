"""What a ``Pipfile`` says, as rows of tables in ``pyproject.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Row
from doctrine.adopt.movers._ini import Note
from doctrine.adopt.movers._move import AGAIN, at
from doctrine.adopt.movers._requirement import CannotSayError, requirements
from doctrine.adopt.movers._source import Source, source_of
from doctrine.documents import table, tables, text

FILE = "Pipfile"
_OTHERS = frozenset({"source", "requires", "packages", "scripts", "pipenv"})
_INDEX = re.compile(r"^https://pypi\.(?:python\.)?org/simple/?$")


def pipfile(data: Mapping[str, object], written: str, refusal: str) -> Pipfile:
    """Return what reads a ``Pipfile``.

    Args:
        data: What it holds.
        written: Its text.
        refusal: What to say of it where something has no form in ``pyproject.toml``.
    """
    source = source_of(written) or Source(lines=(), entries=())
    return Pipfile(data=data, source=source, refusal=refusal)


class Pipfile(Struct, kw_only=True):
    """Makes rows of what a ``Pipfile`` says, and notes what stands in the way.

    Attributes:
        data: What it holds.
        source: Where its keys and comments stand.
        refusal: What to say of it where something has no form in ``pyproject.toml``.
        left: What stands in the way.
    """

    data: Mapping[str, object]
    source: Source
    refusal: str
    left: list[Left] = field(default_factory=list[Left])

    def add(self, keys: tuple[str, ...], said: str) -> None:
        """Note what stands in the way."""
        hint = f"change that, {AGAIN}"
        self.left.append(at(FILE, self.source.line(keys), f"{self.refusal}: {said}", hint))

    def look_at_indexes(self) -> None:
        """Note the indexes that only pipenv would ask."""
        for source in tables(self.data.get("source")):
            if not _INDEX.match(text(source.get("url"))) or source.get("verify_ssl") is False:
                self.add(("source",), f"the index {text(source.get('url'))} is pipenv's alone")

    def groups(self) -> Iterator[tuple[str, str]]:
        """Yield the groups that its categories become, once each: the group and the category."""
        taken: dict[str, str] = {}
        for name, value in self.data.items():
            if name in _OTHERS or not isinstance(value, dict):
                continue
            group = "dev" if name == "dev-packages" else name
            first = taken.setdefault(canonicalize_name(group), name)
            if first == name:
                yield group, name
            else:
                self.add((name,), f"[{first}] becomes the group `{group}` as well")

    def named(self, category: str) -> Iterator[tuple[str, str]]:
        """Yield the requirements of a category: each key and requirement."""
        for key, value in table(self.data, category).items():
            try:
                for one in requirements(key, value, _plain):
                    yield key, one.raw
            except CannotSayError as error:
                self.add((category, key), str(error))

    def array(self, name: str, category: str) -> Row:
        """Return a category as an array, with its comments."""
        items: list[str] = []
        between: dict[int, tuple[Note, ...]] = {}
        for key, raw in self.named(category):
            if notes := self.source.notes((category, key)):
                between.setdefault(len(items), notes)
            items.append(raw)
        notes = self.source.of_header((category,))
        return Row(keys=(name,), value=items, between=between, notes=notes)


def _plain(written: str) -> str | None:
    """Return a constraint, which is PEP 440's already but for the star."""
    if written.strip() == "*":
        return ""
    try:
        SpecifierSet(written)
    except InvalidSpecifier:
        return None
    return written.replace(" ", "")
