"""What shows that a project is profiled: at a desk, and while it runs in production.

``profiled-first`` is never decided: a repository holds tools and results, not the order of work.
``production-profile`` and ``continuous-profiler`` hold where the service starts a profiler that
stays on; behind a debug switch it does not run in production. ``profiler-off``: the deployment
runs under a tracer that could profile, and says everything to it but that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from tree_sitter import Node

from doctrine.inspect._arguments import keywords
from doctrine.inspect._deployment import mentions
from doctrine.inspect._inspector import gathering
from doctrine.inspect._sightings import (
    Reporter,
    Sighting,
    Spot,
    Undecided,
    reading,
    support,
)
from doctrine.inspect._word_set import word_set
from doctrine.model.observation import PROJECT_PATH, Severity
from doctrine.model.project import Dependency, Layout, Project, Role
from doctrine.model.run import Reading
from doctrine.syntax.language import ancestors
from doctrine.syntax.names import Names
from doctrine.syntax.places import line_of, text_of
from doctrine.syntax.tree import ParsedFile

_REPORT = Reporter(tool="profiling")
_FIRST = "profiled-first"
_PRODUCTION = "production-profile"
_CONTINUOUS = "continuous-profiler"
_OFF = "profiler-off"
_ADVICE = "profiler-advice"

_ROOTS = frozenset({"pyroscope", "ddtrace", "googlecloudprofiler", "sentry_sdk"})
_STARTS = frozenset(
    {"pyroscope.configure", "googlecloudprofiler.start", "ddtrace.profiling.Profiler().start"}
)
_SENTRY = frozenset({"profiles_sample_rate", "profile_session_sample_rate", "profiles_sampler"})
_NOTHING = frozenset({"0", "0.0", "None", "False"})
_DEBUG = re.compile(r"(?i)(?<![a-z])(?:debug|dev|develop|development|local)(?![a-z])")
_TOOLS = word_set("""py-spy scalene memray pyinstrument pytest-benchmark pytest-codspeed asv line-profiler
    memory-profiler snakeviz austin-python yappi viztracer objgraph aiomonitor filprofiler fil-profiler
    pytest-profiling pytest-memray guppy3 pyperf richbench""")
_MODULES = frozenset({"cProfile", "profile", "pstats", "pyinstrument", "yappi", "tracemalloc"})
_RESULTS = re.compile(
    r"(?:^|/)(?:[^/]*\.(?:prof|pstats|speedscope\.json)|[^/]*(?:flame-?graph|profile)[^/]*\.svg"
    r"|asv\.conf\.json)$|(?:^|/)(?:benchmarks?|profiles|profiling|perf)/"
)
_AGENT = re.compile(
    r"(?i)DD_PROFILING_ENABLED['\"]?\s*(?:[:=]|\n?\s*value:)\s*['\"]?(?:true|1)\b"
    r"|\bparca-agent\b|\bpy-spy\s+record\b|\bgrafana/pyroscope-ebpf\b|\bddprof\b"
)
_AT_HOME = re.compile(r"(?i)(?<![a-z])(?:dev|development|local|override|test|testing)(?![a-z])")
"""What a deployment's file is called that is for the people who write the service."""
_TRACED = re.compile(r"\bddtrace-run\b|\bDD_(?:SERVICE|AGENT_HOST|TRACE_ENABLED|ENV)\b")


class _Start(Struct, frozen=True, kw_only=True):
    """A line that starts a profiler, or a service that could profile.

    Attributes:
        line: Where.
        what: What it calls.
        on: Whether profiling is on.
    """

    line: int
    what: str
    on: bool


def _note(parsed: ParsedFile, layout: Layout) -> tuple[_Start, ...] | None:
    del layout
    module = parsed.module
    roots = {item.module.partition(".")[0] for item in module.imports}
    if module.role is not Role.SOURCE or not roots & _ROOTS:
        return None
    automatic = (
        _Start(line=item.location.line, what=item.dotted, on=True)
        for item in module.imports
        if item.dotted.startswith("ddtrace.profiling.auto")
    )
    names = parsed.names
    calls = parsed.calls
    return (*automatic, *(start for call in calls for start in _start(call, names)))


def _start(call: Node, names: Names) -> Iterator[_Start]:
    called = call.child_by_field_name("function")
    dotted = names.dotted(called) if called is not None else ""
    if dotted in _STARTS:
        yield _Start(line=line_of(call), what=dotted, on=not _for_debugging(call))
    elif dotted in {"sentry_sdk.init", "ddtrace.patch_all"}:
        on = dotted == "sentry_sdk.init" and _profiles(call) and not _for_debugging(call)
        yield _Start(line=line_of(call), what=dotted, on=on)


