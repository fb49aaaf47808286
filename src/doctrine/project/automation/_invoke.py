"""What ``invoke`` runs."""

from __future__ import annotations

import builtins
import posixpath
from collections.abc import Callable, Iterator, Mapping

from doctrine.model.replacing import replace
from doctrine.project.automation._invoke_file import Step, Task, parse_tasks
from doctrine.project.automation._launchers import Argv
from doctrine.project.automation._shell import Shell
from doctrine.project.automation._walk import Frame, Walk, joined

_VALUED = frozenset({"-c", "--collection", "-r", "--search-root", "-f", "--config", "-T",
                     "--command-timeout", "-D", "--list-depth", "-F", "--list-format"})  # fmt: skip
_PLAIN = frozenset({"-l", "--list", "-V", "--version", "-h", "--help", "--print-completion-script"})
_BUILTINS = frozenset(dir(builtins))
_TOLERANT = frozenset({"-w", "--warn-only"})


def follow_invoke(walk: Walk, argv: Argv, frame: Frame) -> bool:
    """Follow ``invoke`` into the commands of its tasks."""
    core, asked = _split(argv[1:])
    if _PLAIN & core.keys():
        return False
    collection = core.get("-c", core.get("--collection", "tasks"))
    found = _found(
        walk, joined(frame.cwd, core.get("-r", core.get("--search-root", ""))), collection
    )
    if found is None:
        walk.note(frame.path, f"line {frame.line}: the tasks of `{argv[0]}` are not there")
        return True
    path, source = found
    key = f"invoke:{path}:{' '.join(argv)}"
    if key in frame.active:
        return True
    if _TOLERANT & core.keys():
        frame = replace(frame, why_not=frame.why_not or "`--warn-only` makes invoke go on")
    folder = path.rpartition("/")[0].removesuffix(collection).removesuffix("/")
    inner = replace(frame.into(path, " ".join(argv)), active=frame.active | {key}, cwd=folder)
    _run_tasks(walk, asked, parse_tasks(source), inner)
    return True


def _split(words: Argv) -> tuple[Mapping[str, str], Argv]:
    """Return invoke's own options, and what is asked of the tasks."""
    core: dict[str, str] = {}
    at = 0
    while at < len(words) and words[at].startswith("-"):
        name, equals, value = words[at].partition("=")
        if name in _VALUED and not equals:
            at += 1
            value = words[at] if at < len(words) else ""
        core[name] = value
        at += 1
    return core, words[at:]


def _found(walk: Walk, folder: str, collection: str) -> tuple[str, str] | None:
    """Return the file of the tasks, which is in the folder or in one above it."""
    while True:
        found = walk.first_text(folder, f"{collection}.py", f"{collection}/__init__.py")
        if found is not None or not folder:
            return found
        folder = posixpath.dirname(folder)


def _run_tasks(walk: Walk, asked: Argv, tasks: Mapping[str, Task], frame: Frame) -> None:
    """Run what is asked for: names of tasks, between them their options and values."""
    by_name = {name: function for function, task in tasks.items() for name in task.names}
    chosen = [by_name[word] for word in asked if word in by_name]
    if not asked:
        chosen = [function for function, task in tasks.items() if task.default]
    elif asked[0] not in by_name:
        walk.note(frame.path, f"the task `{asked[0]}` is not in it")
    running = _Tasks(walk, tasks)
    for function in chosen:
        running.run(function, frame)


class _Tasks:
    """Runs through tasks, and the functions that they call, each once."""

    def __init__(self, walk: Walk, tasks: Mapping[str, Task]) -> None:
        self._walk = walk
        self._tasks = tasks
        self._seen: set[str] = set()

    def run(self, function: str, frame: Frame) -> None:
        """Follow a function of the file and what it calls."""
        pending: list[tuple[Step, Frame]] = list(self._entered(function, frame))
        while pending:
            step, inner = pending.pop(0)
            if step.calls:
                pending[:0] = self._entered(step.calls, inner)
            elif step.command:
                why = "`warn=True` ignores a failure" if step.tolerant else ""
                placed = replace(inner, line=step.line, why_not=inner.why_not or why)
                self._walk.script(step.command, Shell(), placed, _on(step.line))
            else:
                self._walk.note(
                    f"{inner.path}:{step.line}", "the command is put together while the task runs"
                )

    def _entered(self, function: str, frame: Frame) -> Iterator[tuple[Step, Frame]]:
        task = self._tasks.get(function)
        if task is None and function not in _BUILTINS:
            self._walk.note(frame.path, f"what `{function}` runs is not written in it")
        if task is None or function in self._seen or not self._walk.step(frame.path):
            return
        self._seen.add(function)
        for step in task.steps:
            yield step, replace(frame, cwd=joined(frame.cwd, step.folder))


def _on(number: int) -> Callable[[int, Argv], int]:
    """Return a function that puts every command of a script on one line of the file."""
    return lambda _line, _argv: number
