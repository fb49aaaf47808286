"""What each Python file is for, told from its path."""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatchcase

from doctrine.model.folders import folders_above
from doctrine.model.project import Role
from doctrine.project.reading import CannotReadError, read_regular

_DOCS = re.compile(r"^docs?(?:[-_](?:code|examples?|samples?|snippets?|source|src))?$")
_EXAMPLES = re.compile(r"^(?:examples?|samples?|bench(?:es|marks?)?|profiling|demos?(?:[-_.].*)?)$")
_KIND = r"(?:acceptance|e2e|functional|integration|performance|regression|smoke|typing|types?|unit)"
_TEST_FILE = re.compile(rf"^(?:(?:{_KIND}_)?test_.*|.*_test|tests?|run_?tests|conftest)\.pyi?$")
_KIND_OF_TESTS = re.compile(rf"^(?:{_KIND}[-_]tests?|tests?[-_]{_KIND})$")
"""Folders of tests by their name, though what a type checker is tried on is called as anything."""
_BUILD_SCRIPTS = frozenset({"setup.py", "noxfile.py", "toxfile.py", "fabfile.py", "hatch_build.py"})
_SPEAKS_OF_TESTS = re.compile(r"(?i)(?:^|[^a-z/]|/)tests?(?![a-z])[^/]*\.py$")
_TASKS = "tasks.py"
_MANY, _MOST = 3, 0.8
"""Tests in a folder, and their share of it, from which the rest is there for them: mocks, cases."""
_HOLDERS = frozenset({"src", "lib", "python"})
"""Folders that hold packages."""
_LIMIT = 1024 * 1024
_INVOKE = re.compile(rb"^[ \t]*(?:from|import)\s+invoke\b", re.MULTILINE)


def roles_of(
    root: str, paths: tuple[str, ...], name: str, collected: tuple[str, ...] = ()
) -> tuple[Role, ...]:
    """Tell what the files are for, in their order.

    Folder names that speak of documentation, examples or tests say nothing inside a package or
    below ``src`` (``src/app/docs/`` is shipped), except ``tests``, and nothing where the project
    itself is called like that.

    Args:
        root: Absolute project root; only its ``tasks.py`` is opened, and the ``__init__.py`` of a
            package that has a module called like a test.
        paths: POSIX paths of all Python files, relative to the root.
        name: Project name.
        collected: Patterns of the files in which the project has pytest look for tests. Those that
            do not speak of tests are left out: examples and doctests are collected as well.
    """
    patterns = tuple(one for one in collected if _SPEAKS_OF_TESTS.search(one))
    judge = _Judge(root, paths, name, patterns)
    roles = tuple(judge.role(path) for path in paths)
    if Role.SOURCE in roles or Role.EXAMPLE not in roles:
        return roles
    # A project that consists of examples only is its own source.
    return tuple(
        Role.SOURCE if role is Role.EXAMPLE and not judge.is_build_script(path) else role
        for path, role in zip(paths, roles, strict=True)
    )


