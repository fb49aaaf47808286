"""How mypy checks a project in which it stops at the names of modules: some files at a time.

Two scripts of one name in different folders, a folder with an ``__init__`` whose name nobody can
import, a file that is imported by two names: for one run over all files each of them is the end.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from doctrine.documents import strings, switch
from doctrine.expressions import ENDLESS, EndlessError, Expression
from doctrine.model.inputs import NO_PACKAGES
from doctrine.model.process import Invocation
from doctrine.model.project import Layout, Module
from doctrine.model.tool import Request, Skip
from doctrine.tools._commands import below, existing, option
from doctrine.tools._drivers import flawed
from doctrine.tools._mypy_command import (
    command,
    configuration,
    gate_of,
    invocation,
    spelled,
    targets_of,
)
from doctrine.tools._mypy_config import MypyConfig, named_files, places
from doctrine.tools._mypy_modules import Naming, packages_in
from doctrine.tools._mypy_parts import Part, parts_of
from doctrine.tools._mypy_search import Tree

_NAME = "part-"
_END = "--"
_BY_FOLDERS = ("--namespace-packages", "--explicit-package-bases")
_NOT_FILES = ("-p", "--package", "-m", "--module", "-c", "--command")
_GLOB = frozenset("*?[")


def fallback(request: Request) -> tuple[Invocation, ...] | Skip:
    """Return the runs that check some files each, where one run has to stop."""
    config, content = configuration(request)
    try:
        files = _files(request, config)
    except EndlessError:
        return Skip(reason=f"its configuration excludes files by {ENDLESS}")
    if files is None:
        return Skip(reason="its configuration does not name the files to check one by one")
    parts = parts_of(files, _tree(request, config.options))
    if not parts:
        return Skip(reason="no two modules have one name")
    words = command(request, config, content)
    return tuple(
        invocation(
            request,
            f"{_NAME}{number}",
            (*words, *(_BY_FOLDERS if part.explicit else ()), _END, *map(spelled, part.files)),
            content,
            _searched(request, part),
        )
        for number, part in enumerate(parts, start=1)
    )


def _searched(request: Request, part: Part) -> Mapping[str, str]:
    folders = [f"{request.layout.root}/{one}" for one in part.search if one != ".."]
    return {"MYPYPATH": os.pathsep.join(folders)} if folders else {}


def files_of(one: Invocation) -> frozenset[str] | None:
    """Return the files that a run is to check; None for the one run over all of them."""
    if not one.name.startswith(_NAME):
        return None
    return frozenset(path.removeprefix("./") for path in one.argv[one.argv.index(_END) + 1 :])


def _files(request: Request, config: MypyConfig) -> tuple[str, ...] | None:
    """Return the files that mypy would look for; None where that cannot be told from here."""
    targets = _targets(request, config)
    excluded = _exclusion(config, gate_of(request))
    if targets is None or excluded is None:
        return None
    named, unfit = frozenset(targets), flawed(request)
    return tuple(
        file.path
        for file in request.layout.files
        if file.path not in unfit
        and any(
            below(file.path, (one,)) and not _is_left_out(file.path, one, excluded) for one in named
        )
    )


def _targets(request: Request, config: MypyConfig) -> tuple[str, ...] | None:
    gate = gate_of(request)
    found = targets_of(request, config, gate)
    if found:
        named = not option(gate, *_NOT_FILES)
        return tuple(path.removeprefix("./") for path in found) if named else None
    if config.options.get("packages") or config.options.get("modules"):
        return None
    words = named_files(config.options)
    if any(not _GLOB.isdisjoint(word) for word in words):
        return None
    return existing(words, request.layout)


def _exclusion(config: MypyConfig, gate: tuple[str, ...]) -> Callable[[str], bool] | None:
    """Return what tells whether a path is excluded; None where the patterns are no patterns."""
    value = config.options.get("exclude")
    patterns = [value.strip()] if isinstance(value, str) else [*strings(value)]
    for index, word in enumerate(gate):
        if word.startswith("--exclude="):
            patterns.append(word.partition("=")[2])
        elif word == "--exclude":
            patterns += gate[index + 1 : index + 2]
    try:
        compiled = [Expression(one) for one in patterns if one]
    except re.error:
        return None
    return lambda path: any(one.matches(path) for one in compiled)


def _is_left_out(path: str, target: str, excluded: Callable[[str], bool]) -> bool:
    """Return whether mypy would not find a file in a folder that it is given, or that is the file."""
    parts = path.split("/")
    start = 0 if target == "." else target.count("/") + 1
    if any(one.startswith(".") or one in NO_PACKAGES for one in parts[start:]):
        return True
    steps = (
        "/".join(parts[:depth]) + ("/" if depth < len(parts) else "")
        for depth in range(start + 1, len(parts) + 1)
    )
    return any(map(excluded, steps))


def _tree(request: Request, options: Mapping[str, object]) -> Tree:
    asked = {"explicit_package_bases": True} if _BY_FOLDERS[1] in gate_of(request) else {}
    return tree_of({**options, **asked}, request.layout, request.modules)


def tree_of(options: Mapping[str, object], layout: Layout, modules: Sequence[Module]) -> Tree:
    """Return a project as mypy sees it.

    Args:
        options: The global options of its configuration.
        layout: The project's files.
        modules: What is known of them.
    """
    paths = frozenset(file.path for file in layout.files)
    naming = Naming(
        root=layout.name,
        packages=packages_in(paths),
        explicit=frozenset({"", *_bases(options, layout.root)})
        if switch(options.get("explicit_package_bases"))
        else None,
        namespaces=switch(options.get("namespace_packages")) is not False,
    )
    return Tree(naming=naming, paths=paths, modules=modules)


def _bases(options: Mapping[str, object], root: str) -> Iterator[str]:
    """Yield the folders inside the project from which modules are named, relative to it."""
    for place in places(options.get("mypy_path")):
        base = posixpath.normpath(place).removeprefix(f"{root}/")
        if not base.startswith(("/", "..")):
            yield "" if base == "." else base
