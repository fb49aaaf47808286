"""What ``just`` and ``task`` run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from doctrine.model.replacing import replace
from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._options import parse_arguments
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._source_lines import lines_of
from doctrine.project.automation._walk import Frame, Walk, joined
from doctrine.project.automation._yaml import Node, YamlError, parse_yaml

_VALUED = frozenset({"-f", "--justfile", "-d", "--working-directory", "--set", "--shell", "-t",
                     "--taskfile", "--dir"})  # fmt: skip
_RECIPE = re.compile(r"^@?(?P<name>[A-Za-z_][\w-]*)(?P<params>[^:]*):(?!=)(?P<needs>[^#]*)")
_SETTING = re.compile(r"^(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(.*)$")
_ALIAS = re.compile(r"^alias\s+([\w-]+)\s*:=\s*([\w-]+)")
_FILLED = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


class _Recipe(Struct):
    line: int
    needs: tuple[str, ...]
    parameters: dict[str, str] = field(default_factory=dict[str, str])
    rows: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


class _Justfile:
    def __init__(self, source: str) -> None:
        self.recipes: dict[str, _Recipe] = {}
        self.values: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        current: _Recipe | None = None
        for number, raw in enumerate(source.splitlines(), start=1):
            if raw[:1] in {" ", "\t"} and current is not None:
                current.rows.append((number, raw.strip()))
            elif raw.strip() and not raw.startswith(("#", "[")):
                current = self._line(number, raw)

    def _line(self, number: int, raw: str) -> _Recipe | None:
        if found := _ALIAS.match(raw):
            self.aliases[found[1]] = found[2]
        elif found := _SETTING.match(raw):
            self.values[found[1]] = found[2].strip().strip("\"'")
        elif found := _RECIPE.match(raw):
            needs = re.findall(r"\(?([A-Za-z_][\w-]*)[^()\s]*[^()]*?\)?(?:\s|$|&&)", found["needs"])
            recipe = _Recipe(line=number, needs=tuple(needs))
            for one in found["params"].split():
                name, _, default = one.lstrip("*+$").partition("=")
                recipe.parameters[name] = default.strip("\"'")
            self.recipes[found["name"]] = recipe
            return recipe
        return None


def follow_just(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``just RECIPE``."""
    parsed = parse_arguments(argv[1:], _VALUED)
    given = parsed.values("-f", "--justfile")
    found = walk.first_text(frame.cwd, *(given or ("justfile", ".justfile", "Justfile")))
    if found is None or parsed.has("--list", "-l", "--dry-run", "-n", "--version", "--summary"):
        return False
    path, source = found
    file = _Justfile(source)
    name = parsed.words[0] if parsed.words else next(iter(file.recipes), "")
    name = file.aliases.get(name, name)
    if name not in file.recipes:
        walk.note(path, f"it has no recipe `{name}`, which is asked for")
        return False
    inner = replace(frame.into(path, " ".join(argv)), cwd=joined("", path.rpartition("/")[0]))
    _build(walk, file, name, parsed.words[1:], inner)
    return True


def _build(walk: Walk, file: _Justfile, name: str, args: Argv, frame: Frame) -> None:
    key = f"just:{frame.path}:{name}"
    recipe = file.recipes.get(name)
    if recipe is None or key in frame.active or not walk.step(frame.path):
        return
    frame = replace(frame, active=frame.active | {key})
    for need in recipe.needs:
        _build(walk, file, need, (), frame)
    values = {
        **file.values,
        **recipe.parameters,
        **dict(zip(recipe.parameters, args, strict=False)),
    }
    rows = [(number, _filled(text, values)) for number, text in recipe.rows]
    if rows and rows[0][1].startswith("#!"):
        _whole(walk, rows, args, frame)
        return
    for number, text in _joined_rows(rows):
        _row(walk, number, text, frame)


def _whole(walk: Walk, rows: list[tuple[int, str]], args: Argv, frame: Frame) -> None:
    """Follow a recipe that is one script, if the program in its first row is a shell."""
    start, shebang = rows[0]
    if "sh" in shebang:
        source = "\n".join(text for _, text in rows[1:])
        walk.script(source, Shell(args=args), frame, lambda line, _argv: start + line)


def _filled(text: str, values: dict[str, str]) -> str:
    return _FILLED.sub(lambda found: values.get(found[1], found[0]), text)


def _joined_rows(rows: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    pending, start = "", 0
    for number, text in rows:
        start = start or number
        if text.endswith("\\"):
            pending += text[:-1] + " "
            continue
        yield start, pending + text
        pending, start = "", 0


def _row(walk: Walk, number: int, text: str, frame: Frame) -> None:
    why = frame.why_not
    while text[:1] in {"@", "-"} and text:
        if text[0] == "-":
            why = why or "`-` before the line makes just ignore its failure"
        text = text[1:]
    inner = replace(frame, line=number, why_not=why)
    walk.script(text, Shell(), inner, lambda _line, _argv: number)


def follow_task(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``task NAME`` of a Taskfile."""
    parsed = parse_arguments(argv[1:], _VALUED)
    names = ("Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml")
    found = walk.first_text(frame.cwd, *names)
    if found is None:
        return False
    path, source = found
    try:
        tasks = parse_yaml(source).get("tasks")
    except YamlError as error:
        walk.note(path, str(error))
        return False
    for name in parsed.words or ("default",):
        _task(walk, _Taskfile(tasks, source), name, frame.into(path, f"task {name}"))
    return True


class _Taskfile(Struct, frozen=True):
    """The tasks and the text of a Taskfile."""

    tasks: Node
    source: str


def _task(walk: Walk, file: _Taskfile, name: str, frame: Frame) -> None:
    key = f"task:{frame.path}:{name}"
    if key in frame.active or not walk.step(frame.path):
        return
    frame = replace(frame, active=frame.active | {key})
    task = file.tasks.get(name)
    if not task.exists:
        walk.note(frame.path, f"it has no task `{name}`, which is asked for")
    for need in task.get("deps").items:
        _task(walk, file, need.scalar or need.get("task").scalar, frame)
    for one in _commands(task):
        if reference := one.get("task").scalar:
            _task(walk, file, reference, frame)
        else:
            why = frame.why_not or _ignored(task) or _ignored(one)
            _command(walk, file, one, replace(frame, why_not=why))


def _commands(task: Node) -> tuple[Node, ...]:
    """Return the commands of a task, which may be one, a list, or a table with either."""
    commands = task.get("cmds") if task.is_map else task
    commands = commands if commands.exists else task.get("cmd")
    return commands.items or (commands,)


def _ignored(node: Node) -> str:
    """Return why the failure of a task or of a command does not count; empty if it does."""
    return "`ignore_error` of task" if node.get("ignore_error").flag() else ""


def _command(walk: Walk, file: _Taskfile, command: Node, frame: Frame) -> None:
    source = command.get("cmd") if command.is_map else command
    frame = replace(frame, line=source.line)
    walk.script(source.scalar, Shell(errexit=True), frame, lines_of(source, file.source))
