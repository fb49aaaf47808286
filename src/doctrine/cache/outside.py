"""What lies outside of a project and can change what is said of it: configuration, above all.

Tools look for their configuration in the folders above, in the home folder and in that of the
system; and the project's own may name files and folders elsewhere.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import cast

from doctrine.cache.digests import Digests
from doctrine.cache.store import digest_of
from doctrine.cache.tree import look
from doctrine.documents import parse_toml, strings, table
from doctrine.errors import ConfigError
from doctrine.project.lockfile import workspace_root
from doctrine.project.reading import CannotReadError, read_regular

_ABOVE = (
    ".coveragerc", ".editorconfig", ".gitattributes", ".gitignore", ".ignore", ".mypy.ini",
    ".python-version", ".ruff.toml", ".semgrepignore", "mypy.ini", "pyproject.toml",
    "pyrightconfig.json", "ruff.toml", "setup.cfg", "tox.ini", "uv.lock", "uv.toml",
)  # fmt: skip
"""Names that a tool looks for from the project's folder upwards."""
_AT_HOME = (
    ".gitconfig", ".mypy.ini", ".ignore", ".semgrep/settings.yml", ".config/git/config", ".config/git/ignore",
    ".config/mypy/config", ".config/ruff/pyproject.toml", ".config/ruff/ruff.toml",
    ".config/ruff/.ruff.toml", ".config/uv/uv.toml", ".config/pip/pip.conf",
)  # fmt: skip
_OF_THE_SYSTEM = ("/etc/gitconfig", "/etc/uv/uv.toml", "/etc/xdg/uv/uv.toml")
_GIT = re.compile(rb"(?im)^[ \t]*(?:\[include.*|path|excludesfile|attributesfile|ignorecase)\b.*$")
"""The lines of a repository's configuration that say which files there are: others name remotes."""
_NAMING = frozenset(
    {
        ".coveragerc", ".mypy.ini", ".ruff.toml", "mypy.ini", "pyproject.toml",
        "pyrightconfig.json", "ruff.toml", "setup.cfg", "tox.ini", "uv.toml",
    }
)  # fmt: skip
"""Files of a project that may name others elsewhere."""
_TABLES = frozenset(
    {
        "basedpyright", "coverage", "doctrine", "hatch", "mypy", "pdm", "poetry", "pyright", "pytest",
        "ruff", "setuptools", "uv", "vulture",
    }
)  # fmt: skip
"""Tables of ``[tool]`` that name files for what doctrine starts; others may name any system's."""
_ELSEWHERE = re.compile(r"(?<![\w./$}~*)\\-])(?:\.\.(?=[/'\"\s,]|$)|~/|/(?!/))[\w./ ~+@-]*")
_LIMIT = 1 << 20
_MOST = 20_000
"""Files of a folder elsewhere; of one with more, nobody can say quickly whether it has changed."""


def surrounding(root: str, digests: Digests) -> Mapping[str, str]:
    """Return the configuration that tools find outside of a project, by name.

    Args:
        root: Absolute folder of the project.
        digests: Reads files.
    """
    found = {name: digests.of(path) for name, path in _places(root)}
    found["git's own configuration"] = _git(root, digests)
    found.update(_workspace(root, digests))
    return {name: digest for name, digest in found.items() if digest}


def _places(root: str) -> Iterator[tuple[str, str]]:
    for depth, folder in enumerate(Path(root).parents, start=1):
        for name in _ABOVE:
            yield f"{'../' * depth}{name}", f"{folder}/{name}"
    home = os.path.expanduser("~")  # noqa: PTH111 - a home that does not exist is no error here
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    for name in _AT_HOME:
        yield f"~/{name}", f"{home}/{name}"
        if configured and name.startswith(".config/"):
            yield f"XDG_CONFIG_HOME {name}", f"{configured}/{name.removeprefix('.config/')}"
    for path in _OF_THE_SYSTEM:
        yield path, path


