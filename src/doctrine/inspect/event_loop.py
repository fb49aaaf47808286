"""Event loops that library code makes or fetches by hand.

``manual-loop``: it takes the choice of the loop from the program that uses the library.
``manual-loop-in-coroutine`` (advice): ``get_event_loop`` inside a coroutine only fetches the
loop that runs it, which ``get_running_loop`` says plainly. ``manual-loop-in-thread`` (advice): a
loop that the module itself runs in a thread of its own disturbs no loop of its callers, and
synchronous facades have no other way to keep one alive between calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tree_sitter import Node

from doctrine.documents import strings, table, text
from doctrine.inspect._code import CodeReporter, function_around, is_coroutine, name_of
from doctrine.inspect._inspector import FileInspector
from doctrine.model.observation import Finding, Severity
from doctrine.model.project import Layout, Role
from doctrine.syntax.features import main_guards
from doctrine.syntax.language import ancestors, walk
from doctrine.syntax.names import Names
from doctrine.syntax.places import text_of
from doctrine.syntax.tree import ParsedFile

_NAME = "event-loop"
_MANUAL = "manual-loop"
_IN_COROUTINE = "manual-loop-in-coroutine"
_IN_THREAD = "manual-loop-in-thread"

_FETCH = "asyncio.get_event_loop"
_LOOPS = frozenset(
    {
        _FETCH,
        "asyncio.new_event_loop",
        "asyncio.set_event_loop",
        "asyncio.SelectorEventLoop",
        "asyncio.ProactorEventLoop",
        "asyncio.events.get_event_loop",
        "asyncio.events.new_event_loop",
        "asyncio.events.set_event_loop",
        "asyncio.get_event_loop_policy().get_event_loop",
        "asyncio.get_event_loop_policy().new_event_loop",
        "asyncio.get_event_loop_policy().set_event_loop",
        "asyncio.DefaultEventLoopPolicy().new_event_loop",
        "uvloop.new_event_loop",
        "uvloop.Loop",
    }
)
_ROOTS = frozenset({"asyncio", "uvloop"})
_RUNS = (".run_forever", ".run_until_complete")
_THREADS = frozenset({"threading.Thread"})
_NO_LIBRARY = frozenset({"__main__.py", "conftest.py", "setup.py", "noxfile.py", "tasks.py"})
_SCRIPTS = frozenset({".github", "bin", "ci", "dev", "scripts", "tools"})
"""Top-level folders of programs for the project's own people, unless they are packages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owners:
    """What the file's threads run.

    Attributes:
        functions: Names of functions that are the target of a thread.
        loops: Expressions whose ``run_forever`` is, or is called in one of the functions.
    """

    functions: frozenset[str]
    loops: frozenset[str]


def _inspect(parsed: ParsedFile, layout: Layout) -> Iterator[Finding]:
    roots = {item.module.partition(".")[0] for item in parsed.module.imports}
    if not roots & _ROOTS or not _is_library(parsed, layout):
        return
    names = Names(parsed)
    calls = [node for node in walk(parsed.tree) if node.type == "call"]
    owners = _owners(calls, names)
    reporter = CodeReporter(tool=_NAME, parsed=parsed)
    for call, dotted in _manual_calls(calls, names, parsed.tree):
        yield _finding(reporter, call, dotted, owners)


def _manual_calls(calls: list[Node], names: Names, root: Node) -> Iterator[tuple[Node, str]]:
    """Yield the calls that make, set or fetch a loop, outside of what runs as a program."""
    guarded = [guard.byte_range for guard in main_guards(root)]
    programs = {text_of(_called(call)) for call in calls if _is_inside(call, guarded)}
    for call in calls:
        dotted = names.dotted(_called(call))
        if dotted not in _LOOPS or _is_inside(call, guarded):
            continue
        if name_of(function_around(call)) not in programs:
            yield call, dotted


def _called(call: Node) -> Node:
    return call.child_by_field_name("function") or call


