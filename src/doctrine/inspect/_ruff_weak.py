"""Does the project's ruff configuration switch off what makes ruff a linter at all?"""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.documents import line_of, parse_toml, strings, table, text
from doctrine.errors import ConfigError
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._sightings import Reporter, Sighting, Spot, undecided
from doctrine.model.observation import Severity
from doctrine.model.project import Layout, Project, Role, TomlFile

WEAKENED = "ruff-weakened"
BASIC = frozenset({"ALL", "E", "F", "E4", "E7", "E9", "F4", "F5", "F6", "F7", "F8", "F9"})
"""Selectors that take out whole families of what ruff has always checked by default."""
_MOST_BASES = 5


class _RuffFile(Struct, frozen=True, kw_only=True):
    """One configuration file; ``keys`` is where ruff's table is in it."""

    file: TomlFile
    keys: tuple[str, ...]

    def table(self, *keys: str) -> Mapping[str, object]:
        return table(self.file.data, *self.keys, *keys)

    def spot(self, *keys: str, value: str = "") -> Spot:
        return Spot(path=self.file.path, line=line_of(self.file, (*self.keys, *keys), value))


def ruff_sightings(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield what hollows out the linter's configuration."""
    chain = _chain(project)
    if isinstance(chain, Unknown):
        yield from undecided((WEAKENED,), chain.reason)
        return
    for config in chain:
        for section in ((), ("lint",)):
            yield from _selection(config, section, report)
            yield from _ignored(config, section, report)
            yield from _per_file(config, section, project.layout, report)


def _chain(project: Project) -> tuple[_RuffFile, ...] | Unknown:
    """Return the configuration that wins, and the files it extends."""
    try:
        first = _first(project)
        chain: list[_RuffFile] = []
        while first and len(chain) < _MOST_BASES:
            chain.append(first)
            base = text(first.table().get("extend"))
            first = _named(project, _beside(first.file.path, base)) if base else None
    except (ConfigError, LookupError) as error:
        return Unknown(reason=f"ruff's configuration cannot be read: {error}")
    return tuple(chain)


def _beside(path: str, other: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), other))


def _first(project: Project) -> _RuffFile | None:
    for path in (".ruff.toml", "ruff.toml"):
        if path in project.texts or path in project.unread or path in project.layout.others:
            return _named(project, path)
    pyproject = project.layout.pyproject
    return _RuffFile(file=pyproject, keys=("tool", "ruff")) if pyproject else None


def _named(project: Project, path: str) -> _RuffFile:
    if path not in project.texts:
        message = f"{path}: {project.unread.get(path, 'its content is not known')}"
        raise LookupError(message)
    keys = ("tool", "ruff") if path.endswith("pyproject.toml") else ()
    return _RuffFile(file=parse_toml(path, project.texts[path]), keys=keys)


def _selection(config: _RuffFile, section: tuple[str, ...], report: Reporter) -> Iterator[Sighting]:
    settings = config.table(*section)
    if settings.get("select") == [] and not strings(settings.get("extend-select")):
        message = "`select = []` leaves ruff without a single rule: name the families to check"
        yield report.finding(WEAKENED, config.spot(*section, "select"), message)


def _ignored(config: _RuffFile, section: tuple[str, ...], report: Reporter) -> Iterator[Sighting]:
    settings = config.table(*section)
    for key in ("ignore", "extend-ignore"):
        for selector in strings(settings.get(key)):
            if _is_family(selector):
                spot = config.spot(*section, key, value=selector)
                message = (
                    f"`{key}` takes out the whole family {selector}: name the single rules that "
                    "do not fit, each with its reason"
                )
                yield report.finding(WEAKENED, spot, message, _weight(selector), symbol=selector)


def _is_family(selector: str) -> bool:
    return selector in BASIC or selector.isalpha()


def _weight(selector: str) -> Severity:
    return Severity.ERROR if selector in BASIC else Severity.INFO


def _per_file(
    config: _RuffFile, section: tuple[str, ...], layout: Layout, report: Reporter
) -> Iterator[Sighting]:
    for key in ("per-file-ignores", "extend-per-file-ignores"):
        for pattern, value in config.table(*section, key).items():
            selectors = [one for one in strings(value) if _is_family(one)]
            reached = _reached(pattern, layout) if selectors else 0.0
            for selector in selectors if reached else ():
                basic = selector in BASIC and reached >= 0.5  # noqa: PLR2004 - half of the source
                message = (
                    f"`{key}` takes {selector} out of {reached:.0%} of the source files "
                    f"({pattern!r}): name single rules, or single files"
                )
                spot = config.spot(*section, key, pattern)
                severity = Severity.ERROR if basic else Severity.INFO
                yield report.finding(WEAKENED, spot, message, severity, symbol=selector)


def _reached(pattern: str, layout: Layout) -> float:
    """Return the share of source files that a pattern matches, as ruff does: path or name."""
    sources = [file.path for file in layout.files if file.role is Role.SOURCE]
    if not sources or pattern.startswith("!"):
        return 0.0
    whole = pattern.removeprefix("./").replace("**/", "*").replace("**", "*")
    hits = sum(
        fnmatch.fnmatchcase(path, whole) or fnmatch.fnmatchcase(path.rpartition("/")[2], whole)
        for path in sources
    )
    return hits / len(sources)
