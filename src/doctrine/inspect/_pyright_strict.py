"""Is pyright strict, and does nothing take back what strict mode gives?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from doctrine.documents import strings, tables, text
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._path_patterns import PathPatterns
from doctrine.inspect._paths import is_generated
from doctrine.inspect._pyright_config import PyrightConfig, pyright_config
from doctrine.inspect._sightings import Reporter, Sighting, support, undecided
from doctrine.inspect._strict_sets import (
    BASEDPYRIGHT_STRICT_MODES,
    PYRIGHT_STRICT_ERRORS,
    PYRIGHT_STRICT_MODES,
    PYRIGHT_STRICT_SWITCHES,
)
from doctrine.model.observation import Severity
from doctrine.model.project import Command, Layout, Project, Role

NOT_STRICT, WEAKENED = "pyright-not-strict", "pyright-weakened"
_LOWER = frozenset(
    {"none", "information", "warning", "hint", "unreachable", "unused", "deprecated"}
)
_COMMON = re.compile(r"reportUnknown\w*|reportMissingTypeStubs")


def pyright_sightings(project: Project, report: Reporter) -> Iterator[Sighting]:
    """Yield what speaks for and against pyright's strict mode."""
    named = next((name for name in map(_named_config, _gating(project)) if name), "")
    config = pyright_config(project, named)
    if isinstance(config, Unknown):
        yield from undecided((NOT_STRICT, WEAKENED), config.reason)
        return
    sources = source_paths(project.layout)
    strict_folders = PathPatterns(strings(config.settings.get("strict")))
    everywhere = bool(sources) and all(strict_folders.match(path) for path in sources)
    yield _strictness(config, report, everywhere=everywhere)
    if _is_strict(config) and not everywhere:
        # settings cannot lower what a `strict` path demands, only the mode's own level
        yield from _lowered(config, report)
    yield from _environments(config, project.layout, report)
    yield from _Selection(config=config, sources=sources, report=report).sightings()


def source_paths(layout: Layout) -> tuple[str, ...]:
    """Return the source files below the import roots, generated ones aside.

    Where the project has proper roots, scripts beside them do not count: the guide itself
    shows a configuration that includes ``src`` alone.
    """
    roots = tuple(f"{root}/" for root in layout.sources if root not in {"", "."})
    return tuple(
        file.path
        for file in layout.files
        if file.role is Role.SOURCE
        and (not roots or file.path.startswith(roots))
        and not is_generated(file.path)
    )


def _gating(project: Project) -> Iterator[Command]:
    for command in project.automation.commands:
        if command.argv[:1] in {("pyright",), ("basedpyright",)} and command.can_fail:
            yield command


def _named_config(command: Command) -> str:
    """Return the file that a command names with ``--project``; a folder means the usual one."""
    for word, following in zip(command.argv, (*command.argv[1:], ""), strict=True):
        name = following if word in {"-p", "--project"} else ""
        if word.startswith("--project="):
            name = word.partition("=")[2]
        if name.endswith((".json", ".toml")) and name != "pyproject.toml":
            return name.removeprefix("./")
    return ""


def _mode(config: PyrightConfig) -> str:
    default = "recommended" if config.fork else "standard"
    return text(config.settings.get("typeCheckingMode")) or default


def _is_strict(config: PyrightConfig) -> bool:
    return _mode(config) in (BASEDPYRIGHT_STRICT_MODES if config.fork else PYRIGHT_STRICT_MODES)


def _strictness(config: PyrightConfig, report: Reporter, *, everywhere: bool) -> Sighting:
    if _is_strict(config):
        spot = config.spot("typeCheckingMode")
        return support(NOT_STRICT, spot, f"typeCheckingMode is {_mode(config)}")
    if everywhere:
        return support(NOT_STRICT, config.spot("strict"), "`strict` covers every source file")
    partly = "; `strict` does not cover every source file" if "strict" in config.settings else ""
    where = (
        "pyproject.toml" if config.toml or not config.text else f"pyproject.toml, not {config.path}"
    )
    message = (
        f"pyright runs in mode {_mode(config)!r}{partly}: set "
        f'`typeCheckingMode = "strict"` in [tool.pyright] of {where}'
    )
    key = "typeCheckingMode" if "typeCheckingMode" in config.settings else ""
    return report.finding(NOT_STRICT, config.spot(key), message)


def _lowered(config: PyrightConfig, report: Reporter) -> Iterator[Sighting]:
    for key in weak_keys(config.settings):
        severity = Severity.WARNING if _COMMON.fullmatch(key) else Severity.ERROR
        message = (
            f"`{key}` is set below what strict mode demands: remove the line, and silence single "
            f"places with `# pyright: ignore[{key}]`"
        )
        yield report.finding(WEAKENED, config.spot(key), message, severity, symbol=key)


def weak_keys(settings: Mapping[str, object]) -> Iterator[str]:
    """Yield the settings that are below what strict mode demands."""
    for key, value in settings.items():
        off = value is False
        if (
            key in PYRIGHT_STRICT_ERRORS and (off or (isinstance(value, str) and value in _LOWER))
        ) or (key in PYRIGHT_STRICT_SWITCHES and off):
            yield key


def _environments(config: PyrightConfig, layout: Layout, report: Reporter) -> Iterator[Sighting]:
    for environment in tables(config.settings.get("executionEnvironments")):
        folder = PathPatterns((text(environment.get("root")) or ".",))
        source = any(folder.match(path) for path in source_paths(layout))
        for key in weak_keys(environment):
            severity = Severity.ERROR if source else Severity.INFO
            message = (
                f"`{key}` is lowered for the environment {text(environment.get('root')) or '.'!r}: "
                "remove the line"
            )
            spot = config.spot("executionEnvironments")
            yield report.finding(WEAKENED, spot, message, severity, symbol=key)


class _Selection(Struct, frozen=True, kw_only=True):
    """Which source files the configuration keeps from being judged."""

    config: PyrightConfig
    sources: tuple[str, ...]
    report: Reporter

    def sightings(self) -> Iterator[Sighting]:
        for key in ("include", "exclude", "ignore"):
            value = strings(self.config.settings.get(key))
            if not value:
                continue
            patterns = PathPatterns(value)
            keeps = key == "include"
            lost = [path for path in self.sources if patterns.match(path) is not keeps]
            if lost:
                spot = self.config.spot(key)
                yield self.report.finding(WEAKENED, spot, self._message(key, lost))

    def _message(self, key: str, lost: list[str]) -> str:
        return (
            f"`{key}` keeps {len(lost)} of {len(self.sources)} source files from pyright, "
            f"{lost[0]} for one: let it cover every source folder"
        )


def lowers_mode(settings: tuple[str, ...]) -> bool:
    """Tell whether a ``# pyright:`` comment with these settings lowers the mode of its file."""
    return not settings or bool({"basic", "standard", "off"} & set(settings))
