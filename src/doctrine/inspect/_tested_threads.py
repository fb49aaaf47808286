"""Are shared objects driven from several threads, and are races provoked?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from doctrine.inspect._sightings import Reporter, Sighting, Spot, Undecided, support
from doctrine.inspect._tested import (
    Seen,
    Tests,
    asserts,
    first_sight,
    in_sources,
    is_test,
    listed,
    unit,
)
from doctrine.model.project import Project
from doctrine.model.replacing import replace

_SAFETY, _RACES = "thread-safety", "race-conditions"
_EARLY, _FREE = "assert-before-join", "free-threaded"
RULES = (_SAFETY, _RACES, _EARLY, _FREE)
_CONCURRENT = ("concurrency", "thread-local")
_PARALLEL = "--parallel-threads"
_HANDED_OVER = frozenset({"run_in_executor", "to_thread"})
"""Calls that give a single piece of work to a thread, and go on when it is done."""
_AT_ONCE = frozenset({
    "gather", "TaskGroup", "create_task", "ensure_future", "as_completed", "start_soon", "wait", "Barrier",
})  # fmt: skip
"""Words of a test that has several such pieces done at the same time."""
_PYTEST_FILES = ("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg")


def threads(project: Project, tests: Tests, report: Reporter) -> Iterator[Sighting]:
    """Yield what speaks for and against tests of concurrent code.

    Args:
        project: The project.
        tests: Its tests.
        report: Writes the findings.
    """
    early = tests.of("early-assert")
    yield from map(partial(_hasty, report), early)
    if whole := _whole_suite(project):
        yield support(_SAFETY, whole, f"the tests run with {_PARALLEL}")
        yield support(_RACES, whole, f"the tests run with {_PARALLEL}")
        return
    hasty = {unit(one) for one in early}
    subjects = _subjects(project)
    driven = list(_driving(tests, hasty))
    if not subjects:
        driven = _concerned(driven, _concurrent_names(project), tests)
    unshared = _unshared(project)
    safe = [one for one in driven if asserts(one)]
    yield from _judged(_SAFETY, subjects, safe, tests, report, unshared=unshared)
    racing = [one for one in _provoking(tests, driven) if asserts(one)]
    racing += [_on_free_threads(one, build) for build in _free_builds(project)[:1] for one in safe]
    yield from _judged(_RACES, subjects, racing, tests, report, unshared=unshared)
    yield from _free_threaded(project, report)


def _driving(tests: Tests, hasty: set[tuple[str, str]]) -> Iterator[Seen]:
    """Yield the tests that start threads, and wait for them before they assert."""
    for one in tests.of("threads"):
        if is_test(one) and unit(one) not in hasty and not _is_single(one):
            yield one


def _is_single(one: Seen) -> bool:
    """Whether a test hands work to one thread and awaits it, so that no two threads meet."""
    return one.sight.detail in _HANDED_OVER and one.sight.words.isdisjoint(_AT_ONCE)


def _hasty(report: Reporter, one: Seen) -> Sighting:
    message = (
        f"{one.sight.symbol}() asserts inside of the executor's `with`, while threads may"
        " still run: leave it, or wait for every future's result(), and assert then"
    )
    return report.advice(_EARLY, one.spot, message, symbol=one.sight.symbol)


def _subjects(project: Project) -> tuple[Seen, ...]:
    """Return what shares state with threads; a lock alone is a precaution."""
    shared = in_sources(project, "shared-state")
    guarded = in_sources(project, "guarded-state")
    return (*shared, *guarded) if shared or in_sources(project, "thread-started") else ()


def _concurrent_names(project: Project) -> frozenset[str]:
    """Return what a test may name to get at a module that has to do with threads."""
    about = (one for name in _CONCURRENT for one in in_sources(project, name))
    modules = {one.path for one in about}
    return frozenset(
        one.qualname.rpartition(".")[2]
        for module in project.modules
        if module.path in modules
        for one in module.definitions
    )


def _concerned(driven: list[Seen], named: frozenset[str], tests: Tests) -> list[Seen]:
    """Return the tests that drive something of such a module; a thread of their own may be a helper."""
    return [one for one in driven if named & (one.sight.words | tests.imported(one.path))]


def _unshared(project: Project) -> str:
    """Return what there is to say where no state is seen to be shared."""
    parallel = project.facts.get("parallelism")
    if in_sources(project, "thread-started") or (parallel is not None and parallel.value):
        return "no state is seen to be shared with the threads that the project starts"
    where = first_sight(project, "concurrent").text
    return (
        f"{where} is made for several threads, and the project is seen neither to start one nor to"
        " share state with any"
    )


def _judged(
    rule: str,
    subjects: tuple[Seen, ...],
    shown: list[Seen],
    tests: Tests,
    report: Reporter,
    *,
    unshared: str,
) -> Iterator[Sighting]:
    about = {one: _about(one, shown, tests) for one in subjects}
    open_ones = [one for one, seen in about.items() if not seen]
    if shown and not open_ones:
        yield from _praised(rule, about, shown)
    elif reason := _doubt(rule, open_ones, shown, tests, unshared=unshared):
        yield Undecided(rule=rule, reason=reason)
    else:
        for one in open_ones:
            yield report.finding(rule, one.spot, _blame(rule, one, tests), symbol=one.sight.symbol)


def _about(subject: Seen, shown: list[Seen], tests: Tests) -> list[Seen]:
    return [seen for seen in shown if tests.is_about(seen, subject)]


def _praised(rule: str, about: Mapping[Seen, list[Seen]], shown: list[Seen]) -> Iterator[Sighting]:
    first = [seen[0] for seen in about.values()] or shown[:3]
    yield from (support(rule, one.spot, _praise(rule, one)) for one in dict.fromkeys(first))


def _praise(rule: str, one: Seen) -> str:
    what = "drives it from several threads" if rule == _SAFETY else "forces an interleaving"
    return f"{one.sight.symbol or one.path} {what} ({one.sight.detail})"


def _blame(rule: str, one: Seen, tests: Tests) -> str:
    asked = (
        "drive it from a ThreadPoolExecutor, collect every result() and assert afterwards"
        if rule == _SAFETY
        else "start several threads on it together behind a threading.Barrier, many times"
    )
    return f"{one.sight.detail}, and none of {tests.count} mentions threads: {asked}"


def _doubt(
    rule: str, open_ones: list[Seen], shown: list[Seen], tests: Tests, *, unshared: str
) -> str:
    """Return why the lack of such a test is not shown; empty where it is."""
    wanted = (
        "a test that calls it from several threads and asserts after joining them"
        if rule == _SAFETY
        else "a test that forces an interleaving (Barrier, setswitchinterval, many repetitions)"
    )
    if shown:
        return f"tests do so, but none is seen for {listed(open_ones)}: {wanted} decides it"
    if not open_ones:
        return f"{unshared}; {wanted}, or an attestation, decides it"
    if mentions := tests.of("threads-mentioned"):
        return f"{mentions[0].text} mentions concurrency, but no test is seen to be {wanted}"
    started = [one for one in open_ones if tests.names(one.sight.symbol)]
    if started and all(one.sight.name == "shared-state" for one in open_ones):
        return (
            f"{listed(started)} starts threads of its own, and tests use it: look whether they "
            f"are {wanted}"
        )
    return tests.doubt


def _provoking(tests: Tests, driven: list[Seen]) -> Iterator[Seen]:
    """Yield the places that make several threads meet."""
    threaded = {unit(one) for one in driven}
    yield from (one for one in tests.of("interleaving") if unit(one) in threaded)


def _on_free_threads(one: Seen, build: Spot) -> Seen:
    """Return a test with what makes its threads meet: a build on which they run at the same time."""
    where = f"{one.sight.detail} on the free-threaded build at {build.path}:{build.line}"
    return replace(one, sight=replace(one.sight, detail=where))


def _free_builds(project: Project) -> list[Spot]:
    return [
        Spot(path=one.path, line=one.line)
        for one in project.automation.pythons
        if one.detail.strip("'\" ").removesuffix("-dev").endswith("t")
    ]


def _free_threaded(project: Project, report: Reporter) -> Iterator[Sighting]:
    parallel = project.facts.get("parallelism")
    if parallel is None or not parallel.value or not project.automation.pythons:
        return
    if not _free_builds(project):
        first = project.automation.pythons[0]
        message = (
            "threads run at the same time on a free-threaded Python only: consider adding a build "
            "such as 3.14t to the matrix"
        )
        yield report.advice(_FREE, Spot(path=first.path, line=first.line), message)


def _whole_suite(project: Project) -> Spot | None:
    """Return the place that runs every test in several threads (pytest-run-parallel)."""
    for path, content in sorted(_configuration(project).items()):
        for number, line in enumerate(content.splitlines(), start=1):
            if _PARALLEL in line and not line.lstrip().startswith("#"):
                return Spot(path=path, line=number)
    for command in project.automation.commands:
        if any(one.startswith(_PARALLEL) for one in command.argv):
            return Spot(path=command.place.path, line=command.place.line)
    return None


def _configuration(project: Project) -> Mapping[str, str]:
    """Return the files that pytest may have its options from, by path."""
    pyproject = project.layout.pyproject
    own = {pyproject.path: pyproject.text} if pyproject is not None else {}
    return own | {path: project.texts[path] for path in _PYTEST_FILES if path in project.texts}
