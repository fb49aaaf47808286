"""pytest's INI files: the section becomes ``[tool.pytest.ini_options]``."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from doctrine.adopt.edits import Left
from doctrine.adopt.movers._block import Block, Row
from doctrine.adopt.movers._ini import Dialect, Option
from doctrine.adopt.movers._move import Move, Mover, Old, Place, only_place
from doctrine.adopt.movers._values import array, by_line, scalar

_TABLE = ("tool", "pytest")
_PLACES = (
    Place(path="pytest.ini", sections=("pytest",), own=True),
    Place(path=".pytest.ini", sections=("pytest",), own=True),
    Place(path="tox.ini", sections=("pytest",), later=True),
    Place(path="setup.cfg", sections=("tool:pytest",), later=True),
)
_NATIVE = ("pytest.toml", ".pytest.toml")
_WORDS = frozenset(
    {
        "doctest_optionflags", "norecursedirs", "python_classes", "python_files",
        "python_functions", "pythonpath", "required_plugins", "testpaths", "usefixtures",
    }
)  # fmt: skip
_LINES = frozenset({"filterwarnings", "markers"})
_TRUTHS = frozenset(
    {
        "collect_imported_tests", "consider_namespace_packages", "faulthandler_exit_on_timeout",
        "junit_log_passing_tests", "log_cli", "strict", "strict_config", "strict_markers",
        "strict_parametrization_ids", "strict_xfail", "xfail_strict",
    }
)  # fmt: skip


def _moves(old: Old) -> Iterable[Move | Left]:
    if any(one in old.situation.project.layout.others for one in _NATIVE):
        return
    found = only_place(old, "pytest", _PLACES, _TABLE, Dialect.PYTEST)
    if isinstance(found, Left):
        yield found
    elif found is not None:
        stray = found.ini.notes if found.place.own else ()
        blocks = tuple(
            Block(
                table=(*_TABLE, "ini_options"),
                rows=tuple(map(_row, one.options)),
                notes=(*stray, *one.notes),
                below=one.below,
            )
            for one in found.sections
        )
        yield Move(what=found.what, blocks=blocks, cuts=found.cuts(), left=found.unread)


def _row(option: Option) -> Row:
    """Return an option as the type that pytest gives it.

    A string is read as the value in an INI file is, whatever the option: it is what an option
    becomes that some plug-in declares.
    """
    keys = (option.name,)
    noted = any(part.notes for part in option.parts)
    if option.name in _LINES:
        return array(keys, option, by_line)
    if option.name in _WORDS or (option.name == "addopts" and (noted or len(option.parts) > 1)):
        return _words(keys, option)
    if option.name in _TRUTHS and option.value.lower() in {"true", "false"}:
        return scalar(keys, option, option.value.lower() == "true")
    return scalar(keys, option, option.value)


def _words(keys: tuple[str, ...], option: Option) -> Row:
    try:
        return array(keys, option, shlex.split)
    except ValueError:  # a quotation over several lines
        return scalar(keys, option, option.value)


MOVER = Mover(name="pytest", order=20, moves=_moves)
