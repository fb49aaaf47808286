"""Read the flags of ``doctrine check`` without importing a command-line library.

Typer needs a quarter of a second before it calls anything, which is longer than doctrine takes to
start the first tool. What this reader does not understand (``--help``, a mistake, an abbreviation)
it leaves to Typer, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from doctrine.cli.options import CheckOptions
from doctrine.cli.viewing import ViewOptions
from doctrine.model.replacing import replace

_Set = Callable[[CheckOptions], CheckOptions]
_Change = Callable[[CheckOptions, str], CheckOptions]
_FAIL_ON = frozenset({"must", "should", "never"})


def _count(value: str) -> int:
    """Return a number of jobs; raises ValueError for anything else."""
    if (number := int(value)) < 0:
        raise ValueError(value)
    return number


def _seconds(value: str) -> float:
    """Return a time limit; raises ValueError for anything else, ``nan`` included."""
    if not (number := float(value)) >= 0:
        raise ValueError(value)
    return number


def _level(value: str) -> str:
    """Return what the gate looks at; raises ValueError for anything else."""
    if value not in _FAIL_ON:
        raise ValueError(value)
    return value


def _seen(change: Callable[[ViewOptions], ViewOptions]) -> _Set:
    """Return what changes the view of the options."""
    return lambda options: replace(options, view=change(options.view))


def _viewed(change: Callable[[ViewOptions, str], ViewOptions]) -> _Change:
    """Return what changes the view of the options by a value."""
    return lambda options, value: replace(options, view=change(options.view, value))


_VALUES: dict[str, _Change] = {
    "--format": lambda options, value: replace(options, format=value),
    "--output": lambda options, value: replace(options, output=(*options.output, value)),
    "--fail-on": lambda options, value: replace(options, fail_on=_level(value)),
    "--jobs": lambda options, value: replace(options, jobs=_count(value)),
    "-j": lambda options, value: replace(options, jobs=_count(value)),
    "--timeout": lambda options, value: replace(options, timeout=_seconds(value)),
    "--baseline": lambda options, value: replace(options, baseline=value),
    "--since": lambda options, value: replace(options, since=value),
    "--python": lambda options, value: replace(options, python=value),
    "--cache-dir": lambda options, value: replace(options, cache_dir=value),
    "--base": lambda options, value: replace(options, base=value),
    "--show": _viewed(lambda view, value: replace(view, show=(*view.show, value))),
    "--sort": _viewed(lambda view, value: replace(view, sort=value)),
    "--outcome": _viewed(lambda view, value: replace(view, outcome=(*view.outcome, value))),
    "--level": _viewed(lambda view, value: replace(view, level=(*view.level, value))),
    "--path": _viewed(lambda view, value: replace(view, paths=(*view.paths, value))),
}
_SWITCHES: dict[str, _Set] = {
    "--install": lambda options: replace(options, install=True),
    "--no-install": lambda options: replace(options, install=False),
    "--tests": lambda options: replace(options, tests=True),
    "--no-tests": lambda options: replace(options, tests=False),
    "--network": lambda options: replace(options, network=True),
    "--no-network": lambda options: replace(options, network=False),
    "--audit": lambda options: replace(options, audit=True),
    "--no-baseline": lambda options: replace(options, no_baseline=True),
    "--staged": lambda options: replace(options, staged=True),
    "--changed": lambda options: replace(options, changed=True),
    "--files": lambda options: replace(options, named=True),
    "--quiet": _seen(lambda view: replace(view, quiet=True)),
    "-q": _seen(lambda view: replace(view, quiet=True)),
    "--verbose": _seen(lambda view: replace(view, verbose=True)),
    "-v": _seen(lambda view: replace(view, verbose=True)),
    "--new": _seen(lambda view: replace(view, new=True)),
    "--no-cache": lambda options: replace(options, no_cache=True),
    "--no-history": lambda options: replace(options, history=False),
}


def read(argv: Sequence[str]) -> CheckOptions | None:
    """Return the options, or None when Typer should look at the arguments.

    Args:
        argv: Arguments after ``check``.
    """
    options: CheckOptions | None = CheckOptions()
    paths: list[str] = []
    rest = list(argv)
    while rest and options is not None:
        word = rest.pop(0)
        if word.startswith("-"):
            options = _flag(options, word, rest)
        else:
            paths.append(word)
    if options is None:
        return None
    if options.named:
        return replace(options, files=tuple(paths))
    if len(paths) > 1:
        return None
    return replace(options, path=paths[0]) if paths else options


def _flag(options: CheckOptions, word: str, rest: list[str]) -> CheckOptions | None:
    """Return the options with one more flag; takes its value from ``rest`` if it needs one."""
    if word in _SWITCHES:
        return _SWITCHES[word](options)
    name, equals, value = word.partition("=")
    if name not in _VALUES or (equals and not name.startswith("--")):
        return None
    if not equals:
        if not rest:
            return None
        value = rest.pop(0)
    try:
        return _VALUES[name](options, value)
    except ValueError:
        return None
