"""coverage's INI files: every section becomes a table of the same name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Row
from doctrine.adopt.movers._ini import Option
from doctrine.adopt.movers._move import AGAIN, Found, Move, Mover, Old, Place, at, left, only_place
from doctrine.adopt.movers._values import (
    UnmovableError,
    array,
    by_comma,
    by_line,
    number,
    scalar,
    truth,
    whole,
)
from doctrine.adopt.situation import floor_of

_TABLE = ("tool", "coverage")
_PREFIX = "coverage:"
_PLACES = (
    Place(path=".coveragerc", sections=("*",), own=True),
    Place(path="setup.cfg", sections=(f"{_PREFIX}*",)),
    Place(path="tox.ini", sections=(f"{_PREFIX}*",)),
)
_LISTS = frozenset(
    {
        "run:concurrency", "run:debug", "run:disable_warnings", "run:include", "run:omit",
        "run:patch", "run:plugins", "run:source", "run:source_dirs", "run:source_pkgs",
        "report:contexts", "report:include", "report:omit",
    }
)  # fmt: skip
_LINES = frozenset(
    {
        "report:exclude_also", "report:exclude_lines", "report:partial_also",
        "report:partial_branches", "report:partial_branches_always",
    }
)  # fmt: skip
_TRUTHS = frozenset(
    {
        "run:branch", "run:cover_pylib", "run:parallel", "run:relative_files", "run:sigterm",
        "run:timid", "report:ignore_errors", "report:include_namespace_packages",
        "report:show_missing", "report:skip_covered", "report:skip_empty", "html:show_contexts",
        "html:skip_covered", "html:skip_empty", "json:pretty_print", "json:show_contexts",
        "lcov:line_checksums",
    }
)  # fmt: skip
_WHOLE = frozenset({"report:precision", "xml:package_depth"})
_VARIABLE = re.compile(r"\$[\w{$]")
_SECTIONS = frozenset({"run", "report", "html", "xml", "json", "lcov"})
_TOML_INCLUDED = (3, 11)


def _moves(old: Old) -> Iterable[Move | Left]:
    if ".coveragerc.toml" in old.situation.project.layout.others:
        return
    found = only_place(old, "coverage", _PLACES, _TABLE)
    if isinstance(found, Left):
        yield found
    elif found is not None:
        yield _move(old, found)


def _move(old: Old, found: Found) -> Move | Left:
    try:
        blocks = tuple(_blocks(found))
    except UnmovableError as error:
        text = f"{found.what} is not moved: {error}"
        return at(found.path, error.line, text, f"mend it, {AGAIN}")
    names = [block.table for block in blocks]
    if len(names) != len(set(names)):
        return left(f"{found.what} is not moved: two of its sections are the same to coverage")
    return Move(what=found.what, blocks=blocks, cuts=found.cuts(), left=tuple(_warned(old)))


def _blocks(found: Found) -> Iterator[Block]:
    stray = found.ini.notes if found.place.own else ()
    for index, section in enumerate(found.sections):
        name = section.name.removeprefix(_PREFIX)
        rows = tuple(_row(name, option) for option in section.options)
        yield Block(
            table=(*_TABLE, name),
            rows=rows,
            notes=(*stray, *section.notes) if index == 0 else section.notes,
            below=section.below,
        )


def _row(section: str, option: Option) -> Row:
    name = option.name.lower()
    keys, full = (name,), f"{section}:{name}"
    if full in _LISTS or section == "paths":
        if _VARIABLE.search(option.value):
            text = f"a variable in `{option.name}` may stand for several items here"
            raise UnmovableError(text, option)
        return array(keys, option, by_comma)
    if full in _LINES:
        return array(keys, option, by_line)
    if full in _TRUTHS:
        return scalar(keys, option, truth(option))
    if full in _WHOLE:
        return scalar(keys, option, whole(option))
    if full == "report:fail_under":
        return scalar(keys, option, number(option))
    if section not in _SECTIONS and "$" in option.value:
        raise UnmovableError(
            f"a plug-in would be given `{option.name}` with its variables as they are", option
        )
    return scalar(keys, option, option.full)


def _warned(old: Old) -> Iterator[Left]:
    """Yield that coverage reads TOML on an old Python only with an extra."""
    project = old.situation.project
    if floor_of(project) >= _TOML_INCLUDED:
        return
    if any(one.name == "coverage" and "[toml]" in one.raw for one in project.dependencies):
        return
    if any(one.name == "pytest-cov" for one in project.dependencies):
        return
    text = "below Python 3.11, coverage reads pyproject.toml only with its extra `toml`"
    yield left(text, "depend on `coverage[toml]` wherever coverage is installed")


MOVER = Mover(name="coverage", order=30, moves=_moves)
