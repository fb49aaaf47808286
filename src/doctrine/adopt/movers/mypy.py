"""mypy's INI files: ``[mypy]`` becomes a table, each section of a module an override."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Row
from doctrine.adopt.movers._ini import Note, Option, Section
from doctrine.adopt.movers._move import AGAIN, Found, Move, Mover, Old, Place, at, only_place
from doctrine.adopt.movers._values import UnmovableError, array, scalar
from doctrine.documents import switch

_TABLE = ("tool", "mypy")
_MODULE = "mypy-"
_PLUGINS: Mapping[str, tuple[str, ...]] = {
    "mypy.plugins.django-stubs": ("tool", "django-stubs"),
    "pydantic-mypy": ("tool", "pydantic-mypy"),
}
"""Sections of plug-ins that read a table of their own in ``pyproject.toml``."""
_SECTIONS = ("mypy", f"{_MODULE}*", *_PLUGINS)
_PLACES = (
    Place(path="mypy.ini", sections=_SECTIONS, own=True),
    Place(path=".mypy.ini", sections=_SECTIONS, own=True),
    Place(path="setup.cfg", sections=_SECTIONS, later=True),
)
_LISTS = frozenset(
    {
        "always_false", "always_true", "disable_error_code", "enable_error_code",
        "enable_incomplete_feature", "files", "modules", "package_root", "packages", "plugins",
        "untyped_calls_exclude",
    }
)  # fmt: skip
_TEXTS = frozenset({"python_version", "exclude", "cache_dir", "junit_xml", "follow_imports"})


def _moves(old: Old) -> Iterable[Move | Left]:
    found = only_place(old, "mypy", _PLACES, _TABLE)
    if found is None:
        return
    obstacle = found if isinstance(found, Left) else _obstacle(found)
    if isinstance(found, Left) or obstacle is not None:
        yield from [obstacle] if obstacle else []
        return
    try:
        blocks = tuple(_blocks(found))
    except UnmovableError as error:
        text = f"{found.what} is not moved: {error}"
        yield at(found.path, error.line, text, f"mend it, {AGAIN}")
        return
    yield Move(what=found.what, blocks=blocks, cuts=found.cuts(), left=found.unread)


def _obstacle(found: Found) -> Left | None:
    """Return what mypy would read otherwise in ``pyproject.toml``."""
    if not found.place.own and not any(one.name == "mypy" for one in found.sections):
        text = "mypy reads no section of this file, since [mypy] is not among them"
        return at(found.path, found.sections[0].line, text, f"remove them, {AGAIN}")
    seen: set[str] = set()
    for section in found.sections:
        for module in _modules(section):
            if module in seen:
                text = f"sections of {module!r} replace each other here and would be merged there"
                return at(found.path, section.line, text, f"make one section of them, {AGAIN}")
            if module != module.strip():
                text = f"{module!r} matches no module because of the space"
                return at(found.path, section.line, text, f"take the space out, {AGAIN}")
            seen.add(module)
    return None


def _modules(section: Section) -> list[str]:
    name = section.name
    return name.removeprefix(_MODULE).split(",") if name.startswith(_MODULE) else []


def _blocks(found: Found) -> Iterator[Block]:
    """Yield the tables, the one of all modules first, as TOML asks."""
    main = [one for one in found.sections if one.name == "mypy"]
    rest = [one for one in found.sections if one.name.startswith(_MODULE)]
    others = [one for one in found.sections if one.name in _PLUGINS]
    stray = found.ini.notes if found.place.own else ()
    for section in (*main, *rest, *others):
        yield _block(section, stray)
        stray = ()


def _block(section: Section, stray: tuple[Note, ...]) -> Block:
    """Return the table of a section; ``stray`` are comments that stand above all sections."""
    modules = _modules(section)
    value = modules[0] if len(modules) == 1 else modules
    named = (Row(keys=("module",), value=value),) if modules else ()
    return Block(
        table=(*_TABLE, "overrides") if modules else _PLUGINS.get(section.name, _TABLE),
        item=bool(modules),
        rows=(*named, *map(_plugin_row if section.name in _PLUGINS else _row, section.options)),
        notes=(*stray, *section.notes),
        below=section.below,
    )


def _plugin_row(option: Option) -> Row:
    """Return a key of a plug-in's table; in an INI file plug-ins take the quotes around a text away."""
    row = _row(option)
    if not isinstance(row.value, str):
        return row
    return Row(keys=row.keys, value=row.value.strip("'\""), notes=row.notes)


def _row(option: Option) -> Row:
    name = option.name.lower()
    keys = (name,)
    value = option.value
    if name in _LISTS or name == "mypy_path":
        return _array(keys, option)
    if name == "exclude" and not value:
        raise UnmovableError(
            "an empty `exclude` leaves out everything here, and nothing there", option
        )
    if name in _TEXTS:
        return scalar(keys, option, option.full.strip() if name == "exclude" else value)
    if re.fullmatch(r"0|[1-9][0-9]{0,8}", value):
        return scalar(keys, option, int(value))
    truth = switch(value)
    return scalar(keys, option, value if truth is None else truth)


def _array(keys: tuple[str, ...], option: Option) -> Row:
    """Return an array; where a comma is missing at the end of a line, the item goes on below."""
    paths = keys == ("mypy_path",)
    if not paths and all(part.text.endswith(",") for part in option.parts[:-1]):
        return array(keys, option, _items)
    items = [one.strip() for one in re.split("[,:]" if paths else ",", option.full)]
    if not paths and items[-1] == "":
        items.pop()
    inner = (note for part in option.parts for note in part.notes)
    return Row(keys=keys, value=items, notes=(*option.notes, *inner))


def _items(line: str) -> list[str]:
    items = [one.strip() for one in line.split(",")]
    return items[:-1] if items[-1] == "" else items


MOVER = Mover(name="mypy", order=10, moves=_moves)
