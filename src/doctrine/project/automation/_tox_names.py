"""Names of tox environments: braces, factors, and the Python versions they stand for."""

from __future__ import annotations

import itertools
import re

_MOST = 400
_PYTHON = re.compile(r"^(?:py|python|pypy|cpython)-?(\d)\.?(\d+)?(t)?$")
_DOTTED = re.compile(r"^(\d)\.(\d+)(t)?$")
_BRACES = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"^(\d+)-(\d+)$")


def expand_names(text: str) -> tuple[str, ...]:
    """Return the environment names of a list such as ``py{311,312}-{a,b}, lint``."""
    names: list[str] = []
    for one in _split(text):
        names.extend(_expand(one.strip()))
    return tuple(dict.fromkeys(name for name in names if name))[:_MOST]


def _split(text: str) -> list[str]:
    """Split at commas and line ends that are not inside braces."""
    parts: list[str] = []
    depth, current = 0, ""
    for char in text:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if char in ",\n" and depth <= 0:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]


def _expand(name: str) -> list[str]:
    if "$" in name:
        return [name]  # an expression of a shell, whose braces are its own
    pieces = _BRACES.split(re.sub(r"\s", "", name))
    if len(pieces) > 2 * 8:
        return [name]
    choices = [
        _choices(piece) if position % 2 else (piece,) for position, piece in enumerate(pieces)
    ]
    products = itertools.islice(itertools.product(*choices), _MOST)
    return [re.sub(r"-+", "-", "".join(product)).strip("-") for product in products]


def _choices(text: str) -> tuple[str, ...]:
    chosen: list[str] = []
    for one in text.split(","):
        found = _RANGE.match(one)
        if found and int(found[1]) <= int(found[2]) <= int(found[1]) + 50:
            chosen.extend(str(number) for number in range(int(found[1]), int(found[2]) + 1))
        else:
            chosen.append(one)
    return tuple(chosen)


def python_of(name: str) -> str:
    """Return the Python version that an environment's name asks for, or an empty string."""
    for factor in name.split("-"):
        found = _PYTHON.match(factor) or _DOTTED.match(factor)
        if found and (minor := found[2]):
            return f"{found[1]}.{minor}{found[3] or ''}"
    return ""


def is_generic(name: str) -> bool:
    """Whether tox makes up such an environment without a section (``py``, ``py312``, ``3.12``)."""
    return all(
        factor in {"py", "python"} or _PYTHON.match(factor) or _DOTTED.match(factor)
        for factor in name.split("-")
    )


def holds(condition: str, factors: frozenset[str]) -> bool:
    """Whether a factor condition (``py311-cov,!lint``) is true of an environment."""
    for choice in expand_names(condition):
        wanted = choice.split("-")
        if all(
            (one[1:] not in factors) if one.startswith("!") else one in factors for one in wanted
        ):
            return True
    return False
