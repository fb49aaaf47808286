"""Which files a command is told to look at: one that looks at tests alone is no gate for the code."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

Argv = tuple[str, ...]

_ANALYSERS = frozenset({
    "ruff", "pyright", "basedpyright", "vulture", "radon", "xenon", "flake8", "black", "isort", "bandit",
    "pylint", "semgrep", "complexipy",
})  # fmt: skip
"""Programs that look at the files they are given, and no further; mypy follows imports."""
_SUBCOMMANDS = frozenset({"check", "format", "scan", "cc", "mi", "hal", "raw"})
_FLAGS = frozenset({
    "--", "--check", "--diff", "--error", "--fix", "--force-exclude", "--no-cache", "--no-fix", "--preview",
    "--quiet", "--recursive", "--show-fixes", "--statistics", "--stats", "--strict", "--unsafe-fixes",
    "--verbose", "--warnings", "-q", "-r", "-v",
})  # fmt: skip
"""Options that take no value, so that what follows them is a path."""
_ASIDE = frozenset(
    {"test", "tests", "doc", "docs", "example", "examples", "scripts", "tools", "benchmarks"}
)


def sourceless(argv: Argv, cwd: str, sources: Collection[str]) -> str:
    """Return why a command looks at no source file; empty where it may.

    Args:
        argv: Program and arguments.
        cwd: Folder that it runs in, relative to the root; whether it holds source is told elsewhere.
        sources: The project's source files; without any there is nothing to say.
    """
    named = tuple(_named(argv)) if argv[0] in _ANALYSERS and sources else ()
    if not named or not all(map(_is_path, named)) or cwd.startswith("/") or "$" in cwd:
        return ""
    if any(_holds(cwd, one, sources) for one in named):
        return ""
    return f"it looks at {', '.join(named[:3])} only, and at no source file"


def _named(argv: Argv) -> Iterator[str]:
    """Yield the words that can only be paths; what follows another option may be its value."""
    before = ""
    for at, word in enumerate(argv[1:]):
        is_value = before.startswith("-") and "=" not in before and before not in _FLAGS
        if not word.startswith("-") and not is_value and not (at == 0 and word in _SUBCOMMANDS):
            yield word
        before = word


def _is_path(word: str) -> bool:
    """Return whether a word is surely the name of a file or folder, whole and as it stands."""
    if set(word) & set("*?[]{}$~`,") or word.startswith("/"):
        return False
    return "/" in word or word in _ASIDE or word.endswith((".py", ".pyi")) or word in {".", ".."}


def _holds(cwd: str, named: str, paths: Collection[str]) -> bool:
    """Return whether a file or folder has source; the folder of the command itself may."""
    place = posixpath.normpath(posixpath.join(cwd, named))
    if posixpath.normpath(named) == "." or place == "." or place.startswith(".."):
        return True
    return any(path == place or path.startswith(f"{place}/") for path in paths)