def _is_inside(call: Node, ranges: list[tuple[int, int]]) -> bool:
    return any(start <= call.start_byte < end for start, end in ranges)


def _is_library(parsed: ParsedFile, layout: Layout) -> bool:
    module = parsed.module
    if module.role is not Role.SOURCE or PurePosixPath(module.path).name in _NO_LIBRARY:
        return False
    if _is_script(module.path, layout):
        return False
    return not any(_is_module(module.path, target) for target in _script_targets(layout))


def _is_script(path: str, layout: Layout) -> bool:
    """Return whether nothing can import a file, or it lies in a folder of scripts."""
    if not PurePosixPath(path).stem.isidentifier():
        return True
    top, _, inner = path.partition("/")
    initial = f"{top}/__init__.py"
    return bool(inner) and top in _SCRIPTS and all(file.path != initial for file in layout.files)


def _script_targets(layout: Layout) -> Iterator[str]:
    """Yield the modules that console scripts start in."""
    if layout.pyproject is None:
        return
    data = layout.pyproject.data
    for keys in (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts")):
        for value in table(data, *keys).values():
            target = text(value) or next(iter(strings(table(value).get("reference"))), "")
            if target:
                yield target.partition(":")[0].strip()


def _is_module(path: str, module: str) -> bool:
    written = module.replace(".", "/")
    return any(
        path == ending or path.endswith(f"/{ending}")
        for ending in (f"{written}.py", f"{written}/__init__.py")
    )


def _owners(calls: list[Node], names: Names) -> _Owners:
    targets = [target for call in calls for target in _thread_targets(call, names)]
    functions = frozenset(target.rpartition(".")[2] for target in targets) - {""}
    runs = (call for call in calls if name_of(function_around(call)) in functions)
    ran = (*targets, *(text_of(run.child_by_field_name("function") or run) for run in runs))
    loops = frozenset(one.rpartition(".")[0] for one in ran if one.endswith(_RUNS))
    return _Owners(functions=functions, loops=loops)


def _thread_targets(call: Node, names: Names) -> Iterator[str]:
    called = call.child_by_field_name("function")
    if called is not None and names.dotted(called) in _THREADS:
        yield from (text_of(target) for target in _keyword(call, "target"))


def _keyword(call: Node, name: str) -> Iterator[Node]:
    arguments = call.child_by_field_name("arguments")
    for argument in arguments.named_children if arguments is not None else ():
        if argument.type == "keyword_argument":
            key, value = argument.child_by_field_name("name"), argument.child_by_field_name("value")
            if key is not None and value is not None and text_of(key) == name:
                yield value


def _finding(reporter: CodeReporter, call: Node, dotted: str, owners: _Owners) -> Finding:
    around = function_around(call)
    if dotted == _FETCH and is_coroutine(around):
        message = f"{dotted}() inside a coroutine: say asyncio.get_running_loop()"
        return reporter.finding(_IN_COROUTINE, call, message, Severity.INFO, symbol=dotted)
    if name_of(around) in owners.functions or _loop_of(call) & owners.loops:
        message = f"{dotted}() for a thread of its own; asyncio.Runner would do the same"
        return reporter.finding(_IN_THREAD, call, message, Severity.INFO, symbol=dotted)
    message = f"{dotted}() in library code: offer a coroutine, and leave the loop to the program"
    return reporter.finding(_MANUAL, call, message, Severity.ERROR, symbol=dotted)


def _loop_of(call: Node) -> set[str]:
    """Return how the code around a call names the loop that is made or set there."""
    found: set[str] = set()
    arguments = call.child_by_field_name("arguments")
    if arguments is not None:
        found |= {text_of(argument) for argument in arguments.named_children}
    for above in ancestors(call):
        if above.type == "assignment":
            left = above.child_by_field_name("left")
            found |= {text_of(left)} if left is not None else set()
        elif above.type not in {"argument_list", "call"}:
            break
    return found


INSPECTOR = FileInspector(name=_NAME, rules=(_MANUAL, _IN_COROUTINE, _IN_THREAD), inspect=_inspect)
