"""What the command lines of CI, and pytest's addopts, say that is measured (``--cov``, ``--source``)."""

from __future__ import annotations

from collections.abc import Iterator

from doctrine.inspect._covered import UNKNOWABLE, reaches
from doctrine.inspect._mypy_config import Unknown
from doctrine.inspect._sightings import Reporter, Sighting, Spot
from doctrine.inspect._tool_settings import setting, words_of
from doctrine.model.observation import Severity
from doctrine.model.project import Command, Project

_PYTEST = frozenset({"pytest", "py.test"})


def measured_elsewhere(project: Project, report: Reporter, rule: str) -> Iterator[Sighting]:
    """Yield the option that keeps what is shipped from being measured, where each command has one.

    Args:
        project: Where the commands are.
        report: Who reports it.
        rule: The rule that it breaks.
    """
    always = _always(project)
    measuring = [
        (one, named) for one in project.automation.commands if (named := _named(one, always))
    ]
    if not measuring or any(_reaches(project, named) for _, named in measuring):
        return
    command, named = measuring[0]
    place = command.place
    message = (
        f"`{place.detail}` measures {', '.join(named)}, where no source of the project is: name the "
        "source folder or the package"
    )
    spot = Spot(path=place.path, line=place.line)
    yield report.finding(rule, spot, message, Severity.ERROR, symbol="--cov")


def _always(project: Project) -> tuple[str, ...]:
    """Return pytest's options that every run has."""
    found = setting(project, "pytest", "addopts")
    return () if found is None or isinstance(found, Unknown) else words_of(found.value)


def _named(command: Command, always: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a command says that it measures; empty where it measures nothing.

    Without a name, coverage's configuration decides, which is looked at by itself: that is an empty one.
    """
    argv = command.argv
    if argv[:1] == ("coverage",):
        return tuple(_values(argv, ("--source",))) or ("",) if argv[1:2] == ("run",) else ()
    if argv[0] not in _PYTEST or "--no-cov" in argv:
        return ()
    return tuple(_values((*always, *argv[1:]), ("--cov",)))


def _values(words: tuple[str, ...], names: tuple[str, ...]) -> Iterator[str]:
    """Yield the values of an option; an empty one where it stands alone."""
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in names:
            following = words[at + 1] if at + 1 < len(words) else "-"
            given = value if equals else "" if following.startswith("-") else following
            yield from given.split(",")


def _reaches(project: Project, named: tuple[str, ...]) -> bool:
    return any(not one or UNKNOWABLE.search(one) or reaches(project, one) for one in named)
