"""Tasks that projects keep in TOML, and what their runners run: poe, pdm, rye, pixi, pipenv."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import cast

from msgspec import Struct, field

from doctrine.documents import line_of, parse_toml, strings, table, text
from doctrine.errors import ConfigError
from doctrine.model.project import TomlFile
from doctrine.model.replacing import replace
from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._options import parse_arguments
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._walk import Frame, Walk

Keys = tuple[str, ...]

_DEEPEST = 5
_PLACES = 3


class Tasks(Struct, frozen=True, kw_only=True):
    """A table of tasks.

    Attributes:
        file: The file that has it.
        keys: Where in the file it is.
        runner: The command that runs a task, without the task.
        instead: Tasks that are others here than in the table, by name.
    """

    file: TomlFile
    keys: Keys
    runner: str
    instead: Mapping[str, object] = field(default_factory=dict[str, object])

    def has(self, name: str) -> bool:
        """Whether the table has a task of this name."""
        return name in self.instead or name in table(self.file.data, *self.keys)

    def value(self, name: str) -> object:
        """Return what the table says of a task."""
        return self.instead.get(name, table(self.file.data, *self.keys).get(name))


def toml_at(walk: Walk, frame: Frame, name: str = "pyproject.toml") -> TomlFile | None:
    """Return a TOML file of the folder that a command runs in."""
    found = walk.first_text(frame.cwd, name)
    if found is None:
        return None
    path, source = found
    if walk.pyproject is not None and path == walk.pyproject.path:
        return walk.pyproject
    try:
        return parse_toml(path, source)
    except ConfigError as error:
        walk.note(path, error.reason)
        return None


def follow_task(walk: Walk, tasks: Tasks, name: str, args: Argv, frame: Frame) -> bool:
    """Follow a task; False when the table has none of that name."""
    if not tasks.has(name):
        return False
    key = f"{tasks.file.path}:{'.'.join(tasks.keys)}:{name}"
    if key in frame.active or not walk.step(tasks.file.path):
        return True
    label = f"{tasks.runner} {name}"
    inner = replace(frame.into(tasks.file.path, label), active=frame.active | {key})
    inner = replace(inner, why_not=inner.why_not or _ignored(tasks.value(name)))
    line = line_of(tasks.file, (*tasks.keys, name))
    for command in _commands(tasks.value(name)):
        place = line_of(tasks.file, (*tasks.keys, name), command.text) or line
        _one(walk, tasks, command, args, replace(inner, line=place))
    return True


def _ignored(task: object) -> str:
    """Return why the failure of a task of poe fails nothing; empty where it does."""
    ignored = table(task).get("ignore_fail")
    return "`ignore_fail` accepts a failure" if ignored in {True, "return_zero"} else ""


def referred(tasks: Tasks, name: str) -> frozenset[str]:
    """Return a task and the others that it refers to, one through the other."""
    reached: set[str] = set()
    pending = [name]
    while pending:
        one = pending.pop()
        if one not in reached and tasks.has(one):
            reached.add(one)
            pending.extend(entry.text.split(None, 1)[0] for entry in _commands(tasks.value(one))
                           if entry.text.strip())  # fmt: skip
    return frozenset(reached)


class _Entry(Struct, frozen=True, kw_only=True):
    """A command of a task, or the name of another task."""

    text: str
    reference: bool = False


def _commands(value: object, depth: int = 0) -> Iterator[_Entry]:
    """Yield the commands of a task in any of the shapes that the runners know."""
    if isinstance(value, str):
        yield _Entry(text=value)
    elif isinstance(value, list) and depth < _DEEPEST:
        for one in cast("list[object]", value):
            yield from (
                _Entry(text=entry.text, reference=isinstance(one, str) or entry.reference)
                for entry in _commands(one, depth + 1)
            )
    elif isinstance(value, dict):
        yield from _of_table(cast("dict[str, object]", value), depth)


def _of_table(entry: Mapping[str, object], depth: int) -> Iterator[_Entry]:
    for key in ("deps", "depends-on", "depends_on", "uses"):
        for name in strings(entry.get(key)):
            yield _Entry(text=name, reference=True)
    for key in ("cmd", "shell"):
        value = entry.get(key)
        words = strings(value)
        if isinstance(value, str):
            yield _Entry(text=value)
        elif words:
            yield _Entry(text=shlex.join(words))
    for key in ("composite", "chain", "sequence", "all", "parallel"):
        if key in entry and depth < _DEEPEST:
            yield from _commands(entry[key], depth + 1)
    if reference := text(entry.get("ref")):
        yield _Entry(text=reference, reference=True)


def _one(walk: Walk, tasks: Tasks, command: _Entry, args: Argv, frame: Frame) -> None:
    source = command.text.removeprefix("- ")
    if source != command.text:
        frame = replace(frame, why_not=frame.why_not or "`- ` makes the runner ignore a failure")
    first, *rest = source.split() or [""]
    own = tasks.runner.startswith(("hatch", "pdm"))  # their scripts may begin with another's name
    if (command.reference or own) and follow_task(walk, tasks, first, tuple(rest), frame):
        return
    if args and "{args" not in source and not tasks.runner.startswith("hatch"):
        source = f"{source} {shlex.join(args)}"
    source = _filled(source, shlex.join(args))
    walk.script(source, Shell(errexit=True), frame, lambda _line, _argv: frame.line)


def _filled(source: str, args: str) -> str:
    """Put the arguments where a task asks for them: ``{args}``, and ``{args:default}``."""
    source = source.replace("{args}", args)
    for _ in range(_PLACES):
        start = source.find("{args:")
        end = source.find("}", start)
        if start < 0 or end < 0:
            break
        default = source[start + len("{args:") : end]
        source = source[:start] + (args or default) + source[end + 1 :]
    return source


def follow_poe(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``poe TASK``."""
    file = toml_at(walk, frame)
    words = parse_arguments(argv[1:], frozenset({"-C", "--directory"})).words
    if file is None or not words:
        return False
    tasks = Tasks(file=file, keys=("tool", "poe", "tasks"), runner="poe")
    return follow_task(walk, tasks, words[0], words[1:], frame)


def follow_pdm(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``pdm run SCRIPT`` and ``pdm SCRIPT``."""
    return _shortcut(walk, argv, frame, ("tool", "pdm", "scripts"), "pdm")


def follow_rye(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``rye run SCRIPT``."""
    return _shortcut(walk, argv, frame, ("tool", "rye", "scripts"), "rye")


def follow_pixi(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``pixi run TASK``."""
    return _shortcut(walk, argv, frame, ("tool", "pixi", "tasks"), "pixi")


def _shortcut(walk: Walk, argv: Argv, frame: Frame, keys: Keys, runner: str) -> bool:
    file = toml_at(walk, frame)
    words = argv[1:]
    while words[:1] == ("run",) or (words and words[0].startswith("-")):
        words = words[1:]
    if file is None or not words:
        return False
    return follow_task(walk, Tasks(file=file, keys=keys, runner=runner), words[0], words[1:], frame)


def follow_pipenv(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``pipenv run SCRIPT``."""
    file = toml_at(walk, frame, "Pipfile")
    if file is None or argv[1:2] != ("run",) or not argv[2:]:
        return False
    return follow_task(walk, Tasks(file=file, keys=("scripts",), runner="pipenv run"), argv[2],
                   argv[3:], frame)  # fmt: skip