def _profiles(call: Node) -> bool:
    given = keywords(call)
    rates = [text_of(value) for name, value in given.items() if name in _SENTRY]
    inner = text_of(given["_experiments"]) if "_experiments" in given else ""
    return any(rate not in _NOTHING for rate in rates) or any(name in inner for name in _SENTRY)


def _for_debugging(call: Node) -> bool:
    """Return whether a call happens under a condition that speaks of development."""
    for above in ancestors(call):
        condition = above.child_by_field_name("condition")
        if above.type == "if_statement" and condition is not None:
            text = text_of(condition)
            if _DEBUG.search(text.replace("_", " ")) and not text.startswith("not "):
                return True
    return False


def _conclude(project: Project, notes: Mapping[str, tuple[_Start, ...]]) -> Reading:
    sightings = (*_at_the_desk(project), *_in_production(project, notes))
    return reading(sightings, (PROJECT_PATH, *notes))


def _at_the_desk(project: Project) -> Iterator[Sighting]:
    yield from _declared(project)
    yield from _imported(project)
    paths = (*project.layout.others, *(file.path for file in project.layout.files))
    kept = sorted(path for path in paths if _RESULTS.search(path))
    if kept:
        yield support(_FIRST, Spot(path=kept[0]), f"{len(kept)} files of benchmarks or profiles")
    reason = (
        "no repository shows how work was done: confirm that optimisations of the last months"
        " started from a profile, and name where it is kept"
    )
    yield Undecided(rule=_FIRST, reason=reason)


def _declared(project: Project) -> Iterator[Sighting]:
    for one in project.dependencies:
        if one.name in _TOOLS:
            yield support(_FIRST, _spot(one), f"{one.name} is declared")
        if one.name == "memory-profiler":
            message = "memory-profiler is no longer maintained: memray or tracemalloc do its work"
            yield _REPORT.advice(_ADVICE, _spot(one), message)


def _imported(project: Project) -> Iterator[Sighting]:
    """Yield the first import of a profiler in each module."""
    for module in project.modules:
        for item in module.imports:
            if item.module.partition(".")[0] in _MODULES:
                where = Spot(path=module.path, line=item.location.line)
                yield support(_FIRST, where, f"imports {item.dotted}")
                break


def _spot(dependency: Dependency) -> Spot:
    return Spot(path=dependency.place.path, line=dependency.place.line)


def _in_production(project: Project, notes: Mapping[str, tuple[_Start, ...]]) -> Iterator[Sighting]:
    starts = [(path, one) for path, noted in sorted(notes.items()) for one in noted]
    running = [
        *((Spot(path=path, line=one.line), f"{one.what} starts it") for path, one in starts if one.on),
        *((spot, f"{found[0].split()[0]} in the deployment") for spot, found in
          mentions(project, _AGENT) if not _AT_HOME.search(spot.path)),
    ]  # fmt: skip
    for spot, detail in running:
        yield support(_CONTINUOUS, spot, detail)
        yield support(_PRODUCTION, spot, detail)
    if running:
        return
    yield from _off(project, starts)
    yield Undecided(rule=_CONTINUOUS, reason=_open(starts, "whether one runs beside the service"))
    yield Undecided(
        rule=_PRODUCTION, reason=_open(starts, "who profiled the workload, when, and with what")
    )


def _off(project: Project, starts: list[tuple[str, _Start]]) -> Iterator[Sighting]:
    tracers = [one for one in project.dependencies if one.name == "ddtrace"]
    told = next(mentions(project, _TRACED), None)
    if (tracers or any("ddtrace" in one.what for _, one in starts)) and told is not None:
        message = (
            f"the deployment sets ddtrace up ({told[1][0]}) and leaves its profiler off: set"
            " DD_PROFILING_ENABLED=true, or start another profiler"
        )
        yield _REPORT.finding(_OFF, told[0], message, Severity.WARNING)


def _open(starts: list[tuple[str, _Start]], wanted: str) -> str:
    could = "".join(
        f" ({one.what}() at {path}:{one.line} turns no profiling on)"
        for path, one in starts[:1]
        if not one.on
    )
    return f"neither code nor deployment starts a profiler{could}: confirm {wanted}"


INSPECTOR = gathering(
    name="profiling",
    rules=(_FIRST, _PRODUCTION, _CONTINUOUS, _OFF, _ADVICE),
    note=_note,
    conclude=_conclude,
)
