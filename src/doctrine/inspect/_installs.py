"""Commands that install the project's packages with something other than uv."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from doctrine.inspect._ini import parse_ini
from doctrine.inspect._paths import is_specimen, name_of
from doctrine.inspect._shell import ShellCommand, plain_argv, shell_commands
from doctrine.inspect._sightings import Spot
from doctrine.model.observation import Severity
from doctrine.model.project import Project

_SHELL_FILE = re.compile(
    r"(?:Dockerfile|Containerfile)[^/]*$|\.dockerfile$|(?:GNU)?[Mm]akefile$|\.mk$"
    r"|\.?[Jj]ustfile$|\.just$|\.sh$|\.bash$|(?:^|/)(?:scripts?|bin|ci)/[^/.]+$"
)
_PROSE = re.compile(r"(?:CONTRIBUTING|DEVELOP\w*|HACKING)[^/]*\.(?:md|rst|txt)$", re.IGNORECASE)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_TOX_COMMANDS = ("commands_pre", "commands", "commands_post", "install_command")
_NOX_RUN = re.compile(r"session\.run(?:_always|_install)?\(([^()]*)\)")
_QUOTED = re.compile(r"""["']([^"'\n]+)["']""")

_BOOTSTRAP = frozenset({"uv", "pip", "setuptools", "wheel", "tox-uv", "nox-uv"})
_MANAGERS = {
    "poetry": frozenset({"install", "sync", "add", "remove", "update", "lock", "export", "run"}),
    "pdm": frozenset({"install", "sync", "add", "remove", "update", "lock", "export", "run"}),
    "pipenv": frozenset({"install", "sync", "lock", "update", "run", "requirements"}),
    "conda": frozenset({"install", "create", "env", "update"}),
    "mamba": frozenset({"install", "create", "env", "update"}),
    "micromamba": frozenset({"install", "create", "env", "update"}),
    "rye": frozenset({"sync", "add", "lock", "run"}),
    "pixi": frozenset({"install", "add", "run", "lock"}),
}
_ALWAYS = frozenset({"pip-compile", "pip-sync", "easy_install"})
_VALUED = frozenset(
    {"-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-t", "--target",
     "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--prefix", "--root",
     "--python-version", "--platform", "--cache-dir", "--trusted-host", "--proxy"}
)  # fmt: skip


class Install(Struct, frozen=True, kw_only=True):
    """A command that installs, and how much it weighs.

    Attributes:
        spot: Where it is written.
        command: The command, shortened for people.
        severity: INFO where it does no more than install a tool or a built artifact.
    """

    spot: Spot
    command: str
    severity: Severity


def foreign_installs(project: Project) -> Iterator[Install]:
    """Yield installing commands of the files that people run by hand, and of automation.

    What a file says counts as it is written there: automation runs a recipe once for each value
    that a caller gives its variables, and that is one command to mend.
    """
    written = tuple(_installs(_written(project), project.layout.name))
    yield from written
    places = {one.spot for one in written}
    for one in _installs(_run(project), project.layout.name):
        if one.spot not in places:
            yield one


def _installs(commands: Iterable[tuple[Spot, tuple[str, ...]]], own: str) -> Iterator[Install]:
    installs: dict[tuple[Spot, str], Install] = {}
    for spot, argv in commands:
        severity = weigh(argv, own=own)
        if severity is not None:
            install = Install(spot=spot, command=_shortened(argv), severity=severity)
            installs.setdefault((spot, install.command), install)
    yield from installs.values()


def scanned_files(project: Project) -> Iterator[str]:
    """Yield the paths whose commands are read."""
    for path in project.texts:
        known = name_of(path) in {"tox.ini", "noxfile.py"}
        if not is_specimen(path) and (known or _SHELL_FILE.search(path) or _PROSE.search(path)):
            yield path


def weigh(argv: tuple[str, ...], *, own: str) -> Severity | None:
    """Return how much an installing command weighs, or None when uv's rule allows it.

    Args:
        argv: The command, launchers stripped.
        own: Name of the project: installing it by name is what its users do.
    """
    program, rest = (argv[0], argv[1:]) if argv else ("", ())
    match program, _positional(rest):
        case "pip", ["install", *_]:
            return _pip_weight(rest, own)
        case "pipx", ["install", wanted, *_]:
            return None if _name(wanted) in _BOOTSTRAP else Severity.INFO
        case "python", ["setup.py", *tasks]:
            return Severity.ERROR if {"install", "develop"} & set(tasks) else None
        case manager, [task, *_] if task in _MANAGERS.get(manager, ()):
            return Severity.ERROR
        case _:
            return Severity.ERROR if program in _ALWAYS else None


def _positional(rest: tuple[str, ...]) -> list[str]:
    return [word for word in rest if not word.startswith("-")]


def _pip_weight(rest: tuple[str, ...], own: str) -> Severity | None:
    if any(_installs_project(word) for word in rest):
        return Severity.ERROR
    wanted = set(_requirements(rest))
    names = {_name(word) for word in wanted}
    if "uv" in names and names <= _BOOTSTRAP:
        return None
    if names <= _BOOTSTRAP or any(word.endswith((".whl", ".tar.gz")) for word in wanted):
        return Severity.INFO
    return None if names <= {_name(own), *_BOOTSTRAP} else Severity.ERROR


def _installs_project(word: str) -> bool:
    option = word.partition("=")[0]
    glued = word[:2] in {"-r", "-e"} and not word.startswith("--")
    return option in {"--requirement", "--editable", "--group"} or glued or _is_folder(word)


def _is_folder(word: str) -> bool:
    return word in {".", "./"} or word.startswith((".[", "./["))


def _requirements(rest: tuple[str, ...]) -> Iterator[str]:
    skip = False
    for word in rest:
        if not skip and not word.startswith("-") and word != "install":
            yield word
        skip = not skip and word in _VALUED


def _name(word: str) -> str:
    bare = re.split(r"[\[<>=!~@;\s]", word, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", bare).lower()


def _shortened(argv: tuple[str, ...]) -> str:
    text = " ".join(argv)
    return text if len(text) <= 80 else text[:77] + "..."  # noqa: PLR2004 - one line of a report


def _run(project: Project) -> Iterator[tuple[Spot, tuple[str, ...]]]:
    for run in project.automation.commands:
        yield Spot(path=run.place.path, line=run.place.line), plain_argv(run.argv)


def _written(project: Project) -> Iterator[tuple[Spot, tuple[str, ...]]]:
    for path in scanned_files(project):
        for command in _in_file(path, project.texts[path]):
            yield Spot(path=path, line=command.line), command.argv


def _in_file(path: str, source: str) -> Iterable[ShellCommand]:
    if name_of(path) == "tox.ini":
        return _in_tox(source)
    if name_of(path) == "noxfile.py":
        return _in_nox(source)
    return shell_commands(_fenced(source) if _PROSE.search(path) else source)


def _fenced(source: str) -> str:
    """Return the fenced blocks, every other line emptied so that numbers stay true."""
    inside = False
    kept: list[str] = []
    for line in source.splitlines():
        fence = bool(_FENCE.match(line))
        inside = inside != fence
        kept.append(line.removeprefix("$ ") if inside and not fence else "")
    return "\n".join(kept)


def _in_tox(source: str) -> Iterator[ShellCommand]:
    for section in parse_ini(source).values():
        for key in _TOX_COMMANDS:
            if value := section.options.get(key):
                for command in shell_commands(value.text):
                    yield ShellCommand(argv=command.argv, line=value.line)


def _in_nox(source: str) -> Iterator[ShellCommand]:
    for call in _NOX_RUN.finditer(source):
        argv = plain_argv(tuple(_QUOTED.findall(call.group(1))))
        yield ShellCommand(argv=argv, line=source.count("\n", 0, call.start()) + 1)
