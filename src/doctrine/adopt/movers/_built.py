"""``[tool.setuptools]`` made of what ``setup.py`` and ``setup.cfg`` say of how a project is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from doctrine.adopt.movers._block import Cell
from doctrine.adopt.movers._described import Part, Result
from doctrine.adopt.movers._said import CannotCarryError, Said, text_in, texts_in
from doctrine.adopt.setup_script.values import Found, Value

TOOL = ("tool", "setuptools")
_GLOBS = frozenset("*?[")

_Write = Callable[[Mapping[str, Said], Result], None]


def _packages(said: Mapping[str, Said], result: Result) -> None:
    one = said["packages"]
    found = one.value
    if not isinstance(found, Found):
        result.put(TOOL, "packages", one.texts, one)
        return
    table = (*TOOL, "packages", "find")
    result.put(table, "where", [found.where], one)
    if found.include and found.include != ("*",):
        result.put(table, "include", [*found.include])
    if found.exclude:
        result.put(table, "exclude", [*found.exclude])
    result.put(table, "namespaces", found.namespaces)


def _listed(name: str, key: str) -> _Write:
    def write(said: Mapping[str, Said], result: Result) -> None:
        result.put(TOOL, key, said[name].texts, said[name])

    return write


def _platforms(said: Mapping[str, Said], result: Result) -> None:
    one = said["platforms"]
    texts = one.texts if isinstance(one.value, list) else one.text.split(",")
    result.put(TOOL, "platforms", [text.strip() for text in texts], one)


def _flag(name: str, key: str) -> _Write:
    def write(said: Mapping[str, Said], result: Result) -> None:
        result.put(TOOL, key, said[name].truth, said[name])

    return write


def _folders(said: Mapping[str, Said], result: Result) -> None:
    one = said["package_dir"]
    folders: dict[str, Cell] = {name: text_in(value) for name, value in one.table.items()}
    result.put(TOOL, "package-dir", folders, one)


def _data(name: str, key: str) -> _Write:
    def write(said: Mapping[str, Said], result: Result) -> None:
        for package, value in said[name].table.items():
            result.put((*TOOL, key), package or "*", texts_in(value))

    return write


def _data_files(said: Mapping[str, Said], result: Result) -> None:
    one = said["data_files"]
    folders: dict[str, list[str]] = {}
    if isinstance(one.value, dict):
        for folder, value in one.value.items():
            folders[folder] = texts_in(value)
    for pair in one.value if isinstance(one.value, list) else []:
        folder, texts = _folder_of(pair)
        if any(not _GLOBS.isdisjoint(text) for text in texts):
            raise CannotCarryError("a name in it would be taken for a pattern")
        folders.setdefault(folder, []).extend(texts)
    for folder, names in folders.items():
        result.put((*TOOL, "data-files"), folder, names)


def _folder_of(pair: Value) -> tuple[str, list[str]]:
    """Return the folder that files go to, and the files; one that stands alone goes to no folder."""
    if isinstance(pair, list) and len(pair) == 2:  # noqa: PLR2004
        return text_in(pair[0]), texts_in(pair[1])
    return "", texts_in(pair)


def _classes(said: Mapping[str, Said], result: Result) -> None:
    for name, value in said["cmdclass"].table.items():
        result.put((*TOOL, "cmdclass"), name, text_in(value))


BUILT = (
    Part(names=("zip_safe",), write=_flag("zip_safe", "zip-safe"), dynamic=()),
    Part(names=("platforms",), write=_platforms, dynamic=()),
    Part(names=("py_modules",), write=_listed("py_modules", "py-modules"), dynamic=()),
    Part(names=("scripts",), write=_listed("scripts", "script-files"), dynamic=()),
    Part(names=("provides",), write=_listed("provides", "provides"), dynamic=()),
    Part(names=("obsoletes",), write=_listed("obsoletes", "obsoletes"), dynamic=()),
    Part(names=("package_dir",), write=_folders, dynamic=()),
    Part(names=("packages",), write=_packages, dynamic=()),
    Part(
        names=("include_package_data",),
        write=_flag("include_package_data", "include-package-data"),
        dynamic=(),
    ),
    Part(names=("package_data",), write=_data("package_data", "package-data"), dynamic=()),
    Part(
        names=("exclude_package_data",),
        write=_data("exclude_package_data", "exclude-package-data"),
        dynamic=(),
    ),
    Part(names=("data_files",), write=_data_files, dynamic=()),
    Part(names=("cmdclass",), write=_classes, dynamic=()),
)
"""What decides how a project is built, in the order in which it is written."""
