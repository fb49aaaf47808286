"""Lines 1-based; columns 0-based, ends exclusive; paths as the targets were given.

Exit code 2 means that mypy stopped: over its configuration, a plugin, two modules of one name, or
a syntax error, which alone is a finding about the project. All else is a crash that says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from msgspec import Struct
from packaging.utils import canonicalize_name

from doctrine.documents import text
from doctrine.model.observation import Finding, Location
from doctrine.model.process import Completed
from doctrine.model.project import Import
from doctrine.model.run import Reading
from doctrine.model.tool import CrashedError, Request, Tool, UnreadableError
from doctrine.tools._decode import outside, relative_path, require_exit, strays
from doctrine.tools._drivers import flawed
from doctrine.tools._generated import generated
from doctrine.tools._mypy_command import prepare
from doctrine.tools._mypy_config import NAMES, find_config, plugins_of
from doctrine.tools._mypy_inputs import inputs
from doctrine.tools._mypy_kept import carrying
from doctrine.tools._mypy_output import Line, Output, decode_output, plain, proven
from doctrine.tools._mypy_plugins import plugin_trouble
from doctrine.tools._mypy_second import fallback, files_of
from doctrine.tools._packages import is_complete, is_within, own_modules, third_party
from doctrine.tools._reliance import independent

_NAME = "mypy"
_ENDINGS = frozenset({0, 1, 2})
_STOPPED = 2
_SYNTAX = "syntax"
_MUTE = "it does not say why"
_SILENT = "mypy did not say that it read it"
_UNALARMING = ("[", "note: ")
"""What mypy says of single options, and of overrides of modules that it did not meet."""

_MISSING = re.compile(
    r'(?:library stub for module named|Library stubs not installed for|Skipping analyzing) "(.+?)"'
)
_WRITTEN = frozenset({_SYNTAX, "no-untyped-def", "no-untyped-call", "type-arg", "explicit-any"})
"""What the code says by itself, whatever the types are that its imports would bring."""
_STUBBED = frozenset({"_typeshed", "mypy_extensions", "typing_extensions"})
"""What mypy brings the types of."""
_DEFINED = re.compile(r'^Name "([\w.]+)"')


def read(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return the findings, and what the log proves to have been checked.

    Raises:
        CrashedError: mypy stopped over something else than the project's syntax.
        UnreadableError: The output is not mypy's.
    """
    if files_of(completed[0].invocation) is not None:
        return _read_parts(request, completed)
    told = _told(completed[0], request)
    if told.stopped:
        return Reading(
            findings=tuple(_findings(told.errors, request, frozenset())),
            unread={**told.unread, **flawed(request)},
        )
    return _reading(request, told)


class _Told(Struct, frozen=True, kw_only=True):
    """What a run says of the files that it was to check.

    Attributes:
        errors: Errors in them.
        analysed: Those that were read.
        unread: Those that were not, with the reason.
        words: What it said beside that.
        stopped: Whether it stopped at their syntax.
        trouble: Why it did not come to its end.
    """

    errors: tuple[Line, ...] = ()
    analysed: frozenset[str] = frozenset()
    unread: Mapping[str, str] = {}
    words: tuple[str, ...] = ()
    stopped: bool = False
    trouble: CrashedError | None = None


def _told(done: Completed, request: Request) -> _Told:
    """Return what a run says.

    Raises:
        CrashedError: mypy stopped over something else than the project's syntax.
        UnreadableError: The output is not mypy's.
    """
    require_exit(done, _ENDINGS, tool=_NAME)
    output = decode_output(done)
    _require_config(output)
    errors = tuple(line for line in output.lines if line.severity == "error")
    if done.exit_code == _STOPPED:
        return _stopped(request, errors, output)
    # Where it prints JSON, mypy ends with 1 for notes alone, too.
    told = output.lines if done.exit_code == 1 else errors
    if (done.exit_code == 1) is not bool(told):
        message = f"it exited with {done.exit_code} and reported {len(errors)} errors"
        raise UnreadableError(message)
    if not output.finished:
        message = "its log breaks off before the end of the build"
        raise UnreadableError(message)
    known = frozenset(file.path for file in request.layout.files)
    analysed = proven(output, request.layout.root) & known
    return _Told(errors=errors, analysed=analysed, words=output.words)


def _reading(request: Request, told: _Told) -> Reading:
    known = frozenset(file.path for file in request.layout.files)
    unread = {**told.unread, **flawed(request)}
    left_out = _left_out(request)
    missing = (*_missing(told.errors, request, told.analysed), *left_out)
    return Reading(
        findings=tuple(_findings(told.errors, request, frozenset(missing), doubted=bool(left_out))),
        analysed=told.analysed,
        unread=unread,
        excluded=len(known - told.analysed - unread.keys()),
        missing_packages=missing,
        undecided=outside(
            (line.file for line in told.errors), request.layout.root, known, tool=_NAME
        ),
        strays=strays((line.file for line in told.errors), request.layout.root, known),
        note="; ".join(told.words)[:400],
    )


def _read_parts(request: Request, completed: tuple[Completed, ...]) -> Reading:
    """Return what several runs say together, each of the files that it was to check alone.

    Raises:
        CrashedError: None of them came to its end.
        UnreadableError: The output of one of them is not mypy's.
    """
    said = tuple(_part(done, request) for done in completed)
    troubles = [one.trouble for one in said if one.trouble is not None]
    if len(troubles) == len(said):
        raise troubles[0]
    how = f"it checked the files in {len(completed)} runs, since some modules have one name"
    words = dict.fromkeys(chain.from_iterable(one.words for one in said))
    return _reading(
        request,
        _Told(
            errors=tuple(chain.from_iterable(one.errors for one in said)),
            analysed=frozenset(chain.from_iterable(one.analysed for one in said)),
            unread=dict(chain.from_iterable(one.unread.items() for one in said)),
            words=(how, *words),
        ),
    )