class _Judge:
    def __init__(
        self, root: str, paths: tuple[str, ...], name: str, collected: tuple[str, ...]
    ) -> None:
        self._root = root
        self._collected = collected
        self._name = re.sub(r"[-_.]+", "_", name).lower()
        self._packages = {path.rpartition("/")[0] for path in paths if _is_init(path)}
        self._tested = folders_above(
            path for path in paths if self._is_test(path, path.rpartition("/")[2])
        )
        self._full = self._full_of_tests(paths)
        self._folders: dict[str, Role | None] = {"": None}
        self._entrances: dict[str, bytes] = {}

    def role(self, path: str) -> Role:
        folder, _, base = path.rpartition("/")
        role = self._folder(folder)
        if role is not None:
            return role
        if self._is_test(path, base) and not self._is_exported(folder, base):
            return Role.TEST
        return Role.EXAMPLE if self.is_build_script(path) else Role.SOURCE

    def _is_test(self, path: str, base: str) -> bool:
        return bool(_TEST_FILE.match(base)) or any(
            fnmatchcase(f"/{path}" if "/" in pattern else f"/{base}", f"*/{pattern}")
            for pattern in self._collected
        )

    def _full_of_tests(self, paths: tuple[str, ...]) -> frozenset[str]:
        """Return the folders at the root that hold tests and what they need, whatever they are called."""
        every = Counter[str]()
        tests = Counter[str]()
        for path in paths:
            top, slash, _ = path.partition("/")
            if slash and not _is_init(path):
                every[top] += 1
                tests[top] += self._is_test(path, path.rpartition("/")[2])
        return frozenset(
            one for one, count in tests.items() if count >= _MANY and count >= _MOST * every[one]
        )

    def _is_exported(self, folder: str, base: str) -> bool:
        """Whether a package imports a module of its own that is called like a test: a test client."""
        if folder not in self._packages:
            return False
        stem = re.escape(base.partition(".")[0].encode())
        imports = rb"^[ \t]*(?:from[ \t]+[\w.]*\.%b[ \t]+import\b|from[ \t]+\.[ \t]+import\b[^#\n]*\b%b\b)"
        return bool(re.search(imports % (stem, stem), self._entrance(folder), re.MULTILINE))

    def _entrance(self, folder: str) -> bytes:
        """Return what a package runs when it is imported; nothing where it cannot be read."""
        if folder not in self._entrances:
            try:
                text = read_regular(f"{self._root}/{folder}/__init__.py", _LIMIT)
            except CannotReadError:
                text = b""
            self._entrances[folder] = text
        return self._entrances[folder]

    def is_build_script(self, path: str) -> bool:
        folder, _, base = path.rpartition("/")
        if path == _TASKS:
            return self._is_invoke_file()
        return base in _BUILD_SCRIPTS and folder not in self._packages

    def _is_invoke_file(self) -> bool:
        """``tasks.py`` is a build script for invoke, but also where Celery keeps its tasks."""
        try:
            return bool(_INVOKE.search(read_regular(f"{self._root}/{_TASKS}", _LIMIT)))
        except CannotReadError:
            return False

    def _folder(self, folder: str) -> Role | None:
        """What a folder makes its files, from the outside in; None when it says nothing."""
        pending: list[str] = []
        while folder not in self._folders:
            pending.append(folder)
            folder = folder.rpartition("/")[0]
        role = self._folders[folder]
        for inner in reversed(pending):
            role = role or self._by_name(inner)
            self._folders[inner] = role
        return role

    def _by_name(self, folder: str) -> Role | None:
        parent, _, base = folder.rpartition("/")
        if base == "tests" or folder == "test":
            return Role.TEST
        if self._is_own_package(folder, base):
            return None
        if not parent and (role := self._at_root(base)) is not None:
            return role
        if folder in self._tested and _is_called_tests(base):
            return Role.TEST
        shipped = parent in self._packages or "src" in parent.split("/")
        return None if shipped else _by_folder_name(base)

    def _is_own_package(self, folder: str, base: str) -> bool:
        return folder in self._packages and base.replace("-", "_").lower() == self._name

    def _at_root(self, base: str) -> Role | None:
        """What its place makes of a folder at the root."""
        if base.startswith("."):
            return Role.EXAMPLE  # of those who build it: scripts beside workflows
        return Role.TEST if base in self._full and base not in _HOLDERS else None


def is_aside(base: str) -> bool:
    """Return whether a folder is called like one of examples, benchmarks or documentation."""
    return _by_folder_name(base) in {Role.EXAMPLE, Role.DOCS}


def _is_called_tests(base: str) -> bool:
    named = base.endswith(("_tests", "-tests")) or base.startswith(("tests_", "tests-"))
    return named or base in {"test", "testing"}


def _by_folder_name(base: str) -> Role | None:
    if _KIND_OF_TESTS.match(base):
        return Role.TEST
    if _DOCS.match(base):
        return Role.DOCS
    return Role.EXAMPLE if _EXAMPLES.match(base) else None


def _is_init(path: str) -> bool:
    return path.endswith("/__init__.py") or path == "__init__.py"