def _git(root: str, digests: Digests) -> str:
    """Return what a repository's own configuration says of its files; empty outside of one."""
    for folder in (Path(root), *Path(root).parents):
        if (folder / ".git").is_dir():
            try:
                said = _GIT.findall(read_regular(f"{folder}/.git/config", _LIMIT))
            except CannotReadError:
                said = []
            excluded = digests.of(f"{folder}/.git/info/exclude")
            return digest_of(excluded, digests.of(f"{folder}/.git/info/attributes"), *said)
    return ""


def _workspace(root: str, digests: Digests) -> Iterator[tuple[str, str]]:
    """Yield the declarations of the workspace that a project is a member of: one lock is of all."""
    outer = workspace_root(root)
    if outer is None:
        return
    try:
        text = read_regular(f"{outer}/pyproject.toml", _LIMIT).decode("utf-8", "replace")
        members = table(parse_toml("pyproject.toml", text).data, "tool", "uv", "workspace")
    except (CannotReadError, ConfigError):
        return
    for pattern in strings(members.get("members")):
        for found in glob.iglob(f"{glob.escape(outer)}/{pattern}/pyproject.toml"):  # noqa: PTH207
            yield f"workspace: {os.path.relpath(found, outer)}", digests.of(found)


def named_elsewhere(root: str, paths: Iterable[str]) -> Mapping[str, str]:
    """Return the files and folders elsewhere that a project's configuration names.

    Args:
        root: Absolute folder of the project.
        paths: The files of the project, relative to it.

    Returns:
        Absolute paths by how they are written, with the file they are written in.
    """
    found: dict[str, str] = {}
    for path in paths:
        if path.rpartition("/")[2] in _NAMING:
            folder = f"{root}/{PurePosixPath(path).parent}"
            found.update(
                (f"{path}: {word}", real)
                for word in sorted(set(_words(f"{root}/{path}")))
                if (real := _outside(root, folder, word))
            )
    return found


def _words(path: str) -> Iterator[str]:
    """Yield what may be paths that lead out of the folder: with blanks in them, and without."""
    try:
        text = read_regular(path, _LIMIT).decode("utf-8", "replace")
    except CannotReadError:
        return
    if path.endswith("pyproject.toml") and _ELSEWHERE.search(text):
        text = "\n".join(_texts(_of_tools(text)))
    for found in _ELSEWHERE.findall(text):
        yield found.strip()
        yield from found.split()


def _of_tools(text: str) -> object:
    """Return what a ``pyproject.toml`` says to the tools that count."""
    try:
        data = parse_toml("pyproject.toml", text).data
    except ConfigError:
        return text
    kept = {name: value for name, value in table(data, "tool").items() if name in _TABLES}
    return {**data, "tool": kept}


def _texts(value: object) -> Iterator[str]:
    """Yield every text of a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in cast("Mapping[str, object]", value).values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            yield from _texts(one)


def _outside(root: str, folder: str, word: str) -> str:
    """Return the absolute path that a word stands for, if there is something elsewhere."""
    try:
        target = os.path.realpath(os.path.join(folder, os.path.expanduser(word)))  # noqa: PTH111, PTH118
    except (OSError, ValueError):
        return ""
    if Path(target).is_relative_to(root) or not os.path.lexists(target):
        return ""
    # A folder around the project is meant where it is named by the way to it.
    around = Path(root).is_relative_to(target)
    return target if word.startswith("..") or not around else ""


def held_elsewhere(
    root: str, targets: Mapping[str, str], digests: Digests
) -> Mapping[str, str] | None:
    """Return what files and folders elsewhere hold, by how they are named.

    Args:
        root: Absolute folder of the project.
        targets: Absolute paths.
        digests: Reads files.

    Returns:
        None where one is too large to be looked at, or lies around the project.
    """
    held: dict[str, str] = {}
    for name, target in targets.items():
        if not Path(target).is_dir():
            held[name] = digests.of(target) or "no file"
            continue
        tree = None if Path(root).is_relative_to(target) else look(target, most=_MOST)
        if tree is None:
            return None
        contents = tree.contents(digests)
        held[name] = digest_of(*(text for pair in sorted(contents.items()) for text in pair))
    return held
