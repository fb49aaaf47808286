"""Facts about the Python versions and operating systems a project is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from doctrine.model.observation import Evidence
from doctrine.model.project import Dependency, Fact, Layout, Module, Role
from doctrine.model.replacing import replace
from doctrine.project.facts.outcomes import settled, unsettled

_MINORS = (12, 13, 14)
_SILENT = Evidence(path=".", line=0, detail="no requires-python")
_SYSTEM = re.compile(
    r"Operating System :: (?P<name>OS Independent|Microsoft :: Windows|MacOS|POSIX|Unix)"
)
_MARKER = re.compile(r"\b(?:sys_platform|platform_system|os_name)\b")
_CONFIGURATION = ("pyproject.toml", "setup.cfg", "setup.py")


def target_facts(
    layout: Layout,
    modules: Iterable[Module],
    dependencies: Iterable[Dependency],
    systems: tuple[Evidence, ...],
    texts: Mapping[str, str],
) -> Iterator[Fact]:
    """Yield the facts about versions and systems.

    Args:
        layout: The project's target and configuration.
        modules: Its Python files.
        dependencies: Its requirements, whose markers speak of systems.
        systems: Operating systems that CI tests on.
        texts: Content of configuration files by path.
    """
    target = layout.target
    written = layout.pyproject.path if layout.pyproject is not None else _SILENT.path
    evidence = target.evidence or (replace(_SILENT, path=written),)
    declared = bool(target.specifier)
    yield Fact(id="requires-python", value=declared, evidence=evidence)
    floor = target.floor
    for minor in _MINORS:
        value = floor >= (3, minor) if floor is not None else None
        yield Fact(id=f"target-py3{minor}", value=value, evidence=evidence)
    several = len(target.minors) > 1 if target.minors else None
    yield Fact(id="several-minors", value=several, evidence=evidence)
    tested = _several_tested(systems)
    yield _several_systems(layout, tuple(modules), dependencies, tested, texts)


def _several_systems(
    layout: Layout,
    modules: tuple[Module, ...],
    dependencies: Iterable[Dependency],
    tested: tuple[Evidence, ...],
    texts: Mapping[str, str],
) -> Fact:
    name = "several-systems"
    signs = [
        *_several_classified(layout, texts),
        *(one.place for one in dependencies if _MARKER.search(one.raw)),
        *_branches(modules),
        *tested,
    ]
    unread = [one.path for one in modules if one.role is Role.SOURCE and one.flaw is not None]
    if not signs and unread:
        return unsettled(name, unread, "not readable, and could branch by operating system")
    sought = "no classifiers, markers, branches or CI jobs for several systems"
    return settled(name, signs, sought)


def _several_tested(systems: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Return one place for each system that CI tests on, where there is more than one."""
    first = {place.detail: place for place in reversed(systems)}
    return tuple(first[name] for name in sorted(first)) if len(first) > 1 else ()


def _several_classified(layout: Layout, texts: Mapping[str, str]) -> list[Evidence]:
    classified = list(_classified(layout, texts))
    systems = {place.detail for place in classified}
    return classified if len(systems) > 1 or "OS Independent" in systems else []


def _classified(layout: Layout, texts: Mapping[str, str]) -> Iterator[Evidence]:
    known = {path: texts[path] for path in _CONFIGURATION if path in texts}
    if layout.pyproject is not None:
        known[layout.pyproject.path] = layout.pyproject.text
    for path, content in known.items():
        for number, line in enumerate(content.splitlines(), start=1):
            if (found := _SYSTEM.search(line)) and not line.lstrip().startswith("#"):
                yield Evidence(path=path, line=number, detail=found["name"])


def _branches(modules: Iterable[Module]) -> Iterator[Evidence]:
    for module in modules:
        line = dict(module.feature_lines).get("platform-branch")
        if line and module.role is Role.SOURCE:
            yield Evidence(path=module.path, line=line, detail="branches by operating system")
