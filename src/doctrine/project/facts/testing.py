"""Facts about a project's tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from doctrine.documents import line_of, table
from doctrine.model.observation import Evidence
from doctrine.model.project import Automation, Dependency, Fact, Layout, Module, Role
from doctrine.project.facts.settings_text import addopts, ini_section


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
    yield _tests(modules)
    yield _pytest(layout, modules, dependencies, texts)
    yield _parallel(layout, automation, texts)


def _tests(modules: tuple[Module, ...]) -> Fact:
    found = [
        Evidence(path=module.path, line=one.line, detail=f"defines {one.qualname}")
        for module in modules
        if module.role is Role.TEST
        for one in module.definitions
        if one.qualname.rpartition(".")[2].startswith("test")
    ]
    unread = [one.path for one in modules if one.role is Role.TEST and one.flaw is not None]
    if not found and unread:
        detail = "not readable, and could hold tests"
        evidence = tuple(Evidence(path=path, line=0, detail=detail) for path in unread[:3])
        return Fact(id="tests", value=None, evidence=evidence)
    files = sum(one.role is Role.TEST for one in modules)
    return _fact("tests", found, f"no test function in {files} test files")


def _pytest(
    layout: Layout,
    modules: tuple[Module, ...],
    dependencies: Iterable[Dependency],
    texts: Mapping[str, str],
) -> Fact:
    configured = [
        Evidence(path=layout.pyproject.path, line=line_of(layout.pyproject, keys), detail="pytest")
        for keys in (("tool", "pytest", "ini_options"), ("tool", "pytest"))
        if layout.pyproject is not None and table(layout.pyproject.data, *keys)
    ]
    files = [
        Evidence(path=path, line=0, detail="configures pytest")
        for path, section in (("pytest.ini", "pytest"), ("setup.cfg", "tool:pytest"))
        if ini_section(texts.get(path, ""), section)
    ]
    declared = [one.place for one in dependencies if one.name == "pytest"]
    imported = [
        Evidence(path=module.path, line=item.location.line, detail="imports pytest")
        for module in modules
        if module.role is Role.TEST
        for item in module.imports
        if item.module.partition(".")[0] == "pytest"
    ]
    sought = "pytest is neither declared, configured nor imported"
    return _fact("pytest", (*configured, *files, *declared, *imported), sought)


def _parallel(layout: Layout, automation: Automation, texts: Mapping[str, str]) -> Fact:
    options, place = addopts(layout, texts)
    found: list[Evidence] = []
    if place is not None and (workers := _workers(options)):
        found.append(Evidence(path=place.path, line=place.line, detail=f"addopts has {workers}"))
    for command in automation.commands:
        if command.argv and command.argv[0] in {"pytest", "py.test"}:
            workers = _workers(command.argv)
            if workers:
                found.append(command.place)
    if not found and automation.unread:
        evidence = tuple(
            Evidence(path=path, line=0, detail=reason)
            for path, reason in list(automation.unread.items())[:3]
        )
        return Fact(id="xdist-enabled", value=None, evidence=evidence)
    return _fact("xdist-enabled", found, "neither addopts nor CI runs pytest with several workers")


def _workers(options: Iterable[str]) -> str:
    """Return the option that asks for several workers, the last one deciding."""
    words = list(options)
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


def _fact(name: str, evidence: Iterable[Evidence], otherwise: str) -> Fact:
    found = tuple(evidence)
    nothing = (Evidence(path=".", line=0, detail=otherwise),)
    return Fact(id=name, value=bool(found), evidence=found[:3] or nothing)
