"""``[tool.mypy]``: strict, and nothing that takes strictness back for the project's own code."""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.adopt.apart import told_apart
from doctrine.adopt.changes import Asked, Change, Keys, Op, Value
from doctrine.adopt.edits import Section
from doctrine.adopt.situation import Situation, clashing_modules, code_of, floor_text
from doctrine.adopt.tables import Data
from doctrine.documents import strings, table, tables
from doctrine.inspect._first_party import Reach, first_party
from doctrine.inspect._mypy_strict import HARMLESS_CODES
from doctrine.inspect._strict_sets import MYPY_ALIASES, MYPY_STRICT

_ASKED = Asked(section=Section.MYPY, table=("tool", "mypy"))
_OLDEST = 10
"""The oldest Python 3 minor version that mypy 2 can be told."""


def mypy_changes(data: Data, situation: Situation) -> Iterator[Change]:
    """Yield what mypy's table lacks.

    Args:
        data: Content of ``pyproject.toml``.
        situation: The project.
    """
    mypy = table(data, "tool", "mypy")
    if not mypy:
        yield from _ASKED.rows(_rows(situation), "mypy in strict mode, over all code", "TYP003")
        return
    if mypy.get("strict") is not True and situation.lacks("TYP003.strict"):
        why = "strict mode is what the guide asks"
        yield _ASKED.do(Op.SET, ("strict",), True, why, "TYP003")
    yield from _weak(mypy, ())
    modules = first_party(situation.project.layout)
    for index, override in enumerate(tables(mypy.get("overrides"))):
        reached = {modules.reach(pattern) for pattern in strings(override.get("module"))}
        if Reach.SOURCE in reached:
            yield from _weak(override, ("overrides", index))


def _rows(situation: Situation) -> dict[Keys, Value]:
    code = code_of(situation.project)
    clash = clashing_modules(situation.project, code.everything)
    apart = clash and told_apart(situation.project, code)
    rows: dict[Keys, Value] = {
        ("strict",): True,
        ("python_version",): floor_text(situation.project, _OLDEST),
        ("files",): code.sources if clash and not apart else code.everything,
    }
    if apart:
        rows["explicit_package_bases",] = True
    if code.roots:
        rows["mypy_path",] = ":".join(code.roots)
    return rows


def _weak(settings: Data, above: Keys) -> Iterator[Change]:
    """Yield the removal of what takes back strictness in one table."""
    where = ", ".join(strings(settings.get("module")))
    place = f" for {where}" if where else ""
    for key, value in settings.items():
        if _loosens(key, value, nested=bool(above)):
            why = f"`{key} = {str(value).lower()}`{place} takes back what strict mode gives"
        else:
            why = _hiding(key, value, place)
        if why:
            yield _ASKED.do(Op.REMOVE, (*above, key), "", why, "TYP003")


def _loosens(key: str, value: object, *, nested: bool) -> bool:
    """Return whether a setting turns off what ``strict`` turns on, or ``strict`` for some modules.

    ``strict`` of the table itself is put right where it stands, not removed.
    """
    name, on = MYPY_ALIASES.get(key, (key, True))
    needed = name in MYPY_STRICT or (name == "strict" and nested)
    return needed and isinstance(value, bool) and value is not on


def _hiding(key: str, value: object, place: str) -> str:
    """Return what a setting hides, as the reason to remove it; empty where it hides nothing."""
    if key == "ignore_errors" and value is True:
        return f"`ignore_errors`{place} hides every error"
    if key == "follow_imports" and value == "skip":
        return f'`follow_imports = "skip"`{place} turns imported modules into Any'
    if key == "disable_error_code" and not HARMLESS_CODES.issuperset(strings(value)):
        return f"disabled error codes{place} hide errors: `# type: ignore[code]` narrows them"
    return ""
