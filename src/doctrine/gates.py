"""Which command of CI or a hook makes a build fail on what a clause forbids."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct
from packaging.utils import canonicalize_name

from doctrine.model.guide import GatePattern
from doctrine.model.installing import words_to_install
from doctrine.model.observation import Evidence
from doctrine.model.project import Command, CommandKind

Argv = tuple[str, ...]

_ONLY_TELLS = frozenset({"--help", "-h", "--version", "-V"})
_SHOWN = 5

_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?(?:\s*[=<>!~@].*)?")

_DISTRIBUTIONS: Mapping[str, str] = {
    "py.test": "pytest",
    "dmypy": "mypy",
    "coverage3": "coverage",
    "detect-secrets-hook": "detect-secrets",
}
"""Distributions whose programs have another name."""


class GateKind(StrEnum):
    """Whether a gate is there."""

    HOLDS = "holds"
    DEFUSED = "defused"
    """Something like it runs, but it cannot fail or does not check."""
    ABSENT = "absent"


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked of a gate beside its command.

    Attributes:
        ci_only: Whether a hook on a developer's machine is not enough.
        on_change: Whether it has to run for changes, and not only at a release or by the clock.
        settled: Whether what only a run can tell must not decide whether it runs.
    """

    ci_only: bool = False
    on_change: bool = False
    settled: bool = True


_ANY = Asked()


class GateMatch(Struct, frozen=True, kw_only=True):
    """What was found of a gate.

    Attributes:
        kind: Whether it is there.
        command: The command that is or nearly is the gate.
        pattern: The pattern that it is judged by.
        evidence: Where it stands, outermost way there in the detail.
        detail: One sentence: what runs where, or what is missing.
    """

    kind: GateKind
    command: Command | None
    pattern: GatePattern | None
    evidence: tuple[Evidence, ...]
    detail: str


def match(
    patterns: tuple[GatePattern, ...], commands: tuple[Command, ...], asked: Asked = _ANY
) -> GateMatch:
    """Return the best that the commands offer for a gate.

    Args:
        patterns: Shapes of the command, the preferred one first.
        commands: Everything that CI and hooks run.
        asked: What else is asked of it.
    """
    near: list[tuple[Command, GatePattern, str]] = []
    for pattern in patterns:
        holding: list[Command] = []
        for command in commands:
            if not _is_about(pattern, command.argv):
                continue
            if reason := _shortfall(pattern, command, asked):
                near.append((command, pattern, reason))
            else:
                holding.append(command)
        if holding:
            return _holds(pattern, holding)
    if near:
        return _defused(near)
    return GateMatch(
        kind=GateKind.ABSENT,
        command=None,
        pattern=patterns[0] if patterns else None,
        evidence=(),
        detail=_absent(patterns),
    )


def _is_about(pattern: GatePattern, argv: Argv) -> bool:
    """Whether a command is the pattern's program with one of its subcommands."""
    if not argv or argv[0] != pattern.program:
        return False
    return not pattern.subcommands or subcommand(argv, pattern.subcommands) != ""


def subcommand(argv: Argv, names: tuple[str, ...]) -> str:
    """Return the subcommand of a command if it is one of some names, else an empty string.

    A word after an option may be the option's value, so the search goes on behind it.
    """
    after_option = False
    for word in argv[1:]:
        if word.startswith("-"):
            after_option = "=" not in word
            continue
        if word in names:
            return word
        if not after_option:
            return ""
        after_option = False
    return ""


def _shortfall(pattern: GatePattern, command: Command, asked: Asked) -> str:
    """Return why a command is no gate; empty when it is one."""
    words = command.argv[1:]
    if forbidden := _first_present(pattern.forbids, words):
        return f"`{forbidden}` keeps it from failing on findings"
    if telling := next((word for word in words if word in _ONLY_TELLS), ""):
        return f"with `{telling}` it checks nothing"
    if missing := _missing(pattern, words):
        return f"it needs {missing}"
    return _powerless(pattern, command, asked)


def _missing(pattern: GatePattern, words: Argv) -> str:
    """Return what a command lacks of the options it needs, of a choice the first two."""
    for one in pattern.needs_all:
        if not _present(one, words):
            return f"`{one}`"
    if not pattern.needs_any or _first_present(pattern.needs_any, words):
        return ""
    return " or ".join(f"`{one}`" for one in pattern.needs_any[:2])


def _powerless(pattern: GatePattern, command: Command, asked: Asked) -> str:
    """Return why a command that has the right options still stops nothing."""
    if rewriting := _rewriting(pattern, command):
        return _repairs(rewriting)
    if not command.can_fail:
        return command.why_not or "its failure does not fail the run"
    if asked.ci_only and command.kind is CommandKind.HOOK:
        return "it only runs as a hook on developers' machines"
    if asked.on_change and command.late:
        return command.late
    return command.perhaps if asked.settled else ""


def _rewriting(pattern: GatePattern, command: Command) -> str:
    """Return the option by which a command repairs where it should fail; empty if none does."""
    words = command.argv[1:]
    if command.rewrites_fail or _first_present(pattern.rewrites_unless, words):
        return ""
    return _first_present(pattern.rewrites, words)


