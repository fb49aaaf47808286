"""What the project's own CI and hooks pass to a tool, where its configuration does not say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from doctrine.model.folders import folders_above
from doctrine.model.project import Automation, Layout, Role


def commands_of(automation: Automation, program: str) -> tuple[tuple[str, ...], ...]:
    """Return the arguments of every command that runs a program, those that can fail first."""
    ours = [one for one in automation.commands if _program(one.argv) == program]
    return tuple(one.argv[1:] for one in sorted(ours, key=lambda one: not one.can_fail))


def _program(argv: tuple[str, ...]) -> str:
    return PurePosixPath(argv[0].replace("\\", "/")).name.removesuffix(".exe") if argv else ""


def judged_version(layout: Layout, *, configured: bool) -> tuple[int, int] | None:
    """Return the Python version to check types for, where the configuration names none.

    A type checker that its project has configured takes the version of the interpreter it runs
    with: the environment's, or without one the newest that the project admits, since that is what
    people develop on. The floor would report names that guarded code rightly imports.

    Args:
        layout: The project.
        configured: Whether the project configures the type checker itself; where it does not, the
            guide's reading counts, which is the floor.

    Returns:
        The version; None where the environment's interpreter decides, or nothing says.
    """
    target = layout.target
    if not configured:
        return target.floor
    if layout.environment is not None:
        return None
    return (3, target.minors[-1]) if target.minors else target.floor


def option(arguments: Iterable[str], *names: str) -> str:
    """Return the last value of an option, in either spelling; empty when it is not given."""
    words = tuple(arguments)
    value = ""
    for index, word in enumerate(words):
        name, equals, rest = word.partition("=")
        if name in names:
            value = rest if equals else "".join(words[index + 1 : index + 2])
    return value


def positionals(arguments: Iterable[str], valued: frozenset[str]) -> Iterator[str]:
    """Yield what is no option and no option's value.

    Args:
        arguments: Words after the program.
        valued: Options whose value is the next word.
    """
    skip = plain = False
    for word in arguments:
        if skip:
            skip = False
        elif plain or not word.startswith("-"):
            yield word
        elif word == "--":
            plain = True
        else:
            skip = word in valued


def existing(paths: Iterable[str], layout: Layout) -> tuple[str, ...]:
    """Return the paths at or below which the project has Python files, normalised, in order."""
    known = _places(layout)
    normal = (PurePosixPath(path.replace("\\", "/")).as_posix() for path in paths if path)
    return tuple(dict.fromkeys(path for path in normal if path in known))


def _places(layout: Layout) -> frozenset[str]:
    """Every Python file and every folder above one, the root included."""
    paths = tuple(file.path for file in layout.files)
    return frozenset({".", *paths, *folders_above(paths)})


def below(path: str, folders: Iterable[str]) -> bool:
    """Return whether a path is one of the folders, or below one."""
    return any(folder in {".", path} or path.startswith(f"{folder}/") for folder in folders)


def source_targets(layout: Layout) -> tuple[str, ...]:
    """Return the folders and files to give to a tool that nothing tells what to check.

    Import roots, and in place of the project's own folder what lies in it: a tool that walks all
    of it would stumble over examples and scripts whose names are not unique.
    """
    roots = tuple(root for root in layout.sources if root != ".")
    sources = tuple(file.path for file in layout.files if file.role is Role.SOURCE)
    used = (root for root in roots if any(below(path, (root,)) for path in sources))
    outside = (path.partition("/")[0] for path in sources if not below(path, roots))
    return _outermost(dict.fromkeys((*used, *outside)))


def _outermost(paths: Collection[str]) -> tuple[str, ...]:
    """Leave out what lies below another one: mypy would find each module twice, and stop."""
    return tuple(path for path in paths if not below(path, (one for one in paths if one != path)))