def _part(done: Completed, request: Request) -> _Told:
    """Return what a run says of its own files; those that it is silent about count as unread.

    Raises:
        UnreadableError: The output is not mypy's.
    """
    own = files_of(done.invocation) or frozenset()
    try:
        told = _told(done, request)
    except CrashedError as error:
        return _Told(unread=dict.fromkeys(own, str(error)), trouble=error)
    analysed = told.analysed & own
    return _Told(
        errors=tuple(
            one for one in told.errors if relative_path(one.file, request.layout.root) in own
        ),
        analysed=analysed,
        unread={path: told.unread.get(path, _SILENT) for path in own - analysed},
        words=told.words,
    )


def _require_config(output: Output) -> None:
    """Raise when mypy could not read its configuration, and went on without.

    Raises:
        CrashedError: With mypy's own words.
    """
    for words in output.words:
        name, _, rest = words.partition(": ")
        if name in NAMES and rest and not rest.startswith(_UNALARMING):
            message = f"mypy cannot read its configuration: {words}"
            raise CrashedError(message)


def _stopped(request: Request, errors: tuple[Line, ...], output: Output) -> _Told:
    """Keep syntax errors, which mypy alone may know; all else means that it did not work.

    Raises:
        CrashedError: It stopped over something else.
    """
    syntax = tuple(line for line in errors if line.code == _SYNTAX)
    placed = next(_findings(syntax, request, frozenset()), None)
    if placed is None:
        told = (*(f"{line.file}: {line.message}" for line in errors), *map(plain, output.words))
        message = plugin_trouble(told, request) or f"mypy stopped: {'; '.join(told[:4]) or _MUTE}"
        message = message[:600]
        raise CrashedError(message)
    place = placed.location
    why = f"mypy checks nothing after a syntax error ({place.path}:{place.line})"
    unread = {module.path: why for module in request.modules}
    return _Told(errors=syntax, unread=unread, stopped=True)


def _missing(
    errors: tuple[Line, ...], request: Request, analysed: frozenset[str]
) -> tuple[str, ...]:
    """Return the packages that only an environment could have provided.

    ``ignore_missing_imports`` and ``# type: ignore`` silence the errors that would name them, and
    what is missing is ``Any`` all the same: so what the checked files import counts as well. A
    module that the build writes may be missing beside a complete environment.
    """
    layout = request.layout
    reported = {_module(line) for line in errors} - {""}
    unbuilt = reported & generated(layout)
    if is_complete(layout, text(find_config(layout).options.get("python_version"))):
        return tuple(sorted(unbuilt))
    installed = frozenset(layout.environment.packages if layout.environment else ())
    imported = {
        item.module
        for module in request.modules
        if module.path in analysed
        for item in module.imports
        if _lacks_types(item, installed)
    }
    # Tests find the packages below an import root where the project is installed.
    own = {module.partition(".")[0] for module in own_modules(layout) & reported}
    return tuple(sorted({*own, *third_party(reported | imported, layout), *unbuilt}))


def _lacks_types(item: Import, installed: frozenset[str]) -> bool:
    """Whether types are missing; an import by a call (``importorskip``) would bring none."""
    top = item.module.partition(".")[0]
    known = top in _STUBBED or canonicalize_name(top) in installed
    return bool(item.bound or item.name) and not item.dots and not known


def _module(line: Line) -> str:
    found = _MISSING.search(line.message) if (line.code or "").startswith("import") else None
    return found[1] if found else ""


def _left_out(request: Request) -> tuple[str, ...]:
    """Return the plugins that a project which is not believed did not get: all types may differ."""
    if request.settings.trust.believed:
        return ()
    return tuple(f"the plugin {name}" for name in plugins_of(find_config(request.layout)))


def _findings(
    errors: tuple[Line, ...],
    request: Request,
    missing: frozenset[str],
    *,
    doubted: bool = False,
) -> Iterator[Finding]:
    layout = request.layout
    known = {file.path for file in layout.files} | set(layout.others)
    placed = [
        (line, path)
        for line in errors
        if (path := relative_path(line.file, layout.root)) is not None and path in known
    ]
    lacking = frozenset(path for line, path in placed if is_within(_module(line), missing))
    sure = independent(request.modules, layout, missing, lacking) if missing else known
    for line, path in placed:
        yield _finding(line, path, missing, judged=path in sure and not doubted)


def _finding(line: Line, path: str, missing: frozenset[str], *, judged: bool) -> Finding:
    defined = _DEFINED.match(line.message) if line.code == "name-defined" else None
    return Finding(
        tool=_NAME,
        rule=line.code or "error",
        message=line.message,
        location=_location(line, path),
        symbol=defined[1] if defined else "",
        needs_environment=not judged and _needs_environment(line, missing),
    )


def _location(line: Line, path: str) -> Location:
    first, column = max(line.line, 1), max(line.column, 0) + 1
    last = max(line.end_line if line.end_line is not None else first, first)
    end = max(line.end_column if line.end_column is not None else line.column, 0) + 1
    return Location(path=path, line=first, column=column, end_line=last, end_column=end)


def _needs_environment(line: Line, missing: frozenset[str]) -> bool:
    """Whether an error in a file that needs missing packages may be due to them."""
    module = _module(line)
    return is_within(module, missing) if module else line.code not in _WRITTEN


TOOL = Tool(
    own_parser=False,
    name=_NAME,
    distribution="mypy",
    program="mypy",
    prepare=prepare,
    read=read,
    cost=12.0,
    supported=">=1.11",
    fallback=fallback,
    inputs=inputs,
    carrying=carrying,
)
