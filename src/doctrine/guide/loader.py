"""The registry: a guide and its clauses as data files, read whole and checked strictly.

A guide is a folder beside this module: ``guide.toml``, ``defaults.toml``, ``recommendations.toml``
and one file per clause under ``clauses/<section>/``. No prose is parsed when doctrine runs.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from doctrine.errors import RegistryError
from doctrine.guide.defaults import DEFAULTS, tables_by_tool
from doctrine.guide.entries import Entry, read_digest, read_entry
from doctrine.guide.fields import Fields, damaged
from doctrine.guide.recommendations import RECOMMENDATIONS, read_recommendations
from doctrine.model.guide import Guide

_HERE = Path(__file__).parent
_GUIDE = "guide.toml"
_CLAUSES = "clauses"


class Aside(Struct, frozen=True, kw_only=True):
    """A sentence of the guide that has a keyword and obliges nobody.

    Attributes:
        line: 1-based line the sentence starts on.
        digest: ``sha256:`` digest of the sentence, white space normalised.
        reason: Why it is not normative.
    """

    line: int
    digest: str
    reason: str


class Registry(Struct, frozen=True, kw_only=True):
    """A guide with what only its development needs.

    Attributes:
        guide: The guide.
        digests: Digest of the sentence behind each clause, by clause id.
        asides: Sentences with a keyword that no clause stands for.
    """

    guide: Guide
    digests: Mapping[str, str]
    asides: tuple[Aside, ...]


def available() -> tuple[str, ...]:
    """Return the ids of the guides that come with doctrine, sorted."""
    return tuple(sorted(path.parent.name for path in _HERE.glob(f"*/{_GUIDE}")))


def load(guide_id: str = "python") -> Guide:
    """Return a guide that comes with doctrine.

    Args:
        guide_id: One of ``available()``.

    Raises:
        RegistryError: There is no such guide, or its data is damaged.
    """
    return load_registry(registry_folder(guide_id)).guide


def clause_ids(guide_id: str = "python") -> tuple[str, ...]:
    """Return the ids of a guide's clauses, sorted, without reading one of them.

    Args:
        guide_id: One of ``available()``.

    Raises:
        RegistryError: There is no such guide.
    """
    files = (registry_folder(guide_id) / _CLAUSES).rglob("*.toml")
    return tuple(sorted(path.stem for path in files))


def registry_folder(guide_id: str) -> Path:
    """Return the folder that holds a guide's data.

    Args:
        guide_id: One of ``available()``.

    Raises:
        RegistryError: There is no such guide.
    """
    known = available()
    if guide_id not in known:
        raise RegistryError(
            f"there is no guide named {guide_id!r}", hint=f"Known guides: {', '.join(known)}."
        )
    return _HERE / guide_id


def load_registry(folder: Path) -> Registry:
    """Read a guide's folder.

    Args:
        folder: Holds ``guide.toml``, ``defaults.toml``, ``recommendations.toml`` and
            ``clauses/<section>/<ID>.toml``; its name is the guide's id.

    Raises:
        RegistryError: A file is missing, is no TOML, contradicts the schema, or two files
            contradict each other.
    """
    contents = _contents(folder)
    head = _document(contents, _GUIDE)
    entries = [
        read_entry(_document(contents, name), _stem(name))
        for name in contents
        if name.startswith(f"{_CLAUSES}/")
    ]
    _agree(entries)
    entries.sort(key=lambda entry: (entry.clause.line, entry.clause.id))
    asides = tuple(_aside(table) for table in head.tables("asides"))
    guide = Guide(
        id=_guide_id(head, folder.name),
        title=head.text("title"),
        version=head.text("version"),
        digest=read_digest(head, "digest"),
        registry=_registry_digest(contents),
        clauses=tuple(entry.clause for entry in entries),
        defaults=tables_by_tool(_parse(contents, DEFAULTS)),
        recommendations=read_recommendations(
            _document(contents, RECOMMENDATIONS), frozenset(entry.clause.id for entry in entries)
        ),
    )
    head.finish()
    digests = {entry.clause.id: entry.digest for entry in entries}
    return Registry(guide=guide, digests=digests, asides=asides)


def _contents(folder: Path) -> dict[str, bytes]:
    """Return every data file by its name inside the folder, sorted."""
    paths = {name: folder / name for name in (_GUIDE, DEFAULTS, RECOMMENDATIONS)}
    try:
        for path in (folder / _CLAUSES).glob("*/*.toml"):
            paths[f"{_CLAUSES}/{path.parent.name}/{path.name}"] = path
        return {name: paths[name].read_bytes() for name in sorted(paths)}
    except OSError as error:
        raise damaged(error.filename or folder.name, error.strerror or str(error)) from error


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".toml")


def _parse(contents: Mapping[str, bytes], name: str) -> dict[str, object]:
    try:
        return tomllib.loads(contents[name].decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise damaged(name, f"is not valid TOML: {error}") from error


def _document(contents: Mapping[str, bytes], name: str) -> Fields:
    return Fields(_parse(contents, name), name)


def _registry_digest(contents: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, data in contents.items():
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return f"sha256:{total.hexdigest()}"


def _guide_id(head: Fields, folder_name: str) -> str:
    guide_id = head.text("id")
    if guide_id != folder_name:
        raise head.wrong("id", f"is {guide_id}, but the folder is named {folder_name}")
    return guide_id


def _aside(fields: Fields) -> Aside:
    aside = Aside(
        line=fields.count("line"),
        digest=read_digest(fields, "digest"),
        reason=fields.text("reason"),
    )
    fields.finish()
    return aside


def _agree(entries: Iterable[Entry]) -> None:
    """Raise unless ids are unique and every clause or check that is named exists."""
    by_id: dict[str, Entry] = {}
    for entry in entries:
        other = by_id.setdefault(entry.clause.id, entry)
        if other is not entry:
            raise damaged(f"{entry.place}: id", f"{entry.clause.id} is also in {other.place}")
    for entry in by_id.values():
        for member in entry.clause.members:
            _need_member(entry, by_id.get(member), member)
        for parent in entry.clause.parents:
            _need_parent(entry, by_id, parent)


def _need_member(entry: Entry, member: Entry | None, name: str) -> None:
    if member is None:
        raise damaged(f"{entry.place}: members", f"there is no clause {name}")
    if member.clause.umbrella:
        raise damaged(f"{entry.place}: members", f"{name} is an umbrella itself")


def _need_parent(entry: Entry, by_id: Mapping[str, Entry], parent: str) -> None:
    clause_id, _, check_id = parent.partition(".")
    owner = by_id.get(clause_id)
    checks = () if owner is None else owner.clause.checks
    if not any(check.id == check_id and not check.instead_of for check in checks):
        raise damaged(f"{entry.place}: parents", f"there is no check {parent}")
    if owner is entry:
        raise damaged(f"{entry.place}: parents", f"{parent} is the clause's own")
