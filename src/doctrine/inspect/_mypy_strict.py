"""Is mypy strict, and does nothing take back what strict mode gives?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from doctrine.documents import tables, text
from doctrine.inspect._first_party import FirstParty, Reach
from doctrine.inspect._mypy_config import MypyConfig, MypySection, Unknown, mypy_config
from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, support, undecided
from doctrine.inspect._strict_sets import MYPY_ALIASES, MYPY_STRICT
from doctrine.model.observation import Severity
from doctrine.model.project import Command, Project

NOT_STRICT, WEAKENED = "mypy-not-strict", "mypy-weakened"
HARMLESS_CODES = frozenset({"import-not-found", "import-untyped", "import"})
_SHOWN_FLAGS = 3
_OVERRIDES_CAN_BE_STRICT = 2  # major version of mypy in which `strict` works in an override


def mypy_sightings(project: Project, modules: FirstParty, report: Reporter) -> Iterator[Sighting]:
    """Yield what speaks for and against mypy's strict mode."""
    commands = tuple(_gating(project))
    config = mypy_config(project, next((name for name in map(_named_config, commands) if name), ""))
    if isinstance(config, Unknown):
        yield from undecided((NOT_STRICT, WEAKENED), config.reason)
        return
    yield _Strictness(project=project, config=config, commands=commands).sighting(modules, report)
    yield from _top(config, commands, report)
    yield from _overrides(config, modules, report)
    yield from _options(commands, report)


def _gating(project: Project) -> Iterator[Command]:
    for command in project.automation.commands:
        if command.argv[:1] in {("mypy",), ("dmypy",)} and command.can_fail:
            yield command


def _named_config(command: Command) -> str:
    """Return the file that a command names with ``--config-file``."""
    for word, following in zip(command.argv, (*command.argv[1:], ""), strict=True):
        if word == "--config-file":
            return following.removeprefix("./")
        if word.startswith("--config-file="):
            return word.partition("=")[2].removeprefix("./")
    return ""


class _Strictness(Struct, frozen=True, kw_only=True):
    project: Project
    config: MypyConfig
    commands: tuple[Command, ...]

    def sighting(self, modules: FirstParty, report: Reporter) -> Sighting:
        """Return whether strict mode is on, by whatever way."""
        top = self.config.top
        lacking = [name for name in MYPY_STRICT if not top.is_on(name)]
        if proof := self._configured(lacking, modules):
            return proof
        lax = [command for command in self.commands if not _makes_strict(command, lacking)]
        if self.commands and not lax:
            place = self.commands[0].place
            strict = Spot(path=place.path, line=place.line)
            return support(NOT_STRICT, strict, "every gating command is strict")
        if self.project.automation.unread and not self.commands:
            path, reason = min(self.project.automation.unread.items())
            why = f"{path} could not be followed ({reason}), and it may run `mypy --strict`"
            return Undecided(rule=NOT_STRICT, reason=why)
        spot = Spot(path=self.config.path, line=top.line)
        return report.finding(NOT_STRICT, spot, self._message(lacking, lax))

    def _configured(self, lacking: list[str], modules: FirstParty) -> Sighting | None:
        """Return the place in the configuration that makes mypy strict, if there is one."""
        path, top = self.config.path, self.config.top
        if top.is_on("strict"):
            spot = Spot(path=path, line=top.settings["strict"].line)
            return support(NOT_STRICT, spot, "`strict` is on")
        if not lacking:
            spot = Spot(path=path, line=top.line)
            return support(NOT_STRICT, spot, "every flag of strict mode is on")
        if override := self._strict_override(modules):
            spot = Spot(path=path, line=override.line)
            return support(NOT_STRICT, spot, "an override makes all first-party modules strict")
        return None

    def _message(self, lacking: list[str], lax: list[Command]) -> str:
        remedy = "set `strict = true` in [tool.mypy] of pyproject.toml"
        if lax and len(lax) < len(self.commands):
            place = lax[0].place
            return f"mypy runs without `--strict` at {place.path}:{place.line}: {remedy}"
        shown = ", ".join(lacking[:_SHOWN_FLAGS])
        more = f" and {len(lacking) - _SHOWN_FLAGS} more" if len(lacking) > _SHOWN_FLAGS else ""
        return f"mypy's strict mode is off ({shown}{more} are not set): {remedy}"

    def _strict_override(self, modules: FirstParty) -> MypySection | None:
        if _major_version(self.project) < _OVERRIDES_CAN_BE_STRICT:
            return None
        for override in self.config.overrides:
            if override.is_on("strict") and modules.covered_by(override.patterns):
                return override
        return None


