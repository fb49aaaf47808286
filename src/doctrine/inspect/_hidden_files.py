"""How much of a project's source a set of patterns takes out of a tool's sight."""

from __future__ import annotations

import contextlib
import fnmatch
import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from doctrine.expressions import EndlessError, Expression
from doctrine.inspect._path_patterns import PathPatterns
from doctrine.model.made import MOST, is_made
from doctrine.model.observation import Severity
from doctrine.model.project import Layout, Role
from doctrine.patterns import matcher

Matches = Callable[[str], bool]


class Hidden(Struct, frozen=True, kw_only=True):
    """The source files that patterns match.

    Attributes:
        paths: The files.
        total: How many source files there are.
    """

    paths: tuple[str, ...]
    total: int

    @property
    def severity(self) -> Severity:
        """An error where most of the source is gone; else advice, since some is often right."""
        return Severity.ERROR if len(self.paths) >= MOST * self.total else Severity.INFO

    @property
    def text(self) -> str:
        """How many they are, with one of them."""
        return f"{len(self.paths):,} of {self.total:,} source files ({self.paths[0]} for one)"


def hidden(layout: Layout, matches: Matches) -> Hidden | None:
    """Return the source files that match; None when none does."""
    sources = [
        file.path for file in layout.files if file.role is Role.SOURCE and not is_made(file.path)
    ]
    found = tuple(path for path in sources if matches(path))
    return Hidden(paths=found, total=len(sources)) if found else None


def by_folder_or_file(patterns: Iterable[str]) -> Matches:
    """Match as ruff does: a pattern is a whole path, or the name of a file or of any folder."""
    wanted = tuple(one.removeprefix("./").rstrip("/") for one in patterns)
    whole = PathPatterns(tuple(one for one in wanted if "/" in one))
    names = tuple(one for one in wanted if "/" not in one)

    def matches(path: str) -> bool:
        return whole.match(path) or any(
            fnmatch.fnmatchcase(part, name) for part in path.split("/") for name in names
        )

    return matches


def by_coverage(patterns: Iterable[str]) -> Matches:
    """Match as coverage does: a star stays inside a folder, except at the ends of a pattern.

    Raises:
        EndlessError: Here or when it matches: that cannot be found out in a bounded time.
    """
    usable = (one for one in patterns if one and not one.startswith(("/", "$", "{")))
    written = (_coverage_expression(one.removeprefix("./")) for one in usable)
    compiled = [Expression(one, whole=True) for one in dict.fromkeys(written)]
    return lambda path: any(one.matches(path) for one in compiled)


def _coverage_expression(pattern: str) -> str:
    if pattern.startswith("*/"):
        pattern = f"*{pattern}"
    if pattern.endswith("/*"):
        pattern = f"{pattern}*"
    if pattern == "*":
        return ".*"
    expression = ""
    for part in re.split(r"(\*\*/?|\*|\?)", pattern):
        signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
        expression += signs.get(part, re.escape(part))
    return expression


def by_vulture(patterns: Iterable[str]) -> Matches:
    """Match as vulture does: anywhere in the absolute path, unless the pattern has a wildcard."""
    wanted = tuple(one if re.search(r"[*?\[]", one) else f"*{one}*" for one in patterns if one)
    return lambda path: any(fnmatch.fnmatchcase(f"/project/{path}", one) for one in wanted)


def by_gitignore(patterns: Iterable[str]) -> Matches:
    """Match as git does; lines that are no patterns match nothing.

    Raises:
        EndlessError: That cannot be found out in a bounded time.
    """
    try:
        return matcher(patterns)
    except EndlessError:
        raise
    except ValueError:
        return lambda _: False


def by_expression(expressions: Iterable[str]) -> Matches:
    """Match as mypy does: a regular expression somewhere in the path.

    Raises:
        EndlessError: Here or when it matches: that cannot be found out in a bounded time.
    """
    compiled: list[Expression] = []
    for one in filter(None, expressions):
        with contextlib.suppress(re.error):  # mypy refuses it, and says so
            compiled.append(Expression(one))
    return lambda path: any(one.matches(path) for one in compiled)
