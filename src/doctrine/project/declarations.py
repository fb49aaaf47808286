"""Finding the operations that a project declares, before anything is started for it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from doctrine.errors import ConfigError
from doctrine.model.project import Definition, Layout, Module, Role
from doctrine.model.replacing import replace
from doctrine.model.stated import Declaration
from doctrine.project.reading import CannotReadError, read_regular

_LIMIT = 64 << 20
_ENDINGS = (".py", "/__init__.py", ".pyw", ".pyi", "/__init__.pyi")


def find_operations(declarations: Iterable[Declaration], layout: Layout) -> tuple[Declaration, ...]:
    """Return the declarations with the places of what they name.

    Args:
        declarations: As they are configured.
        layout: The project's files and import roots.

    Raises:
        ConfigError: A module, or a definition in it, does not exist. What is in a file that
            cannot be parsed is taken at its word: the file has trouble of its own.
    """
    return tuple(_found(one, layout) for one in declarations)


def _found(declared: Declaration, layout: Layout) -> Declaration:
    path = _file_of(declared.module, layout)
    if path is None:
        near = _near(declared.module, _modules(layout))
        raise _unknown(declared, f"the project has no module {declared.module}", near)
    definitions = _definitions(path, layout)
    if definitions is None:
        return replace(declared, path=path)
    for one in definitions:
        if one.qualname == declared.qualname:
            return replace(declared, path=path, line=one.line, end_line=one.end_line)
    near = _near(declared.qualname, (one.qualname for one in definitions))
    message = f"{path} defines no function or class {declared.qualname}"
    raise _unknown(declared, message, f"{declared.module}:{near}" if near else "")


def _unknown(declared: Declaration, message: str, near: str) -> ConfigError:
    return ConfigError(
        f"tool.doctrine.{declared.kind} names {declared.text!r}, but {message}",
        path=declared.place.path,
        line=declared.place.line,
        hint=f"did you mean {near!r}?" if near else "name it where it is defined: MODULE:NAME",
    )


def _near(name: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(name, sorted(set(known)), n=1)), "")


def _file_of(module: str, layout: Layout) -> str | None:
    """Return the file of a module; one outside the judged paths counts where they are restricted."""
    files = {file.path for file in layout.files}
    relative = module.replace(".", "/")
    for root in dict.fromkeys((*layout.sources, ".")):
        for ending in _ENDINGS:
            path = f"{relative}{ending}" if root in {"", "."} else f"{root}/{relative}{ending}"
            if path in files or (layout.restricted and _exists(path, layout)):
                return path
    return None


def _exists(path: str, layout: Layout) -> bool:
    try:
        read_regular(f"{layout.root}/{path}", _LIMIT)
    except CannotReadError:
        return False
    return True


def _modules(layout: Layout) -> Iterator[str]:
    """Yield the dotted names of the project's modules, below their innermost import root."""
    roots = sorted((one for one in layout.sources if one not in {"", "."}), key=len, reverse=True)
    for file in layout.files:
        root = next((one for one in roots if file.path.startswith(f"{one}/")), "")
        inner = file.path.removeprefix(f"{root}/") if root else file.path
        yield inner.rpartition(".")[0].removesuffix("/__init__").replace("/", ".")


def _definitions(path: str, layout: Layout) -> tuple[Definition, ...] | None:
    """Return what a file defines; None where it cannot be read or parsed."""
    # Only projects that declare something pay for a parser before their first tool starts.
    from doctrine.syntax.parse import parse

    try:
        data = read_regular(f"{layout.root}/{path}", _LIMIT)
    except CannotReadError:
        return None
    parsed = parse(path, Role.SOURCE, data)
    module = parsed if isinstance(parsed, Module) else parsed.module
    return None if module.flaw is not None else module.definitions