def _repairs(option: str) -> str:
    if option.startswith("-"):
        return f"it runs only with `{option}`, which exits 0 after repairing"
    return "it rewrites the files and exits 0"


def _first_present(options: tuple[str, ...], words: Argv) -> str:
    return next((one for one in options if _present(one, words)), "")


def _present(option: str, words: Argv) -> bool:
    """Whether a command has an option; a pattern with ``=`` asks for the value as well."""
    name, equals, value = option.partition("=")
    if not equals:
        return any(word == option or word.startswith(f"{option}=") for word in words)
    return any(value in {given, *given.split(",")} for given in option_values(words, (name,)))


def option_values(words: Argv, names: Collection[str]) -> Iterator[str]:
    """Yield the values of an option, each time it is given.

    Args:
        words: Arguments.
        names: Names of the option; a value may follow as the next word, after ``=``, or right behind
            one letter (``-n4``).
    """
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if word in names:
            yield words[at + 1] if at + 1 < len(words) else ""
        elif equals and name in names:
            yield value
        elif not word.startswith("--") and word[:2] in names and (glued := word[2:]):
            yield glued


def option_value(argv: Argv, names: tuple[str, ...]) -> str | None:
    """Return the last value of an option, None when it is not given.

    Args:
        argv: Program and arguments.
        names: Names of the option, such as ``("-n", "--numprocesses")``; a value may follow as
            the next word, after ``=``, or right behind one letter (``-n4``).
    """
    values = tuple(option_values(argv[1:], names))
    return values[-1] if values else None


def has_option(argv: Argv, *names: str) -> bool:
    """Return whether an option is given, with a value or without."""
    return any(_present(name, argv[1:]) for name in names)


def pytest_commands(commands: tuple[Command, ...]) -> tuple[Command, ...]:
    """Return the commands that run pytest and so would run the tests."""
    idle = {*_ONLY_TELLS, "--collect-only", "--collectonly", "--co", "--fixtures", "--markers"}
    return tuple(
        command
        for command in commands
        if command.argv[:1] in {("pytest",), ("py.test",)} and not idle & set(command.argv)
    )


def _holds(pattern: GatePattern, holding: list[Command]) -> GateMatch:
    # stable: CI first, and of that what always runs
    holding.sort(key=lambda one: (one.kind is not CommandKind.CI, one.excused != ""))
    best = holding[0]
    note = f" ({pattern.note})" if pattern.note else ""
    excuse = f", though {best.excused}" if best.excused else ""
    where = "CI runs" if best.kind is CommandKind.CI else "a hook runs"
    return GateMatch(
        kind=GateKind.HOLDS,
        command=best,
        pattern=pattern,
        evidence=tuple(_place(one) for one in holding[:_SHOWN]),
        detail=f"{where} `{best.place.detail}`{note}{_way(best)}{excuse}",
    )


def _defused(near: list[tuple[Command, GatePattern, str]]) -> GateMatch:
    command, pattern, reason = near[0]
    where = f"{command.place.path}:{command.place.line}"
    return GateMatch(
        kind=GateKind.DEFUSED,
        command=command,
        pattern=pattern,
        evidence=tuple(_place(one) for one, _, _ in near[:_SHOWN]),
        detail=f"`{command.place.detail}` at {where} is no gate: {reason}",
    )


def _place(command: Command) -> Evidence:
    place = command.place
    return Evidence(path=place.path, line=place.line, detail=f"`{place.detail}`{_way(command)}")


def _way(command: Command) -> str:
    return f" through {' > '.join(command.via)}" if command.via else ""


def _absent(patterns: tuple[GatePattern, ...]) -> str:
    shown = [" ".join((one.program, *one.subcommands[:1])) for one in patterns]
    names = " or ".join(f"`{name}`" for name in dict.fromkeys(shown[:1]))
    return f"neither CI nor a hook runs {names or 'it'}"


def brings(distributions: tuple[str, ...], commands: tuple[Command, ...]) -> tuple[Evidence, ...]:
    """Return where CI or a hook installs one of the distributions by itself, or by name.

    Args:
        distributions: Normalised distribution names.
        commands: Everything that CI and hooks run.
    """
    wanted = frozenset(distributions)
    found: dict[tuple[str, int], Evidence] = {}
    for command in commands:
        own = distribution_of(command.argv[0]) if command.argv and command.brings_tool else ""
        if own in wanted or wanted & {*command.provides, *_installed(command.argv)}:
            place = command.place
            found.setdefault((place.path, place.line), _place(command))
    return tuple(found.values())


def _installed(argv: Argv) -> Iterator[str]:
    """Yield the distributions that an installer is told to install by their names."""
    for word in words_to_install(argv):
        if (found := _REQUIREMENT.fullmatch(word)) is not None:
            yield canonicalize_name(found[1])


def distribution_of(program: str) -> str:
    """Return the normalised distribution that a program usually comes from."""
    return _DISTRIBUTIONS.get(program, re.sub(r"[-_.]+", "-", program).lower())