def _makes_strict(command: Command, lacking: list[str]) -> bool:
    options = {word.removeprefix("--").replace("-", "_") for word in command.argv}
    return "strict" in options or options.issuperset(lacking)


def _major_version(project: Project) -> int:
    environment = project.layout.environment
    version = environment.packages.get("mypy", "") if environment else ""
    packages = (
        tables(project.lock.data.get("package")) if project.lock and project.lock.data else ()
    )
    for package in packages:
        if not version and package.get("name") == "mypy":
            version = text(package.get("version"))
    major = re.match(r"\d{1,4}", version)
    return int(major.group()) if major else 0


def _top(config: MypyConfig, commands: tuple[Command, ...], report: Reporter) -> Iterator[Sighting]:
    section = config.top
    overruled = bool(commands) and all("--strict" in command.argv for command in commands)
    if section.is_on("strict") and not overruled:
        yield from _flags_off(config, section, Severity.ERROR, report, "for every module")
    yield from _silenced(config, section, Severity.ERROR, report, "for every module")
    quiet = section.settings.get("follow_imports")
    if quiet and quiet.items == ("silent",):
        spot = Spot(path=config.path, line=quiet.line)
        message = "`follow_imports = silent` hides errors in modules that are only imported"
        yield report.advice(WEAKENED, spot, f"{message}: remove it, or check every source folder")


def _overrides(config: MypyConfig, modules: FirstParty, report: Reporter) -> Iterator[Sighting]:
    for section in config.overrides:
        reached = {modules.reach(pattern) for pattern in section.patterns}
        if Reach.SOURCE in reached:
            severity = Severity.ERROR
        elif Reach.TESTS in reached:
            severity = Severity.INFO
        else:
            continue  # other people's modules are not the project's to mend
        where = "for " + ", ".join(section.patterns[:_SHOWN_FLAGS])
        yield from _flags_off(config, section, severity, report, where)
        yield from _silenced(config, section, severity, report, where)


def _flags_off(
    config: MypyConfig, section: MypySection, severity: Severity, report: Reporter, where: str
) -> Iterator[Sighting]:
    for name, setting in section.flags().items():
        needed = name in MYPY_STRICT or (name == "strict" and bool(section.patterns))
        if needed and setting.switch is False:
            spot = Spot(path=config.path, line=setting.line)
            message = f"`{name}` is switched off {where}, which strict mode needs: remove the line"
            yield report.finding(WEAKENED, spot, message, severity, symbol=name)


def _silenced(
    config: MypyConfig, section: MypySection, severity: Severity, report: Reporter, where: str
) -> Iterator[Sighting]:
    for name, setting in section.settings.items():
        level, what = severity, ""
        if name == "ignore_errors" and setting.switch:
            what = "`ignore_errors` hides every error"
        elif name == "follow_imports" and setting.items == ("skip",):
            what = "`follow_imports = skip` turns imported modules into Any"
        elif name == "disable_error_code" and setting.items:
            what = f"error codes {', '.join(setting.items)} are disabled"
            level = Severity.INFO if HARMLESS_CODES.issuperset(setting.items) else severity
        if what:
            spot = Spot(path=config.path, line=setting.line)
            message = f"{what} {where}: remove the line and mend or narrow what it hides"
            yield report.finding(WEAKENED, spot, message, level, symbol=name)


def _options(commands: tuple[Command, ...], report: Reporter) -> Iterator[Sighting]:
    for command in commands:
        for word in command.argv[1:]:
            if _weakens(word):
                spot = Spot(path=command.place.path, line=command.place.line)
                message = f"the gate runs mypy with `{word}`, which takes back strictness: drop it"
                yield report.finding(WEAKENED, spot, message, symbol=word)


def _weakens(word: str) -> bool:
    option, _, value = word.partition("=")
    if option == "--disable-error-code":
        return not (value and HARMLESS_CODES.issuperset(value.split(",")))
    if word == "--follow-imports=skip":
        return True
    name = option.removeprefix("--").replace("-", "_")
    return option.startswith("--") and MYPY_ALIASES.get(name, ("", True))[1] is False
