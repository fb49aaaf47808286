"""Facts about a project's tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from doctrine.documents import line_of, table
from doctrine.model.observation import Evidence
from doctrine.model.project import Automation, Command, Dependency, Fact, Layout, Module, Role
from doctrine.model.replacing import replace
from doctrine.project.facts.outcomes import settled, unsettled
from doctrine.project.settings_text import addopts, ini_section

_OFF = frozenset({"-pno:xdist", "--dist=no"})
_PYTEST = (("pytest",), ("py.test",))


def testing_facts(
    layout: Layout,
    modules: tuple[Module, ...],
    dependencies: Iterable[Dependency],
    automation: Automation,
    texts: Mapping[str, str],
) -> Iterator[Fact]:
    """Yield the facts about tests, pytest and parallel runs.

    Args:
        layout: The project's files and configuration.
        modules: Its Python files.
        dependencies: Its requirements.
        automation: What CI and hooks run.
        texts: Content of configuration files by path.
    """
    yield _tests(layout, modules)
    yield _pytest(layout, modules, dependencies, texts)
    yield _parallel(layout, automation, texts)


def _tests(layout: Layout, modules: tuple[Module, ...]) -> Fact:
    ours = [module for module in modules if module.role is Role.TEST]
    found = [place for module in ours for place in _test_functions(module)]
    return (None if found else _unseen(layout, ours)) or settled(
        "tests", found, f"no test function in {len(ours)} test files"
    )


def _unseen(layout: Layout, ours: list[Module]) -> Fact | None:
    """Return why tests could exist that were not seen."""
    unread = [one.path for one in ours if one.flaw is not None]
    if unread:
        return unsettled("tests", unread, "not readable, and could hold tests")
    if layout.restricted:
        return unsettled("tests", ["."], "the tests may lie outside of the folder that is judged")
    return None


def _test_functions(module: Module) -> Iterator[Evidence]:
    for one in module.definitions:
        if one.qualname.rpartition(".")[2].startswith("test"):
            yield Evidence(path=module.path, line=one.line, detail=f"defines {one.qualname}")


def _pytest(
    layout: Layout,
    modules: tuple[Module, ...],
    dependencies: Iterable[Dependency],
    texts: Mapping[str, str],
) -> Fact:
    declared = (one.place for one in dependencies if one.name == "pytest")
    found = (*_configured(layout, texts), *declared, *_imported(modules))
    return settled("pytest", found, "pytest is neither declared, configured nor imported")


def _configured(layout: Layout, texts: Mapping[str, str]) -> Iterator[Evidence]:
    keys = ("tool", "pytest")
    if layout.pyproject is not None and table(layout.pyproject.data, *keys):
        line = line_of(layout.pyproject, keys)
        yield Evidence(path=layout.pyproject.path, line=line, detail="configures pytest")
    for path, section in (("pytest.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        if ini_section(texts.get(path, ""), section):
            yield Evidence(path=path, line=0, detail="configures pytest")


def _imported(modules: Iterable[Module]) -> Iterator[Evidence]:
    for module in modules:
        for item in module.imports if module.role is Role.TEST else ():
            if item.module.partition(".")[0] == "pytest":
                line = item.location.line
                yield Evidence(path=module.path, line=line, detail="imports pytest")


def _parallel(layout: Layout, automation: Automation, texts: Mapping[str, str]) -> Fact:
    found = list(_in_parallel(layout, automation, texts))
    if not found and automation.unread:
        detail = "what CI runs there could not be followed, and may start several workers"
        return unsettled("xdist-enabled", automation.unread, detail)
    sought = "neither addopts nor CI runs pytest with several workers"
    return settled("xdist-enabled", found, sought)


def _pytest_runs(automation: Automation) -> Iterator[Command]:
    yield from (one for one in automation.commands if one.argv[:1] in _PYTEST)


def _in_parallel(
    layout: Layout, automation: Automation, texts: Mapping[str, str]
) -> Iterator[Evidence]:
    """Yield what asks for several workers and is not turned off."""
    options, place = addopts(layout.pyproject, texts)
    runs = list(_pytest_runs(automation))
    # The command line comes after addopts, and may turn off what that asks for.
    asking = [one for one in runs if _workers((*options, *one.argv))]
    always = _workers(options) if asking or not runs else ""
    if place is not None and always:
        yield Evidence(path=place.path, line=place.line, detail=f"addopts has {always}")
    yield from (
        replace(one.place, detail=f"pytest runs with {by}")
        for one in asking
        if (by := _workers(one.argv))
    )


def _workers(options: Iterable[str]) -> str:
    """Return the option that asks for several workers, the last one deciding."""
    words = list(options)
    if _OFF & {*words} or ("-p", "no:xdist") in pairwise(words):
        return ""
    chosen = ""
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if word in {"-n", "--numprocesses"}:
            chosen = _several(f"{word} {following}", following)
        elif word.startswith("--numprocesses="):
            chosen = _several(word, word.partition("=")[2])
        elif word.startswith("-n") and word[2:]:
            chosen = _several(word, word[2:].removeprefix("="))
    return chosen


def _several(option: str, count: str) -> str:
    # An expression that CI fills in is taken at its word.
    return "" if count in {"", "0", "1"} else option
