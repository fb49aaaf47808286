"""Read the flags of ``doctrine check`` without importing a command-line library.

Typer needs a quarter of a second before it calls anything, which is longer than doctrine takes to
start the first tool. What this reader does not understand (``--help``, a mistake, an abbreviation)
it leaves to Typer, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from doctrine.cli.options import CheckOptions

_VALUES: dict[str, tuple[str, Callable[[str], str | int | float]]] = {
    "--format": ("format", str),
    "--fail-on": ("fail_on", str),
    "--jobs": ("jobs", int),
    "-j": ("jobs", int),
    "--timeout": ("timeout", float),
    "--python": ("python", str),
}
_SWITCHES: dict[str, tuple[str, bool]] = {
    "--install": ("install", True),
    "--no-install": ("install", False),
    "--tests": ("tests", True),
    "--no-tests": ("tests", False),
    "--audit": ("audit", True),
    "--quiet": ("quiet", True),
    "-q": ("quiet", True),
}
_CHOICES = {"--fail-on": frozenset({"must", "should", "never"})}


def read(argv: Sequence[str]) -> CheckOptions | None:
    """Return the options, or None when Typer should look at the arguments.

    Args:
        argv: Arguments after ``check``.
    """
    options = CheckOptions()
    paths: list[str] = []
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            paths.append(word)
            continue
        changed = _flag(options, word, rest)
        if changed is None:
            return None
        options = changed
    if len(paths) > 1:
        return None
    return replace(options, path=paths[0]) if paths else options


def _flag(options: CheckOptions, word: str, rest: list[str]) -> CheckOptions | None:
    """Return the options with one more flag; takes its value from ``rest`` if it needs one."""
    name, equals, value = word.partition("=")
    if word in _SWITCHES:
        field, state = _SWITCHES[word]
        return replace(options, **{field: state})
    if name not in _VALUES and name != "--output":
        return None
    if not equals:
        if not rest or not name.startswith("-"):
            return None
        value = rest.pop(0)
    if name == "--output":
        return replace(options, output=(*options.output, value))
    return _value(options, name, value)


def _value(options: CheckOptions, name: str, value: str) -> CheckOptions | None:
    field, convert = _VALUES[name]
    if name in _CHOICES and value not in _CHOICES[name]:
        return None
    try:
        converted = convert(value)
    except ValueError:
        return None
    if isinstance(converted, int | float) and not converted >= 0:
        return None
    return replace(options, **{field: converted})
