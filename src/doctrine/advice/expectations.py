"""Whether a setting is what is recommended, and what to say when it is not."""

from __future__ import annotations

from doctrine.inspect._tool_settings import words_of
from doctrine.model.project import Layout, Role
from doctrine.model.recommendation import Expect, SettingLook

_SHOWN = 60
_LITTLE = 0.2
"""Share of the source files that scripts beside a package may make up."""


def shortfall(look: SettingLook, value: object, layout: Layout) -> str:
    """Return what keeps a setting from being what is recommended; empty when it is.

    Args:
        look: What is recommended.
        value: What is set.
        layout: The project's folders and versions.
    """
    lacking = _lacking(look, value, layout)
    if lacking is None:
        return ""
    return f"`{look.key}` of {look.tool} is {_shown(value)}{lacking}"


def _lacking(look: SettingLook, value: object, layout: Layout) -> str | None:
    """Return the words behind the value; None when nothing is lacking."""
    match look.expect:
        case Expect.EQUALS:
            same = _truth(_word(value)) == _truth(look.values[0].lower())
            return None if same else f", not {look.values[0]}"
        case Expect.AT_LEAST:
            return _below(look.values[0], value)
        case Expect.NOT_OFF:
            return ", which takes it back" if _word(value) in {"false", "none", "off"} else None
        case Expect.FLOOR:
            return _off_floor(layout.target.text, value)
        case Expect.HAS | Expect.SELECTS | Expect.SOURCES:
            missing = _missing(look, words_of(value), layout)
            return f" and leaves out {', '.join(missing)}" if missing else None


def _below(least: str, value: object) -> str | None:
    number = _number(value)
    return f", below {least}" if number is None or number < float(least) else None


def _off_floor(floor: str, value: object) -> str | None:
    """Return how a version, written ``3.11`` or ``py311``, misses the oldest that is supported."""
    digits = _word(value).removeprefix("py").replace(".", "")
    same = not floor or digits == floor.replace(".", "")
    return None if same else f", but requires-python begins at {floor}"


def _missing(look: SettingLook, items: tuple[str, ...], layout: Layout) -> list[str]:
    if look.expect is Expect.HAS:
        return [one for one in look.values if not _has(items, one)]
    if look.expect is Expect.SELECTS:
        return [one for one in look.values if "ALL" not in items and one not in items]
    return _lost(items, layout)


def _lost(items: tuple[str, ...], layout: Layout) -> list[str]:
    """Return in words what the named folders and packages leave out, unless it is little."""
    named = {item.removeprefix("./").rstrip("/*") or "." for item in items}
    sources = [file.path for file in layout.files if file.role is Role.SOURCE]
    lost = [path for path in sources if not _is_covered(path, named, layout)]
    if len(lost) <= _LITTLE * len(sources):
        return []
    return [f"{len(lost):,} of {len(sources):,} source files"]


def _has(items: tuple[str, ...], wanted: str) -> bool:
    return any(item == wanted or item.startswith(f"{wanted}=") for item in items) or (
        " " in wanted and wanted in " ".join(items).replace("=", " ")
    )


def _is_covered(path: str, named: set[str], layout: Layout) -> bool:
    """Whether a file lies in one of the folders, or in a package of one of the names."""
    if "." in named or any(path.startswith(f"{name}/") for name in named):
        return True
    roots = ("", *(f"{root}/" for root in layout.sources if root != "."))
    packages = {name.replace(".", "/") for name in named}
    return any(
        path.startswith((f"{root}{package}/", f"{root}{package}.py"))
        for root in roots
        for package in packages
    )


def _truth(word: str) -> str:
    """Return a word with the spellings of true that INI files have as one."""
    return "true" if word in {"1", "yes", "on"} else word


def _word(value: object) -> str:
    return str(value).strip().lower()


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, str | int | float) else None
    except ValueError:
        return None


def _shown(value: object) -> str:
    items = str(value) if isinstance(value, str | bool | int | float) else " ".join(words_of(value))
    shown = items.lower() if isinstance(value, bool) else items
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
