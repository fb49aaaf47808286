"""Facts about what kind of project it is: library, service, program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from doctrine.documents import line_of, strings, table
from doctrine.model.observation import Evidence
from doctrine.model.project import Dependency, DependencyKind, Fact, Layout, Module, Role
from doctrine.model.replacing import replace
from doctrine.project.facts.outcomes import SHOWN, settled, unsettled
from doctrine.project.facts.sightings import Index, files_in_words
from doctrine.project.roles import is_aside

_DEPLOYMENT = (
    "Dockerfile",
    "*/Dockerfile",
    "Procfile",
    "serverless.yml",
    "app.yaml",
    "fly.toml",
    "k8s/*",
    "kubernetes/*",
    "helm/*",
    "charts/*",
    "Chart.yaml",
    "*/Chart.yaml",
)
_SERVICES = ("*compose*.yml", "*compose*.yaml")
"""What starts a service, or the database that the tests of a library want."""
_ASIDE = frozenset(
    {
        "tests",
        "test",
        "testing",
        "docs",
        "doc",
        "examples",
        "benchmarks",
        ".devcontainer",
        ".github",
    }
)
_AROUND = frozenset(
    {
        "scripts",
        "tools",
        "dev",
        "ci",
        ".ci",
        ".circleci",
        ".gitlab",
        "extras",
        "packaging",
        "contrib",
    }
)
"""Folders whose images serve development, where the project is one that is published."""
_SERVERS = ("gunicorn", "uvicorn", "hypercorn", "daphne", "granian", "waitress", "uwsgi", "mangum")
_APPLICATIONS = (
    "fastapi&call:FastAPI",
    "flask&call:Flask",
    "litestar&call:Litestar",
    "quart&call:Quart",
    "sanic&call:Sanic",
)
"""What who serves something makes, and who extends a framework rarely does."""
_LOOP_OWNERS = (
    "aiohttp.web",
    "discord",
    "fastapi",
    "litestar",
    "quart",
    "sanic",
    "starlette",
    "textual",
    "tornado",
    "uvicorn",
)
_LOOPS = frozenset({"asyncio", "anyio", "trio", "uvloop"})


def kind_facts(
    layout: Layout, modules: tuple[Module, ...], dependencies: Iterable[Dependency], index: Index
) -> Iterator[Fact]:
    """Yield the facts about the project as a whole.

    Args:
        layout: Its files and configuration.
        modules: Its Python files.
        dependencies: Its requirements.
        index: The signs that were seen in it.
    """
    known = tuple(dependencies)
    deployable = _deployable(layout, known)
    yield deployable
    yield _library(layout, modules, deployable, index)
    yield _third_party(known)
    yield _python_code(layout)
    yield _entry_point(layout, modules, index)


def _python_code(layout: Layout) -> Fact:
    sources = [file for file in layout.files if file.role is Role.SOURCE]
    evidence = tuple(Evidence(path=file.path, line=0, detail="a source file") for file in sources)
    return settled("python-code", evidence, "no Python source file")


def _third_party(dependencies: tuple[Dependency, ...]) -> Fact:
    evidence = tuple(
        one.place for one in dependencies if one.kind is not DependencyKind.BUILD and one.raw
    )
    return settled("third-party-dependencies", evidence, "no requirement is declared")


def _deployable(layout: Layout, dependencies: tuple[Dependency, ...]) -> Fact:
    published = _is_published(layout)
    paths = _deployments(layout, published=published)
    servers = () if published else _servers(dependencies)
    sought = "no Dockerfile, Procfile, chart or server dependency"
    return settled("deployable", (*paths, *servers), sought)


def _deployments(layout: Layout, *, published: bool) -> Iterator[Evidence]:
    aside = _ASIDE | _AROUND if published else _ASIDE
    patterns = _DEPLOYMENT if published else (*_DEPLOYMENT, *_SERVICES)
    for path in layout.others:
        described = any(fnmatchcase(path, pattern) for pattern in patterns)
        folders = path.split("/")[:-1]
        if described and aside.isdisjoint(folders) and not any(map(is_aside, folders)):
            yield Evidence(path=path, line=0, detail="describes a deployment")


def _servers(dependencies: tuple[Dependency, ...]) -> Iterator[Evidence]:
    for one in dependencies:
        if one.kind is DependencyKind.RUNTIME and one.name in _SERVERS:
            yield one.place


def _is_published(layout: Layout) -> bool:
    """Return whether the project describes itself to people who look for a distribution."""
    data = layout.pyproject.data if layout.pyproject is not None else None
    if "Programming Language ::" in layout.texts.get("setup.cfg", ""):
        return True
    if data is None or not table(data, "build-system"):
        return False
    classifiers = tuple(
        one
        for keys in (("project",), ("tool", "poetry"))
        for one in strings(table(data, *keys).get("classifiers"))
    )
    return bool(classifiers) and not any(one.startswith("Private ::") for one in classifiers)


def _library(layout: Layout, modules: tuple[Module, ...], deployable: Fact, index: Index) -> Fact:
    packages = _packages(layout, modules)
    offers = any(_exports(one) for one in packages)
    if deployable.value:
        if offers and _is_published(layout):
            detail = "others can install and import what is deployed here as well: say which it is"
            return _either(deployable.evidence, detail)
        return Fact(id="library", value=False, evidence=deployable.evidence)
    scripts = tuple(_scripts(layout))
    if scripts and packages and not offers:
        detail = "it can be built and run, and its packages offer nothing to import: say which"
        return _either(scripts, detail)
    if scripts and (made := _applications(index)):
        detail = "it can be built and run, and makes an application of a web framework: say which"
        return _either(made, detail)
    return _built(layout)


def _either(places: Iterable[Evidence], detail: str) -> Fact:
    """Return that people have to say whether it is a library."""
    shown = tuple(replace(place, detail=detail) for place in places)[:SHOWN]
    return Fact(id="library", value=None, evidence=shown)


def _applications(index: Index) -> tuple[Evidence, ...]:
    features = index.features[Role.SOURCE]
    return tuple(place for name in _APPLICATIONS for place in features.get(name, ()))


def _built(layout: Layout) -> Fact:
    """Return whether something says how to build a distribution."""
    data = layout.pyproject.data if layout.pyproject is not None else None
    if layout.pyproject is not None and table(data, "build-system"):
        line = line_of(layout.pyproject, ("build-system",))
        place = Evidence(path=layout.pyproject.path, line=line, detail="it can be built")
        return Fact(id="library", value=True, evidence=(place,))
    built = tuple(
        Evidence(path=path, line=0, detail="it can be built")
        for path in ("setup.py", "setup.cfg")
        if any(file.path == path for file in layout.files) or path in layout.others
    )
    return settled("library", built, "nothing says how to build a distribution")


def _packages(layout: Layout, modules: tuple[Module, ...]) -> list[Module]:
    """Return what the packages at the import roots run when they are imported."""
    roots = {"" if source in {"", "."} else f"{source}/" for source in layout.sources}
    return [
        one
        for one in modules
        if one.role is Role.SOURCE and one.path.endswith("/__init__.py")
        if f"{one.path.removesuffix('/__init__.py').rpartition('/')[0]}/".removeprefix("/") in roots
    ]


def _exports(module: Module) -> bool:
    return (
        module.flaw is not None
        or bool(module.definitions)
        or any(item.module != "__future__" for item in module.imports)
    )


def _entry_point(layout: Layout, modules: tuple[Module, ...], index: Index) -> Fact:
    """Return whether the project itself starts a program that runs coroutines."""
    name = "async-entry-point"
    owners = _seen(index, *_LOOP_OWNERS)
    if owners:
        return Fact(id=name, value=False, evidence=owners[:SHOWN])
    found = [
        Evidence(path=one.path, line=dict(one.feature_lines).get("main-guard", 0), detail="starts")
        for one in modules
        if one.role is Role.SOURCE and _starts(one) and _runs_coroutines(one)
    ]
    if not found and index.features[Role.SOURCE].get("async"):
        found = list(_scripts(layout))
    unread = index.unread[Role.SOURCE]
    if not found and unread:
        return unsettled(name, unread, "not readable, and could be one")
    read = files_in_words(index.read[Role.SOURCE], "source")
    sought = f"no entry point that runs coroutines in {read}"
    return settled(name, found, sought)


def _seen(index: Index, *names: str) -> tuple[Evidence, ...]:
    return tuple(place for name in names for place in index.imports[Role.SOURCE].get(name, ()))


def _starts(module: Module) -> bool:
    return "main-guard" in module.features or module.path.endswith("__main__.py")


def _runs_coroutines(module: Module) -> bool:
    imported = {item.module.partition(".")[0] for item in module.imports}
    return "async" in module.features or bool(imported & _LOOPS)


def _scripts(layout: Layout) -> Iterator[Evidence]:
    if layout.pyproject is None:
        return
    for keys in (("project", "scripts"), ("tool", "poetry", "scripts")):
        for name in table(layout.pyproject.data, *keys):
            line = line_of(layout.pyproject, (*keys, name))
            yield Evidence(path=layout.pyproject.path, line=line, detail=f"the script {name}")
