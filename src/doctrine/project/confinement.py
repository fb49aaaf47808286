"""Which tools a project may not have started that is not believed, and why. Reads its copy.

Ruff and pyright execute nothing of a project; their configuration can name files outside of it, to
be quoted in messages. It is theirs to read, so where it does, or cannot be understood here, they
are not started at all.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import cast

from doctrine.documents import parse_jsonc, parse_toml, strings, table
from doctrine.errors import ConfigError
from doctrine.model.trust import Trust
from doctrine.project.reading import CannotReadError, read_regular

_AGAIN = "check without --untrusted, if you would also run the project's code"
_ALWAYS: Mapping[str, str] = {
    "coverage": "the figures of the project's own test run are not believed, and its coverage "
    f"plugins would run: {_AGAIN}",
    "semgrep-packs": f"the rule packs that the project names are not fetched: {_AGAIN}",
    "uv-audit": "known vulnerabilities need the network, which --untrusted leaves alone: run "
    "`doctrine check --network`",
    "uv-lock": "uv would follow the folders, indexes and interpreters that the project names: "
    f"{_AGAIN}",
}
_REMARK = (
    "--untrusted: nothing of the project was executed; its environment, [tool.doctrine] and baseline "
    "were left aside, and what needs them is unverified"
)
_RUFF = ("ruff", "ruff-format")
_PYRIGHT = ("pyright",)
_RUFF_FILES = frozenset({"pyproject.toml", "ruff.toml", ".ruff.toml"})
_PYRIGHT_FILE = "pyrightconfig.json"
_PLACES = (
    "exclude", "extends", "extraPaths", "ignore", "include", "root", "strict", "stubPath",
    "typeshedPath", "venv", "venvPath",
)  # fmt: skip
_LIMIT = 1 << 20
_NOTHING: frozenset[str] = frozenset()
_PLAIN = re.compile(r"[^$~%:]+")


def trust_nothing(root: str, remarks: tuple[str, ...]) -> Trust:
    """Return what a project that is not believed may do.

    Args:
        root: Absolute root of its copy, in which no link leads out.
        remarks: What else there is to say.
    """
    files = sorted(_configurations(root))
    ruff = next((why for path in files for why in _ruff_leaves(root, path)), "")
    pyright = next(iter(_pyright_leaves(root)), "")
    refused = {
        **_ALWAYS,
        **(dict.fromkeys(_RUFF, f"{ruff}: {_AGAIN}") if ruff else {}),
        **(dict.fromkeys(_PYRIGHT, f"{pyright}: {_AGAIN}") if pyright else {}),
    }
    return Trust(believed=False, search_path="", refused=refused, remarks=(_REMARK, *remarks))


def _configurations(root: str) -> Iterator[str]:
    """Yield the files that ruff reads, relative to the root."""
    for path in Path(root).rglob("*.toml"):
        if path.name in _RUFF_FILES:
            yield path.relative_to(root).as_posix()


def _ruff_leaves(root: str, path: str, seen: frozenset[str] = _NOTHING) -> Iterator[str]:
    """Yield why one of ruff's files, or one that it extends, cannot be handed to it."""
    data = _toml(root, path)
    if data is None:
        yield f"ruff would read {path}, which cannot be understood"
        return
    is_pyproject = PurePosixPath(path).name == "pyproject.toml"
    extended = (table(data, "tool", "ruff") if is_pyproject else data).get("extend")
    if extended is None:
        return
    base = _base(path, extended)
    if base is None:
        yield f"ruff would read what {path} extends, which is outside of the project"
    elif base not in seen:
        yield from _ruff_leaves(root, base, seen | {base})


def _base(path: str, extended: object) -> str | None:
    """Return the file that a configuration extends, relative to the root; None outside of it."""
    if not isinstance(extended, str) or not _stays(path, extended):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), extended))


def _toml(root: str, path: str) -> Mapping[str, object] | None:
    try:
        content = read_regular(f"{root}/{path}", _LIMIT).decode("utf-8")
        return parse_toml(path, content).data
    except (CannotReadError, ConfigError, UnicodeError):
        return None


def _stays(path: str, place: object) -> bool:
    """Whether a path stays inside, seen from the file that names it, and whoever expands it."""
    if not isinstance(place, str) or not _PLAIN.fullmatch(place) or "\\" in place:
        return False
    if place.startswith("/"):
        return False
    depth = path.count("/")
    for part in place.split("/"):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return False
    return True


def _pyright_leaves(root: str, path: str = "", seen: frozenset[str] = _NOTHING) -> Iterator[str]:
    """Yield why pyright's configuration, or one that it extends, cannot be handed to it."""
    path = path or _pyright_file(root)
    options = _pyright_options(root, path) if path else dict[str, object]()
    if options is None:
        yield f"pyright would read {path}, which cannot be understood"
        return
    leading_out = (key for key, place in _pyright_places(options) if not _stays(path, place))
    for key in dict.fromkeys(leading_out):
        yield f"pyright would follow {key} in {path}, which leads out of the project"
    base = _base(path, options.get("extends"))
    if base is not None and base not in seen:
        yield from _pyright_leaves(root, base, seen | {base})


def _pyright_places(options: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the places that a configuration names, with what names them."""
    environments = options.get("executionEnvironments")
    listed = cast("list[object]", environments) if isinstance(environments, list) else []
    for one in (options, *(table(each) for each in listed)):
        for key in _PLACES:
            yield from ((key, place) for place in strings(one.get(key)) if place)


def _pyright_file(root: str) -> str:
    """Return the file that configures pyright, relative to the root; empty if there is none."""
    names = (_PYRIGHT_FILE, "pyproject.toml")
    return next((name for name in names if Path(root, name).exists()), "")


def _pyright_options(root: str, path: str) -> Mapping[str, object] | None:
    if path.endswith(".toml"):
        data = _toml(root, path)
        return None if data is None else table(data, "tool", "pyright")
    try:
        content = read_regular(f"{root}/{path}", _LIMIT).decode("utf-8")
    except (CannotReadError, UnicodeError):
        return None
    return parse_jsonc(content)
